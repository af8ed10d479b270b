"""Overload, measured: half-open connections, and four times the load that can be sustained.

    make overload-test

Prints what clients saw. A machine that does other work shows its own disturbances in the slowest answers.
"""

import argparse
import asyncio
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from app.dataset.load import load
from app.settings import shipped
from bench.asking import Request, ask
from bench.flood import Answers, Flood, never_asked_before
from bench.servers import Server, airounds, cores
from bench.stopwatch import percentile

HALF_OPEN = 200
CONNECTIONS = 400
TIMES_OF_LOAD = 4
_SOME = 3.0
_SECONDS_OF_RECOVERY = 5
_ORDINARY = "/v1/rounds?limit=50"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what clients see of an overload.")
    parser.add_argument("--seconds", type=float, default=30, help="how long the overload lasts")
    parser.add_argument("--url", help="an empty PostgreSQL database; by default a SQLite file")
    asked = parser.parse_args()
    core = cores().load
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'bench.db'}"
        load(shipped("seed_data"), url)
        with airounds(url) as server:
            if core is not None:
                os.sched_setaffinity(0, {core})
            print(f"{HALF_OPEN} half-open connections: {half_open(server, HALF_OPEN)}", flush=True)
            uvloop.run(_overload(server, asked.seconds))
            print(f"memory of the server, at most: {server.peak_mb:.0f} MB")


def half_open(server: Server, count: int) -> str:
    """Hold so many heads unfinished, and tell how long ordinary requests take meanwhile."""
    address = urlsplit(server.base)
    with ExitStack() as stack:
        for _ in range(count):
            half = socket.create_connection((str(address.hostname), address.port or 80))
            stack.enter_context(half)
            half.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Half:")
        taken, statuses = [], set()
        for _ in range(50):
            started = time.perf_counter()
            statuses.add(ask(server.base, Request(_ORDINARY)).status)
            taken.append(time.perf_counter() - started)
    return f"50 ordinary requests got {sorted(statuses)}, {_times(taken)}"


async def _overload(server: Server, seconds: float) -> None:
    address = urlsplit(server.base)
    flood = Flood(str(address.hostname), address.port or 80, never_asked_before())
    await flood.open(CONNECTIONS)
    await flood.as_fast_as_answered(8, 1)
    sustained = await flood.as_fast_as_answered(8, _SOME)
    print(f"sustained: {sustained:.0f} lists a second, each of them computed")
    _tell("half of it", await flood.at_rate(sustained / 2, _SOME))
    _tell(f"{TIMES_OF_LOAD} times", await flood.at_rate(sustained * TIMES_OF_LOAD, seconds))
    await asyncio.sleep(_SECONDS_OF_RECOVERY)
    # What the server had closed meanwhile, having been kept for no request, is opened again.
    flood.close()
    flood = Flood(str(address.hostname), address.port or 80, never_asked_before())
    await flood.open(CONNECTIONS)
    _tell(f"half of it, {_SECONDS_OF_RECOVERY} s later", await flood.at_rate(sustained / 2, _SOME))
    flood.close()


def _tell(what: str, answers: Answers) -> None:
    for status, taken in sorted(answers.seconds.items()):
        print(f"{what}: {len(taken)} x {status}, {_times(taken)}")
    print(f"{what}: {answers.lost} lost, {answers.without_retry} x 503 without Retry-After")


def _times(taken: Sequence[float]) -> str:
    median, most = statistics.median(taken) * 1e3, max(taken) * 1e3
    return f"ms: median {median:.1f}, p99 {percentile(taken, 0.99) * 1e3:.1f}, most {most:.1f}"


if __name__ == "__main__":
    main()
