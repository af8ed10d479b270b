"""What a wrong program would get wrong: facts of venture finance, each over HTTP."""

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.builder import World

Served = Callable[[World], httpx.Client]
MILLION = 1_000_000


def _company(client: httpx.Client) -> Any:
    return client.get("/v1/companies/acme").json()


def test_only_closed_and_announced_equity_is_raised(served: Served) -> None:
    """A reported round is in no total; debt, grant and secondary have totals of their own."""
    world = World()
    for name, status, instrument in (
        ("a", "closed", "equity"),
        ("b", "announced", "equity"),
        ("c", "reported", "equity"),
        ("d", "cancelled", "equity"),
        ("e", "closed", "debt"),
        ("f", "closed", "grant"),
        ("g", "closed", "secondary"),
    ):
        world.round(name, status=status, instrument=instrument)
        world.claim("amount_raised", 10 * MILLION, round_id=name)
    raised = _company(served(world))["raised"]
    assert raised["equity"]["low_usd"] == raised["equity"]["high_usd"] == 20 * MILLION
    assert raised["equity"]["rounds"] == 2
    assert raised["debt"]["low_usd"] == 10 * MILLION
    assert raised["grant"]["low_usd"] == 10 * MILLION
    assert raised["secondary"]["low_usd"] == 10 * MILLION


def test_a_round_without_amount_is_undisclosed_not_zero(served: Served) -> None:
    """It is counted, and leaves the total open above."""
    world = World().round("a").round("b").claim("amount_raised", 5 * MILLION, round_id="a")
    equity = _company(served(world))["raised"]["equity"]
    assert equity == {"low_usd": 5 * MILLION, "high_usd": None, "rounds": 2, "undisclosed": 1}


def test_prices_of_another_sort_are_never_the_valuation(served: Served) -> None:
    """An acquisition price and a market cap are metrics, but neither is the valuation."""
    world = World().claim("valuation", 9, as_of="2026-05", basis="acquisition")
    world.claim("valuation", 8, as_of="2026-06", basis="market_cap")
    world.claim("valuation", 7, as_of="2026-05", basis="unspecified")
    client = served(world)
    assert _company(client)["valuation"]["value"] == 7
    assert len(client.get("/v1/metrics?kind=valuation").json()["data"]) == 3


def test_a_year_is_not_surely_after_june(served: Served) -> None:
    """announced_from takes in a round only where every day that its date may mean is later."""
    world = World().round("year", announced_on="2026").round("day", announced_on="2026-06-02")
    client = served(world)
    path = "/v1/rounds?announced_from=2026-06-01"
    assert [one["id"] for one in client.get(path).json()["data"]] == ["day"]
    possible = client.get(f"{path}&bounds=possible").json()["data"]
    assert {one["id"] for one in possible} == {"day", "year"}


def test_at_most_is_not_surely_at_least(served: Served) -> None:
    """min_valuation_usd takes in an upper bound only where bounds may be met."""
    world = World().round("a").claim("valuation", 500, round_id="a", qualifier="at_most")
    client = served(world)
    assert client.get("/v1/rounds?min_valuation_usd=100").json()["data"] == []
    assert len(client.get("/v1/rounds?min_valuation_usd=100&bounds=possible").json()["data"]) == 1
    assert len(client.get("/v1/rounds?max_valuation_usd=500").json()["data"]) == 1


def test_no_multiple_mixes_kinds_of_revenue(served: Served) -> None:
    """ARR, run rate and revenue are three kinds, each with its multiple."""
    world = World().claim("valuation", 1000, as_of="2026-05")
    world.claim("arr", 10, as_of="2026-05").claim("revenue_run_rate", 20, as_of="2026-05")
    world.claim("revenue", 50, as_of="2026-05")
    company = _company(served(world))
    assert company["arr_multiple"]["nominal"] == 100.0
    assert company["run_rate_multiple"]["nominal"] == 50.0
    assert company["revenue_multiple"]["nominal"] == 20.0


@pytest.mark.parametrize(("as_of", "comparable"), [("2025-05-01", True), ("2025-04-30", False)])
def test_a_pair_past_a_year_is_not_comparable(served: Served, as_of: str, comparable: bool) -> None:
    """365 days apart is comparable, 366 is not."""
    world = World().claim("valuation", 1000, as_of="2026-05-01").claim("arr", 10, as_of=as_of)
    assert _company(served(world))["arr_multiple"]["comparable"] is comparable


def test_ten_that_agree_outweigh_one_later(served: Served) -> None:
    """A slip of a digit has few friends; it stays readable as a rival."""
    world = World().round("a")
    for number in range(10):
        world.source(f"agree-{number}", published_on="2026-01-01")
        world.claim("amount_raised", 300, f"agree-{number}", round_id="a")
    world.source("later", published_on="2026-02-01")
    world.claim("amount_raised", 500, "later", round_id="a")
    client = served(world)
    amount = client.get("/v1/rounds/a").json()["amount"]
    assert (amount["value"], amount["claims"], amount["rivals"]) == (300, 11, 1)
    [rival] = client.get("/v1/claims?rival=true").json()["data"]
    assert rival["source"]["id"] == "later"


def test_more_than_survives_a_reprint_that_drops_it(served: Served) -> None:
    """Five say more than and one drops it: the figure is at_least."""
    world = World().round("a")
    for number in range(5):
        world.claim("amount_raised", 300, f"s{number}", round_id="a", qualifier="at_least")
    world.claim("amount_raised", 300, "s9", round_id="a")
    amount = served(world).get("/v1/rounds/a").json()["amount"]
    assert (amount["qualifier"], amount["low_usd"], amount["high_usd"]) == ("at_least", 300, None)


def test_a_filing_beats_them_all(served: Served) -> None:
    """The best kind of source decides, whatever many others reprint."""
    world = World().round("a").source("filed", kind="filing", published_on="2020-01-01")
    for number in range(5):
        world.claim("amount_raised", 300, f"s{number}", round_id="a")
    world.claim("amount_raised", 295, "filed", round_id="a")
    amount = served(world).get("/v1/rounds/a").json()["amount"]
    assert (amount["value"], amount["source"]["id"]) == (295, "filed")


def test_a_closed_round_is_not_what_was_hoped_for(served: Served) -> None:
    """Talks of 250 before a closing at 400: 400 is shown, the talks stay readable."""
    world = World().round("a")
    for number in range(3):
        world.claim("amount_raised", 250, f"t{number}", round_id="a", status="talks")
    world.claim("amount_raised", 400, "closing", round_id="a")
    client = served(world)
    assert client.get("/v1/rounds/a").json()["amount"]["value"] == 400
    assert len(client.get("/v1/claims?status=talks").json()["data"]) == 3


def test_a_forecast_never_becomes_current(served: Served) -> None:
    """A later forecast leaves the latest stated figure where it is."""
    world = World().claim("arr", 10, as_of="2026-01")
    world.claim("arr", 99, "hopes", as_of="2026-12", status="forecast")
    assert _company(served(world))["arr"]["value"] == 10


def test_an_extension_counts_once_and_keeps_its_row(served: Served) -> None:
    """Parent and extension are two rounds, and the total is their sum."""
    world = World().round("a").round("a-extension", extends="a")
    world.claim("amount_raised", 30, round_id="a")
    world.claim("amount_raised", 12, round_id="a-extension")
    client = served(world)
    assert _company(client)["raised"]["equity"]["low_usd"] == 42
    assert client.get("/v1/rounds/a-extension").json()["extends"] == "a"


def test_a_disputed_claim_is_listed_and_never_chosen(served: Served) -> None:
    """Nothing is chosen where the only claim is known to be wrong."""
    world = World().round("a").claim("amount_raised", 30, round_id="a", status="disputed")
    client = served(world)
    assert client.get("/v1/rounds/a").json()["amount"] is None
    [claim] = client.get("/v1/claims?round=a").json()["data"]
    assert (claim["status"], claim["chosen"]) == ("disputed", False)


@pytest.mark.parametrize("currency", ["EUR", "CNY"])
def test_a_foreign_amount_keeps_its_currency(served: Served, currency: str) -> None:
    """The value stays as stated; USD stands beside it with rate and date."""
    world = World().round("a", announced_on="2026-05-10")  # a Sunday
    world.claim("amount_raised", 1000, round_id="a", currency=currency)
    amount = served(world).get("/v1/rounds/a").json()["amount"]
    assert (amount["value"], amount["currency"]) == (1000, currency)
    assert amount["fx"]["date"] == "2026-05-08"
    assert amount["usd"] == pytest.approx(1000 * amount["fx"]["rate"], abs=0.005)
    assert amount["usd_reason"] is None


def test_a_currency_without_rate_has_a_reason(served: Served) -> None:
    """SAR has no ECB reference rate: usd is null, and says why."""
    world = World().round("a", announced_on="2026-05-10")
    world.claim("amount_raised", 1000, round_id="a", currency="SAR")
    amount = served(world).get("/v1/rounds/a").json()["amount"]
    assert (amount["value"], amount["usd"], amount["fx"]) == (1000, None, None)
    assert "SAR" in amount["usd_reason"]


@pytest.mark.parametrize(
    ("path", "parameter", "suggestion"),
    [
        ("/v1/rounds?contry=CN", "contry", "country"),
        ("/v1/rounds?stage=seriesb", "stage", "series_b"),
        ("/v1/rounds?country=China", "country", "CN"),
        ("/v1/rounds?sort=-amount_us", "sort", "amount_usd"),
        ("/v1/rounds?company=Moonshot AI", "company", "moonshot-ai"),
        ("/v1/rounds?limit=201", "limit", None),
        ("/v1/rounds?limit=1&limit=2", "limit", None),
        ("/v1/rounds?announced_from=2026-13", "announced_from", None),
        ("/v1/rounds?min_amount_usd=nan", "min_amount_usd", None),
        ("/v1/rounds?q=%00", "q", None),
        ("/v1/rounds?cursor=forged", "cursor", None),
    ],
)
def test_what_cannot_be_answered_is_refused(
    document: httpx.Client, path: str, parameter: str, suggestion: str | None
) -> None:
    """Unknown and malformed parameters get 422, with what was meant."""
    answer = document.get(path)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["suggestion"]) == (parameter, suggestion)


def test_an_unknown_id_is_404_with_near_ids(document: httpx.Client) -> None:
    """A misspelt id is answered with the ids that read alike."""
    answer = document.get("/v1/companies/moonshoot-ai")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["suggestion"] == "moonshot-ai"


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("rounds?sort=-amount_usd", ["-amount_usd", 10**400, "x"]),
        ("rounds?sort=-amount_usd", ["-amount_usd", float("nan"), "x"]),
        ("investors?sort=rounds", ["rounds", 2**31, "x"]),
        ("changes", ["sequence", 10**400]),
        ("changes", ["sequence", True]),
        ("rounds?sort=name", ["name", "a\0b", "x"]),
        ("rounds?sort=name", ["name", {}, "x"]),
    ],
)
def test_a_forged_cursor_is_refused(
    document: httpx.Client, path: str, values: list[object]
) -> None:
    """On either engine alike, whatever number or text is in it."""
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    joint = "&" if "?" in path else "?"
    answer = document.get(f"/v1/{path}{joint}cursor={cursor}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "cursor"
