"""Search over HTTP: names in any script, slips of the hand forgiven, any input only text."""

import csv
import random

import httpx
import pytest

from app.settings import shipped
from tests.builder import World
from tests.conftest import Served

Hit = tuple[str, str, str, str]


def _hits(client: httpx.Client, query: str, **parameters: str) -> list[Hit]:
    answer = client.get("/v1/search", params={"q": query, **parameters})
    assert answer.status_code == 200, answer.text
    return [(one["kind"], one["id"], one["matched"], one["why"]) for one in answer.json()["data"]]


@pytest.mark.parametrize(
    ("query", "company", "why"),
    [
        ("moonshoot", "moonshot-ai", "fuzzy"),
        ("月之暗面", "moonshot-ai", "exact"),
        ("kimi", "moonshot-ai", "exact"),
        ("antropic", "anthropic", "fuzzy"),
        ("open ai", "openai", "exact"),
        ("mistrall", "mistral-ai", "fuzzy"),
        ("Zhipu", "zhipu-ai", "prefix"),
        ("z.ai", "zhipu-ai", "exact"),
        ("hugging", "hugging-face", "prefix"),
        ("face", "hugging-face", "word_prefix"),
        ("FACE hugg", "hugging-face", "word_prefix"),
    ],
)
def test_a_company_is_found_first(seed: httpx.Client, query: str, company: str, why: str) -> None:
    """By its name or alias, in whole or in part, with a slip or in another script."""
    kind, found, _, reason = _hits(seed, query)[0]
    assert (kind, found, reason) == ("company", company, why)


def test_a_dropped_letter_still_finds_the_company_first(seed: httpx.Client) -> None:
    """Of each company's name one letter, chosen by chance; at least 95 of 100 are found first."""
    chance = random.Random(11)
    with (shipped("seed_data") / "companies.csv").open(encoding="utf-8", newline="") as stream:
        companies = [(row["id"], row["name"]) for row in csv.DictReader(stream)]
    missed = []
    for company, name in companies:
        place = chance.choice([at for at, letter in enumerate(name) if letter.isalnum()])
        query = name[:place] + name[place + 1 :]
        if [hit[:2] for hit in _hits(seed, query, limit="1")] != [("company", company)]:
            missed.append(query)
    assert len(missed) <= len(companies) * 0.05, missed


def _names() -> World:
    return (
        World()
        .company("muthaina", name="مثينة للذكاء", aliases="Muthaina|무타이나")
        .company("pappel", name="Pappél & Söhne", country="DE")
        .company("percent", name="100% Pure")
        .company("styled", name="\U0001d40c\U0001d428\U0001d428\U0001d427 X Labs™")
        .round("d1", stage="series_d", announced_on="2026-05")
    )


@pytest.mark.parametrize(
    ("query", "matched", "why"),
    [
        ("مثينة", "مثينة للذكاء", "prefix"),
        ("무타", "무타이나", "prefix"),
        ("Muthania", "Muthaina", "fuzzy"),  # swapped
        ("Muthina", "Muthaina", "fuzzy"),  # missing
        ("Mutheina", "Muthaina", "fuzzy"),  # wrong
        ("Muthaiina", "Muthaina", "fuzzy"),  # added
        ("pappel sohne", "Pappél & Söhne", "exact"),
        ("SÖHNE", "Pappél & Söhne", "word_prefix"),
        ("100%", "100% Pure", "prefix"),
        ("moon", "\U0001d40c\U0001d428\U0001d428\U0001d427 X Labs™", "prefix"),
        ("x", "\U0001d40c\U0001d428\U0001d428\U0001d427 X Labs™", "word_prefix"),
        ("L M", "\U0001d40c\U0001d428\U0001d428\U0001d427 X Labs™", "word_prefix"),
    ],
)
def test_any_script_and_any_slip(served: Served, query: str, matched: str, why: str) -> None:
    """Accents and case don't count; one wrong, missing, added or swapped letter is forgiven."""
    assert _hits(served(_names()), query)[0][2:] == (matched, why)


def test_a_round_is_found_by_company_and_stage(served: Served) -> None:
    """With how it is shown, after the company of that name."""
    client = served(_names())
    assert _hits(client, "acme")[0] == ("company", "acme", "Acme", "exact")
    [hit] = client.get("/v1/search?q=series+d+acme").json()["data"]
    assert hit == {
        "kind": "round",
        "id": "d1",
        "name": "Acme Series D, 2026-05",
        "matched": "Acme Series D",
        "why": "word_prefix",
    }
    assert _hits(client, "acme", kind="round") == [("round", "d1", "Acme Series D", "prefix")]


def test_hits_page(seed: httpx.Client) -> None:
    """A walk over pages of two meets each hit once, in the order of one page."""
    whole = seed.get("/v1/search?q=ai&limit=200&count=true").json()
    walked, path = [], "/v1/search?q=ai&limit=7"
    while path:
        answer = seed.get(path)
        walked += answer.json()["data"]
        link = answer.headers.get("link", "")
        path = link[1 : link.index(">")] if link else ""
    assert walked[: len(whole["data"])] == whole["data"]
    assert len(walked) == whole["page"]["total"]
    assert len({(one["kind"], one["id"]) for one in walked}) == len(walked)


HOSTILE = (
    *('"', "'", "%", "_", "\\", "*", "AND", "OR NOT", "a-b", "NEAR(a b)", "col:x", "(", ")", "^a"),
    *("'; DROP TABLE companies; --", '"" OR ""', "a" * 100, "🦄", "\u202ea", "%00"),
)


@pytest.mark.parametrize("query", HOSTILE)
def test_any_input_is_text(document: httpx.Client, query: str) -> None:
    """Nothing that is typed is syntax, in search and in `q` of every list."""
    assert document.get("/v1/search", params={"q": query}).status_code == 200
    for noun in ("companies", "rounds", "investors", "metrics", "claims", "sources"):
        answer = document.get(f"/v1/{noun}", params={"q": query})
        assert answer.status_code == 200, (noun, answer.text)


def test_q_of_a_list_takes_signs_as_they_are(served: Served) -> None:
    """A percent sign or an underscore is no wildcard, and every word must occur."""
    client = served(_names())

    def found(query: str) -> list[str]:
        data = client.get("/v1/companies", params={"q": query}).json()["data"]
        return [one["id"] for one in data]

    assert found("100%") == ["percent"]
    assert found("%") == ["percent"]
    assert found("_") == []
    assert found("p_ppel") == []
    assert found("söhne papp") == ["pappel"]
    assert found("söhne nobody") == []


def test_a_search_needs_words(client: httpx.Client) -> None:
    """Without `q` it is refused; with signs alone it finds nothing."""
    assert client.get("/v1/search").status_code == 422
    assert client.get("/v1/search?q=").status_code == 422
    assert client.get("/v1/search?q=%25%25").json()["data"] == []
    assert client.get("/v1/search?q=a&kind=firm").status_code == 422
