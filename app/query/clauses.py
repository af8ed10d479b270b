"""What a filter means in SQL. A filter's field names one of these in its annotation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlmodel import col

from app.dates import first_day, last_day
from app.likeness import searchable
from app.query.parameters import Certainty
from app.query.trigrams import holds
from app.tables import SnapshotTable, TagTable


class Clause(Protocol):
    """A condition on rows that a parameter's value asks for."""

    def where(self, value: Any, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition; `possible` takes in rows whose bounds may meet it."""
        ...


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The column has one of the values."""

    column: Any

    def where(self, value: Sequence[str], *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a word has no bounds
        """Return the condition."""
        return col(self.column).in_(value)


@dataclass(frozen=True, slots=True)
class Is:
    """The column has the value."""

    column: Any

    def where(self, value: bool, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a flag has no bounds
        """Return the condition."""
        return col(self.column).is_(value)


@dataclass(frozen=True, slots=True)
class Tagged:
    """The snapshot has one of the values as a tag of the dimension."""

    snapshots: type[SnapshotTable]
    tags: type[TagTable]
    dimension: str

    def where(self, value: Sequence[str], *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a tag has no bounds
        """Return the condition."""
        tagged = select(col(self.tags.snapshot_id)).where(
            col(self.tags.dimension) == self.dimension, col(self.tags.value).in_(value)
        )
        return col(self.snapshots.snapshot_id).in_(tagged)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The figure's lower bound is known to be no less; or, if possible, its upper one may be."""

    nominal: Any
    low: Any
    high: Any

    def where(self, value: float, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        if not possible:
            return col(self.low) >= value
        may = or_(col(self.high).is_(None), col(self.high) >= value)
        return and_(col(self.nominal).is_not(None), may)


@dataclass(frozen=True, slots=True)
class AtMost:
    """The figure's upper bound is known to be no more; or, if possible, its lower one may be."""

    nominal: Any
    low: Any
    high: Any

    def where(self, value: float, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        if not possible:
            return col(self.high) <= value
        may = or_(col(self.low).is_(None), col(self.low) <= value)
        return and_(col(self.nominal).is_not(None), may)


@dataclass(frozen=True, slots=True)
class From:
    """Every day that the partial date may mean, or if possible one of them, isn't earlier."""

    first: Any
    last: Any

    def where(self, value: str, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        return col(self.last if possible else self.first) >= first_day(value)


@dataclass(frozen=True, slots=True)
class To:
    """Every day that the partial date may mean, or if possible one of them, isn't later."""

    first: Any
    last: Any

    def where(self, value: str, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        return col(self.first if possible else self.last) <= last_day(value)


@dataclass(frozen=True, slots=True)
class Words:
    """The text has all the words, as parts of words, whatever their case and accents."""

    snapshots: type[SnapshotTable]

    def where(self, value: str, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a text has no bounds
        """Return the condition."""
        row_id, text = col(self.snapshots.snapshot_id), col(self.snapshots.search_text)
        words = dict.fromkeys(searchable(value).split())
        return and_(*(holds(row_id, text, word) for word in words)) if words else false()


def known(table: type[SnapshotTable], day: str | None) -> ColumnElement[bool]:
    """Return the rows that are current, or that were at the end of a day."""
    if day is None:
        return col(table.known_to).is_(None)
    last = last_day(day)
    later = or_(col(table.known_to).is_(None), col(table.known_to) > last)
    return and_(col(table.known_from) <= last, later)


def conditions(table: type[SnapshotTable], filters: Any) -> list[ColumnElement[bool]]:
    """Return what a request asks for of a table's rows, as they were known on the day that it names."""
    return [known(table, filters.known_on), *asked(filters)]


def asked(filters: BaseModel) -> list[ColumnElement[bool]]:
    """Return what the filters of a request ask for, each parameter's clause with its value."""
    possible = getattr(filters, "bounds", None) is Certainty.POSSIBLE
    wanted = []
    for name, field in type(filters).model_fields.items():
        value = getattr(filters, name)
        if value is None or value == []:
            continue
        wanted += [
            clause.where(value, possible=possible)
            for clause in field.metadata
            if hasattr(clause, "where")
        ]
    return wanted
