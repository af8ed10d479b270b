"""Servers that the benchmarks start: each a process of its own, pinned to a core, awaited and stopped."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

CHECKOUT = Path(__file__).resolve().parent.parent
BUILD = CHECKOUT / "build" / "bench"
_PATIENCE_S = 90.0
_STEP_S = 0.005


class Cores(NamedTuple):
    """The core that a server is kept on, and the one that loads it; None where there is but one."""

    server: int | None
    load: int | None


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    base: str
    process: subprocess.Popen[bytes]
    ready_s: float

    @property
    def resident_mb(self) -> float:
        """The memory that it holds now."""
        return self._memory("VmRSS")

    @property
    def peak_mb(self) -> float:
        """The most memory that it has held."""
        return self._memory("VmHWM")

    @property
    def cpu_s(self) -> float:
        """The time of processors that it has taken so far."""
        after_name = (
            Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").split(")")[-1]
        )
        user, system = map(int, after_name.split()[11:13])
        return (user + system) / os.sysconf("SC_CLK_TCK")

    def _memory(self, name: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(rf"{name}:\s+(\d+) kB", status)
        return int(found.group(1)) / 1024 if found else float("nan")


@cache
def cores() -> Cores:
    """Choose two different cores of those that this process may use, where taskset can pin to them."""
    usable = sorted(os.sched_getaffinity(0)) if shutil.which("taskset") else []
    return Cores(usable[0], usable[-1]) if len(usable) > 1 else Cores(None, None)


def pinned(command: Sequence[str], core: int | None) -> list[str]:
    """Return a command that stays on a core."""
    return list(command) if core is None else ["taskset", "--cpu-list", str(core), *command]


def airounds_command(*arguments: str) -> list[str]:
    """Return a command of airounds, run by this Python."""
    return [sys.executable, "-c", "from app.cli import main; main()", *arguments]


def free_port() -> int:
    """Name a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str],
    port: int,
    *,
    ready: str,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[Server]:
    """Run a server on its core until the block ends; `ready` is a path that it answers with 200."""
    started = time.monotonic()
    process = subprocess.Popen(
        pinned(command, cores().server),
        env={**os.environ, **(environment or {})},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _await(base + ready, process)
        yield Server(base, process, time.monotonic() - started)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def airounds(url: str, *, cached: bool = True, ready: str = "/readyz") -> Iterator[Server]:
    """Serve a database by `airounds serve`, with its default settings but for the cache."""
    port = free_port()
    environment = {
        "AIROUNDS_DATABASE_URL": url,
        "AIROUNDS_PORT": str(port),
        # One URL loads and serves: what is measured isn't what the role may do.
        "AIROUNDS_SERVE_AS_OWNER": "true",
    }
    if not cached:
        environment["AIROUNDS_CACHE_BYTES"] = "0"
    command = airounds_command("serve")
    with running(command, port, ready=ready, environment=environment, folder=CHECKOUT) as server:
        yield server


@contextmanager
def application(name: str, data: Path, *, ready: str) -> Iterator[Server]:
    """Serve an application of the benchmarks as `airounds serve` serves its own."""
    port = free_port()
    command = [sys.executable, "-m", "bench.serve", name, str(data)]
    environment = {"AIROUNDS_PORT": str(port)}
    with running(command, port, ready=ready, environment=environment, folder=CHECKOUT) as server:
        yield server


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until a server answers with 200.

    Raises RuntimeError where it ended or stays silent.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=_PATIENCE_S).close()
        except (OSError, urllib.error.URLError):
            time.sleep(_STEP_S)
        else:
            return
    raise RuntimeError(f"{url} wasn't answered within {_PATIENCE_S:.0f} s")
