"""Pages that take too long at once: they are found in another way, and are the same."""

import random
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, delete

from app import database, sqlite
from app.dataset.load import load
from app.query import trigrams
from app.query.clauses import Tagged, Words
from app.routes import pages, ways
from app.settings import shipped
from app.tables import ColumnChunkRow
from tests.conftest import serving
from tests.test_seed import _query

_WORDS = (
    "moonshot",
    "series b",
    "robotics series",
    "ai labs",
    "x",
    '"ai" or',
    "100%",
    "月之暗面",
    "née",
)
_TAGGED = {"category", "investor", "lead_investor", "source"}


@pytest.mark.parametrize("copied", [True, False], ids=["by the copy", "without a copy"])
@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_pages_that_take_too_long_at_once_are_the_same(
    new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, engine_name: str, copied: bool
) -> None:
    """150 generated queries, their second pages too, where no query may take any time at once."""
    url = new_url(engine_name)
    load(shipped("seed_data"), url)
    chance = random.Random(15)
    paths = [_query(chance) for _ in range(150)]
    with serving(url, cache_bytes=0) as client:
        expected = _answers(client, paths)
    if not copied:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(delete(ColumnChunkRow))
        engine.dispose()
    monkeypatch.setattr(database, "_SECONDS_AT_ONCE", -1.0)
    monkeypatch.setattr(sqlite, "_STEPS_BETWEEN_LOOKS", 1)
    monkeypatch.setattr(database, "_SERVER_SECONDS_AT_ONCE", 0.001)
    for equal in (0, 500):
        monkeypatch.setattr(pages, "_EQUAL_AT_ONCE", equal)
        with serving(url, cache_bytes=0) as client:
            for path, body in expected.items():
                assert client.get(path).content == body, path


@pytest.mark.parametrize("seconds", [0.005, -1.0], ids=["at once", "in a thread"])
def test_rows_are_the_same_whether_few_or_many_have_what_is_asked_for(
    new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """Generated queries for words and tags, their second pages too: by SQLite's indexes, and not by them."""
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    chance = random.Random(16)
    asked = [httpx.URL(_query(chance)) for _ in range(600)]
    paths = [str(one.copy_set_param("q", chance.choice(_WORDS))) for one in asked[:150]]
    paths += [str(one) for one in asked if set(one.params) & _TAGGED]
    paths += ["/v1/investors/sequoia-capital/rounds?sort=name&limit=5"]
    monkeypatch.setattr(database, "_SECONDS_AT_ONCE", seconds)
    monkeypatch.setattr(sqlite, "_STEPS_BETWEEN_LOOKS", 1)
    taken = _noted(monkeypatch)
    found = []
    for few in (0, 1_000_000):
        taken.clear()
        monkeypatch.setattr(ways, "_FEW_AT_ONCE", few)
        monkeypatch.setattr(ways, "_FEW_IN_RANGE", few)
        monkeypatch.setattr(Words, "few", few)
        monkeypatch.setattr(Tagged, "few", few)
        with serving(url, cache_bytes=0) as client:
            found.append((_answers(client, paths), taken.count("led")))
    (not_by_index, never), (by_index, led) = found
    assert by_index == not_by_index
    assert never == 0
    assert led > len(paths)


def test_rows_with_words_are_the_same_whether_rare_on_postgresql_or_not(
    new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """80 generated queries for words, their second pages too, where no query may take any time at once."""
    url = new_url("postgresql")
    load(shipped("seed_data"), url)
    chance = random.Random(17)
    asked = (httpx.URL(_query(chance)) for _ in range(80))
    paths = [str(one.copy_set_param("q", chance.choice(_WORDS))) for one in asked]
    monkeypatch.setattr(database, "_SERVER_SECONDS_AT_ONCE", 0.001)
    monkeypatch.setattr(trigrams, "_SAMPLED_PERCENT", 100)
    taken = _noted(monkeypatch)
    found = []
    for percent in (-1, 100):
        monkeypatch.setattr(ways, "_FEW_PERCENT", percent)
        taken.clear()
        with serving(url, cache_bytes=0) as client:
            found.append((_answers(client, paths), "led" in taken))
    assert found[0][0] == found[1][0]
    assert [led for _, led in found] == [False, True]


def test_two_common_words_do_not_lead_though_no_text_has_both(
    new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many texts have both could take all texts of each to tell."""
    taken = _noted(monkeypatch)
    monkeypatch.setattr(database, "_SECONDS_AT_ONCE", 60.0)
    monkeypatch.setattr(ways, "_FEW_AT_ONCE", 20)
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    with serving(url, cache_bytes=0) as client:
        totals = [
            client.get(f"/v1/rounds?q={words}&count=true").json()["page"]["total"]
            for words in ("anthropic openai-2015", "anthropic cohere", "anthropic", "zzz anthropic")
        ]
    assert totals[1] == totals[3] == 0
    assert totals[2] > 0
    assert taken == ["led", "in order", "in order", "led"]


def _noted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note in which ways rows are found from now on."""
    taken: list[str] = []

    def noted(request: Any, present: Any, asked: Any, way: Any) -> Any:
        taken.append("planned" if way.planned else "in order" if way.leader is None else "led")
        return found(request, present, asked, way)

    found = pages._rows
    monkeypatch.setattr(pages, "_rows", noted)
    return taken


def _answers(client: httpx.Client, paths: Iterable[str]) -> dict[str, bytes]:
    """Return the bodies of some pages, and of those that follow them, by their addresses."""
    bodies = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        bodies[path] = answer.content
        if "next" in answer.links:
            following = answer.links["next"]["url"]
            bodies[following] = client.get(following).content
    return bodies
