"""Compare airounds with a ceiling, its framework, a textbook service and its peers, in one run.

    make bench          all of it, into bench/RESULTS.md: about a quarter of an hour
    make bench-smoke    a minute of it: the list and the 304 on the seed, without the peers, printed

Each server runs with one worker on one core, and wrk on another. The whole is measured three times,
contender after contender, so that what disturbs the machine for a while falls on all of them.
"""

import argparse
import json
import statistics
from collections.abc import Iterable, Set
from dataclasses import replace

from bench.asking import Reply, Request, ask
from bench.contenders import Entrant, entrants
from bench.data import Data, prepare
from bench.machine import machine, today
from bench.measure import MISSING, installed, measure
from bench.peers import install
from bench.report import ratios, write
from bench.results import COMPARISON, Comparison, Contender, Measured
from bench.servers import Server, airounds
from bench.workloads import LIST, ROWS, Workload

_PAGES = (Workload.LIST, Workload.DEEP)
_SHORT = frozenset({Workload.LIST, Workload.UNCHANGED})


def main() -> None:
    """Measure, print, and write the report unless it is the short form."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=2_000, help="rounds of the generated dataset")
    parser.add_argument("--seconds", type=int, default=5, help="how long each run lasts")
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
        for entrant, contender in zip(listed, found.contenders, strict=True):
            _run(entrant, contender, wanted, asked.seconds)
    print("\n".join(ratios(found)))
    if not asked.smoke:
        COMPARISON.write_text(found.model_dump_json(indent=1), encoding="utf-8")
        print(f"Wrote {write()}")


def _start(found: Comparison, data: Data) -> None:
    """Start airounds on a loaded database, and keep how soon it answers and what it then holds."""
    with airounds(data.url, ready=LIST) as server:
        found.first_answer_s.append(server.ready_s)
        found.idle_mb.append(server.resident_mb)


def _run(entrant: Entrant, contender: Contender, wanted: Set[Workload], seconds: int) -> None:
    """Measure all workloads of one contender once."""
    with entrant.start() as server:
        for workload, request in _wanted(entrant, server, wanted):
            size = _checked(entrant, server, workload, request)
            measure(server.base, request, 1)
            rate = measure(server.base, request, seconds)
            kept = contender.workloads.setdefault(workload, Measured(bytes=size))
            kept.runs.append(rate)
            print(
                f"  {entrant.name}, {workload}: {rate.per_second:,.0f}/s, p50 {rate.p50_ms:.1f} ms, "
                f"p99 {rate.p99_ms:.1f} ms, {kept.bytes:,} bytes"
                + (f", {rate.errors} errors" if rate.errors else ""),
                flush=True,
            )
        contender.resident_mb.append(server.resident_mb)


def _wanted(
    entrant: Entrant, server: Server, wanted: Set[Workload]
) -> list[tuple[Workload, Request]]:
    return [one for one in entrant.requests(server).items() if one[0] in wanted]


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
            for workload, request in _wanted(entrant, server, wanted):
                size = _checked(entrant, server, workload, request)
                print(f"  {entrant.name}, {workload}: {size:,} bytes", flush=True)
    print(f"{MISSING}. Every contender answered; no rate was measured.")


if __name__ == "__main__":
    main()
