"""The columnar copy: it changes with its dataset, and leaves nothing behind."""

import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import create_engine, delete, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from app.dataset.load import load
from app.postgres import is_passing, rows_in_binary
from app.query.cursor import encode_cursor
from app.tables import ColumnChunkRow
from tests.builder import World
from tests.conftest import Served, serving

NewUrl = Callable[[str], str]


def _counts(client: httpx.Client, query: str = "") -> list[int]:
    answer = client.get(f"/v1/rounds/stats?{query}", headers={"Cache-Control": "no-cache"})
    assert answer.status_code == 200, answer.text
    return [one["count"] for one in answer.json()["data"]]


def test_statistics_are_of_the_dataset_that_is_served(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """A load while the service runs takes the place of the copy that was asked before."""
    url = new_url(engine)
    world = World().round("r0", announced_on="2026-01")
    load(world.write(tmp_path / "first"), url)
    with serving(url, cache_bytes=0) as client:
        assert _counts(client) == [1]
        load(world.round("r1", announced_on="2026-02").write(tmp_path / "second"), url)
        assert _counts(client) == [2]


def test_nothing_is_left_behind(
    engine: str, new_url: NewUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The private file has no name while it is read, and its folder goes when the service ends."""
    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(kept))
    url = new_url(engine)
    load(World().round("r0").write(tmp_path / "world"), url)
    assert list(kept.iterdir()) == []
    with serving(url) as client:
        assert _counts(client) == [1]
        assert [one for one in kept.rglob("*") if one.is_file()] == []
    assert list(kept.iterdir()) == []


def test_a_dataset_without_a_copy_is_not_ready(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """It was loaded by an earlier release: that is told, as a problem."""
    url = new_url(engine)
    load(World().round("r0").write(tmp_path / "world"), url)
    writing = create_engine(url)
    with writing.begin() as connection:
        connection.execute(delete(ColumnChunkRow))
    writing.dispose()
    with serving(url) as client:
        answer = client.get("/v1/rounds/stats")
    assert answer.status_code == 503
    assert "load it again" in answer.json()["detail"]


def test_what_has_no_tag_is_in_a_group_of_its_own(served: Served) -> None:
    """By two kinds of tags at once, and filters of tags choose rounds, not groups."""
    world = World().round("r0", announced_on="2026-01")
    world.rows["companies.csv"][0]["categories"] = "chips|robotics"
    client = served(world)
    data = client.get("/v1/rounds/stats?group_by=investor,category&category=chips").json()["data"]
    assert [one["key"] for one in data] == [
        {"investor": None, "category": "chips"},
        {"investor": None, "category": "robotics"},
    ]


def test_a_tag_that_no_round_has_is_looked_for_as_any_other(served: Served) -> None:
    """An investor without a round is in none; one with a round beside it is found."""
    world = World().round("r0", announced_on="2026-01").round("r1", announced_on="2026-02")
    for one in ("busy", "idle"):
        world.rows["investors.csv"].append({"id": one, "name": one, "kind": "vc", "country": ""})
    part = {"round_id": "r0", "investor_id": "busy", "role": "lead", "source_id": "registry"}
    world.rows["participations.csv"].append(part)
    client = served(world)
    assert _counts(client, "investor=idle") == [0]
    assert _counts(client, "investor=idle&investor=busy") == [1]
    assert _counts(client, "investor=busy&investor=idle&lead_investor=idle") == [0]


@pytest.mark.parametrize("name", [["1999"], [None], [{}], [7], ["\ud800"], ["a\0"], ["1", "2"], []])
def test_a_cursor_that_names_no_group_is_refused(client: httpx.Client, name: list[object]) -> None:
    """Whatever stands in it."""
    cursor = encode_cursor("key", name) if name != ["\ud800"] else "WyJrZXkiLCJcdWQ4MDAiXQ"
    answer = client.get("/v1/rounds/stats", params={"group_by": "year", "cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "cursor"


def test_sums_are_exact_to_the_cent(served: Served) -> None:
    """In whatever order they are added."""
    world = World()
    for number, amount in enumerate(("9007199254740000.01", "0.1", "0.2", "0.000001")):
        world.round(f"r{number}").claim("amount_raised", 0, round_id=f"r{number}")
        world.rows["claims.csv"][-1]["value"] = amount
    [one] = served(world).get("/v1/rounds/stats").json()["data"]
    assert one["amount_usd"]["sum"] == 9007199254740000.31


def test_a_connection_that_is_lost_while_the_copy_comes_is_worth_another(
    new_url: NewUrl, tmp_path: Path
) -> None:
    """A network that fails tells no code, other than a server that stops."""
    url = new_url("postgresql")
    load(World().round("r0").write(tmp_path / "world"), url)
    engine = create_engine(url)
    chunks = select(col(ColumnChunkRow.content)).order_by(col(ColumnChunkRow.number))
    with engine.connect() as connection:
        lost = cast(Any, connection.connection.driver_connection).fileno()
        with socket.socket(fileno=os.dup(lost)) as network:
            network.shutdown(socket.SHUT_RDWR)
        with pytest.raises(DBAPIError) as raised:
            list(rows_in_binary(connection, chunks, 8))
    engine.dispose()
    assert getattr(raised.value.orig, "sqlstate", None) is None
    assert is_passing(raised.value)
