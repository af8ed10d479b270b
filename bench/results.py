"""What the benchmarks measured, as they keep it for the report: numbers of each run, none thrown away."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from bench.servers import BUILD
from bench.workloads import Workload

COMPARISON = BUILD / "comparison.json"


class Rate(BaseModel):
    """What one run measured."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    # Of the server's processor for one request, where that was looked at.
    cpu_us: float | None = None


def middle(turns: Sequence[Rate]) -> Rate:
    """Return what a run measured that was made in turns: their medians, and all errors."""
    taken = [turn.cpu_us for turn in turns if turn.cpu_us is not None]
    return Rate(
        per_second=per_second(turns),
        p50_ms=statistics.median(turn.p50_ms for turn in turns),
        p99_ms=statistics.median(turn.p99_ms for turn in turns),
        errors=sum(turn.errors for turn in turns),
        cpu_us=statistics.median(taken) if taken else None,
    )


class Measured(BaseModel):
    """The runs of one workload, and the bytes of its answers' bodies, on average."""

    bytes: int
    runs: list[Rate] = []

    @property
    def middle(self) -> Rate:
        """The medians of the runs, and all errors."""
        return middle(self.runs)

    @property
    def per_second(self) -> float:
        """The median of requests a second."""
        return per_second(self.runs)

    @property
    def spread(self) -> float:
        """How far the fastest and the slowest run lie apart, as a share of the median."""
        speeds = [run.per_second for run in self.runs]
        return (max(speeds) - min(speeds)) / statistics.median(speeds)


class Contender(BaseModel):
    """What was measured of one contender."""

    name: str
    given: str
    peer: bool
    workloads: dict[Workload, Measured] = {}
    resident_mb: list[float] = []


class Comparison(BaseModel):
    """What `make bench` measured."""

    made_on: str
    machine: dict[str, str]
    rounds: int
    seconds: int
    contenders: list[Contender]
    missing: list[str] = []
    first_answer_s: list[float] = []
    idle_mb: list[float] = []

    def of(self, name: str, workload: Workload) -> Measured | None:
        """Return what was measured of a contender, if it was."""
        for contender in self.contenders:
            if contender.name == name:
                return contender.workloads.get(workload)
        return None

    def best_peer(self, workload: Workload) -> tuple[str, Measured] | None:
        """Return the peer that answered a workload fastest."""
        measured = [
            (contender.name, contender.workloads[workload])
            for contender in self.contenders
            if contender.peer and workload in contender.workloads
        ]
        return max(measured, key=lambda one: one[1].per_second, default=None)


class Slowest(BaseModel):
    """The slowest question of a kind, among those that were asked."""

    kind: str
    asked: int
    target: str
    first_ms: float
    p50_ms: float
    p99_ms: float
    all_p99_ms: float
    all_p50_ms: float | None = None
    within: int | None = None
    """How many of those that were asked took no longer than they may, where that was counted."""


class Scale(BaseModel):
    """What `make bench-scale` measured of one database."""

    made_on: str
    machine: dict[str, str]
    engine: str
    rounds: int
    companies: int
    slowest: list[Slowest]
    refused: list[str] = []
    small_rounds: int | None = None
    list_runs: tuple[list[Rate], list[Rate]] | None = None
    deep_runs: tuple[list[Rate], list[Rate]] | None = None
    first_answer_s: float
    idle_mb: float
    peak_mb: float
    load_s: float | None = None
    load_mb: float | None = None


def scale_file(engine: str) -> Path:
    """Name the file that keeps what was measured on an engine."""
    return BUILD / f"scale-{engine}.json"


def per_second(runs: Sequence[Rate]) -> float:
    """Return the median of requests a second."""
    return statistics.median(run.per_second for run in runs)
