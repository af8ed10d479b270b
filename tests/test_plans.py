"""How SQLite reads a page of a list: by the index of its sort, from where the page begins."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, create_engine, text

from app.dataset.load import load
from app.query import companies, rounds
from app.query.prepared import Statement
from app.settings import shipped
from tests.conftest import serving

NewUrl = Callable[[str], str]
DAYS = ("2023-06-30", "2025-12-31", "2026-06-30")
SORTS = [
    (noun, sign + sort)
    for noun, sort_by in (("rounds", rounds.SORT_BY), ("companies", companies.SORT_BY))
    for sort in sort_by.fields
    for sign in ("", "-")
    if sort != "id"  # which the index has that keeps it unique
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


def _indexes_of(noun: str, sort: str) -> str:
    """Begin the names of the indexes of a sort."""
    table = "company" if noun == "companies" else noun.removesuffix("s")
    return f"ix_{table}_snapshots_{sort.removeprefix('-')}"


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
    named = _indexes_of(noun, sort)
    direction = "desc" if sort.startswith("-") else "asc"
    index = f"{named}_{direction}_{'known_sorted' if known else 'sorted'}"
    filters = [{}, {"country": "US"}] if noun in ("rounds", "companies") else [{}]
    for chosen in filters:
        asked = {"sort": sort, "limit": "3", **chosen, **known}
        with _explained(monkeypatch) as steps:
            first = client.get(f"/v1/{noun}", params=asked)
        assert [step.split()[-1] for step in steps] == [index]
        with _explained(monkeypatch) as steps:
            client.get(first.links["next"]["url"]).raise_for_status()
        assert steps
        # A step that sorts names no index.
        assert [step for step in steps if f" USING INDEX {named}_" not in step] == []


@pytest.mark.parametrize(
    ("asked", "sort", "limit"),
    [
        ("rounds?announced_from=2024", "announced_on", "announced_first>?"),
        ("rounds?announced_to=2022", "announced_on", "announced_first<?"),
        ("rounds?announced_to=2022&bounds=possible", "announced_on", "announced_first<?"),
        ("rounds?min_amount_usd=100000000", "amount_usd", "amount_usd>?"),
        ("rounds?max_amount_usd=100000000&known_on=2025", "amount_usd", "amount_usd<?"),
        ("companies?max_valuation_usd=5e9", "valuation_usd", "valuation_usd<?"),
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
    assert len(names) == len(SORTS) + len(OTHERS)
    with serving(url, cache_bytes=0) as client:
        for path, pages in expected.items():
            assert _two_pages(client, path) == pages, path


def _two_pages(client: httpx.Client, path: str) -> list[bytes]:
    first = client.get(path)
    following = client.get(first.links["next"]["url"])
    assert first.status_code == following.status_code == 200, path
    return [first.content, following.content]
