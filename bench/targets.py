"""The targets: what airounds promises to be, and what was measured of it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.contenders import CACHED, FRAMEWORK, RAW, TEXTBOOK, UNCACHED
from bench.results import Comparison, Measured, Rate, Scale, per_second
from bench.workloads import Workload

_BY_BENCH = "not measured: make bench"
_BY_SCALE = "not measured: make bench-scale"
SINGLE = "one filter and one sort"
PAIR = "two filters and the default sort"
DEEP = "deep cursor"
STATISTIC = "statistic, the first time"
SEARCH = "search as typed"
STATISTIC_MS = 400


@dataclass(frozen=True, slots=True)
class Target:
    """A measure, what it is to be, and what it is."""

    measure: str
    target: str
    measured: str


def of_comparison(found: Comparison | None) -> list[Target]:
    """Hold the comparison against its targets."""
    if found is None:
        return [Target("airounds beside others", "", _BY_BENCH)]
    pairs = [
        ("Cached list / raw ASGI, same bytes", "≥ 0.90", CACHED, RAW, Workload.LIST),
        ("304 / raw ASGI's 304", "≥ 0.90", CACHED, RAW, Workload.UNCHANGED),
        ("Uncached list / raw ASGI", "≥ 0.17", UNCACHED, RAW, Workload.LIST),
        ("Uncached list / FastAPI, constant bytes", "≥ 1.4", UNCACHED, FRAMEWORK, Workload.LIST),
        ("Uncached list / textbook", "≥ 22", UNCACHED, TEXTBOOK, Workload.LIST),
        ("Zipf mix / raw ASGI", "≥ 0.80", CACHED, RAW, Workload.MIX),
    ]
    held = [
        Target(name, target, _ratio(found.of(ours, load), found.of(other, load), other))
        for name, target, ours, other, load in pairs
    ]
    best = [
        ("Uncached list / best of the peers", "≥ 3", Workload.LIST),
        ("One company, uncached / best of the peers", "≥ 1.5", Workload.COMPANY),
        ("One company's rounds, uncached / best of the peers", "≥ 1.5", Workload.COMPANY_ROUNDS),
    ]
    for name, target, load in best:
        peer, measured = found.best_peer(load) or ("", None)
        held.append(Target(name, target, _ratio(found.of(UNCACHED, load), measured, peer)))
    return held


def of_starts(found: Comparison | None, scale: Scale | None) -> list[Target]:
    """Hold the start and the idle memory against their targets."""
    first, idle = [_BY_BENCH], [_BY_BENCH]
    if found and found.first_answer_s:
        first = [f"{_middle(found.first_answer_s):.2f} s ({found.rounds:,} rounds)"]
        idle = [f"{_middle(found.idle_mb):.0f} MB ({found.rounds:,} rounds)"]
    if scale:
        first.append(f"{scale.first_answer_s:.2f} s ({scale.rounds:,} rounds)")
        idle.append(f"{scale.idle_mb:.0f} MB ({scale.rounds:,} rounds)")
    return [
        Target("First answer after `airounds serve`, loaded", "≤ 1.0 s", "; ".join(first)),
        Target("Idle memory of a worker", "≤ 110 MB", "; ".join(idle)),
    ]


def of_scale(engine: str, scale: Scale | None) -> list[Target]:
    """Hold what was measured of a large database on one engine against its targets."""
    named = {one.kind: one for one in scale.slowest} if scale else {}

    def slowest(kind: str, *, first: bool = False) -> str:
        if kind not in named:
            return _BY_SCALE
        one = named[kind]
        if kind == SEARCH:
            return f"{one.all_p99_ms:,.1f} ms of {one.asked:,} searches"
        shown = one.first_ms if first else one.p99_ms
        told = f"{shown:,.1f} ms, `{one.target}`"
        if one.within is not None and one.all_p50_ms is not None:
            told += f"; {one.within} of {one.asked} hold it, median {one.all_p50_ms:,.1f} ms"
        return told

    size = f"{scale.rounds:,} rounds" if scale else "1,000,000 rounds"
    at = f"{size}, {engine}"
    load = "≤ 240 s, 1.5 GB"
    loaded = _BY_SCALE + " LOAD=1"
    if scale and scale.load_s is not None and scale.load_mb is not None:
        loaded = f"{scale.load_s:.0f} s, {scale.load_mb / 1024:.2f} GB"
    small = f"{scale.small_rounds:,}" if scale and scale.small_rounds else "2,000"
    return [
        Target(
            f"Uncached list, {at} / at {small}",
            "≥ 0.85",
            _across(scale.list_runs if scale else None),
        ),
        Target(
            f"Deep cursor, {at} / at {small}", "≥ 0.85", _across(scale.deep_runs if scale else None)
        ),
        Target(f"Slowest filter × sort, p99, {at}", "≤ 50 ms", slowest(SINGLE)),
        Target(f"Slowest pair of filters, p99, {at}", "≤ 150 ms", slowest(PAIR)),
        Target(
            f"Slowest statistic, first time, {at}",
            f"≤ {STATISTIC_MS} ms",
            slowest(STATISTIC, first=True),
        ),
        Target(f"Search as typed, p99, {at}", "≤ 30 ms", slowest(SEARCH)),
        Target(f"Load of {at}", load, loaded),
    ]


def _ratio(ours: Measured | None, other: Measured | None, name: str) -> str:
    if ours is None or other is None:
        return "not measured"
    # Those of one time are near each other, so that what disturbs the machine for a while is in both.
    ratios = [
        one.per_second / beside.per_second
        for one, beside in zip(ours.runs, other.runs, strict=False)
    ]
    return (
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}; "
        f"{ours.per_second:,.0f} / {other.per_second:,.0f} of {name})"
    )


def _across(runs: tuple[list[Rate], list[Rate]] | None) -> str:
    if not runs or not all(runs):
        return _BY_SCALE
    large, small = map(per_second, runs)
    return f"{large / small:.2f} ({large:,.0f} / {small:,.0f})"


def _middle(numbers: Sequence[float]) -> float:
    return sorted(numbers)[len(numbers) // 2]
