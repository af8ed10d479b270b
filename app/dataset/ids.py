"""Ids that are each given once."""

from collections import defaultdict
from collections.abc import Container, Sequence

from app.likeness import LONGEST_SLUG

_LONGEST_TAIL = 40


def free_id(wanted: str, taken: Container[str]) -> str:
    """Return the id that is wanted, cut where it is too long, with a number behind it where it is taken."""
    if wanted not in taken and len(wanted) <= LONGEST_SLUG:
        return wanted
    wanted = given = _cut(wanted, LONGEST_SLUG)
    number = 1
    while given in taken:
        number += 1
        given = f"{wanted}-{number}"
    return given


def stands_for(given: str, wanted: str) -> bool:
    """Tell whether `free_id` may have given an id because another one was taken."""
    wanted = _cut(wanted, LONGEST_SLUG)
    start, _, number = given.rpartition("-")
    return given == wanted or (start == wanted and number.isdecimal())


def told_apart(wanted: Sequence[str], *tails: Sequence[str]) -> list[str]:
    """Return the ids that rows want, with a tail behind those that several rows want.

    Of the tails that a row offers the first is taken that differs in all rows of that id, else the
    last. The order of rows decides nothing, since another day's file may have another one.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for row, wish in enumerate(wanted):
        rows[wish].append(row)
    given = list(wanted)
    for wish, sharing in rows.items():
        if len(sharing) > 1:
            offered = ([tail[row][:_LONGEST_TAIL] for row in sharing] for tail in tails)
            differing = (one for one in offered if all(one) and len({*one}) == len(one))
            chosen = next(differing, [tails[-1][row] for row in sharing])
            for row, tail in zip(sharing, chosen, strict=True):
                given[row] = f"{_cut(wish, LONGEST_SLUG - len(tail) - 1)}-{tail.rstrip('-')}"
    return given


def _cut(slug: str, length: int) -> str:
    return slug[:length].rstrip("-_")
