"""Measuring: load a server with wrk from another core, and read how fast it answered."""

import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from bench.asking import Request
from bench.results import Rate, middle
from bench.servers import BUILD, Server, cores, pinned

CONNECTIONS = 32
MISSING = "wrk isn't installed: on Debian and Ubuntu apt-get install wrk brings it"
_LONGEST_S = 60
# Fewer are about what is under way when a run ends, which isn't counted.
_FEWEST = 4 * CONNECTIONS
# So many that what is under way when a run ends is no part of it to speak of.
_ENOUGH = 40 * CONNECTIONS
_LOOKS, _BETWEEN_LOOKS_S = 40, 0.05
_SEQUENCE = BUILD / "targets.txt"
_SCRIPT = Path(__file__).with_name("load.lua")


def installed() -> bool:
    """Tell whether wrk is here."""
    return shutil.which("wrk") is not None


def by_turns(asked: Sequence[tuple[Server, Request]], seconds: int) -> list[Rate]:
    """Warm each server for a second, then load them by turns of a second; return what each did.

    One that answers few in a second is loaded in one go. Raises what `measure` raises.
    """
    taken: list[list[Rate]] = [[] for _ in asked]
    quick = []
    for (server, request), turns in zip(asked, taken, strict=True):
        if measure(server, request, 1).per_second >= _ENOUGH:
            quick.append((server, request, turns))
        else:
            turns.append(measure(server, request, seconds))
    for turn in range(seconds):
        for server, request, turns in reversed(quick) if turn % 2 else quick:
            turns.append(measure(server, request, 1))
    return [middle(turns) for turns in taken]


def measure(server: Server, request: Request, seconds: int) -> Rate:
    """Load a server with a request for some seconds, or longer where it answers few in that time.

    Raises RuntimeError where wrk fails, and where nothing is answered at all.
    """
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    for name, value in request.headers.items():
        command += ["-H", f"{name}: {value}"]
    sequence = []
    if request.also:
        _SEQUENCE.write_text("\n".join(request.targets), encoding="ascii")
        sequence = [str(_SEQUENCE)]
    address = server.base + request.target
    command += ["-s", str(_SCRIPT), address, "--", request.method, request.body]
    _await_rest(server)
    before = server.cpu_s
    ran = subprocess.run(
        pinned([*command, *sequence], cores().load), capture_output=True, text=True, check=False
    )
    taken_s = server.cpu_s - before
    lines = [line for line in ran.stdout.splitlines() if line.startswith("measured ")]
    if not lines:
        raise RuntimeError(f"wrk failed: {ran.stdout}{ran.stderr}")
    requests, microseconds, p50, p99, errors = map(float, lines[0].split()[1:])
    if requests < _FEWEST and seconds < _LONGEST_S:
        return measure(server, request, min(4 * seconds, _LONGEST_S))
    if not requests:
        raise RuntimeError(f"{address} answered nothing in {seconds} s")
    return Rate(
        per_second=requests / (microseconds / 1e6),
        p50_ms=p50 / 1e3,
        p99_ms=p99 / 1e3,
        errors=int(errors),
        cpu_us=taken_s / requests * 1e6 if requests >= _ENOUGH else None,
    )


def _await_rest(server: Server) -> None:
    """Wait until what the last run has left under way is done; some servers never rest altogether."""
    for _ in range(_LOOKS):
        before = server.cpu_s
        time.sleep(_BETWEEN_LOOKS_S)
        if server.cpu_s == before:
            return
