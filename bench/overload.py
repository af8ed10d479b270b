"""Overload, measured: half-open connections, and four times the load that can be sustained.

    make overload-test

Prints what clients see. A crowd makes the load, and gives way to a few others who ask now and then on
the same core: a crowd that is late itself would count that as the service's time, and they don't. A
machine that does other work shows its own disturbances in the slowest answers.
"""

import argparse
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
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
_OTHERS, _THEIR_RATE = 50, 50.0
_GIVES_WAY = 15
# More than are asked for in one go.
_APART = 500_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure what clients see of an overload.")
    parser.add_argument("--seconds", type=float, default=30, help="how long the overload lasts")
    parser.add_argument("--url", help="an empty PostgreSQL database; by default a SQLite file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = asked.url or f"sqlite:///{Path(folder) / 'bench.db'}"
        load(shipped("seed_data"), url)
        with airounds(url) as server:
            _take_core()
            print(f"{HALF_OPEN} half-open connections: {half_open(server, HALF_OPEN)}", flush=True)
            overload(server, asked.seconds)
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


def overload(server: Server, seconds: float) -> None:
    """Find out what can be sustained, and ask for half of it, for a multiple, and for half again."""
    with ProcessPoolExecutor(1, get_context("spawn"), _begin_crowd) as process:
        crowd = _Crowd(server.base, process)
        crowd.sustains(1)
        sustained = crowd.sustains(_SOME)
        print(f"sustained: {sustained:.0f} lists a second, each of them computed", flush=True)
        crowd.asks("half of it", sustained / 2, _SOME)
        crowd.asks(f"{TIMES_OF_LOAD} times", sustained * TIMES_OF_LOAD, seconds)
        time.sleep(_SECONDS_OF_RECOVERY)
        crowd.asks(f"half of it, {_SECONDS_OF_RECOVERY} s later", sustained / 2, _SOME)


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Asks in a process of its own; others ask beside it from this one."""

    base: str
    process: ProcessPoolExecutor
    firsts: "count[int]" = field(default_factory=lambda: count(_APART, _APART))

    def sustains(self, seconds: float) -> float:
        """Return how many lists a second are answered where nobody asks for more."""
        return self.process.submit(_sustained, self.base, next(self.firsts), seconds).result()

    def asks(self, what: str, rate: float, seconds: float) -> None:
        """Ask so many times a second, and print what the crowd and the others see."""
        begun: Future[Answers] = self.process.submit(
            _at_rate, self.base, next(self.firsts), CONNECTIONS, rate, seconds
        )
        others = _at_rate(self.base, next(self.firsts), _OTHERS, _THEIR_RATE, seconds)
        _tell(what, begun.result())
        _tell(f"{what}, others", others)


def _begin_crowd() -> None:
    _take_core()
    os.nice(_GIVES_WAY)


def _take_core() -> None:
    core = cores().load
    if core is not None:
        os.sched_setaffinity(0, {core})


def _at_rate(base: str, first: int, connections: int, rate: float, seconds: float) -> Answers:
    async def go() -> Answers:
        flood = _flood(base, first)
        await flood.open(connections)
        answers = await flood.at_rate(rate, seconds)
        flood.close()
        return answers

    return uvloop.run(go())


def _sustained(base: str, first: int, seconds: float) -> float:
    async def go() -> float:
        flood = _flood(base, first)
        await flood.open(8)
        sustained = await flood.as_fast_as_answered(8, seconds)
        flood.close()
        return sustained

    return uvloop.run(go())


def _flood(base: str, first: int) -> Flood:
    address = urlsplit(base)
    return Flood(str(address.hostname), address.port or 80, never_asked_before(first))


def _tell(what: str, answers: Answers) -> None:
    for status, taken in sorted(answers.seconds.items()):
        print(f"{what}: {len(taken)} x {status}, {_times(taken)}")
    wrong = f"{answers.lost} lost, {answers.without_retry} x 503 without Retry-After"
    print(f"{what}: {wrong}", flush=True)


def _times(taken: Sequence[float]) -> str:
    median, most = statistics.median(taken) * 1e3, max(taken) * 1e3
    return f"ms: median {median:.1f}, p99 {percentile(taken, 0.99) * 1e3:.1f}, most {most:.1f}"


if __name__ == "__main__":
    main()
