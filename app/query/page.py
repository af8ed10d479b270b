"""Paging: what every list takes (limit, cursor, count, sort), and keyset pages as SQL.

A cursor names the sort keys of the last row seen, so that a page costs the same wherever it is, and
a walk meets each row once.
"""

import base64
import json
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.likeness import nearest
from app.models import Model
from app.query.engines import as_sent
from app.query.parameters import LONGEST_SORT, Count, Cursor, Limit
from app.tables import PagedTable, SnapshotTable

LONGEST_WORD = 80
_LARGEST_NUMBER = 2**63
_LARGEST_INTEGER = 2**31  # of a column that isn't a big one
_FOREIGN_CURSOR = "not a cursor of this list: take next_cursor of a page as it is"
_MOST_ROWS, _AFTER = "most_rows", "after_{}"
_ID = "id"
_SURROGATE = re.compile("[\ud800-\udfff]")


class Paging(Model):
    """Which page of a list is asked for."""

    limit: Limit = 50
    cursor: Cursor = None
    count: Count = False


def unknown_word(purpose: str, name: str, known: Iterable[str]) -> PydanticCustomError:
    """Say that a word isn't one of those to sort or group by, and which was meant."""
    names = list(known)
    context = {
        "purpose": purpose,
        "name": name[:LONGEST_WORD],
        "names": ", ".join(names),
        "suggestion": nearest(name, names),
    }
    return PydanticCustomError(
        "unknown_word", "there is no {name} to {purpose} by: take one of {names}", context
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """How a text of joined words is validated and documented; an annotation of its field."""

    check: Callable[[str], str]
    pattern: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Validate the text."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Document which words there are."""
        return {**handler(schema), "pattern": self.pattern, "maxLength": LONGEST_SORT}


class Key(NamedTuple):
    """A column that rows are ordered by, and whether it may be unknown where those before it are equal."""

    column: Mapped[Any]
    descending: bool
    may_be_unknown: bool


@dataclass(frozen=True, eq=False)
class SortBy:
    """The fields that a list can be sorted by, each with its columns, and how a sort is written."""

    fields: Mapping[str, Sequence[Any]]

    @property
    def description(self) -> str:
        """Say in words which sorts there are."""
        return (
            "Fields to sort by, joined by commas; `-` before a field sorts it in descending order. "
            f"Unknown values come last. One of: {', '.join(self.fields)}."
        )

    @property
    def terms(self) -> Terms:
        """How a sort is written."""
        term = f"-?({'|'.join(self.fields)})"
        return Terms(self._check, f"^{term}(,{term})*$")

    def keys(self, sort: str) -> list[Key]:
        """Return the columns of a sort, every column once.

        A field of two columns is a partial date: its last day is known where its first is.
        """
        keys: dict[str, Key] = {}
        for term in sort.split(","):
            for number, column in enumerate(self.fields[term.removeprefix("-")]):
                may_be_unknown = number == 0 and cast(Any, column).nullable
                key = Key(col(column), term.startswith("-"), may_be_unknown)
                keys.setdefault(str(column), key)
        return list(keys.values())

    def _check(self, sort: str) -> str:
        if len(sort) > LONGEST_SORT:
            raise PydanticCustomError("sort", "is longer than any sort of these fields need be")
        for term in sort.split(","):
            name = term.removeprefix("-")
            if not name:
                raise PydanticCustomError("sort", "has an empty term")
            if name not in self.fields:
                raise unknown_word("sort", name, self.fields)
        return sort


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


def encode_cursor(sort: str, values: Sequence[Any]) -> str:
    """Name a place in a list: the sort that it is of, and what stands there."""
    text = json.dumps([sort, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def begins_after(sort: str, *keys: Any) -> Any:
    """Return the field of a cursor, with the place after an item of the seed as its example."""
    return Field(None, examples=[encode_cursor(sort, keys)])


def read_cursor(cursor: str, sort: str) -> list[Any]:
    """Read what stands at the place that a cursor names.

    Raises CursorError where it is none of ours, was cut, or belongs to another sort.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        read: list[Any] = json.loads(text.decode())
        belongs_to, *values = read
    except (ValueError, TypeError, RecursionError):
        raise CursorError(_FOREIGN_CURSOR) from None
    if belongs_to != sort:
        raise CursorError("made for another sort: keep sort as it was on the page before")
    return values


def decode_cursor(cursor: str, sort: str, columns: Sequence[Mapped[Any]]) -> list[Any]:
    """Read the sort keys that a cursor names.

    Raises CursorError where they aren't keys of this list.
    """
    values = read_cursor(cursor, sort)
    if len(values) != len(columns) or not all(map(_fits, values, columns)):
        raise CursorError(_FOREIGN_CURSOR)
    return values


class CursorError(ValueError):
    """A cursor that names no place in the list."""


def _fits(value: Any, column: Any) -> bool:
    if value is None:
        return True
    if column.type.python_type in (int, float):
        is_small = isinstance(column.type, Integer) and not isinstance(column.type, BigInteger)
        largest = _LARGEST_INTEGER if is_small else _LARGEST_NUMBER
        # Also false of a NaN, and of a whole number that is too long for a float.
        return (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and -largest < value < largest
        )
    return isinstance(value, str) and "\0" not in value and not _SURROGATE.search(value)
