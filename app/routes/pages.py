"""Answer with a page of a list: the rows that match, read in whichever way is quickest for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Text, bindparam, func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from app.columnar import COPIED, Asking, Columns, NoColumnsError, TooMuchAtOnceError
from app.query.clauses import Clause
from app.query.conditions import (
    conditions,
    in_sorted_order,
    led_by_words,
    one_asked,
    shape_and_values,
)
from app.query.engines import as_sent
from app.query.page import Keyset, Stretch, keyset
from app.query.trigrams import found_at_most, found_in_sample, indexed_words, patterns
from app.routes.answer import Noun, answer_rows, place, require
from app.routes.reading import Reading, reading

_OWNER = "owner_id"
# Texts that have the words, of whatever table: SQLite takes some two microseconds for each.
_FEW_AT_ONCE, _FEW = 1_000, 25_000
_INDEXED, _MOST = bindparam("indexed", type_=Text), bindparam("most", type_=Integer)
_FOUND, _SAMPLED = "found_at_most", "found_in_sample"
# Of PostgreSQL's rows: a word that fewer have is looked for sooner than met 50 times in order.
_FEW_PERCENT = 1


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a list that belongs to one item, such as one company's rounds."""

    owner: Noun
    owner_id: str
    belongs: Clause


def answer_page(request: Request, filters: Any, noun: Noun, part: Part | None = None) -> Response:
    """Answer with a page of a list, or of the part of it that belongs to one item.

    Raises NotFound where that item doesn't exist, and InvalidRequest for a cursor that isn't ours.
    """
    with reading(request, filters) as present:
        if part:
            require(present, part.owner.table, part.owner_id, filters.known_on)
        order = keyset(noun.sort_by, filters.sort, noun.table)
        after = place(order, filters)
        if present.unchanged:
            return present.not_modified()
        asked = _Asked(noun, filters, part, order, after)
        way = _way(request, present, asked)
        rows = _rows(request, present, asked, way)
        total = _total(request, present, asked, way) if filters.count else None
    return answer_rows(request, present, filters, order, rows=rows, total=total)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The page that is asked for."""

    noun: Noun
    filters: Any
    part: Part | None
    order: Keyset
    after: Sequence[Any] | None

    def conditions(self, way: "_Way") -> list[ColumnElement[bool]]:
        """Return what its rows meet, as it is asked where they are found in a way."""
        part = self.part
        own = [one_asked(_OWNER, part.belongs, [part.owner_id])] if part else []
        current, *wanted = [*conditions(self.noun.table, self.filters), *own]
        match way:
            case _Way.IN_ORDER:
                return [current, *map(in_sorted_order, wanted)]
            case _Way.BY_WORDS:
                return [*map(led_by_words, [current, *wanted])]
            case _Way.PLANNED:
                return [current, *wanted]

    def page(self, matching: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select the rows of the page that match."""
        return self.order.page(self.noun.table, matching, self.filters.limit)


class _Way(Enum):
    """How rows are found, whichever is quickest."""

    IN_ORDER = "each is tried as they come in order"
    BY_WORDS = "those that have the words are tried, which are few"
    PLANNED = "as an engine plans, which is the columnar copy's where it has them"


def _way(request: Request, present: Reading, asked: _Asked) -> _Way:
    at_once = request.scope["state"]["at_once"]
    text = asked.filters.q or ""
    # Each word by itself: that two common ones are in no text together takes all of both to tell.
    if present.connection.dialect.name == "sqlite":
        most = _FEW_AT_ONCE if at_once else _FEW
        if any(_is_in_few(present, word, most) for word in indexed_words(text)):
            return _Way.BY_WORDS
    # What PostgreSQL can answer at once it plans itself.
    elif not at_once and any(_is_rare(present, asked, pattern) for pattern in patterns(text)):
        return _Way.BY_WORDS
    # In a thread it couldn't be read at once, so that few of the rows in order match.
    return _Way.IN_ORDER if at_once else _Way.PLANNED


def _is_in_few(present: Reading, word: str, most: int) -> bool:
    given = {_INDEXED.key: word, _MOST.key: most}
    [(found,)] = present.rows(_FOUND, partial(found_at_most, _INDEXED, _MOST), given)
    return bool(found < most)


def _is_rare(present: Reading, asked: _Asked, pattern: str) -> bool:
    table = asked.noun.table
    write = partial(found_in_sample, table, _INDEXED)
    [(sampled, found)] = present.rows((_SAMPLED, table), write, {_INDEXED.key: pattern})
    return bool(found * 100 <= sampled * _FEW_PERCENT)


def _rows(request: Request, present: Reading, asked: _Asked, way: _Way) -> Sequence[Any]:
    if way is _Way.PLANNED:
        found = _rows_by_columns(request, present, asked)
        if found is not None:
            return found

    order, part = asked.order, asked.part

    def write(stretch: Stretch | None) -> Select[Any]:
        matching = asked.conditions(way)
        beyond = (
            order.after(asked.after) if stretch is None else [order.within(stretch, asked.after)]
        )
        return asked.page([*matching, *beyond])

    shape, values = shape_and_values(asked.filters)
    values |= order.values(asked.filters.limit, asked.after)
    if part:
        values[f"{_OWNER}_0"] = part.owner_id
    named = (asked.noun.table, shape, order.shape(asked.after), part and part.belongs, way)
    rows: list[Any] = []
    # Few rows are sorted, and lie in no stretches of an index.
    stretches = [None] if way is _Way.BY_WORDS else order.stretches(asked.after)
    for stretch in stretches:
        rows += present.rows((*named, stretch), partial(write, stretch), values)
        if len(rows) > asked.filters.limit:
            break
    return rows[: asked.filters.limit + 1]


def _rows_by_columns(request: Request, present: Reading, asked: _Asked) -> Sequence[Any] | None:
    """Find the rows of a page in the columnar copy, which is read whole sooner than a table's half."""
    found = _ask_columns(request, present, asked, partial(_first_ids, asked))
    if found is None:
        return None
    table = asked.noun.table
    read = select(as_sent(col(table.body)), *asked.order.columns).where(
        col(table.snapshot_id).in_(found)
    )
    return present.connection.execute(asked.order.sorted(read)).all()


def _first_ids(asked: _Asked, columns: Asking) -> list[int]:
    """Find the rows of a page in a columnar copy, in any order.

    DuckDB finds the first ones many times sooner by one key than by several. So they are found by the first
    key alone: how far it goes then bounds those that are sorted by all keys.
    """
    order, wanted = asked.order, asked.filters.limit + 1
    first = order.keys[0]
    matching = select(col(asked.noun.table.snapshot_id)).where(
        *asked.conditions(_Way.PLANNED), *order.after(asked.after)
    )
    if asked.filters.q:
        return [row[0] for row in columns.rows(order.sorted(matching).limit(wanted))]
    known = matching.where(first.column.is_not(None)) if first.may_be_unknown else matching
    by_first = order.by_the_first_key().sorted(known.add_columns(first.column))
    nearest = list(columns.rows(by_first.limit(wanted)))
    if len(nearest) == wanted:
        farthest = nearest[-1][1]
        near = first.column >= farthest if first.descending else first.column <= farthest
        found = [*columns.rows(order.sorted(known.where(near)).limit(wanted))]
    elif first.may_be_unknown:
        unknown = matching.where(first.column.is_(None))
        rest = order.where_the_first_is_unknown().sorted(unknown).limit(wanted - len(nearest))
        found = [*nearest, *columns.rows(rest)]
    else:
        found = nearest
    return [row[0] for row in found]


def _total(request: Request, present: Reading, asked: _Asked, way: _Way) -> int:
    # What is counted comes in no order.
    matching = asked.conditions(_Way.PLANNED if way is _Way.IN_ORDER else way)
    counted = select(func.count()).select_from(asked.noun.table).where(*matching)
    found = None
    if way is _Way.PLANNED:
        found = _ask_columns(request, present, asked, lambda columns: list(columns.rows(counted)))
    [(total,)] = found or present.connection.execute(counted)
    return int(total)


def _ask_columns(
    request: Request, present: Reading, asked: _Asked, ask: Callable[[Asking], list[Any]]
) -> list[Any] | None:
    """Ask the columnar copy of the rows.

    None where there is no copy, or it is asked for too much: the table beside it has the same rows.
    """
    if asked.noun.table not in COPIED:
        return None
    kept: Columns = request.app.state.columns
    try:
        with kept.asking(present.connection) as columns:
            return ask(columns)
    except (NoColumnsError, TooMuchAtOnceError):
        return None
