"""Ids that are each given once."""

from collections.abc import Container

from app.likeness import LONGEST_SLUG


def free_id(wanted: str, taken: Container[str]) -> str:
    """Return the id that is wanted, cut where it is too long, with a number behind it where it is taken."""
    if wanted not in taken and len(wanted) <= LONGEST_SLUG:
        return wanted
    wanted = given = wanted[:LONGEST_SLUG].rstrip("-_")
    number = 1
    while given in taken:
        number += 1
        given = f"{wanted}-{number}"
    return given
