"""The seed over HTTP: answers equal calculation by hand, and both engines give the same bytes."""

import csv
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from app.dataset.load import load
from app.query.claims import SORT_BY as CLAIM_SORT
from app.query.companies import SORT_BY as COMPANY_SORT
from app.query.investors import SORT_BY as INVESTOR_SORT
from app.query.metrics import SORT_BY as METRIC_SORT
from app.query.rounds import SORT_BY as ROUND_SORT
from app.query.sort import SortBy
from app.query.sources import SORT_BY as SOURCE_SORT
from app.query.statistics import COMPANIES, ROUNDS
from app.settings import shipped
from tests.conftest import serving, walk

SORTS: dict[str, SortBy] = {
    "companies": COMPANY_SORT,
    "rounds": ROUND_SORT,
    "investors": INVESTOR_SORT,
    "metrics": METRIC_SORT,
    "claims": CLAIM_SORT,
    "sources": SOURCE_SORT,
}
SEARCHED = ("moonshoot", "月之暗面", "open ai", "robotics", "Zürich", "series d", "x", "capital")
SERIES_D = "moonshot-ai-2026-05-series-d"


def _rows(file: str) -> list[dict[str, str]]:
    with (shipped("seed_data") / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_moonshot_is_worth_at_least_20_billion(seed: httpx.Client) -> None:
    """Of twelve claims on the series D six say at least, five exactly and one about $20B.

    All state one number, so the most carried qualifier is at_least, of which three name post-money
    as the basis; none of these has a date, so the lowest source id is chosen.
    """
    claims = [
        row
        for row in _rows("claims.csv")
        if row["round_id"] == SERIES_D and row["metric"] == "valuation"
    ]
    assert {row["value"] for row in claims} == {"20000000000"}
    valuation = seed.get("/v1/companies/moonshot-ai").json()["valuation"]
    assert valuation["claims"] == len(claims)
    assert valuation["rivals"] == 0
    told = [valuation[key] for key in ("low_usd", "high_usd", "qualifier", "basis")]
    assert told == [20_000_000_000, None, "at_least", "post_money"]
    assert valuation["source"]["id"] == "1950ai-moonshot-202605"


def test_moonshot_has_a_nominal_multiple_of_100_without_bounds(seed: httpx.Client) -> None:
    """At least $20B of 2026-05 / at least $200M of 2026-04: 100, 30 days apart, unbounded."""
    multiple = seed.get("/v1/companies/moonshot-ai").json()["arr_multiple"]
    told = [multiple[key] for key in ("nominal", "low", "high", "qualifier", "gap_days")]
    assert told == [100.0, None, None, "unbounded", 30]
    assert [one["as_of"] for one in multiple["inputs"]] == ["2026-05", "2026-04"]


def test_a_companys_rounds_are_those_of_the_file(seed: httpx.Client) -> None:
    """The nested list has each of the company's rounds once, with a source in every figure."""
    listed = seed.get("/v1/companies/moonshot-ai/rounds").json()["data"]
    expected = {row["id"] for row in _rows("rounds.csv") if row["company_id"] == "moonshot-ai"}
    assert {one["id"] for one in listed} == expected
    figures = [one[name] for one in listed for name in ("amount", "valuation") if one[name]]
    assert all(figure["source"]["id"] for figure in figures)


def test_metrics_name_the_multiple_of_the_series_d(seed: httpx.Client) -> None:
    """The metric's point is the company's multiple."""
    path = "/v1/metrics?company=moonshot-ai&kind=arr_multiple"
    points = seed.get(path).json()["data"]
    [point] = [one for one in points if one["round"] == SERIES_D]
    assert (point["nominal"], point["qualifier"]) == (100.0, "unbounded")


# By hand from claims.csv, each as value, currency, qualifier, low, high, claims, rivals:
# - DeepSeek: three of seven claims state CNY 50bn, two of them approximately; the later of these two is
#   chosen. At 0.1477232256423302 USD of 2026-06-03 that is $7,386,161,282.12, which $3bn to $7bn and
#   $7bn exactly miss by more than 5 %, and $7.4bn doesn't.
# - Moonshot AI, 2026-05: twelve claims of $2bn, six approximate and six exact: a tie goes to approx.
# - Moonshot AI, 2024-02: six of seven state $1bn, three of them at least; $800M exactly is a rival.
# - Moonshot AI, 2026-04 and UBTech: one claim each, up to $1bn and $1bn exactly.
LARGEST_OF_CHINA = {
    "deepseek-2026-06-unknown": (50e9, "CNY", "approx", 7386161282.12, 7386161282.12, 7, 2),
    "moonshot-ai-2026-05-series-d": (2e9, "USD", "approx", 2e9, 2e9, 12, 0),
    "moonshot-ai-2024-02-series-b": (1e9, "USD", "at_least", 1e9, None, 7, 1),
    "moonshot-ai-2026-04-unknown": (1e9, "USD", "at_most", None, 1e9, 1, 0),
    "ubtech-2025-09-strategic": (1e9, "USD", "exact", 1e9, 1e9, 1, 0),
}


def test_the_largest_rounds_of_china_are_those_of_the_claims(seed: httpx.Client) -> None:
    """Each amount, its bounds and its rivals equal what the claims give by hand."""
    data = seed.get("/v1/rounds?country=CN&sort=-amount_usd&limit=5").json()["data"]
    names = ("value", "currency", "qualifier", "low_usd", "high_usd", "claims", "rivals")
    told = {one["id"]: tuple(one["amount"][name] for name in names) for one in data}
    assert told == LARGEST_OF_CHINA
    assert list(told) == list(LARGEST_OF_CHINA)
    assert all(one["amount"]["source"]["id"] for one in data)
    chinese = {row["id"] for row in _rows("companies.csv") if row["country"] == "CN"}
    everything = walk(seed, "rounds", {"country": "CN", "limit": "200"})
    assert len(everything) == sum(row["company_id"] in chinese for row in _rows("rounds.csv"))


@pytest.mark.parametrize("noun", SORTS)
def test_a_walk_meets_each_row_once_under_every_sort(seed: httpx.Client, noun: str) -> None:
    """Ties and nulls included, upwards and downwards."""
    total = seed.get(f"/v1/{noun}?count=true&limit=1").json()["page"]["total"]
    for field, sign in itertools.product(SORTS[noun].fields, ("", "-")):
        walked = walk(seed, noun, {"sort": f"{sign}{field}", "limit": "173"})
        assert len({one["id"] for one in walked}) == len(walked) == total


@pytest.fixture(scope="session")
def both(new_url: Callable[[str], str]) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Clients of the seed on SQLite and on PostgreSQL."""
    urls = [new_url("sqlite"), new_url("postgresql")]
    for url in urls:
        load(shipped("seed_data"), url, loaded_at=datetime(2026, 11, 24, tzinfo=UTC))
    with serving(urls[0]) as sqlite, serving(urls[1]) as postgresql:
        yield sqlite, postgresql


def test_both_engines_give_the_same_bytes(both: tuple[httpx.Client, httpx.Client]) -> None:
    """300 generated queries over all lists, filters, sorts and second pages."""
    sqlite, postgresql = both
    chance = random.Random(20261124)
    for path in (_query(chance) for _ in range(300)):
        first, second = sqlite.get(path), postgresql.get(path)
        assert first.status_code == second.status_code == 200, path
        assert first.content == second.content, path
        assert first.headers["etag"] == second.headers["etag"]
        link = first.headers.get("link", "")
        assert link == second.headers.get("link", "")
        if link:
            following = link[1 : link.index(">")]
            assert sqlite.get(following).content == postgresql.get(following).content, following


def _query(chance: random.Random) -> str:
    common = {
        "q": ["ai", "robot", "Zürich", "100%", "_", "月之暗面", "series"],
        "bounds": ["certain", "possible"],
        "count": ["true", "false"],
        "limit": ["1", "7", "50", "200"],
        "known_on": ["2024", "2025-06", "2026-02-11", "2026-12-31"],
    }
    own: dict[str, dict[str, list[str]]] = {
        "companies": {
            "country": ["US", "CN", "FR"],
            "category": ["robotics", "coding"],
            "investor": ["accel", "nvidia"],
            "min_arr_usd": ["1e6", "100000000"],
            "max_valuation_usd": ["5e9"],
            "founded_from": ["2020", "2021-06"],
        },
        "rounds": {
            "stage": ["seed", "series_b"],
            "status": ["closed", "reported"],
            "min_amount_usd": ["1e8"],
            "max_amount_usd": ["1e9"],
            "announced_from": ["2025", "2026-02-10"],
            "announced_to": ["2026-06"],
            "lead_investor": ["accel"],
        },
        "investors": {"kind": ["vc", "sovereign"], "category": ["agents"]},
        "metrics": {"kind": ["arr", "arr_multiple"], "comparable": ["true"], "derived": ["false"]},
        "claims": {"metric": ["arr", "valuation"], "chosen": ["true"], "as_of_from": ["2026"]},
        "sources": {"kind": ["news", "filing"], "published_to": ["2026-01"]},
    }
    noun = chance.choice(list(own))
    offered = {**common, **own[noun]}
    names = chance.sample(list(offered), k=chance.randint(0, 3))
    query = {name: chance.choice(offered[name]) for name in names}
    fields = chance.sample(list(SORTS[noun].fields), k=2)
    query["sort"] = ",".join(chance.choice(("", "-")) + field for field in fields)
    return str(httpx.URL(f"/v1/{noun}", params=query))


def test_both_engines_answer_questions_with_the_same_bytes(
    both: tuple[httpx.Client, httpx.Client],
) -> None:
    """Statistics, search, exports and the feed: 200 generated requests."""
    sqlite, postgresql = both
    chance = random.Random(20261125)
    for path in (_question(chance) for _ in range(200)):
        first, second = sqlite.get(path), postgresql.get(path)
        assert first.status_code == second.status_code == 200, (path, first.text, second.text)
        assert first.content == second.content, path
        for name in ("etag", "link", "content-type", "content-disposition"):
            assert first.headers.get(name) == second.headers.get(name), (path, name)


def _question(chance: random.Random) -> str:
    query: dict[str, str] = {}
    match chance.choice(["stats", "search", "export", "feed"]):
        case "stats":
            noun, grouping = chance.choice([("rounds", ROUNDS), ("companies", COMPANIES)])
            path = f"{noun}/stats" + chance.choice(["", ".csv", ".ndjson", ".parquet"])
            dimensions = chance.sample(grouping.dimensions, k=chance.randint(0, 2))
            if dimensions:
                query["group_by"] = ",".join(dimensions)
            numbers = [name for name in grouping.sort_by.fields if name not in grouping.dimensions]
            query["sort"] = chance.choice(("", "-")) + chance.choice(numbers)
        case "search":
            path = "search"
            query["q"] = chance.choice(SEARCHED)[: chance.randint(1, 12)]
        case "export":
            noun = chance.choice(list(SORTS))
            path = f"{noun}.{chance.choice(['csv', 'ndjson', 'parquet'])}"
            query["sort"] = chance.choice(("", "-")) + chance.choice(list(SORTS[noun].fields))
        case _:
            path = "feed.atom"
            query["stage"] = chance.choice(["seed", "series_b", "unknown"])
    if chance.random() < 0.4:
        query["known_on"] = chance.choice(["2024-06-30", "2025", "2026-03"])
    return str(httpx.URL(f"/v1/{path}", params=query))


@pytest.mark.parametrize(
    ("path", "parameter", "suggestion"),
    [
        ("rounds?investor=accell", "investor", "accel"),
        ("rounds?lead_investor=accel&lead_investor=accell", "lead_investor", "accel"),
        ("rounds?company=moonshot", "company", "moonshot-ai"),
        ("rounds?category=foundation_model", "category", "foundation_models"),
        ("metrics?round=nothing-like-it-at-all", "round", None),
        ("claims?source=seed-documant", "source", "seed-document"),
        ("companies/stats?category=robotic", "category", "robotics"),
        ("rounds.csv?company=openay", "company", "openai"),
        ("feed.atom?investor=accell", "investor", "accel"),
        ("companies/openai/rounds?investor=accell", "investor", "accel"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(
    seed: httpx.Client, path: str, parameter: str, suggestion: str | None
) -> None:
    """An empty list would read like an answer; a near name is told."""
    answer = seed.get(f"/v1/{path}")
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["suggestion"]) == (parameter, suggestion)


def test_a_filter_may_name_what_was_known_later(seed: httpx.Client) -> None:
    """On a day before an investor was known its list is empty; `id` may name what is gone."""
    assert seed.get("/v1/rounds?investor=accel&known_on=2001").json()["data"] == []
    assert seed.get("/v1/rounds?id=no-more&id=never-was").json()["data"] == []
