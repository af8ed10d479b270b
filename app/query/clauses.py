"""What a filter means in SQL. A filter's field names one of these in its annotation.

A condition is written on parameters, one for each value that stands in it; conditions.py names them
and gives them their values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    false,
    or_,
    select,
)
from sqlmodel import col

from app.dates import first_day, last_day
from app.query.engines import Carried
from app.query.trigrams import holding, terms
from app.tables import SnapshotTable, TagTable, words_of

Given = Sequence[BindParameter[Any]]


@runtime_checkable
class Clause(Protocol):
    """A condition on rows that a parameter's value asks for."""

    def values(self, value: Any) -> Sequence[Any]:
        """Return what stands in the condition; how many there are, and where None, sets its text."""
        ...

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition on what was given; `possible` takes in rows whose bounds may meet it."""
        ...


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

    def values(self, value: Sequence[str]) -> Sequence[str]:
        """Return the words."""
        return value

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a tag has no bounds
        """Return the condition."""
        row_id, tagged_id = col(self.snapshots.snapshot_id), col(self.tags.snapshot_id)
        tagged = select(tagged_id).where(
            col(self.tags.dimension) == self.dimension, _one_of(col(self.tags.value), given)
        )
        in_turn = tagged.where(tagged_id == row_id).correlate(self.snapshots).exists()
        listed = f"{self.snapshots.__tablename__}.{self.dimension}"
        coded = words_of(self.tags, self.dimension)
        return Carried(row_id.in_(tagged), in_turn, listed, coded, given)


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
            return col(self.low) >= given[0]
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
            return col(self.high) <= given[0]
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
        return col(self.last if possible else self.first) >= given[0]


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
        return col(self.first if possible else self.last) <= given[0]


@dataclass(frozen=True, slots=True)
class Words:
    """The text has all the words, as parts of words, whatever their case and accents."""

    snapshots: type[SnapshotTable]

    def values(self, value: str) -> Sequence[Any]:
        """Return the terms of the words."""
        return terms(value)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a text has no bounds
        """Return the condition; a text without words is in none."""
        _, *words = given
        row_id, text = col(self.snapshots.snapshot_id), col(self.snapshots.search_text)
        return holding(row_id, text, given) if words else false()


def _one_of(column: Any, given: Given) -> ColumnElement[bool]:
    """Write one value as equality, for which the engines have better plans than for a list."""
    equal: ColumnElement[bool] = column == given[0] if len(given) == 1 else column.in_(given)
    return equal
