"""What was known on a day: as if the sources published by then had been loaded alone."""

import csv
import json
import os
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.dataset.check import read_checked
from app.dataset.facts import Facts, gather
from app.dataset.load import load
from app.dataset.records import FILES, Record, cells
from app.dates import last_day
from app.settings import shipped
from tests.builder import World
from tests.conftest import Served, serving

NewUrl = Callable[[str], str]
LISTS = ("companies", "rounds", "investors", "metrics", "claims", "sources")
AFTER_ALL = "2026-12-31"


@pytest.fixture(scope="session")
def facts() -> Facts:
    """The facts of the seed."""
    return gather(read_checked(shipped("seed_data")))


def _days(facts: Facts) -> list[str]:
    return sorted({day for company in facts.companies for day in company.days()})


def _all(client: httpx.Client, noun: str, **query: str) -> dict[str, Any]:
    items: dict[str, Any] = {}
    parameters = {"limit": "200", **query}
    while True:
        page = client.get(f"/v1/{noun}", params=parameters).json()
        items |= {one["id"]: one for one in page["data"]}
        if page["page"]["next_cursor"] is None:
            return items
        parameters["cursor"] = page["page"]["next_cursor"]


def test_after_every_source_all_is_as_it_is_now(seed: httpx.Client) -> None:
    """Lists, details, statistics and exports with a known_on after all sources are the plain ones."""
    for path in (
        *(f"/v1/{noun}.ndjson" for noun in LISTS),
        "/v1/companies/moonshot-ai",
        "/v1/companies/moonshot-ai/claims?limit=200",
        "/v1/rounds/stats?group_by=year,country",
        "/v1/companies/stats?group_by=category",
        "/v1/search?q=moonshot",
        "/v1/feed.atom?limit=200",
    ):
        joint = "&" if "?" in path else "?"
        plain, later = seed.get(path), seed.get(f"{path}{joint}known_on={AFTER_ALL}")
        assert plain.status_code == later.status_code == 200, path
        own_address = later.text.replace(f"{joint}known_on={AFTER_ALL}", "")
        if path.startswith("/v1/feed"):
            own_address = later.text.replace(f"known_on={AFTER_ALL}&amp;", "")
            plain_lines, later_lines = plain.text.splitlines(), own_address.splitlines()
            # The feed's own id is made of its address.
            assert plain_lines[3:] == later_lines[3:]
        else:
            assert plain.text == own_address, path


def test_answers_change_only_on_days_on_which_something_became_known(
    seed: httpx.Client, facts: Facts
) -> None:
    """Walked over every distinct day of the seed: between two of them nothing changes."""
    days = _days(facts)
    assert len(days) > 300
    before = None
    for day in days:
        stats = f"/v1/rounds/stats?status=reported&status=announced&status=closed&known_on={day}"
        totals = (seed.get(stats).text, seed.get(f"/v1/companies/stats?known_on={day}").text)
        if before is not None:
            eve = _eve(day)
            assert seed.get(stats.replace(day, eve)).text == before[0], day
            assert seed.get(f"/v1/companies/stats?known_on={eve}").text == before[1], day
        before = totals


def _eve(day: str) -> str:
    return str(date.fromisoformat(day) - timedelta(days=1))


def _cut(facts: Facts, day: str, folder: Path) -> Path:
    """Write what was known at the end of a day as a dataset of its own."""
    companies = [one.known_by(day) for one in facts.companies if one.days()[0] <= day]
    parts = [part for one in companies for part in one.participations]
    later = {part.investor.id for one in facts.companies for part in one.participations} - {
        part.investor.id for part in parts
    }
    rows: dict[str, list[Record]] = {
        "sources.csv": list(facts.sources.values()),
        "companies.csv": [one.company for one in companies],
        "investors.csv": [one for one in facts.investors.values() if one.id not in later],
        "rounds.csv": [one.record for company in companies for one in company.rounds],
        "participations.csv": [part.record for part in parts],
        "claims.csv": [one.claim for company in companies for one in company.all_claims],
    }
    folder.mkdir()
    for file, records in rows.items():
        with (folder / file).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(FILES[file].model_fields)
            writer.writerows(map(cells, records))
    return folder


def _chosen_days(facts: Facts) -> list[str]:
    days = _days(facts)
    if os.environ.get("AIROUNDS_TEST_EVERY_DAY"):
        return days
    return sorted(random.Random(3).sample(days, 5))


def test_a_day_reads_as_the_dataset_that_was_known_by_then(
    seed: httpx.Client, facts: Facts, new_url: NewUrl, tmp_path: Path
) -> None:
    """The lookahead test: a dataset cut off at the day and loaded alone gives the same answers.

    Of five days; of every distinct one where AIROUNDS_TEST_EVERY_DAY is set.
    """
    for day in _chosen_days(facts):
        url = new_url("sqlite")
        load(_cut(facts, day, tmp_path / day), url)
        with serving(url) as alone:
            for noun in ("companies", "rounds", "investors", "metrics", "claims"):
                then = _all(seed, noun, known_on=day)
                assert then == _all(alone, noun), (day, noun)
            for path in ("rounds/stats?group_by=year,stage", "companies/stats?group_by=country"):
                then_told = seed.get(f"/v1/{path}&known_on={day}").json()["data"]
                assert then_told == alone.get(f"/v1/{path}").json()["data"], (day, path)


def test_a_claim_counts_from_the_day_on_which_it_was_published(served: Served) -> None:
    """A figure reads as its known claims have it; a month means its last day."""
    world = (
        World()
        .source("early", published_on="2025-03")
        .source("late", published_on="2025-05-20")
        .claim("arr", 100, source_id="early", as_of="2025-02")
        .claim("arr", 120, source_id="late", as_of="2025-04")
    )
    client = served(world)

    def arr(day: str) -> Any:
        figure = client.get(f"/v1/companies/acme?known_on={day}").json()["arr"]
        return figure and (figure["value"], figure["known_on"], figure["known_basis"])

    assert arr("2025-03-30") is None
    assert arr("2025-03") == (100, "2025-03-31", "published")
    assert arr("2025-05-19") == (100, "2025-03-31", "published")
    assert arr("2025-05-20") == (120, "2025-05-20", "published")
    assert len(client.get("/v1/companies/acme/metrics?known_on=2025-04").json()["data"]) == 1
    assert client.get("/v1/companies.csv?fields=arr_usd&known_on=2025-04").text.split() == [
        "arr_usd",
        "100",
    ]


def test_before_it_was_known_a_thing_is_not_found(served: Served) -> None:
    """A detail and what is nested in it answer 404, with the day from which it is known."""
    client = served(World())
    for path in ("companies/acme", "companies/acme/rounds"):
        answer = client.get(f"/v1/{path}?known_on=2019")
        assert answer.status_code == 404
        assert "isn't known before 2020-01-01" in answer.json()["detail"]
    assert client.get("/v1/companies?known_on=2019").json()["data"] == []
    assert client.get("/v1/search?q=acme&known_on=2019").json()["data"] == []
    assert client.get("/v1/companies/acme?known_on=yesterday").status_code == 422


def test_nothing_of_a_later_day_is_shown(seed: httpx.Client, facts: Facts) -> None:
    """On some days no source published later is cited by a round or a figure, and no talk is a fact."""
    published = {one.id: one.published_on for one in facts.sources.values() if one.published_on}
    for day in random.Random(7).sample(_days(facts), 12):
        for noun in ("rounds", "metrics", "claims"):
            for row in _all(seed, noun, known_on=day).values():
                cited = set(re.findall(r'"source": {"id": "([^"]+)"', json.dumps(row)))
                later = [
                    one for one in cited if one in published and last_day(published[one]) > day
                ]
                assert not later, (day, noun, row["id"], later)


def test_a_round_that_others_speak_of_first_is_only_reported(served: Served) -> None:
    """Until its own row is known it has no stage and no date to come, and enters no total."""
    world = (
        World()
        .source("rumour", published_on="2025-11-28")
        .source("release", published_on="2026-01-20")
        .round("r1", stage="seed", announced_on="2026-01", source_id="release")
        .claim("amount_raised", 500, "rumour", round_id="r1", status="talks")
        .claim("amount_raised", 480, "release", round_id="r1")
    )
    client = served(world)

    def read(day: str) -> tuple[Any, ...]:
        one = client.get(f"/v1/rounds/r1?known_on={day}").json()
        total = client.get(f"/v1/companies/acme?known_on={day}").json()["raised"]["equity"]
        told = [one[name] for name in ("status", "stage", "announced_on")]
        return *told, one["source"]["id"], one["amount"]["value"], total["rounds"]

    assert read("2025-12-31") == ("reported", "unknown", None, "rumour", 500, 0)
    assert read("2026-01-20") == ("closed", "seed", "2026-01", "release", 480, 1)
    stats = client.get("/v1/rounds/stats?group_by=year&known_on=2025-12-31").json()
    assert stats["data"] == []
    hits = client.get("/v1/search?q=acme&kind=round&known_on=2025-12-31").json()["data"]
    assert hits == []
