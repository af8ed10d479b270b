"""How SQLite reads a page of a list: by the index of its sort, from where the page begins."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, cast

import httpx
import pytest
from pydantic import BaseModel
from sqlalchemy import Connection, create_engine, text

from app import database, sqlite
from app.dataset.load import load
from app.query import companies, rounds
from app.query.clauses import Clause
from app.query.conditions import annotations
from app.query.prepared import Statement
from app.settings import shipped
from tests.conftest import serving

_INDEX = re.compile(r" USING INDEX (\w+)")
NewUrl = Callable[[str], str]
DAYS = ("2023-06-30", "2025-12-31", "2026-06-30")
SORTS = [
    (noun, sign + sort)
    for noun, sort_by in (("rounds", rounds.SORT_BY), ("companies", companies.SORT_BY))
    for sort in sort_by.fields
    for sign in ("", "-")
]
OTHERS = [
    ("metrics", "-as_of"),
    ("claims", "-known_on"),
    ("sources", "-published_on"),
    ("investors", "name"),
]


@pytest.fixture(scope="module")
def url(new_url: NewUrl) -> str:
    """A SQLite file of the seed."""
    made = new_url("sqlite")
    load(shipped("seed_data"), made)
    return made


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    """A client of the seed, to whom every statement is put."""
    with serving(url, cache_bytes=0) as client:
        yield client


@contextmanager
def _explained(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note the steps by which pages are read."""
    steps: list[str] = []

    def explained(self: Statement, connection: Connection, values: Mapping[str, Any]) -> Any:
        if "ORDER BY" in self.text:
            given = tuple({**self.constants, **values}[name] for name in self.names)
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {self.text}", given)
            steps.extend(row.detail for row in plan)
        return read(self, connection, values)

    read = Statement.rows
    with monkeypatch.context() as patched:
        patched.setattr(Statement, "rows", explained)
        yield steps


def _index_of(noun: str, sort: str, *, on_a_day: bool) -> str:
    """Name the index of a sort; identifiers are read from either end of one."""
    table = f"{'company' if noun == 'companies' else noun.removesuffix('s')}_snapshots"
    field = sort.removeprefix("-")
    if field == "id" and on_a_day:
        return f"sqlite_autoindex_{table}_2"
    direction = "desc" if sort.startswith("-") and field != "id" else "asc"
    return f"ix_{table}_{field}_{direction}_{'known_sorted' if on_a_day else 'sorted'}"


def _indexes(steps: list[str]) -> list[str]:
    """Name the index of each step; one that sorts has none."""
    return [found[1] if (found := _INDEX.search(step)) else "none" for step in steps]


@pytest.mark.parametrize("known", [{}, {"known_on": "2025-12-31"}], ids=["now", "on a day"])
@pytest.mark.parametrize(("noun", "sort"), [*SORTS, *OTHERS])
def test_a_page_is_read_by_the_index_of_its_sort(
    client: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    noun: str,
    sort: str,
    known: dict[str, str],
) -> None:
    """Whatever else is asked for, and the page that follows by one of the sort, as both have its order."""
    index = _index_of(noun, sort, on_a_day=bool(known))
    filters = [{}, {"min_valuation_usd": "1e8"}] if noun in ("rounds", "companies") else [{}]
    for chosen in filters:
        asked = {"sort": sort, "limit": "3", **chosen, **known}
        with _explained(monkeypatch) as steps:
            first = client.get(f"/v1/{noun}", params=asked)
        assert _indexes(steps) == [index]
        with _explained(monkeypatch) as steps:
            client.get(first.links["next"]["url"]).raise_for_status()
        assert steps
        # Where keys are equal those of either direction have the order.
        of_sort = index.rsplit("_", 3 if known else 2)[0]
        assert [one for one in _indexes(steps) if not one.startswith(of_sort)] == []


@pytest.mark.parametrize(
    ("asked", "sort", "limit"),
    [
        ("rounds?announced_from=2024", "announced_on", "announced_first>?"),
        ("rounds?announced_to=2022", "announced_on", "announced_first<?"),
        ("rounds?announced_to=2022&bounds=possible", "announced_on", "announced_first<?"),
        ("rounds?min_amount_usd=100000000", "amount_usd", "amount_usd>?"),
        ("rounds?max_amount_usd=100000000&known_on=2025", "amount_usd", "amount_usd<?"),
        ("companies?max_valuation_usd=5e9", "valuation_usd", "valuation_usd<?"),
        ("companies?country=US", "country", "country=?"),
        ("rounds?stage=seed&known_on=2025", "stage", "stage=?"),
        ("metrics?as_of_from=2024", "as_of", "as_of_first>?"),
    ],
)
def test_a_range_of_the_sort_begins_or_ends_in_its_index(
    client: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    asked: str,
    sort: str,
    limit: str,
) -> None:
    """So that what is outside it isn't read."""
    for sign in ("", "-"):
        with _explained(monkeypatch) as steps:
            client.get(f"/v1/{asked}&sort={sign}{sort}&limit=3").raise_for_status()
        assert f"({limit})" in steps[0]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("rounds?source=a16z-gamma-202511&sort=name", "(dimension=? AND value=?)"),
        ("investors/sequoia-capital/rounds?sort=-amount_usd", "(dimension=? AND value=?)"),
        ("rounds?q=moonshot&sort=name", "text_grams VIRTUAL TABLE INDEX"),
    ],
)
def test_what_few_rows_have_is_looked_for_first(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, asked: str, index: str
) -> None:
    """And then the rows by their numbers, whichever they are sorted by."""
    with _explained(monkeypatch) as steps:
        client.get(f"/v1/{asked}&limit=3").raise_for_status()
    rows, listed, found, ordered = steps
    assert "(snapshot_id=?)" in rows
    assert listed.startswith("LIST SUBQUERY")
    assert index in found
    assert ordered == "USE TEMP B-TREE FOR ORDER BY"


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("rounds?max_amount_usd=1e6&sort=name", "(amount_usd<?)"),
        ("rounds?announced_to=2012&sort=-amount_usd", "(announced_first<?)"),
        ("rounds?country=JP&status=closed&sort=name", "(country=?)"),
        ("companies?min_arr_usd=1e10&sort=name&known_on=2026", "(arr_usd>?)"),
    ],
)
def test_few_rows_in_a_range_are_looked_for_where_they_are_not_met_soon(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch, asked: str, index: str
) -> None:
    """In a thread, after no page came of the rows in order."""
    monkeypatch.setattr(database, "_SECONDS_AT_ONCE", -1.0)
    monkeypatch.setattr(sqlite, "_STEPS_BETWEEN_LOOKS", 1)
    with _explained(monkeypatch) as steps:
        client.get(f"/v1/{asked}&limit=3").raise_for_status()
    rows, listed, found, ordered = steps[-4:]
    assert "(snapshot_id=?)" in rows
    assert listed.startswith("LIST SUBQUERY")
    assert index in found
    assert ordered == "USE TEMP B-TREE FOR ORDER BY"


@pytest.mark.parametrize(
    ("noun", "filters"), [("round", rounds.RoundFilter), ("company", companies.CompanyFilter)]
)
def test_filters_are_tried_on_the_entries_of_each_index_of_a_sort(
    url: str, noun: str, filters: type[BaseModel]
) -> None:
    """Without the row of each, but for identifiers, which an index of their own finds."""
    columns = {
        column.key
        for _, clause in annotations(filters, Clause)
        for field in fields(cast(Any, clause))
        if hasattr(column := getattr(clause, field.name), "key")
    }
    assert {"country", "valuation_usd_high"} <= columns
    engine = create_engine(url)
    with engine.connect() as connection:
        named = text(
            "SELECT name FROM sqlite_master WHERE name LIKE :noun || '%sorted' AND name NOT LIKE '%known%'"
        )
        indexes = connection.execute(named, {"noun": f"ix_{noun}_snapshots"}).scalars().all()
        assert indexes
        for index in indexes:
            found = connection.execute(text(f"PRAGMA index_info({index})")).mappings()
            missing = columns - {one["name"] for one in found}
            assert missing <= {"company_id"}
    engine.dispose()


def test_what_a_day_knew_is_the_same_without_its_indexes(new_url: NewUrl) -> None:
    """In each sort, on several days, and on the page that follows."""
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    asked = [
        f"/v1/{noun}?sort={sort}&known_on={day}&limit=40"
        for noun, sort in [*SORTS, *OTHERS]
        for day in DAYS
    ]
    with serving(url, cache_bytes=0) as client:
        expected = {path: _two_pages(client, path) for path in asked}
    engine = create_engine(url)
    with engine.begin() as connection:
        named = text("SELECT name FROM sqlite_master WHERE name LIKE '%known_sorted'")
        names = connection.execute(named).scalars().all()
        for name in names:
            connection.execute(text(f"DROP INDEX {name}"))
    engine.dispose()
    assert len(names) == len([sort for _, sort in SORTS if not sort.endswith("id")]) + len(OTHERS)
    with serving(url, cache_bytes=0) as client:
        for path, pages in expected.items():
            assert _two_pages(client, path) == pages, path


def _two_pages(client: httpx.Client, path: str) -> list[bytes]:
    first = client.get(path)
    following = client.get(first.links["next"]["url"])
    assert first.status_code == following.status_code == 200, path
    return [first.content, following.content]
