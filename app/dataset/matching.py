"""How rows of two datasets, ours and theirs, are held against each other.

What can't be decided is kept apart and listed, never guessed. What makes two companies, investors,
sources or rounds one is told in the modules beside this one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.dataset.ids import stands_for
from app.dataset.records import Record, cells
from app.likeness import searchable

_EMPTY: tuple[Any, ...] = (None, [])
_FOLDED = {"publisher", "title"}
IF_ONE = "both are kept; if they are one, give B's the {} of A's and merge again"


@dataclass(frozen=True, slots=True)
class Undecided:
    """A row of each dataset that a person should look at, and what to do then."""

    file: str
    ours: str
    theirs: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}: A {self.ours} | B {self.theirs}: {self.reason}; {self.advice}"


@dataclass(slots=True)
class Matches:
    """Their ids with ours of the same thing, and the pairs left undecided."""

    same: dict[str, str] = field(default_factory=dict)
    undecided: list[Undecided] = field(default_factory=list)

    def left(self, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the pairs of which neither side has a match."""
        ours = {*self.same.values()}
        return {(one, other) for one, other in pairs if one not in ours and other not in self.same}


def repeated(ours: Sequence[Any], theirs: Sequence[Any]) -> dict[str, str]:
    """Find their rows that we have cell by cell, under their own id or one that a merge gave them.

    They are found before all others, so that a merge with itself gives a dataset back, and merging
    one a second time adds nothing. The references of `theirs` have our ids already.
    """
    by_id = {one.id: one for one in ours}
    their_ids = {other.id for other in theirs}
    renamed = defaultdict(list)
    for one in ours:
        if one.id not in their_ids:
            renamed[tuple(cells(one)[1:])].append(one.id)
    same: dict[str, str] = {}
    for other in theirs:
        near = renamed[tuple(cells(other)[1:])]
        found = next((given for given in near if stands_for(given, other.id)), None)
        if by_id.get(other.id) == other:
            same[other.id] = other.id
        elif found:
            same[other.id] = found
            near.remove(found)
    return same


def one_to_one(file: str, same: dict[str, str], pairs: set[tuple[str, str]]) -> Matches:
    """Match pairs of one id, then those whose sides have no other match.

    Undecided are the pairs of those rows of theirs that have none in the end.
    """
    matches = Matches(dict(same))
    matches.same |= {other: one for one, other in matches.left(pairs) if one == other}
    left = matches.left(pairs)
    our_pairs, their_pairs = Counter(one for one, _ in left), Counter(other for _, other in left)
    alone = {pair for pair in left if our_pairs[pair[0]] == their_pairs[pair[1]] == 1}
    matches.same |= {other: one for one, other in alone}
    undecided = {(one, other) for one, other in pairs if other not in matches.same}
    reason = "they share a name, but so does a third row"
    advice = (
        "all are kept; join the rows of one dataset that are one, or rename one, and merge again"
    )
    matches.undecided += listed(file, undecided, reason, advice)
    return matches


def listed(
    file: str, pairs: Iterable[tuple[str, str]], reason: str, advice: str
) -> list[Undecided]:
    """List pairs that are undecided for one reason."""
    return [Undecided(file, one, other, reason, advice) for one, other in sorted(pairs)]


def differing(one: Record, other: Record, columns: Iterable[str]) -> list[str]:
    """Return the columns in which both rows state something, and not the same."""
    return [
        column
        for column in unequal(one, other, columns)
        if getattr(one, column) not in _EMPTY and getattr(other, column) not in _EMPTY
    ]


def unequal(one: Record, other: Record, columns: Iterable[str]) -> list[str]:
    """Return the columns whose cells aren't the same; lists may be ordered otherwise, names spelt so."""
    return [
        column
        for column in columns
        if _plain(column, getattr(one, column)) != _plain(column, getattr(other, column))
    ]


def _plain(column: str, cell: Any) -> Any:
    if column in _FOLDED and cell is not None:
        return searchable(cell)
    return sorted(cell) if isinstance(cell, list) else cell


def contradicting(one: Record, other: Record, columns: Iterable[str]) -> list[str]:
    """Return the columns that differ by more than the precision of a date."""
    return [
        column
        for column in differing(one, other, columns)
        if not (column.endswith("_on") and _within(getattr(one, column), getattr(other, column)))
    ]


def _within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
