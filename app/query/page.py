"""Paging: what every list takes (limit, cursor, count), and keyset pages as SQL.

A cursor names the sort keys of the last row seen, so that a page costs the same wherever it is, and
a walk meets each row once.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, false, or_, select, true
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.models import Model
from app.query.cursor import decode_cursor, encode_cursor
from app.query.engines import as_sent
from app.query.parameters import Count, Cursor, Limit
from app.query.sort import Key, SortBy
from app.tables import PagedTable, SnapshotTable

_MOST_ROWS, _AFTER = "most_rows", "after_{}"
_ID = "id"


class Paging(Model):
    """Which page of a list is asked for."""

    limit: Limit = 50
    cursor: Cursor = None
    count: Count = False


class Stretch(NamedTuple):
    """Rows after a cursor that lie together in an index: by the first key in which they differ from it."""

    key: int
    unknown: bool


_ALL, _NONE = Stretch(-1, unknown=False), Stretch(-1, unknown=True)


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order of rows in which no two are equal, and where a page of it begins."""

    keys: Sequence[Key]
    sort: str

    @property
    def columns(self) -> list[Mapped[Any]]:
        """The columns that rows are ordered by."""
        return [key.column for key in self.keys]

    def rows(self, table: type[PagedTable], asked: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select the bodies of all rows that are asked for, and their keys."""
        return self.sorted(select(col(table.body), *self.columns).where(*asked))

    def sorted(self, statement: Select[Any]) -> Select[Any]:
        """Return a statement whose rows come in this order."""
        return statement.order_by(*map(_ordered, self.keys))

    def page(
        self,
        table: type[PagedTable],
        asked: Sequence[ColumnElement[bool]],
        limit: int,
    ) -> Select[Any]:
        """Select the rows of a page and one row more, which tells whether there is a next page."""
        columns = as_sent(col(table.body)), *self.columns
        statement = self.rows(table, asked).with_only_columns(*columns)
        return statement.limit(bindparam(_MOST_ROWS, limit + 1, Integer))

    def by_the_first_key(self) -> "Keyset":
        """Return the order by the first key alone, in which many rows may be equal."""
        return Keyset(self.keys[:1], self.sort)

    def after_the_first_key(self) -> "Keyset":
        """Return the order of rows whose first key is equal."""
        return Keyset(self.keys[1:], self.sort)

    def where_the_first_is_unknown(self) -> "Keyset":
        """Return the order of rows whose first key is unknown, and with it the last day of such a date."""
        with_it = dropwhile(
            lambda key: cast(Any, key.column).nullable and not key.may_be_unknown, self.keys[1:]
        )
        return Keyset(list(with_it), self.sort)

    def place(self, cursor: str | None) -> list[Any] | None:
        """Read the sort keys that a cursor names; raises CursorError where it isn't of this list."""
        if cursor is None:
            return None
        return decode_cursor(cursor, self.sort, self.columns)

    def values(self, limit: int, after: Sequence[Any] | None) -> dict[str, Any]:
        """Return the values that stand in the statement of `page`, under their names there."""
        keys = {_AFTER.format(number): value for number, value in enumerate(after or ())}
        return {_MOST_ROWS: limit + 1, **keys}

    def shape(self, after: Sequence[Any] | None) -> Hashable:
        """Name what the text of the statement of `page` depends on."""
        return self.sort, None if after is None else tuple(value is None for value in after)

    def cursor(self, row: Sequence[Any]) -> str:
        """Name the row after which the next page begins, from its sort keys."""
        return encode_cursor(self.sort, row)

    def after(self, values: Sequence[Any] | None) -> list[ColumnElement[bool]]:
        """Ask for the rows after the one with these keys, in one condition, where all rows are looked at."""
        stretches = self.stretches(values)
        return [] if values is None else [or_(*(self.within(one, values) for one in stretches))]

    def stretches(self, values: Sequence[Any] | None) -> list[Stretch]:
        """Name the stretches of an index that these rows are, in their order.

        One condition for all of them would be tried on each row from the beginning of the index on. Each is
        written in SQL by `within`, where a statement isn't known yet.
        """
        if values is None:
            return [_ALL]
        found = []
        for number in reversed(range(len(self.keys))):
            if values[number] is not None:
                found.append(Stretch(number, unknown=False))
                if self.keys[number].may_be_unknown:
                    found.append(Stretch(number, unknown=True))
        return found or [_NONE]

    def within(self, stretch: Stretch, values: Sequence[Any] | None) -> ColumnElement[bool]:
        """Ask for one of the stretches: equal in the first keys, and beyond in the next, or unknown there."""
        if values is None:
            return true()
        if stretch is _NONE:
            return false()
        keys = [
            (column, value, bindparam(_AFTER.format(number), value, cast(Any, column).type))
            for number, (column, value) in enumerate(zip(self.columns, values, strict=True))
        ]
        equal = [
            column.is_(None) if value is None else column == given
            for column, value, given in keys[: stretch.key]
        ]
        column, _, given = keys[stretch.key]
        if stretch.unknown:
            return and_(*equal, column.is_(None))
        descending = self.keys[stretch.key].descending
        return and_(*equal, column < given if descending else column > given)


@lru_cache(maxsize=1_000)
def keyset(sort_by: SortBy, sort: str, table: type[SnapshotTable]) -> Keyset:
    """Return the order that a sort asks for; the id breaks ties."""
    keys = sort_by.keys(sort)
    if all(str(key.column) != str(col(table.id)) for key in keys):
        keys.append(Key(col(table.id), descending=False, may_be_unknown=False))
    return Keyset(keys, sort)


def _ordered(key: Key) -> ColumnElement[Any]:
    """Order by a column, unknown values last, as its index has them.

    Indexes of sorts have a place for unknown values where they descend, even if there are none; an id has
    but the one that keeps it unique, which is read backwards.
    """
    ordered: ColumnElement[Any] = key.column.desc() if key.descending else key.column.asc()
    indexed_so = key.descending and key.column.key != _ID
    return ordered.nulls_last() if key.may_be_unknown or indexed_so else ordered
