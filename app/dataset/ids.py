"""Ids made of names: lower-case slugs, each given once."""

from collections.abc import Container

from app.likeness import searchable

_LONGEST = 110  # of the 120 characters that an id may have, the rest is left to a number behind it


def slug(text: str) -> str | None:
    """Turn text into a slug; None where it has no letter or digit of ASCII."""
    letters = (char if char.isascii() and char.isalnum() else " " for char in searchable(text))
    return "-".join("".join(letters).split())[:_LONGEST].strip("-") or None


def free_id(wanted: str, taken: Container[str]) -> str:
    """Return the id that is wanted, cut where it is too long, with a number behind it where it is taken."""
    if wanted not in taken and len(wanted) <= _LONGEST:
        return wanted
    wanted = given = wanted[:_LONGEST].rstrip("-_")
    number = 1
    while given in taken:
        number += 1
        given = f"{wanted}-{number}"
    return given
