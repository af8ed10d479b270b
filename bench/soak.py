"""A soak: mixed traffic for a long time while datasets change, and what each process holds meanwhile.

    make soak MINUTES=30

Clients ask and pause for as long as an answer took, so that the service is half busy. Each dataset comes
once before it is looked at what the processes hold: what a first copy takes isn't growth. It fails where
an answer is wrong, or where the memory, open files, threads or sockets of a process grow.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

import httpx

from app.dataset.load import load
from bench.background import Background
from bench.growth import Growth, Sample, grew, sample, workers
from bench.servers import CHECKOUT, airounds_command, free_port, running
from bench.soak_clients import Clients, Seen, prepared

WORKERS = 2
CLIENTS = 4
_SECONDS_BETWEEN_SAMPLES = 2.0
# Each on a connection of its own, which any of the processes may take: hardly one is left out.
_FIRST_STATISTICS = 20
_SETTINGS = {
    "AIROUNDS_SERVE_AS_OWNER": "true",
    "AIROUNDS_WORKERS": str(WORKERS),
    # So small that it is full within the warm-up: what grows afterwards isn't answers that are kept.
    "AIROUNDS_CACHE_BYTES": "8000000",
    # Shorter than by default, so that clients that stop reading are dropped in a short run too.
    "AIROUNDS_CLIENT_TIMEOUT": "3",
    # Longer than any pause of a client, whose connection would else be closed as it asks again.
    "AIROUNDS_KEEP_ALIVE": "60",
}


def main() -> None:
    """Soak, print what was seen, and fail where that isn't as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=30, help="after the warm-up")
    parser.add_argument("--swap-seconds", type=float, default=15, help="from load to load")
    parser.add_argument("--url", help="an empty PostgreSQL database; by default a SQLite file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        url = asked.url or f"sqlite:///{Path(top) / 'soak.db'}"
        seen, samples, loads = soak(Path(top), url, asked.minutes * 60, asked.swap_seconds)
    growths = [one for of_one in samples.values() for one in grew(of_one)]
    print(f"{asked.minutes:g} minutes, {loads} loads: {seen}")
    print(_table(growths))
    wrong = [*seen.wrong, *(f"{one} has grown" for one in growths if one.is_too_much)]
    if wrong:
        raise SystemExit("\n".join(wrong[:20]))


def soak(
    top: Path, url: str, seconds: float, swap_seconds: float
) -> tuple[Seen, dict[int, list[Sample]], int]:
    """Ask and load for some seconds; return what clients saw, samples by process, and the loads."""
    versions = prepared(top)
    folders = cycle(versions.values())
    load(next(folders), url)
    port = free_port()
    environment = {**_SETTINGS, "AIROUNDS_DATABASE_URL": url, "AIROUNDS_PORT": str(port)}
    samples: dict[int, list[Sample]] = {}
    with ExitStack() as stack:
        server = stack.enter_context(
            running(airounds_command("serve"), port, ready="/readyz", environment=environment)
        )
        clients = stack.enter_context(Clients(server.base, list(versions), CLIENTS))
        swapping = stack.enter_context(_Swapping(url, folders, swap_seconds))
        _take_copies_out(server.base)
        while swapping.loads + len(swapping.failed) < len(versions):
            time.sleep(_SECONDS_BETWEEN_SAMPLES)
        started = time.monotonic()
        while (passed := time.monotonic() - started) < seconds:
            for pid in workers(server.process.pid):
                samples.setdefault(pid, []).append(sample(pid, passed))
            time.sleep(_SECONDS_BETWEEN_SAMPLES)
    seen = clients.seen
    if len(samples) != WORKERS:
        seen.wrong.append(f"processes have ended: there were {len(samples)}")
    seen.wrong += swapping.failed
    if not swapping.loads or len(seen.datasets) < len(versions):
        seen.wrong.append(f"{swapping.loads} loads, {len(seen.datasets)} datasets were seen")
    return seen, samples, swapping.loads


def _take_copies_out(base: str) -> None:
    """Ask for statistics until each process has a columnar copy: what that takes isn't growth."""
    for number in range(1, _FIRST_STATISTICS + 1):
        httpx.get(f"{base}/v1/rounds/stats", params={"limit": number}).raise_for_status()


class _Swapping(Background):
    """Loads one dataset after another, each in a process of its own, as an operator does."""

    def __init__(self, url: str, folders: "cycle[Path]", seconds: float) -> None:
        super().__init__(self._swap)
        self._environment = {**os.environ, "AIROUNDS_DATABASE_URL": url}
        self._folders = folders
        self._seconds = seconds
        self.loads = 0
        self.failed: list[str] = []

    def _swap(self, _: int) -> None:
        while not self.stopped.wait(self._seconds):
            command = airounds_command("load", str(next(self._folders)))
            ran = subprocess.run(
                command,
                check=False,
                cwd=CHECKOUT,
                env=self._environment,
                capture_output=True,
                text=True,
            )
            if ran.returncode:
                self.failed.append(f"a load failed: {ran.stdout}{ran.stderr}")
            else:
                self.loads += 1


def _table(growths: Sequence[Growth]) -> str:
    rows = [("process", "what", "first", "last", "most", "an hour", ""), *map(_row, growths)]
    return "\n".join("  ".join(f"{cell:>12}" for cell in row) for row in rows)


def _row(growth: Growth) -> tuple[str, ...]:
    return (
        str(growth.process),
        growth.what,
        f"{growth.first:.0f}",
        f"{growth.last:.0f}",
        f"{growth.most:.0f}",
        f"{growth.an_hour:+.1f}",
        "GROWS" if growth.is_too_much else "",
    )


if __name__ == "__main__":
    main()
