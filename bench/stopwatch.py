"""A stopwatch for single questions: one connection that stays open, and the time of each answer."""

import http.client
import json
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bench.results import Slowest

_PATIENCE_S = 120
_LONGEST_S = 1.5


@dataclass
class Stopwatch:
    """Asks a server, and takes the time."""

    base: str
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Connect when the first question is asked."""
        host = urlsplit(self.base).netloc
        self._connection = http.client.HTTPConnection(host, timeout=_PATIENCE_S)

    def ask(self, target: str) -> tuple[float, int, bytes]:
        """Ask once; return milliseconds, status and body."""
        started = time.perf_counter()
        self._connection.request("GET", target)
        answer = self._connection.getresponse()
        body = answer.read()
        return (time.perf_counter() - started) * 1e3, answer.status, body

    def read(self, target: str) -> Any:
        """Ask once and read the JSON.

        Raises RuntimeError where the answer isn't one.
        """
        _, status, body = self.ask(target)
        if status != 200:
            raise RuntimeError(f"{target} was answered with {status}: {body[:300]!r}")
        return json.loads(body)

    def slowest(self, kind: str, targets: Iterable[str], times: int) -> Slowest | None:
        """Ask each of the questions some times, and return the one with the longest 99th percentile.

        A slow one is asked fewer times; one that is answered with an error is noted and left out.
        """
        worst: Slowest | None = None
        asked, taken = 0, list[float]()
        for target in targets:
            first, status, _ = self.ask(target)
            if status != 200:
                self.refused.append(target)
                continue
            again = self._again(target, times)
            asked, taken = asked + 1, taken + again
            p99 = percentile(again, 0.99)
            if worst is None or p99 > worst.p99_ms:
                worst = Slowest(
                    kind=kind,
                    asked=0,
                    target=target,
                    first_ms=first,
                    p50_ms=percentile(again, 0.5),
                    p99_ms=p99,
                    all_p99_ms=0,
                )
        if worst:
            worst.asked, worst.all_p99_ms = asked, percentile(taken, 0.99)
        return worst

    def slowest_at_first(self, kind: str, targets: Iterable[str]) -> Slowest | None:
        """Ask each of the questions twice, and return the one that was slowest the first time."""
        worst: Slowest | None = None
        firsts: list[float] = []
        for target in targets:
            first, status, _ = self.ask(target)
            if status != 200:
                self.refused.append(target)
                continue
            second, _, _ = self.ask(target)
            firsts.append(first)
            if worst is None or first > worst.first_ms:
                worst = Slowest(
                    kind=kind,
                    asked=0,
                    target=target,
                    first_ms=first,
                    p50_ms=second,
                    p99_ms=second,
                    all_p99_ms=0,
                )
        if worst:
            worst.asked, worst.all_p99_ms = len(firsts), percentile(firsts, 0.99)
        return worst

    def _again(self, target: str, times: int) -> list[float]:
        taken: list[float] = []
        while len(taken) < times and (len(taken) < 2 or sum(taken) < _LONGEST_S * 1e3):
            taken.append(self.ask(target)[0])
        return taken


def percentile(taken: Sequence[float], share: float) -> float:
    """Return the time within which a share of the answers came."""
    return sorted(taken)[max(math.ceil(share * len(taken)) - 1, 0)]
