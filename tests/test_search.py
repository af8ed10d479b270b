"""Search over HTTP: names in any script, slips of the hand forgiven, any input only text."""

import csv

import httpx
import pytest

from app.settings import shipped

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
    """Of each company's name every letter in turn; at least 95 of 100 are found first."""
    with (shipped("seed_data") / "companies.csv").open(encoding="utf-8", newline="") as stream:
        companies = [(row["id"], row["name"]) for row in csv.DictReader(stream)]
    missed = []
    tried = 0
    for company, name in companies:
        for place, letter in enumerate(name):
            if not letter.isalnum():
                continue
            tried += 1
            query = name[:place] + name[place + 1 :]
            if query.strip() and [hit[:2] for hit in _hits(seed, query)[:1]] != [
                ("company", company)
            ]:
                missed.append(query)
    assert tried > 1_000
    assert len(missed) <= tried * 0.05, missed
