"""The questions that a large database is asked: every filter, sort, dimension and name there is.

Which there are is read from the models of the API, so that one added tomorrow is measured without a
change here.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from urllib.parse import quote, urlencode

from app.query.rounds import SORT_BY
from app.query.statistics import COMPANIES, MOST_DIMENSIONS, ROUNDS

Values = Mapping[str, Sequence[str]]
"""What each filter is asked with: what matches most or least at either end."""

ORDERS = [f"{sign}{name}" for name in SORT_BY.fields for sign in ("", "-")]
_NAMES = 60
_SEED = 20_261_124


def singles(values: Values) -> Iterator[str]:
    """Ask for no filter and for each value of each one, in each order both ways."""
    asked = [(name, value) for name, listed in values.items() for value in listed]
    filters = [{}, *({name: value} for name, value in asked)]
    for chosen, sort in product(filters, ORDERS):
        yield rounds({**chosen, "sort": sort})


def pairs(values: Values) -> Iterator[str]:
    """Ask for each pair of filters, with the ends of their values crossed."""
    for (one, ones), (other, others) in combinations(values.items(), 2):
        for first, second in sorted({(ones[i], others[j]) for i in (0, -1) for j in (0, -1)}):
            yield rounds({one: first, other: second})


def statistics() -> Iterator[str]:
    """Ask for the total, and for groups by each dimension and by each two, the largest first."""
    for path, grouping in (("rounds", ROUNDS), ("companies", COMPANIES)):
        yield f"/v1/{path}/stats"
        for size in range(1, MOST_DIMENSIONS + 1):
            for dimensions in combinations(grouping.dimensions, size):
                yield f"/v1/{path}/stats?group_by={','.join(dimensions)}&sort=-count&limit=200"


def searches(names: Sequence[str]) -> Iterator[str]:
    """Type names: their beginnings, the whole of them, and each with a slip of the hand."""
    chance = random.Random(_SEED)
    for name in chance.sample(names, min(len(names), _NAMES)):
        place = chance.randrange(1, max(len(name) - 1, 2))
        before, at, after = name[:place], name[place : place + 1], name[place + 1 :]
        letter = chance.choice("aeionrst")
        slips = (
            before + after,
            before + letter + at + after,
            before + letter + after,
            before[:-1] + at + before[-1:] + after,
        )
        for text in dict.fromkeys((*(name[:length] for length in (2, 3, 4, 6)), name, *slips)):
            yield f"/v1/search?q={quote(text)}"


def rounds(parameters: Mapping[str, str]) -> str:
    """Return the address of a list of rounds."""
    return f"/v1/rounds?{urlencode(parameters)}"
