"""What a filter means in SQL. A filter's field names one of these in its annotation.

A condition is written on parameters, one for each value that stands in it; conditions.py names them
and gives them their values.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    false,
    or_,
    select,
)
from sqlmodel import col

from app.dates import first_day, last_day
from app.query.engines import Bounded, Carried
from app.query.trigrams import found, holding, indexed_words, terms
from app.tables import SnapshotTable, TagTable, words_of

Given = Sequence[BindParameter[Any]]
_WORD = "word"


@runtime_checkable
class Clause(Protocol):
    """A condition on rows that a parameter's value asks for."""

    def values(self, value: Any) -> Sequence[Any]:
        """Return what stands in the condition; how many there are, and where None, sets its text."""
        ...

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition on what was given; `possible` takes in rows whose bounds may meet it."""
        ...


class Search(NamedTuple):
    """Rows that an index of SQLite finds: what names the statement's text, the statement, and its values."""

    shape: Hashable
    write: Callable[[], Select[Any]]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The column has one of the values."""

    column: Any

    def values(self, value: Sequence[str]) -> Sequence[str]:
        """Return the words."""
        return value

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a word has no bounds
        """Return the condition."""
        return _one_of(col(self.column), given)


@dataclass(frozen=True, slots=True)
class Is:
    """The column has the value."""

    column: Any

    def values(self, value: bool) -> Sequence[Any]:
        """Return the flag."""
        return (value,)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a flag has no bounds
        """Return the condition."""
        return col(self.column) == given[0]


@dataclass(frozen=True, slots=True)
class Tagged:
    """The snapshot has one of the values as a tag of the dimension."""

    snapshots: type[SnapshotTable]
    tags: type[TagTable]
    dimension: str
    few: ClassVar[int] = 5_000
    """How many rows are sooner found by these, and sorted, than in the columnar copy."""

    def values(self, value: Sequence[str]) -> Sequence[str]:
        """Return the words."""
        return value

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a tag has no bounds
        """Return the condition."""
        row_id, tagged = col(self.snapshots.snapshot_id), self._tagged(given)
        of_row = tagged.where(col(self.tags.snapshot_id) == row_id)
        in_turn = of_row.correlate(self.snapshots).exists()
        listed = f"{self.snapshots.__tablename__}.{self.dimension}"
        coded = words_of(self.tags, self.dimension)
        return Carried(row_id.in_(tagged), in_turn, listed, coded, given)

    def searches(self, values: Sequence[str]) -> Iterable[Search]:
        """Find the rows with the tags: all that meet the condition, whichever they are sorted by."""
        words = {f"tag_{number}": word for number, word in enumerate(values)}
        given = [bindparam(name, type_=Text) for name in words]
        return [Search((self, len(given)), partial(self._tagged, given), words)]

    def _tagged(self, given: Given) -> Select[Any]:
        return select(col(self.tags.snapshot_id)).where(
            col(self.tags.dimension) == self.dimension, _one_of(col(self.tags.value), given)
        )


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The figure's lower bound is known to be no less; or, if possible, its upper one may be."""

    nominal: Any
    low: Any
    high: Any

    def values(self, value: float) -> Sequence[Any]:
        """Return the bound."""
        return (value,)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        if not possible:
            return Bounded(col(self.low), col(self.nominal), lambda one: one >= given[0])
        may = or_(col(self.high).is_(None), col(self.high) >= given[0])
        return and_(col(self.nominal).is_not(None), may)


@dataclass(frozen=True, slots=True)
class AtMost:
    """The figure's upper bound is known to be no more; or, if possible, its lower one may be."""

    nominal: Any
    low: Any
    high: Any

    def values(self, value: float) -> Sequence[Any]:
        """Return the bound."""
        return (value,)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        if not possible:
            return Bounded(col(self.high), col(self.nominal), lambda one: one <= given[0])
        may = or_(col(self.low).is_(None), col(self.low) <= given[0])
        return and_(col(self.nominal).is_not(None), may)


@dataclass(frozen=True, slots=True)
class From:
    """Every day that the partial date may mean, or if possible one of them, isn't earlier."""

    first: Any
    last: Any

    def values(self, value: str) -> Sequence[Any]:
        """Return the first day."""
        return (first_day(value),)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        if possible:
            return col(self.last) >= given[0]
        return Bounded(col(self.first), col(self.first), lambda one: one >= given[0])


@dataclass(frozen=True, slots=True)
class To:
    """Every day that the partial date may mean, or if possible one of them, isn't later."""

    first: Any
    last: Any

    def values(self, value: str) -> Sequence[Any]:
        """Return the last day."""
        return (last_day(value),)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        bound = col(self.first if possible else self.last)
        return Bounded(bound, col(self.first), lambda one: one <= given[0])


@dataclass(frozen=True, slots=True)
class Words:
    """The text has all the words, as parts of words, whatever their case and accents."""

    snapshots: type[SnapshotTable]
    few: ClassVar[int] = 25_000
    """How many texts are sooner looked into than all of the columnar copy."""

    def values(self, value: str) -> Sequence[Any]:
        """Return the terms of the words."""
        return terms(value)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a text has no bounds
        """Return the condition; a text without words is in none."""
        _, *words = given
        row_id, text = col(self.snapshots.snapshot_id), col(self.snapshots.search_text)
        return holding(row_id, text, given) if words else false()

    def searches(self, values: Sequence[Any]) -> Iterable[Search]:
        """Find the texts, of whatever table, that have each word by itself.

        That two common ones are in no text together takes all texts of both to tell.
        """
        _, *words = values
        return [
            Search(_WORD, partial(found, bindparam(_WORD, type_=Text)), {_WORD: word})
            for word in indexed_words(words[1::2])
        ]

    def patterns(self, values: Sequence[Any]) -> Sequence[str]:
        """Return what PostgreSQL's index is asked for, of each word that has a trigram."""
        return [pattern for pattern in values[1::2] if pattern is not None]


Leading = Tagged | Words
"""The clauses of which an index finds the rows, so that where these are few all else is tried on them."""


def _one_of(column: Any, given: Given) -> ColumnElement[bool]:
    """Write one value as equality, for which the engines have better plans than for a list."""
    if len(given) == 1:
        return Bounded(column, column, lambda one: one == given[0])
    listed: ColumnElement[bool] = column.in_(given)
    return listed
