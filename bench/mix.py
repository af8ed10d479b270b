"""The mix: two thousand addresses that a site with visitors asks for, some far more often than others.

How often follows Zipf's law: the n-th address is asked for 1/n as often as the first. Which one is
the n-th, and the order in which they come, are drawn with one seed: every run is the same.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any
from urllib.parse import quote

from bench.data import Data

_ADDRESSES = 2_000
_DRAWS = 50_000
_SEED = 20_261_124
_SHARES = {"round": 0.40, "company": 0.25, "rounds of one": 0.10, "list": 0.15, "search": 0.10}
_SORTS = ("-announced_on", "-amount_usd", "-valuation_usd", "name")


def addresses(data: Data) -> list[str]:
    """Choose the addresses, the one most asked for first."""
    chance = random.Random(_SEED)
    chosen: list[str] = []
    spare: list[str] = []
    for kind, found in _kinds(data).items():
        chance.shuffle(found)
        wanted = round(_ADDRESSES * _SHARES[kind])
        chosen += found[:wanted]
        spare += found[wanted:]
    chosen += chance.sample(spare, min(_ADDRESSES - len(chosen), len(spare)))
    chance.shuffle(chosen)
    return chosen


def drawn(ranked: Sequence[str]) -> list[str]:
    """Return the addresses in the order in which they are asked for."""
    weights = [1 / rank for rank in range(1, len(ranked) + 1)]
    return random.Random(_SEED).choices(ranked, weights, k=_DRAWS)


def _kinds(data: Data) -> dict[str, list[str]]:
    companies = [company["id"] for company in data.companies]
    return {
        "round": [f"/v1/rounds/{one['id']}" for one in data.rounds],
        "company": [f"/v1/companies/{name}" for name in companies],
        "rounds of one": [f"/v1/companies/{name}/rounds" for name in companies],
        "list": list(_lists(data.rounds)),
        "search": sorted({f"/v1/search?q={quote(one['name'][:5])}" for one in data.companies}),
    }


def _lists(rounds: Sequence[dict[str, Any]]) -> Iterator[str]:
    countries = sorted({one["company_country"] for one in rounds} - {None})
    stages = sorted({one["stage"] for one in rounds})
    for country, stage, sort in product(countries, stages, _SORTS):
        yield f"/v1/rounds?country={country}&stage={stage}&sort={sort}&limit=20"
