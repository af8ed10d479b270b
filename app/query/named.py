"""Filters that name something: what they name must exist, and near names are told where it doesn't.

An id that no dataset item ever had would give an empty list, which reads like an answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol, runtime_checkable

from pydantic import BaseModel
from sqlalchemy import Connection, select
from sqlmodel import col

from app.likeness import near
from app.query.conditions import annotations, known
from app.query.parameters import Ids, Word
from app.tables import (
    CompanySnapshotRow,
    CompanyTagRow,
    InvestorSnapshotRow,
    RoundSnapshotRow,
    SnapshotTable,
    SourceSnapshotRow,
    TagTable,
)

_NEIGHBOURS = 1_000
_SUGGESTIONS = 3


@runtime_checkable
class Naming(Protocol):
    """What values of a filter name."""

    def missing(self, connection: Connection, values: Sequence[str]) -> list[str]:
        """Return the values that name nothing."""
        ...

    def near(self, connection: Connection, value: str) -> list[str]:
        """Return what such a value may mean."""
        ...


@dataclass(frozen=True, slots=True)
class ItemId:
    """An id of an item, whether it is known on the day that is asked for or on another."""

    table: type[SnapshotTable]

    def missing(self, connection: Connection, values: Sequence[str]) -> list[str]:
        """Return the ids that no item has."""
        identity = col(self.table.id)
        found = set(connection.scalars(select(identity).distinct().where(identity.in_(values))))
        return [value for value in values if value not in found]

    def near(self, connection: Connection, value: str) -> list[str]:
        """Return ids like this one, among the thousand on either side of it."""
        return near_ids(connection, self.table, value)


@dataclass(frozen=True, slots=True)
class TagWord:
    """A word of an open list, such as a category."""

    tags: type[TagTable]
    dimension: str

    def missing(self, connection: Connection, values: Sequence[str]) -> list[str]:
        """Return the words that nothing is tagged with."""
        word = col(self.tags.value)
        tagged = select(word).where(col(self.tags.dimension) == self.dimension)
        # One after another: of all at a time the engines read each row that is tagged.
        first = (connection.scalar(tagged.where(word == value).limit(1)) for value in values)
        return [value for value, found in zip(values, first, strict=True) if found is None]

    def near(self, connection: Connection, value: str) -> list[str]:
        """Return words like this one."""
        tagged = col(self.tags.dimension) == self.dimension
        words = connection.scalars(select(col(self.tags.value)).distinct().where(tagged))
        return near(value, sorted(words), most=_SUGGESTIONS)


CompanyIds = Annotated[Ids, ItemId(CompanySnapshotRow)]
RoundIds = Annotated[Ids, ItemId(RoundSnapshotRow)]
InvestorIds = Annotated[Ids, ItemId(InvestorSnapshotRow)]
SourceIds = Annotated[Ids, ItemId(SourceSnapshotRow)]
Categories = Annotated[list[Word], TagWord(CompanyTagRow, "category")]


def near_ids(connection: Connection, table: type[SnapshotTable], wanted: str) -> list[str]:
    """Return the current ids most like one, among the thousand on either side of it."""
    lowered = wanted.lower()
    ids = select(col(table.id)).where(known(table, None))
    after = ids.where(col(table.id) >= lowered).order_by(col(table.id)).limit(_NEIGHBOURS)
    before = ids.where(col(table.id) < lowered).order_by(col(table.id).desc()).limit(_NEIGHBOURS)
    neighbours = [*connection.scalars(before), *connection.scalars(after)]
    return near(lowered, neighbours, most=_SUGGESTIONS)


def unnamed(connection: Connection, filters: BaseModel) -> Iterator[tuple[str, str, str | None]]:
    """Return parameter, value and the likeliest name of each value that names nothing."""
    for name, what in annotations(type(filters), Naming):
        values = getattr(filters, name)
        if values:
            for value in what.missing(connection, values):
                yield name, value, next(iter(what.near(connection, value)), None)
