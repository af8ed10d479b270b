"""The report: what the benchmarks measured, as bench/RESULTS.md.

    python -m bench.report

It is written from what the last runs kept, so that a comparison and the scale may be measured on
different days; each says on which.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TypeVar

from bench.contenders import CACHED, TEXTBOOK, UNCACHED
from bench.measure import CONNECTIONS
from bench.results import COMPARISON, Comparison, Measured, Scale, scale_file
from bench.targets import of_comparison, of_scale, of_starts
from bench.workloads import MEANING, Workload

_PAGE = Path(__file__).with_name("RESULTS.md")
_Kept = TypeVar("_Kept", Comparison, Scale)
_INTRODUCTION = """# What was measured

`make bench` and `make bench-scale` write this page; CONTRIBUTING.md tells how to run them. Read ratios,
not rates: contenders of one run share its machine, and no two machines are alike. Beside each rate
stands its spread: how far the fastest and the slowest run lie apart, as a share of the median. Where
two contenders differ by less than their spreads, the run doesn't tell which one is faster. CPU is
what the server's own process took of its core for a request, whatever else the machine did meanwhile.
Raw ASGI answers by messages of ASGI, as any application does; what airounds keeps goes past the part
of the server that writes those anew, so that it may be the quicker one. Where a target isn't held,
docs/decisions/0022-where-targets-are-not-held.md tells why, and what would hold it.
"""


def write() -> Path:
    """Write the page from what there is."""
    found = _read(Comparison, COMPARISON)
    scales = {engine: _read(Scale, scale_file(engine)) for engine in ("SQLite", "PostgreSQL")}
    parts = [_INTRODUCTION, *_targets(found, scales)]
    if found:
        parts += [*_machine("Comparison", found.made_on, found.machine), *_comparison(found)]
    for engine, scale in scales.items():
        if scale:
            parts += [*_machine(f"Scale on {engine}", scale.made_on, scale.machine), *_scale(scale)]
    _PAGE.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")
    return _PAGE


def ratios(found: Comparison) -> Iterator[str]:
    """Say how airounds stands beside the others, a line a target."""
    for one in [*of_comparison(found), *of_starts(found, None)]:
        yield f"{one.measure}: {one.measured} (target {one.target})"


def _read(kind: type[_Kept], path: Path) -> _Kept | None:
    return kind.model_validate_json(path.read_text(encoding="utf-8")) if path.exists() else None


def _targets(found: Comparison | None, scales: Mapping[str, Scale | None]) -> Iterator[str]:
    held = [*of_comparison(found), *of_starts(found, scales["SQLite"])]
    for engine, scale in scales.items():
        held += of_scale(engine, scale)
    yield "## Targets\n"
    yield from _table(
        ("measure", "target", "measured"),
        ((one.measure, one.target, one.measured) for one in held),
    )


def _machine(title: str, day: str, described: Mapping[str, str]) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"Measured on {day}.\n"
    yield from _table(("what", "which"), described.items())


def _comparison(found: Comparison) -> Iterator[str]:
    yield (
        f"{found.rounds:,} rounds; each contender one process on one core; {CONNECTIONS} connections; "
        f"{len(found.idle_mb)} runs of {found.seconds} s each, in turns of a second where that is enough, "
        "after each address was asked for once, and then a second of load; medians.\n"
    )
    for workload in Workload:
        yield f"### {workload[0].upper()}{workload[1:]}\n"
        yield f"{MEANING[workload][0].upper()}{MEANING[workload][1:]}.\n"
        rows = [
            _rates(one.name, kept)
            for one in found.contenders
            if (kept := one.workloads.get(workload))
        ]
        header = (
            "contender",
            "requests/s",
            "spread",
            "CPU, µs",
            "p50, ms",
            "p99, ms",
            "bytes",
            "errors",
        )
        yield from _table(header, rows)
    yield "### Where another wins\n"
    yield from [*_wins(found), ""]
    yield "### Contenders\n"
    yield from _table(
        ("contender", "resident after load, MB", "what it was given"),
        (
            (one.name, f"{sorted(one.resident_mb)[len(one.resident_mb) // 2]:.0f}", one.given)
            for one in found.contenders
        ),
    )
    if found.missing:
        yield f"Not installed on this machine: {', '.join(found.missing)}.\n"


def _rates(name: str, kept: Measured) -> Sequence[str]:
    rate = kept.middle
    return (
        name,
        f"{rate.per_second:,.0f}",
        f"{kept.spread:.0%}",
        "" if rate.cpu_us is None else f"{rate.cpu_us:,.0f}",
        f"{rate.p50_ms:.1f}",
        f"{rate.p99_ms:.1f}",
        f"{kept.bytes:,}",
        str(rate.errors),
    )


def _wins(found: Comparison) -> list[str]:
    """Name each workload that a peer or the textbook service answers faster than airounds computes it."""
    lines = []
    for ours, workload in product((UNCACHED, CACHED), Workload):
        kept = found.of(ours, workload)
        for one in found.contenders if kept else []:
            other = one.workloads.get(workload)
            rival = one.peer or one.name == TEXTBOOK
            if rival and kept and other and other.per_second > kept.per_second:
                lines.append(
                    f"- {workload}: {one.name} is {other.per_second / kept.per_second:.2f} times as "
                    f"fast as {ours}, in {other.bytes:,} bytes instead of {kept.bytes:,}."
                )
    return lines or ["Nowhere, in requests a second."]


def _scale(scale: Scale) -> Iterator[str]:
    yield (
        f"{scale.rounds:,} rounds of {scale.companies:,} companies; uncached; one connection, and of "
        "each kind the question that was slowest. First is the first time that it was asked after "
        "the server's start. Each is asked a few times, and the ten with the longest medians a hundred "
        "times, which the two percentiles are of.\n"
    )
    header = (
        "kind",
        "asked",
        "p50 of all, ms",
        "p99 of all, ms",
        "slowest",
        "first, ms",
        "p50, ms",
        "p99, ms",
    )
    yield from _table(
        header,
        (
            (
                one.kind,
                f"{one.asked:,}",
                "" if one.all_p50_ms is None else f"{one.all_p50_ms:,.1f}",
                f"{one.all_p99_ms:,.1f}",
                f"`{one.target}`",
                f"{one.first_ms:,.1f}",
                f"{one.p50_ms:,.1f}",
                f"{one.p99_ms:,.1f}",
            )
            for one in scale.slowest
        ),
    )
    yield f"The server held at most {scale.peak_mb:,.0f} MB.\n"
    if scale.engine != "SQLite":
        yield f"{scale.engine} ran beside airounds on this machine, on whichever core was free.\n"
    if scale.refused:
        yield f"Not measured, since no value was found that the API takes: {', '.join(scale.refused)}.\n"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
    yield ""


if __name__ == "__main__":
    print(f"Wrote {write()}")
