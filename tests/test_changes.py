"""Changes over HTTP: a copy that follows them equals the dataset, load after load."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.dataset.load import load
from tests.builder import World
from tests.conftest import NOTICED_SECONDS, serving

NewUrl = Callable[[str], str]
NOUNS = ("companies", "rounds", "investors", "metrics", "claims", "sources")
START = datetime(2026, 11, 1, 12, tzinfo=UTC)


def _world(chance: random.Random) -> World:
    """A world of a few companies, rounds and claims, of which each may be there or not."""
    world = World()
    for company in ("globex", "hooli", "initech", "umbrella"):
        if chance.random() < 0.7:
            world.company(company, city=chance.choice(["", "Paris", "Oslo"]))
            for number in range(chance.randrange(3)):
                round_id = f"{company}-{number}"
                world.round(
                    round_id,
                    company_id=company,
                    stage=chance.choice(["seed", "series_a"]),
                    announced_on=f"202{number + 3}",
                )
                amount = chance.choice([5_000_000, 10_000_000])
                world.claim("amount_raised", amount, company_id=company, round_id=round_id)
            world.claim("arr", chance.choice([1_000_000, 2_000_000]), company_id=company)
    return world


def _all(client: httpx.Client, path: str, query: dict[str, Any]) -> tuple[list[Any], str]:
    items: list[Any] = []
    query = {**query, "limit": "7"}
    while True:
        page = client.get(f"/v1/{path}", params=query).json()
        items += page["data"]
        if page["page"]["next_cursor"] is None:
            return items, page["dataset"]
        query["cursor"] = page["page"]["next_cursor"]


class Mirror:
    """A copy of all collections, kept as the documentation of /v1/changes says."""

    def __init__(self, client: httpx.Client) -> None:
        self.items = {noun: _listed(client, noun) for noun in NOUNS}
        self.dataset = client.get("/v1/dataset").json()["version"]

    def follow(self, client: httpx.Client) -> list[Any]:
        """Apply what changed since the version that is held."""
        changes, dataset = _all(client, "changes", {"since": self.dataset})
        for noun in NOUNS:
            mine = [one for one in changes if one["collection"] == noun]
            for one in mine:
                self.items[noun].pop(one["id"], None)
            ids = sorted({one["id"] for one in mine if one["change"] != "removed"})
            for at in range(0, len(ids), 50):
                found, _ = _all(client, noun, {"id": ids[at : at + 50]})
                self.items[noun] |= {one["id"]: one for one in found}
        self.dataset = dataset
        return changes


def _listed(client: httpx.Client, noun: str) -> dict[str, Any]:
    return {one["id"]: one for one in _all(client, noun, {})[0]}


def test_a_copy_follows_ten_loads(engine: str, new_url: NewUrl, tmp_path: Path) -> None:
    """Added, changed and removed items, and a copy that missed some loads catches up."""
    chance = random.Random(5)
    url = new_url(engine)
    load(_world(chance).write(tmp_path / "first"), url, loaded_at=START)
    seen = set()
    with serving(url) as client:
        steady, lazy = Mirror(client), Mirror(client)
        for number in range(10):
            moment = START + timedelta(days=number + 1)
            version = load(_world(chance).write(tmp_path / f"w{number}"), url, loaded_at=moment)
            changes = steady.follow(client)
            seen |= {one["change"] for one in changes}
            assert {one["dataset"] for one in changes} <= {version}
            assert steady.dataset == version
            assert steady.items == {noun: _listed(client, noun) for noun in NOUNS}
            if number in (4, 9):
                lazy.follow(client)
                assert lazy.items == steady.items
    assert seen == {"added", "changed", "removed"}


def test_a_change_names_its_fields(engine: str, new_url: NewUrl, tmp_path: Path) -> None:
    """And its load; what was added or removed names none."""
    url = new_url(engine)
    before = World().round("r1").company("globex")
    load(before.write(tmp_path / "before"), url, loaded_at=START)
    after = World().round("r1").claim("amount_raised", 5_000, round_id="r1").company("hooli")
    version = load(after.write(tmp_path / "after"), url, loaded_at=START + timedelta(hours=1))
    with serving(url) as client:
        changes = client.get("/v1/changes?collection=rounds&collection=companies").json()["data"]
        assert client.get("/v1/changes?since=2026-11-02").json()["data"] == []
        assert len(client.get("/v1/changes?since=2026-11").json()["data"]) > len(changes)
        assert client.get(f"/v1/changes?since={version}").json()["data"] == []
    assert [(one["id"], one["change"], one["fields"]) for one in changes] == [
        ("acme", "changed", ["raised", "last_round", "counts"]),
        ("globex", "removed", []),
        ("hooli", "added", []),
        ("r1", "changed", ["amount", "dilution"]),
    ]
    assert {one["loaded_at"] for one in changes} == {"2026-11-01T13:00:00Z"}
    assert {one["dataset"] for one in changes} == {version}


def test_a_dataset_that_comes_back_is_followed_from_its_first_time(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """A, B, A: who holds A is told all since, who holds B goes back; an ETag tells them apart."""
    url = new_url(engine)
    one, other = World().write(tmp_path / "a"), World().company("globex").write(tmp_path / "b")
    first = load(one, url)
    with serving(url) as client:
        etag = client.get("/v1/changes").headers["etag"]
        held = Mirror(client)
        second = load(other, url)
        cut_short = Mirror(client)
        cut_short.dataset = first
        load(one, url)
        time.sleep(NOTICED_SECONDS)
        again = client.get("/v1/changes", headers={"If-None-Match": etag})
        assert again.status_code == 200
        back = client.get(f"/v1/changes?since={second}&collection=companies").json()["data"]
        assert [(change["id"], change["change"]) for change in back] == [("globex", "removed")]
        for copy in (held, cut_short):
            copy.follow(client)
            assert copy.items == {noun: _listed(client, noun) for noun in NOUNS}


def test_a_version_that_was_never_loaded_is_refused(client: httpx.Client) -> None:
    """Instead of an empty answer, from which a copy would think that it is whole."""
    answer = client.get("/v1/changes?since=0123456789abcdef")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "since"
    [error] = client.get("/v1/changes?since=last+week").json()["errors"]
    assert "neither a dataset's version nor a date" in error["message"]
    [error] = client.get("/v1/changes?since=2026-02-30").json()["errors"]
    assert "no such day in the calendar" in error["message"]
    assert client.get("/v1/changes").json()["data"] == []


def test_a_load_that_fails_is_not_logged(engine: str, new_url: NewUrl, tmp_path: Path) -> None:
    """All or nothing holds for the log too."""
    url = new_url(engine)
    load(World().write(tmp_path / "good"), url)
    broken = World().claim("arr", 1, company_id="nobody").write(tmp_path / "broken")
    with pytest.raises(Exception, match="1 errors"):
        load(broken, url)
    version = load(World().company("globex").write(tmp_path / "next"), url)
    with serving(url) as client:
        changes = client.get("/v1/changes").json()["data"]
        assert {one["dataset"] for one in changes} == {version}
