"""Statistics over HTTP equal what DuckDB computes of the exported CSV, to the last digit."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from app import columnar
from app.query.statistics import COMPANIES, ROUNDS, Grouping
from app.routes import groups
from tests.builder import World
from tests.conftest import Served, serving

# What DuckDB reads of the exports: dates are texts of their own precision, lists are joined.
VIEWS = """
CREATE VIEW categories AS
    SELECT id AS of_company, unnest(string_split(categories, '|')) AS category
    FROM companies WHERE categories IS NOT NULL;
CREATE VIEW parts AS
    SELECT id AS of_round, unnest(from_json(investors, '["JSON"]')) AS part FROM rounds;
CREATE VIEW investors AS SELECT DISTINCT of_round, part->>'id' AS investor FROM parts;
CREATE VIEW leads AS
    SELECT DISTINCT of_round, part->>'id' AS lead_investor FROM parts
    WHERE part->>'role' IN ('lead', 'co_lead');
"""
ROUND_KEYS = {
    "year": "left(announced_on, 4)",
    "quarter": "CASE WHEN length(announced_on) > 4 THEN left(announced_on, 4) || '-Q' ||"
    " CAST(ceil(CAST(substr(announced_on, 6, 2) AS INTEGER) / 3.0) AS INTEGER) END",
    "month": "CASE WHEN length(announced_on) > 4 THEN left(announced_on, 7) END",
    "country": "company_country",
}
ROUND_JOINS = {
    "category": "LEFT JOIN categories ON of_company = company_id",
    "investor": "LEFT JOIN investors ON investors.of_round = id",
    "lead_investor": "LEFT JOIN leads ON leads.of_round = id",
}
COMPANY_KEYS = {"founded_year": "left(founded_on, 4)"}
COMPANY_JOINS = {"category": "LEFT JOIN categories ON of_company = id"}
HEDGED = "NOT IN ('exact', 'approx')"


def _groupings(grouping: Grouping) -> list[tuple[str, ...]]:
    return [
        *itertools.chain.from_iterable(
            itertools.combinations(grouping.dimensions, size) for size in (0, 1, 2)
        )
    ]


def _all_groups(client: httpx.Client, path: str, dimensions: tuple[str, ...]) -> dict[Any, Any]:
    query = {"limit": "200", **({"group_by": ",".join(dimensions)} if dimensions else {})}
    groups: dict[Any, Any] = {}
    while True:
        page = client.get(path, params=query).json()
        for one in page["data"]:
            key = tuple(one["key"][dimension] for dimension in dimensions)
            assert key not in groups
            groups[key] = one
        if page["page"]["next_cursor"] is None:
            return groups
        query["cursor"] = page["page"]["next_cursor"]


def _spread(value: str, hedged: str, *, where: str = "true", money: bool = True) -> str:
    """SQL of the numbers of a spread; sums are of decimals, since those of doubles aren't exact."""
    kept = f"FILTER ({where})"
    total = f"CAST(sum(CAST({value} AS DECIMAL(38, 2))) {kept} AS DOUBLE)" if money else "NULL"
    return (
        f"{total}, min({value}) {kept}, quantile_cont({value}, 0.25) {kept},"
        f" quantile_cont({value}, 0.5) {kept}, quantile_cont({value}, 0.75) {kept},"
        f" max({value}) {kept}, count({value}) {kept},"
        f" count(*) FILTER ({where} AND {value} IS NOT NULL AND {hedged}),"
        f" count(*) FILTER ({value} IS NULL), count(*) FILTER ({value} IS NOT NULL AND NOT ({where}))"
    )


NUMBERS = (
    *("sum", "min", "p25", "median", "p75", "max"),
    *("known", "bounds", "missing", "not_comparable"),
)


@pytest.fixture(scope="module")
def duck(seed: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """DuckDB on the exported CSV files of the seed."""
    folder: Path = tmp_path_factory.mktemp("exports")
    with duckdb.connect() as connection:
        for noun, dates in (("rounds", "announced_on"), ("companies", "founded_on")):
            file = folder / f"{noun}.csv"
            file.write_bytes(seed.get(f"/v1/{noun}.csv").content)
            connection.execute(
                f"CREATE TABLE {noun} AS SELECT * FROM read_csv('{file}', all_varchar = false,"
                f" sample_size = -1, types = {{'{dates}': 'VARCHAR'}})"
            )
        connection.execute(VIEWS)
        yield connection


@pytest.fixture(scope="module")
def as_large(seed_url: str) -> Iterator[httpx.Client]:
    """A client of the seed, whose copy is asked as one of a million rounds is."""
    with serving(seed_url, cache_bytes=0) as client:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(columnar, "_SMALL_BYTES", 0)
            # It is taken out now.
            assert client.get("/v1/rounds/stats").status_code == 200
        yield client


def _expected(
    duck: Any, source: str, keys: dict[str, str], joins: dict[str, str], query: str, *, by: Any
) -> dict[Any, Any]:
    columns = [keys.get(dimension, dimension) for dimension in by]
    joined = " ".join(joins[dimension] for dimension in by if dimension in joins)
    grouped = f"GROUP BY {', '.join(columns)}" if by else ""
    selected = ", ".join([*columns, query])
    rows = duck.execute(f"SELECT {selected} FROM {source} {joined} {grouped}").fetchall()
    return {row[: len(by)]: row[len(by) :] for row in rows}


@pytest.mark.parametrize("by", _groupings(ROUNDS), ids=",".join)
def test_statistics_of_rounds_are_those_of_the_export(
    seed: httpx.Client, duck: Any, by: tuple[str, ...]
) -> None:
    """Every grouping by none, one or two dimensions."""
    source = (
        "(SELECT * FROM rounds WHERE instrument = 'equity' AND status IN ('announced', 'closed'))"
    )
    query = ", ".join(
        [
            "count(*), count(*) FILTER (amount_value IS NULL)",
            _spread("amount_usd", f"amount_qualifier {HEDGED}"),
            _spread("valuation_usd", f"valuation_qualifier {HEDGED}"),
        ]
    )
    told = {
        key: (
            one["count"],
            one["undisclosed"],
            *(one["amount_usd"][number] for number in NUMBERS),
            *(one["valuation_usd"][number] for number in NUMBERS),
        )
        for key, one in _all_groups(seed, "/v1/rounds/stats", by).items()
    }
    assert told == _expected(duck, source, ROUND_KEYS, ROUND_JOINS, query, by=by)


@pytest.mark.parametrize("sort", ["key", "-count", "-amount_usd_median", "valuation_usd_missing"])
@pytest.mark.parametrize("by", [one for one in _groupings(ROUNDS) if {*one} & {*ROUNDS.numerous}])
def test_many_groups_are_found_before_they_are_summed_up(
    seed: httpx.Client, as_large: httpx.Client, by: tuple[str, ...], sort: str
) -> None:
    """A page and the next one are those of the small copy, which finds and sums up at once."""
    query = {"group_by": ",".join(by), "sort": sort, "limit": "7", "count": "true"}
    first, alike = (one.get("/v1/rounds/stats", params=query).json() for one in (seed, as_large))
    assert alike == first
    query["cursor"] = first["page"]["next_cursor"]
    then, alike = (one.get("/v1/rounds/stats", params=query).json() for one in (seed, as_large))
    assert alike == then
    assert len(then["data"]) == 7


@pytest.mark.parametrize("frequent", [3, 8, 20])
@pytest.mark.parametrize("limit", [1, 2, 7, 200])
def test_the_largest_of_millions_of_groups_are_those_of_frequent_leads(
    seed: httpx.Client,
    as_large: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
    frequent: int,
) -> None:
    """Whether the groups of the most frequent leads are large enough to tell, or all are counted."""
    monkeypatch.setattr(groups, "_FREQUENT", frequent)
    path = f"/v1/rounds/stats?group_by=lead_investor,investor&sort=-count&limit={limit}"
    assert as_large.get(path).json() == seed.get(path).json()
    assert as_large.get(f"{path}&announced_from=2999").json()["data"] == []


@pytest.mark.parametrize("by", _groupings(COMPANIES), ids=",".join)
def test_statistics_of_companies_are_those_of_the_export(
    seed: httpx.Client, duck: Any, by: tuple[str, ...]
) -> None:
    """A multiple of figures too far apart is counted, and is in no quartile."""
    near = "arr_multiple_comparable IS NOT false"
    query = ", ".join(
        [
            "count(*)",
            _spread("valuation_usd", f"valuation_qualifier {HEDGED}"),
            _spread("arr_usd", f"arr_qualifier {HEDGED}"),
            _spread(
                "arr_multiple_nominal", f"arr_multiple_qualifier {HEDGED}", where=near, money=False
            ),
        ]
    )
    told = {
        key: (
            one["count"],
            *(
                one[figure][number]
                for figure in ("valuation_usd", "arr_usd", "arr_multiple")
                for number in NUMBERS
            ),
        )
        for key, one in _all_groups(seed, "/v1/companies/stats", by).items()
    }
    assert told == _expected(duck, "companies", COMPANY_KEYS, COMPANY_JOINS, query, by=by)


def _world() -> World:
    """Three closed rounds of equity, of which one is undisclosed, and a loan and talks beside them."""
    world = World().company("globex", country="DE")
    for number, (amount, cells) in enumerate(
        (
            (100, {"announced_on": "2025-02-10"}),
            (300, {"announced_on": "2025-11"}),
            (None, {"announced_on": "2025", "company_id": "globex"}),
            (5_000, {"instrument": "debt", "stage": "debt", "announced_on": "2025-02"}),
            (7_000, {"status": "reported", "announced_on": "2026-01"}),
        )
    ):
        world.round(f"r{number}", **cells)
        if amount is not None:
            world.claim("amount_raised", amount, round_id=f"r{number}", qualifier="at_least")
    return world


def test_primary_equity_of_rounds_that_happened_counts(served: Served) -> None:
    """Debt and talks are left out, what is undisclosed isn't zero, and the answer says what counts."""
    answer = served(_world()).get("/v1/rounds/stats").json()
    [one] = answer["data"]
    assert answer["counted"] == {"statuses": ["announced", "closed"], "instruments": ["equity"]}
    assert (one["key"], one["count"], one["undisclosed"]) == ({}, 3, 1)
    spread = one["amount_usd"]
    assert [spread[name] for name in NUMBERS] == [400, 100, 150, 200, 250, 300, 2, 2, 1, 0]
    assert one["valuation_usd"]["known"] == 0
    assert one["valuation_usd"]["sum"] is None


def test_filters_say_otherwise(served: Served) -> None:
    """A status or an instrument that is asked for counts, and is echoed."""
    answer = served(_world()).get("/v1/rounds/stats?instrument=debt&status=closed").json()
    assert answer["counted"] == {"statuses": ["closed"], "instruments": ["debt"]}
    assert answer["data"][0]["amount_usd"]["sum"] == 5_000


def test_a_date_vaguer_than_the_dimension_has_no_key(served: Served) -> None:
    """A round of 2025 is in the year 2025, and in no quarter or month; what isn't known comes last."""
    client = served(_world())
    for dimension, keys in (
        ("year", ["2025"]),
        ("quarter", ["2025-Q1", "2025-Q4", None]),
        ("month", ["2025-02", "2025-11", None]),
    ):
        for sort in ("", f"&sort={dimension}"):
            data = client.get(f"/v1/rounds/stats?group_by={dimension}{sort}").json()["data"]
            assert [one["key"][dimension] for one in data] == keys
    data = client.get("/v1/rounds/stats?group_by=quarter&sort=-quarter").json()["data"]
    assert [one["key"]["quarter"] for one in data] == ["2025-Q4", "2025-Q1", None]


def test_groups_sort_by_their_numbers_and_page(served: Served) -> None:
    """By a sum, the largest first, a group a page; a group without one comes last."""
    client = served(_world())
    path = "/v1/rounds/stats?group_by=country&sort=-amount_usd_sum&limit=1&count=true"
    first = client.get(path).json()
    assert (first["data"][0]["key"], first["page"]["total"]) == ({"country": "US"}, 2)
    link = client.get(path).headers["link"]
    second = client.get(link[1 : link.index(">")]).json()
    assert second["data"][0]["key"] == {"country": "DE"}
    assert second["page"]["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "parameter", "suggestion"),
    [
        ("group_by=yer", "group_by", "year"),
        ("group_by=year,month,country", "group_by", None),
        ("group_by=year,year", "group_by", None),
        ("sort=country", "sort", None),
        ("sort=amount_usd", "sort", "amount_usd_sum"),
        ("sort=count&cursor=abc", "cursor", None),
        ("groupby=year", "groupby", "group_by"),
    ],
)
def test_what_cannot_be_grouped_is_refused(
    client: httpx.Client, query: str, parameter: str, suggestion: str | None
) -> None:
    """With the parameter's name, and the word that was meant."""
    answer = client.get(f"/v1/rounds/stats?{query}")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["suggestion"]) == (parameter, suggestion)


@pytest.mark.parametrize(("noun", "grouping"), [("rounds", ROUNDS), ("companies", COMPANIES)])
def test_groups_sort_by_every_number(document: httpx.Client, noun: str, grouping: Grouping) -> None:
    """Both ways, and a term that repeats counts once."""
    for name in grouping.sort_by.fields:
        if name in grouping.dimensions:
            continue
        for sign in ("", "-"):
            path = f"/v1/{noun}/stats?group_by=country&sort={sign}{name},{name},{name}"
            assert document.get(path).status_code == 200, path
    assert document.get(f"/v1/{noun}/stats?sort={'count,' * 200}count").status_code == 422


def test_a_validator_does_not_excuse_a_mistake(document: httpx.Client) -> None:
    """What is wrong is told even to a client that says it would take any answer for unchanged."""
    for path in (
        "rounds/stats?sort=country",
        "rounds/stats?cursor=zzz",
        "rounds?cursor=zzz",
        "search?q=a&cursor=zzz",
    ):
        assert document.get(f"/v1/{path}", headers={"If-None-Match": "*"}).status_code == 422, path
