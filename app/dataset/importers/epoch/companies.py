"""The companies that Epoch's tables name, and the id of each.

A second name in brackets is an alias: `Quill (Inkwell)` is Quill. Where one name comes with different
words in brackets, as in `Figure (AI)` and `Figure (robotics)`, these tell namesakes apart, and each
is a company under its full name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from app.dataset.ids import told_apart
from app.dataset.records import short_hash
from app.likeness import searchable, slug

_BRACKETS = re.compile(r"(.+?) \(([^()]+)\)")


class Named(NamedTuple):
    """A company as a cell names it."""

    id: str
    name: str
    alias: str | None = None
    namesake: bool = False


def named_companies(cells: Iterable[str]) -> dict[str, Named]:
    """Return the company of each cell that names one."""
    split = {cell: _split(cell) for cell in cells if cell}
    second_names: dict[str, set[str]] = defaultdict(set)
    for name, alias in split.values():
        if alias:
            second_names[searchable(name)].add(searchable(alias))
    named = {}
    for cell, (name, alias) in split.items():
        namesake = bool(alias) and len(second_names[searchable(name)]) > 1
        named[cell] = Named("", cell if namesake else name, None if namesake else alias, namesake)
    ids = _ids({searchable(one.name) for one in named.values()})
    return {cell: one._replace(id=ids[searchable(one.name)]) for cell, one in named.items()}


def _split(cell: str) -> tuple[str, str | None]:
    match = _BRACKETS.fullmatch(cell)
    return (match[1], match[2].replace("|", " ").strip() or None) if match else (cell, None)


def _ids(names: Iterable[str]) -> dict[str, str]:
    names = sorted(names)
    hashes = [short_hash(name) for name in names]
    wanted = [slug(name) or f"company-{hash_}" for name, hash_ in zip(names, hashes, strict=True)]
    return dict(zip(names, told_apart(wanted, hashes), strict=True))
