"""What a search finds by lists and indexes is what comparing with every name would find."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import httpx
import pytest
from sqlalchemy import Connection, event, func, select
from sqlmodel import col

from app.database import Reader
from app.dataset import search_lists
from app.dataset.load import load
from app.dates import last_day
from app.likeness import LONGEST_TYPED, Likeness, Typed, begins_words, likeness
from app.query import names
from app.search_terms import Part
from app.settings import shipped
from app.tables import SearchListRow as Listed
from app.tables import SearchNameRow as Row
from app.tables import SearchRoundRow as Round
from app.vocabulary import SearchKind, SearchMatch
from tests.conftest import serving

_ASKED = 300
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FEW = 4

Known = list[tuple[str, str, str, int]]


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    with closing(Reader(url)) as reader, reader.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def known(seed_url: str) -> Known:
    """Kind, id, name and weight of every name of the seed."""
    with _reading(seed_url) as connection:
        asked = select(col(Row.kind), col(Row.id), col(Row.text), col(Row.weight))
        rows = connection.execute(asked).all()
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


@pytest.fixture(scope="module")
def listed(engine: str, new_url: Callable[[str], str]) -> str:
    """The seed with lists of all beginnings that more than a few names share."""
    url = new_url(engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_lists, "LONGEST_BEGINNING_UNLISTED", _FEW)
        load(shipped("seed_data"), url)
    with _reading(url) as connection:
        asked = select(func.count()).where(col(Listed.part) != Part.GRAM)
        assert (connection.scalar(asked) or 0) > 100
    return url


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way to be alike finds but a few."""
    monkeypatch.setattr(names, "MOST", _FEW)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("known_on", [None, "2023-06-30", "2015"])
@pytest.mark.parametrize("kind", [SearchKind.COMPANY, SearchKind.INVESTOR])
def test_the_best_known_of_many_are_found(
    listed: str, kind: SearchKind, known_on: str | None
) -> None:
    """By a beginning, or by those of two words, that have lists: as if all names were looked at."""
    pairs = [f"{first} {second}" for first, second in itertools.combinations("abcdfgilmopstv", 2)]
    cut: Counter[int] = Counter()
    with _reading(listed) as connection:
        rows = connection.execute(select(Row).where(col(Row.kind) == kind)).all()
        known = [row for row in rows if known_on is None or row.known_from <= last_day(known_on)]
        known.sort(key=lambda row: row.name_id)
        for typed in map(Typed, [*_LETTERS, *pairs]):
            asked = names.Like(kind, typed)
            rows_found = names.Names(connection, known_on).find([asked])[asked]
            found = {row.name_id for row in rows_found}
            begun = [one.name_id for one in known if one.letters.startswith(typed.letters)]
            spoken = [one.name_id for one in known if begins_words(typed.words, one.words.split())]
            assert found >= {*begun[:_FEW], *spoken[:_FEW]}, typed.words
            assert len(found) <= 3 * _FEW
            cut[len(typed.words)] += len(spoken) > _FEW
    assert cut[1] > 5 or known_on == "2015"
    assert cut[2] > 5 or known_on or kind is SearchKind.COMPANY


@pytest.mark.parametrize("known_on", [None, "2023-06-30"])
def test_what_is_asked_together_is_found_as_if_alone(listed: str, known_on: str | None) -> None:
    """Beginnings with lists and without, slips and whole names of both kinds, in three statements."""
    kinds = SearchKind.COMPANY, SearchKind.INVESTOR
    texts = "a", "open ai", "moonshoot", "capital partn", "sequoia"
    asked: list[names.Like | names.Exactly] = [
        names.Like(kind, Typed(text)) for kind in kinds for text in texts
    ]
    asked += [names.Exactly(kind, ("openai", "cohere", "sequoiacapital")) for kind in kinds]
    with _reading(listed) as connection:
        some = names.Names(connection, known_on)
        alone = [some.find([one])[one] for one in asked]
        statements: list[str] = []
        event.listen(connection, "before_cursor_execute", lambda *told: statements.append(told[2]))
        together = some.find(asked)
    assert [set(together[one]) for one in asked] == list(map(set, alone))
    assert sum(map(bool, alone)) > 5
    assert len(statements) == 3 or known_on


def test_a_stage_finds_its_rounds(seed: httpx.Client, seed_url: str) -> None:
    """All of them as far as a hundred go, the latest first, before those that only begin alike."""
    with _reading(seed_url) as connection:
        order = (col(Round.weight).desc(), col(Round.name), col(Round.id))
        rows = connection.execute(select(col(Round.stage), col(Round.id)).order_by(*order)).all()
    of_stage: dict[str, list[str]] = {}
    for stage, round_id in rows:
        of_stage.setdefault(stage, []).append(round_id)
    assert len(of_stage["Series A"]) > 20
    for stage in ("Seed", *(f"Series {letter}" for letter in "ABCDEF")):
        expected = of_stage[stage][: names.MOST]
        query = {"q": stage.lower(), "kind": "round", "limit": "200"}
        found = [one["id"] for one in seed.get("/v1/search", params=query).json()["data"]]
        assert found[: len(expected)] == expected, stage


def test_a_slip_in_a_stage_finds_it(seed: httpx.Client) -> None:
    """Unless another stage is meant without one."""
    for typed, meant in (("seires a", "Series A"), ("sereis b", "Series B")):
        data = seed.get("/v1/search", params={"q": typed, "kind": "round"}).json()["data"]
        assert {one["matched"].endswith(meant) for one in data[:10]} == {True}, typed


def test_a_slip_in_a_beginning_means_no_stage(seed: httpx.Client) -> None:
    """Or "Mer" would be the Ser of each Series."""
    data = seed.get("/v1/search", params={"q": "mer", "kind": "round", "limit": "200"}).json()[
        "data"
    ]
    assert data
    assert all(likeness("mer", one["matched"]) for one in data)


@pytest.mark.usefixtures("few")
def test_the_total_is_what_pages_lead_to(listed: str) -> None:
    """Also where more names are alike than are compared."""
    query = {"q": "a", "limit": "3", "count": "true"}
    with serving(listed) as client:
        page = client.get("/v1/search", params=query).json()
        total, found = page["page"]["total"], page["data"]
        while cursor := page["page"]["next_cursor"]:
            page = client.get("/v1/search", params={**query, "cursor": cursor}).json()
            found += page["data"]
    assert len(found) == total
    assert total > 2 * _FEW


def test_a_sign_that_folds_into_many_letters_is_cut(seed: httpx.Client) -> None:
    """What is searched for stays as long as what can be typed."""
    assert len(Typed("\ufdfa" * 100).letters) <= LONGEST_TYPED
    assert seed.get("/v1/search", params={"q": "\ufdfa" * 100}).json()["data"] == []
