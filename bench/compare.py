"""Compare airounds with a ceiling, its framework, a textbook service and its peers, in one run.

    make bench          all of it, into bench/RESULTS.md: about twenty minutes
    make bench-smoke    a minute of it: the list and the 304 on the seed, without the peers, printed

Each server runs with one worker on one core, and wrk on another. All of them are there the whole time,
and are loaded in turn, each workload contender after contender, for a second each, and again in the opposite
order: so what disturbs the machine for a while falls on those that are compared. The whole is measured
three times.
"""

import argparse
import json
import statistics
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, replace

from bench.asking import Reply, Request, ask
from bench.contenders import Entrant, entrants
from bench.data import Data, prepare
from bench.machine import machine, today
from bench.measure import MISSING, by_turns, installed
from bench.peers import install
from bench.report import ratios, write
from bench.results import COMPARISON, Comparison, Contender, Measured
from bench.servers import Server, airounds
from bench.workloads import LIST, ROWS, Workload

_PAGES = (Workload.LIST, Workload.DEEP)
_SHORT = frozenset({Workload.LIST, Workload.UNCHANGED})


@dataclass(frozen=True, slots=True)
class _Running:
    """A contender whose server runs, and what it is asked."""

    entrant: Entrant
    contender: Contender
    server: Server
    requests: Mapping[Workload, Request]


def main() -> None:
    """Measure, print, and write the report unless it is the short form."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=2_000, help="rounds of the generated dataset")
    parser.add_argument(
        "--seconds", type=int, default=5, help="how long each run lasts, in turns of one"
    )
    parser.add_argument("--times", type=int, default=3, help="how often each is measured")
    parser.add_argument("--smoke", action="store_true", help="the seed, no peers, no report")
    asked = parser.parse_args()
    data = prepare(None if asked.smoke else asked.rows)
    without = [] if asked.smoke else install()
    listed = entrants(data, short=asked.smoke, without=without)
    wanted = _SHORT if asked.smoke else frozenset(Workload)
    if not installed():
        _only_answers(listed, wanted)
        return
    found = Comparison(
        made_on=today(),
        machine=machine(),
        rounds=len(data.rounds),
        seconds=asked.seconds,
        contenders=[Contender(name=one.name, given=one.given, peer=one.peer) for one in listed],
        missing=without,
    )
    for time in range(asked.times):
        print(f"Run {time + 1} of {asked.times}", flush=True)
        _start(found, data)
        entered = list(zip(listed, found.contenders, strict=True))
        _run(entered if time % 2 else entered[::-1], wanted, asked.seconds)
    print("\n".join(ratios(found)))
    if not asked.smoke:
        COMPARISON.write_text(found.model_dump_json(indent=1), encoding="utf-8")
        print(f"Wrote {write()}")


def _start(found: Comparison, data: Data) -> None:
    """Start airounds on a loaded database, and keep how soon it answers and what it then holds."""
    with airounds(data.url, ready=LIST) as server:
        found.first_answer_s.append(server.ready_s)
        found.idle_mb.append(server.resident_mb)


def _run(entered: Sequence[tuple[Entrant, Contender]], wanted: Set[Workload], seconds: int) -> None:
    """Measure all workloads of all contenders once."""
    with ExitStack() as stack:
        running = [
            _Running(entrant, contender, server, _wanted(entrant, server, wanted))
            for entrant, contender in entered
            for server in [stack.enter_context(entrant.start())]
        ]
        for workload in Workload:
            asked = [one for one in running if workload in one.requests]
            _measure(asked, workload, seconds)
        for one in running:
            one.contender.resident_mb.append(one.server.resident_mb)


def _measure(asked: Sequence[_Running], workload: Workload, seconds: int) -> None:
    """Measure one workload of all contenders once."""
    sizes = [_checked(one.entrant, one.server, workload, one.requests[workload]) for one in asked]
    rates = by_turns([(one.server, one.requests[workload]) for one in asked], seconds)
    for one, size, rate in zip(asked, sizes, rates, strict=True):
        kept = one.contender.workloads.setdefault(workload, Measured(bytes=size))
        kept.runs.append(rate)
        print(
            f"  {one.entrant.name}, {workload}: {rate.per_second:,.0f}/s, "
            f"p50 {rate.p50_ms:.1f} ms, p99 {rate.p99_ms:.1f} ms, {kept.bytes:,} bytes"
            + (f", {rate.cpu_us:,.0f} us of CPU" if rate.cpu_us is not None else "")
            + (f", {rate.errors} errors" if rate.errors else ""),
            flush=True,
        )


def _wanted(entrant: Entrant, server: Server, wanted: Set[Workload]) -> dict[Workload, Request]:
    return {load: one for load, one in entrant.requests(server).items() if load in wanted}


def _checked(entrant: Entrant, server: Server, workload: Workload, request: Request) -> int:
    """Ask for each address once, as it is to be warm; return the mean size of the bodies.

    Raises RuntimeError where it answers with an error, or with another number of rows.
    """
    wanted = 304 if workload is Workload.UNCHANGED else 200
    sizes = []
    for target in dict.fromkeys(request.targets):
        reply = ask(server.base, replace(request, target=target))
        rows = _rows(reply) if workload in _PAGES else ROWS
        if reply.status != wanted or rows != ROWS:
            raise RuntimeError(
                f"{entrant.name} answered {target} with {reply.status}, {rows} rows: "
                f"{reply.body[:500]!r}"
            )
        sizes.append(len(reply.body))
    return round(statistics.mean(sizes))


def _rows(reply: Reply) -> int:
    body = json.loads(reply.body)
    return len(body["data"] if isinstance(body, dict) else body)


def _only_answers(listed: Iterable[Entrant], wanted: Set[Workload]) -> None:
    """Without wrk, make sure that each contender answers, and say that no rate was measured."""
    for entrant in listed:
        with entrant.start() as server:
            for workload, request in _wanted(entrant, server, wanted).items():
                size = _checked(entrant, server, workload, request)
                print(f"  {entrant.name}, {workload}: {size:,} bytes", flush=True)
    print(f"{MISSING}. Every contender answered; no rate was measured.")


if __name__ == "__main__":
    main()
