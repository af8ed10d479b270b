"""Measure a large database: every filter, sort, statistic and search, and whether size slows a page.

    make bench-scale ROWS=1000000
    make bench-scale URL=postgresql://bench@localhost/million SMALL=postgresql://bench@localhost/small

It is served uncached, and asked over one connection from another core; then wrk compares it with a
small database. Without URL a dataset of ROWS rounds is made and loaded into SQLite, which is measured
too; with LOAD=1 it is loaded into URL, over what that held.
"""

import argparse
import os

from sqlalchemy import make_url

from app.dataset.present import loaded, rendering_hash
from app.query.cursor import encode_cursor, read_cursor
from bench.asking import in_turn
from bench.data import generated, load
from bench.loading import timed_load
from bench.machine import machine, today
from bench.measure import by_turns, installed
from bench.questions import ORDERS, pairs, rounds, searches, singles, statistics
from bench.report import write
from bench.results import Rate, Scale, scale_file
from bench.sampling import groups_of, names_of, sampled_rounds, values_of
from bench.servers import BUILD, airounds, cores
from bench.stopwatch import Stopwatch
from bench.targets import DEEP, PAIR, SEARCH, SINGLE, STATISTIC, STATISTIC_MS
from bench.workloads import LIST, LISTS, ROWS, TURNS

_SMALL_ROUNDS = 2_000
_TIMES = 3


def main() -> None:
    """Measure, print, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000, help="of a dataset that is made")
    parser.add_argument("--database", help="URL of a loaded database; by default one is made")
    parser.add_argument("--small", help="URL of a small one on the same engine, to compare with")
    parser.add_argument("--load", action="store_true", help="load a dataset that is made first")
    parser.add_argument("--times", type=int, default=5, help="how often each is asked again")
    parser.add_argument("--seconds", type=int, default=5, help="how long each run of wrk lasts")
    asked = parser.parse_args()
    url = asked.database or os.environ.get("AIROUNDS_DATABASE_URL")
    made = BUILD / f"rounds-{asked.rows}.db"
    load_took = None
    if asked.load or (url is None and not made.exists()):
        load_took = timed_load(generated(asked.rows), url or f"sqlite:///{made}")
    url = url or f"sqlite:///{made}"
    for database in filter(None, (url, asked.small)):
        _require_rendered(database)
    if cores().load is not None:
        os.sched_setaffinity(0, {cores().load or 0})
    found = _walk(url, asked.times)
    if load_took:
        found.load_s, found.load_mb = load_took
    if installed():
        _compare(found, url, asked.small or _small(found.engine), asked.seconds)
    for one in found.slowest:
        print(f"{one.kind}: {one.target}: p99 {one.p99_ms:.1f} ms, first {one.first_ms:.1f} ms")
    scale_file(found.engine).write_text(found.model_dump_json(indent=1), encoding="utf-8")
    print(f"Wrote {write()}")


def _require_rendered(url: str) -> None:
    """Stop where a server would first load the database anew, which isn't what is to be measured."""
    if not _is_rendered(url):
        raise SystemExit(f"{url} holds no dataset of this release: LOAD=1 loads one that is made")


def _is_rendered(url: str) -> bool:
    present = loaded(url)
    return present is not None and present[1] == rendering_hash()


def _walk(url: str, times: int) -> Scale:
    """Ask everything there is to ask, statistics first, since their first time counts."""
    with airounds(url, cached=False, ready=LIST) as server:
        first_s, idle = server.ready_s, server.resident_mb
        watch = Stopwatch(server.base)
        described = watch.read("/v1/dataset")["counts"]
        slowest = [watch.slowest_at_first(STATISTIC, statistics(), STATISTIC_MS)]
        sample = sampled_rounds(watch.read)
        values = values_of(sample, groups_of(watch.read))
        for kind, questions in (
            (SINGLE, singles(values)),
            (PAIR, pairs(values)),
            (DEEP, (_deep(watch, order) for order in ORDERS)),
            (SEARCH, searches(names_of(sample))),
        ):
            print(f"{kind} ...", flush=True)
            slowest.append(watch.slowest(kind, questions, times))
        return Scale(
            made_on=today(),
            machine=machine(),
            engine="SQLite" if make_url(url).get_backend_name() == "sqlite" else "PostgreSQL",
            rounds=described["rounds"],
            companies=described["companies"],
            slowest=slowest,
            refused=watch.refused,
            first_answer_s=first_s,
            idle_mb=idle,
            peak_mb=server.peak_mb,
        )


def _deep(watch: Stopwatch, order: str) -> str:
    """Return the address of a page near the end of an order: near the beginning of the opposite one."""
    opposite = order.removeprefix("-") if order.startswith("-") else f"-{order}"
    first = watch.read(rounds({"sort": opposite, "limit": "200"}))
    keys = read_cursor(first["page"]["next_cursor"], opposite)
    return rounds({"sort": order, "limit": str(ROWS), "cursor": encode_cursor(order, keys)})


def _compare(found: Scale, url: str, small: str, seconds: int) -> None:
    """Measure the list and a deep page on the large database and on the small one, by turns."""
    lists: tuple[list[Rate], list[Rate]] = ([], [])
    deep: tuple[list[Rate], list[Rate]] = ([], [])
    with (
        airounds(url, cached=False, ready=LIST) as large,
        airounds(small, cached=False, ready=LIST) as little,
    ):
        servers = large, little
        watches = [Stopwatch(server.base) for server in servers]
        found.small_rounds = watches[1].read("/v1/dataset")["counts"]["rounds"]
        asked = (
            (lists, [in_turn(LISTS) for _ in servers]),
            (deep, [in_turn(_deep_pages(watch)) for watch in watches]),
        )
        for _ in range(_TIMES):
            for kept, requests in asked:
                rates = by_turns(list(zip(servers, requests, strict=True)), seconds)
                for runs, rate in zip(kept, rates, strict=True):
                    runs.append(rate)
    found.list_runs, found.deep_runs = lists, deep


def _deep_pages(watch: Stopwatch) -> list[str]:
    """Return the addresses of several pages near the end of the usual order, one after another."""
    pages = [_deep(watch, "-announced_on")]
    while len(pages) < TURNS:
        following = watch.read(pages[-1].replace(f"limit={ROWS}", "limit=1"))["page"]["next_cursor"]
        asked = {"sort": "-announced_on", "limit": str(ROWS), "cursor": following}
        pages.append(rounds(asked))
    return pages


def _small(engine: str) -> str:
    """Load a small dataset into SQLite; another engine needs a database of its own."""
    database = BUILD / f"rounds-{_SMALL_ROUNDS}.db"
    if engine != "SQLite":
        print("Without SMALL the small database is a SQLite file: the ratio is across engines")
    url = f"sqlite:///{database}"
    if not _is_rendered(url):
        load(generated(_SMALL_ROUNDS), database)
    return url


if __name__ == "__main__":
    main()
