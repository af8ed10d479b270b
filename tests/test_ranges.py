"""Ranges of the very figure or date that rows are sorted by: the rows are those of any other sort."""

import itertools
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import create_engine, text

from app.query import companies, rounds
from app.query.clauses import AtLeast, AtMost, From, To
from app.query.conditions import annotations
from tests.conftest import serving, walk

_NOUNS = {
    "rounds": (rounds.RoundFilter, rounds.SORT_BY),
    "companies": (companies.CompanyFilter, companies.SORT_BY),
}
_AMOUNTS = ("25", "100000000", "5000000000")
_DAYS = ("2019", "2023-06", "2025-09-02")


def _ranges() -> list[tuple[str, str, str]]:
    """Return noun, parameter and sort of each range of what a list can be sorted by."""
    found = []
    for noun, (filters, sort_by) in _NOUNS.items():
        first = {str(columns[0]): sort for sort, columns in sort_by.fields.items()}
        for kind in (AtLeast, AtMost, From, To):
            for name, clause in annotations(filters, kind):
                column = getattr(clause, "nominal", None) or getattr(clause, "first", None)
                if str(column) in first:
                    found.append((noun, name, first[str(column)]))
    return found


@pytest.fixture(scope="module")
def uncached(seed_url: str) -> Iterator[httpx.Client]:
    """A client of the seed, each of whose questions is put to the database."""
    with serving(seed_url, cache_bytes=0) as client:
        yield client


def _ids(client: httpx.Client, noun: str, asked: dict[str, str]) -> list[str]:
    return [one["id"] for one in walk(client, noun, asked)]


@pytest.mark.parametrize(("noun", "name", "sort"), _ranges())
def test_a_range_of_the_sort_has_the_rows_of_any_sort(
    uncached: httpx.Client, noun: str, name: str, sort: str
) -> None:
    """Certain and possible, in both directions, now and on a day; every page of it."""
    found = 0
    for value in _DAYS if name.endswith(("_from", "_to")) else _AMOUNTS:
        for bounds, known in itertools.product(("certain", "possible"), ({}, {"known_on": "2025"})):
            asked = {name: value, "bounds": bounds, "limit": "200", **known}
            expected = _ids(uncached, noun, {**asked, "sort": "id"})
            found += len(expected)
            for sign in ("", "-"):
                ids = _ids(uncached, noun, {**asked, "sort": f"{sign}{sort}"})
                assert sorted(ids) == sorted(expected), (asked, sign)
    assert found > 20


def test_there_are_ranges_of_figures_and_of_dates() -> None:
    """Of both lists."""
    assert {(noun, sort) for noun, _, sort in _ranges()} >= {
        ("rounds", "amount_usd"),
        ("rounds", "valuation_usd"),
        ("rounds", "announced_on"),
        ("rounds", "closed_on"),
        ("companies", "valuation_usd"),
        ("companies", "total_raised_usd"),
    }


@pytest.mark.parametrize("noun", _NOUNS)
def test_a_number_lies_within_its_bounds(seed_url: str, noun: str) -> None:
    """And is known where one of these is, as a date has both days or none: what ranges rely on."""
    filters, _ = _NOUNS[noun]
    table, checked = "", 0
    engine = create_engine(seed_url)
    with engine.connect() as connection:
        for kind in (AtLeast, From):
            for _, clause in annotations(filters, kind):
                if isinstance(clause, AtLeast):
                    number, low, high = clause.nominal, clause.low, clause.high
                    wrong = (
                        f"{number.key} < {low.key} OR {number.key} > {high.key} OR "
                        f"{number.key} IS NULL AND coalesce({low.key}, {high.key}) IS NOT NULL"
                    )
                else:
                    number, last = clause.first, clause.last
                    wrong = f"{number.key} > {last.key} OR ({number.key} IS NULL) <> ({last.key} IS NULL)"
                table = number.class_.__tablename__
                asked = text(f"SELECT count(*) FROM {table} WHERE {wrong}")  # of names alone
                assert connection.scalar(asked) == 0, number.key
                checked += 1
    engine.dispose()
    assert checked >= 4
