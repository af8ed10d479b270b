"""Answer with a page of a list: the rows that match, read in whichever way is quickest for them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, Text, bindparam, func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from app.columnar import COPIED, Asking, Columns, NoColumnsError, TooMuchAtOnceError
from app.query.clauses import Clause, Leading, Search, Words
from app.query.conditions import (
    Clauses,
    conditions,
    given,
    in_turn,
    limits,
    one_given,
    shape_and_values,
)
from app.query.engines import Carried, as_sent
from app.query.page import Keyset, Stretch, keyset
from app.query.trigrams import Holding, found_in_sample
from app.routes.answer import Noun, answer_rows, place, require
from app.routes.reading import Reading, reading

_OWNER = "owner_id"
# Rows that are found by an index, and then sorted: SQLite takes two to five microseconds for each.
_MOST_AT_ONCE = 1_000
_MOST, _PATTERN = bindparam("most", type_=Integer), bindparam("pattern", type_=Text)
_FOUND, _SAMPLED, _ROWS = "found_at_most", "found_in_sample", "rows"
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
        own = [one_given(_OWNER, part.belongs, [part.owner_id])] if part else []
        asked = _Asked(noun, filters, own, [*given(filters), *own], order, after)
        way = _way(request, present, asked)
        rows = _rows(request, present, asked, way)
        total = _total(request, present, asked, way) if filters.count else None
    return answer_rows(request, present, filters, order, rows=rows, total=total)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The page that is asked for."""

    noun: Noun
    filters: Any
    part: Clauses
    """What rows of one item meet, beside the filters."""
    clauses: Clauses
    """What rows meet in all."""
    order: Keyset
    after: Sequence[Any] | None

    def conditions(self, way: "_Way") -> list[ColumnElement[bool]]:
        """Return what rows meet, as it is asked where they are found in a way."""
        current, *wanted = conditions(self.noun.table, self.filters, self.part)
        if way.planned:
            return [current, *wanted]
        tried = [one if place == way.leader else in_turn(one) for place, one in enumerate(wanted)]
        if way.leader is not None:
            return [in_turn(current), *tried]
        # An index of a sort has the current rows alone.
        return [current, *limits(self.filters, self.order.keys[0].column), *tried]

    def page(self, matching: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select the rows of the page that match."""
        return self.order.page(self.noun.table, matching, self.filters.limit)


class _Way(NamedTuple):
    """How rows are found, whichever is quickest: in order, each of them tried, or in one of these ways."""

    planned: bool = False
    """As an engine plans, which is the columnar copy's where it has them."""
    leader: int | None = None
    """Those that meet the clause in this place are tried, which are few."""


_IN_ORDER, _PLANNED = _Way(), _Way(planned=True)


def _way(request: Request, present: Reading, asked: _Asked) -> _Way:
    at_once = request.scope["state"]["at_once"]
    for leader, (clause, named) in enumerate(asked.clauses):
        if isinstance(clause, Leading):
            values = [*named.values()]
            if _leads(present, asked, clause, values, at_once=at_once):
                return _Way(leader=leader)
    # In a thread it couldn't be read at once, so that few of the rows in order match.
    return _IN_ORDER if at_once else _PLANNED


def _leads(
    present: Reading, asked: _Asked, clause: Leading, values: Sequence[Any], *, at_once: bool
) -> bool:
    """Tell whether so few rows meet a clause that these are looked for before all else."""
    if present.connection.dialect.name == "sqlite":
        most = _most_at_once(present, asked) if at_once else clause.few
        return any(_is_in_few(present, search, most) for search in clause.searches(values))
    # What PostgreSQL can answer at once it plans itself.
    if at_once or not isinstance(clause, Words):
        return False
    return any(_is_rare(present, asked, pattern) for pattern in clause.patterns(values))


def _most_at_once(present: Reading, asked: _Asked) -> int:
    """Return of how many rows all are sooner sorted than, in order, as many are met as a page has.

    Of all rows, as many times more are tried in order until these are met as those that are met are fewer.
    """
    table = asked.noun.table
    latest = partial(select, func.max(col(table.snapshot_id)))
    [(rows,)] = present.rows((_ROWS, table), latest, {})
    return min(math.isqrt((rows or 0) * (asked.filters.limit + 1)), _MOST_AT_ONCE)


def _is_in_few(present: Reading, search: Search, most: int) -> bool:
    def write() -> Select[Any]:
        return select(func.count()).select_from(search.write().limit(_MOST).subquery())

    given = {**search.values, _MOST.key: most}
    [(found,)] = present.rows((_FOUND, search.shape), write, given)
    return bool(found < most)


def _is_rare(present: Reading, asked: _Asked, pattern: str) -> bool:
    table = asked.noun.table
    write = partial(found_in_sample, table, _PATTERN)
    [(sampled, found)] = present.rows((_SAMPLED, table), write, {_PATTERN.key: pattern})
    return bool(found * 100 <= sampled * _FEW_PERCENT)


def _rows(request: Request, present: Reading, asked: _Asked, way: _Way) -> Sequence[Any]:
    if way.planned:
        found = _rows_by_columns(request, present, asked)
        if found is not None:
            return found

    order = asked.order

    def write(stretch: Stretch | None) -> Select[Any]:
        matching = asked.conditions(way)
        beyond = (
            order.after(asked.after) if stretch is None else [order.within(stretch, asked.after)]
        )
        return asked.page([*matching, *beyond])

    shape, values = shape_and_values(asked.filters, asked.clauses)
    values |= order.values(asked.filters.limit, asked.after)
    named = (asked.noun.table, shape, order.shape(asked.after), way)
    rows: list[Any] = []
    # Few rows are sorted, and lie in no stretches of an index.
    stretches = [None] if way.leader is not None else order.stretches(asked.after)
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
    asked_for = asked.conditions(_PLANNED)
    matching = select(col(asked.noun.table.snapshot_id)).where(
        *asked_for, *order.after(asked.after)
    )
    if any(isinstance(one, Carried | Holding) for one in asked_for):
        return [row[0] for row in columns.rows(order.sorted(matching).limit(wanted))]
    first = order.keys[0]
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
    matching = asked.conditions(_PLANNED if way is _IN_ORDER else way)
    counted = select(func.count()).select_from(asked.noun.table).where(*matching)
    found = None
    if way.planned:
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
