"""The check case: what the document alone says of one company, over HTTP."""

from typing import Any

import httpx
import pytest


def test_a_lower_bound_on_arr_bounds_the_multiple_from_above(document: httpx.Client) -> None:
    """$20B exact / past $200M: 100 is what people quote, and the most that it can be."""
    company = document.get("/v1/companies/moonshot-ai").json()
    multiple = company["arr_multiple"]
    told = {key: multiple[key] for key in ("nominal", "low", "high", "qualifier")}
    assert told == {"nominal": 100.0, "low": None, "high": 100.0, "qualifier": "at_most"}
    assert multiple["gap_days"] is None
    assert multiple["comparable"] is None
    assert company["valuation"]["usd"] == 20_000_000_000
    assert company["valuation"]["basis"] == "unspecified"
    assert company["arr"]["low_usd"] == 200_000_000
    assert company["arr"]["high_usd"] is None
    assert company["arr"]["qualifier"] == "at_least"


def test_an_unspecified_basis_makes_dilution_an_interval(document: httpx.Client) -> None:
    """$2B at $20B sells between 1/11 and 1/10 of the company."""
    [raised] = document.get("/v1/companies/moonshot-ai/rounds").json()["data"]
    dilution = raised["dilution"]
    assert dilution["low"] == pytest.approx(1 / 11)
    assert dilution["high"] == pytest.approx(1 / 10)
    assert dilution["qualifier"] == "range"


def test_every_source_is_the_document(document: httpx.Client) -> None:
    """Wherever an answer names a source, it is the one that there is."""
    answers = [
        document.get(path).json()
        for path in ("/v1/companies", "/v1/rounds", "/v1/metrics", "/v1/claims", "/v1/sources")
    ]
    assert set(_sources(answers)) == {"seed-document"}


def _sources(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["source"]["id"]] if isinstance(value.get("source"), dict) else []
        return own + [found for inner in value.values() for found in _sources(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _sources(inner)]
    return []
