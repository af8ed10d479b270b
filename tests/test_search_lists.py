"""What a search finds by lists and indexes is what comparing with every name would find."""

import random
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import create_engine, select
from sqlmodel import col

from app.dataset import search_lists
from app.dataset.load import load
from app.likeness import Likeness, likeness
from app.query import names
from app.settings import shipped
from app.tables import SearchNameRow as Row
from app.vocabulary import SearchMatch
from tests.conftest import serving

_ASKED = 300
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

Known = list[tuple[str, str, str, int]]


@pytest.fixture(scope="module")
def known(seed_url: str) -> Known:
    """Kind, id, name and weight of every name of the seed."""
    engine = create_engine(seed_url)
    with engine.connect() as connection:
        asked = select(col(Row.kind), col(Row.id), col(Row.text), col(Row.weight))
        rows = connection.execute(asked).all()
    engine.dispose()
    return [(kind, item_id, text, weight) for kind, item_id, text, weight in rows]


def _typed(chance: random.Random, known: Known) -> str:
    """Type a name's beginning, its words in another order, or all of it with a slip."""
    name = chance.choice(known)[2]
    place = chance.randrange(len(name))
    before, letter, after = name[:place], name[place], name[place + 1 :]
    typed = chance.choice(
        [
            name[: place + 1],
            " ".join(reversed(name.split())),
            chance.choice(name.split())[: chance.randint(1, 8)],
            before + after,
            before + chance.choice(_LETTERS) + letter + after,
            before + chance.choice(_LETTERS) + after,
            before + after[:1] + letter + after[1:],
        ]
    )
    return typed.strip() or name


def _compared(typed: str, known: Known) -> dict[str, dict[tuple[str, str], Likeness]]:
    """Compare with every name: the best likeness of each thing, by why it is like."""
    best: dict[tuple[str, str], Likeness] = {}
    for kind, item_id, text, _ in known:
        like = likeness(typed, text)
        if like is not None:
            best[kind, item_id] = min(like, best.get((kind, item_id), like))
    found: dict[str, dict[tuple[str, str], Likeness]] = {why.value: {} for why in SearchMatch}
    for item, like in best.items():
        found[like.why][item] = like
    return found


def _whys(client: httpx.Client, typed: str) -> dict[tuple[str, str], str]:
    asked = {"q": typed, "kind": ["company", "investor"], "limit": "200"}
    data = client.get("/v1/search", params=asked).json()["data"]
    return {(one["kind"], one["id"]): one["why"] for one in data}


def test_it_finds_what_comparing_with_every_name_finds(seed: httpx.Client, known: Known) -> None:
    """All exact names, all beginnings as far as a kind's best hundred go, and nearly all slips."""
    chance = random.Random(16)
    slips = missed = 0
    for typed in (_typed(chance, known) for _ in range(_ASKED)):
        expected, found = _compared(typed, known), _whys(seed, typed)
        for why in (SearchMatch.EXACT, SearchMatch.PREFIX, SearchMatch.WORD_PREFIX):
            if sum(map(len, expected.values())) < names.MOST:
                told = {item for item, reason in found.items() if reason == why}
                assert told == set(expected[why]), (typed, why)
        near = {item for item, like in expected["fuzzy"].items() if like.part == 0}
        slips += len(near)
        missed += len(near - set(found))
    assert slips > _ASKED / 4
    assert missed <= slips * 0.03


def test_lists_give_what_the_indexes_give(
    engine: str,
    new_url: Callable[[str], str],
    seed: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a beginning has a list, the best known names of it come as they do without one."""
    for module in (search_lists, names):
        monkeypatch.setattr(module, "LONGEST_BEGINNING_UNLISTED", 4)
    monkeypatch.setattr(names, "MOST", 4)
    url = new_url(engine)
    load(shipped("seed_data"), url)
    lists = 0
    with serving(url) as listed:
        for typed in _LETTERS:
            for kind in ("company", "investor"):
                query = {"q": typed, "kind": kind, "limit": "100"}
                best = _begun(listed, query)
                with monkeypatch.context() as without:
                    without.setattr(names, "MOST", 100)
                    every = _begun(seed, query)
                assert best == every[: len(best)], (typed, kind)
                lists += len(best) < len(every)
    assert lists > len(_LETTERS) / 2


def _begun(client: httpx.Client, query: dict[str, str]) -> list[dict[str, str]]:
    """Return what begins so under its own name: aliases come after these, however well known."""
    data = client.get("/v1/search", params=query).json()["data"]
    begun = [one for one in data if one["why"] in (SearchMatch.EXACT, SearchMatch.PREFIX)]
    return [one for one in begun if one["matched"] == one["name"]]
