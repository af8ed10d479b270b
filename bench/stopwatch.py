"""A stopwatch for single questions: one connection that stays open, and the time of each answer."""

import heapq
import http.client
import json
import math
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from bench.results import Slowest

_PATIENCE_S = 120
_SHARE = 0.99
_FINALISTS = 10
_FINAL_TIMES = 100
_LONGEST_S = 1.5
_LONGEST_FINAL_S = 10.0


@dataclass
class Stopwatch:
    """Asks a server, and takes the time; `refused` are questions that it answered with an error."""

    base: str
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Connect when the first question is asked."""
        host = urlsplit(self.base).netloc
        self._connection = http.client.HTTPConnection(host, timeout=_PATIENCE_S)

    def read(self, target: str) -> Any:
        """Ask once and read the JSON.

        Raises RuntimeError where the answer isn't one.
        """
        _, status, body = self._ask(target)
        if status != 200:
            raise RuntimeError(f"{target} was answered with {status}: {body[:300]!r}")
        return json.loads(body)

    def slowest(self, kind: str, targets: Iterable[str], times: int) -> Slowest:
        """Ask each of the questions some times, and the slowest ones often; return the slowest.

        The first heat tells by the median, which a disturbance doesn't move; the second by the 99th
        percentile.
        """
        heat = [
            (first, target, self._again(target, times)) for first, target in self._firsts(targets)
        ]
        finalists = heapq.nlargest(_FINALISTS, heat, key=lambda one: statistics.median(one[2]))
        taken = [
            (self._again(target, _FINAL_TIMES, _LONGEST_FINAL_S), first, target)
            for first, target, _ in finalists
        ]
        final, first, target = max(taken, key=lambda one: percentile(one[0], _SHARE))
        everything = [one for _, _, again in heat for one in again]
        return _told(kind, len(heat), (first, target), final, everything)

    def slowest_at_first(self, kind: str, targets: Iterable[str], longest_ms: float) -> Slowest:
        """Ask each of the questions once, and the slowest one again; count those in time."""
        firsts = list(self._firsts(targets))
        first, target = max(firsts, key=itemgetter(0))
        again = self._again(target, _FINAL_TIMES)
        told = _told(kind, len(firsts), (first, target), again, [one for one, _ in firsts])
        told.within = sum(one <= longest_ms for one, _ in firsts)
        return told

    def _firsts(self, targets: Iterable[str]) -> Iterable[tuple[float, str]]:
        for target in targets:
            first, status, _ = self._ask(target)
            if status == 200:
                yield first, target
            else:
                self.refused.append(target)

    def _again(self, target: str, times: int, longest_s: float = _LONGEST_S) -> list[float]:
        """Ask a question so many times, or fewer where that takes too long."""
        taken: list[float] = []
        while len(taken) < times and (len(taken) < 2 or sum(taken) < longest_s * 1e3):
            taken.append(self._ask(target)[0])
        return taken

    def _ask(self, target: str) -> tuple[float, int, bytes]:
        """Ask once; return milliseconds, status and body."""
        started = time.perf_counter()
        self._connection.request("GET", target)
        answer = self._connection.getresponse()
        body = answer.read()
        return (time.perf_counter() - started) * 1e3, answer.status, body


def _told(
    kind: str,
    asked: int,
    slowest: tuple[float, str],
    taken: Sequence[float],
    everything: Sequence[float],
) -> Slowest:
    """Tell of the slowest of the questions, by the times that it took and those of all."""
    return Slowest(
        kind=kind,
        asked=asked,
        target=slowest[1],
        first_ms=slowest[0],
        p50_ms=statistics.median(taken),
        p99_ms=percentile(taken, _SHARE),
        all_p99_ms=percentile(everything, _SHARE),
        all_p50_ms=statistics.median(everything),
    )


def percentile(taken: Sequence[float], share: float) -> float:
    """Return the time within which a share of the answers came."""
    return sorted(taken)[max(math.ceil(share * len(taken)) - 1, 0)]
