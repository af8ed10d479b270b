"""Answer with a page of a list: the rows that match, read in whichever way is quickest for them."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from app.columnar import COPIED, Asking, Columns, NoColumnsError, TooMuchAtOnceError
from app.database import TooLongError, waiting_for_disk
from app.query.clauses import Clause
from app.query.conditions import given, one_given, shape_and_values
from app.query.engines import Carried, as_sent
from app.query.page import Stretch, keyset
from app.query.trigrams import Holding
from app.routes.answer import Noun, answer_rows, place, require
from app.routes.reading import Reading, reading
from app.routes.ways import IN_ORDER, PLANNED, Asked, Way, way_of

_OWNER = "owner_id"
# Rows whose first key is equal to the last one's of a page: of dates and figures hardly ever more.
_EQUAL_AT_ONCE = 500


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
        asked = Asked(noun, filters, [*given(filters), *own], order, after)
        way = way_of(present, asked, at_once=request.scope["state"]["at_once"])
        rows = _rows(request, present, asked, way)
        total = _total(request, present, asked, way) if filters.count else None
    return answer_rows(request, present, filters, order, rows=rows, total=total)


def _rows(request: Request, present: Reading, asked: Asked, way: Way) -> Sequence[Any]:
    if not way.planned:
        return _rows_of_table(present, asked, way)
    if asked.noun.table in COPIED and not request.app.state.columns.is_open:
        # A cold disk may be all that was too slow at once, and to take the copy out takes seconds of it.
        with suppress(TooLongError), waiting_for_disk(present.connection):
            return _rows_of_table(present, asked, IN_ORDER)
    found = _rows_by_columns(request, present, asked)
    return _rows_of_table(present, asked, way) if found is None else found


def _rows_of_table(present: Reading, asked: Asked, way: Way) -> Sequence[Any]:
    order = asked.order

    def write(stretch: Stretch | None) -> Select[Any]:
        matching = asked.conditions(way)
        beyond = (
            order.after(asked.after) if stretch is None else [order.within(stretch, asked.after)]
        )
        return order.page(asked.noun.table, [*matching, *beyond], asked.filters.limit)

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


def _rows_by_columns(request: Request, present: Reading, asked: Asked) -> Sequence[Any] | None:
    """Find the rows of a page in the columnar copy, which is read whole sooner than a table's half."""
    found = _ask_columns(request, present, asked, partial(_first_ids, asked))
    if found is None:
        return None
    table = asked.noun.table
    read = select(as_sent(col(table.body)), *asked.order.columns).where(
        col(table.snapshot_id).in_(found)
    )
    wanted = asked.order.sorted(read).limit(asked.filters.limit + 1)
    return present.connection.execute(wanted).all()


def _first_ids(asked: Asked, columns: Asking) -> list[int]:
    """Find the rows of a page in a columnar copy, in any order, with others whose first key is equal.

    DuckDB finds the first ones many times sooner by one key than by several. So they are found by the first
    key alone, and of very many that are equal in it then by the others.
    """
    order, wanted = asked.order, asked.filters.limit + 1
    asked_for = asked.conditions(PLANNED)
    matching = select(col(asked.noun.table.snapshot_id)).where(
        *asked_for, *order.after(asked.after)
    )
    # To look into texts and lists of tags takes longer than any order, so that it is done but once.
    if any(isinstance(one, Carried | Holding) for one in asked_for):
        return [row[0] for row in columns.rows(order.sorted(matching).limit(wanted))]
    first = order.keys[0]
    known = matching.where(first.column.is_not(None)) if first.may_be_unknown else matching
    by_first = order.by_the_first_key().sorted(known.add_columns(first.column))
    nearest = list(columns.rows(by_first.limit(wanted + _EQUAL_AT_ONCE)))
    if len(nearest) < wanted:
        return [row[0] for row in (*nearest, *_unknown(asked, columns, matching, len(nearest)))]
    farthest = nearest[wanted - 1][1]
    if len(nearest) < wanted + _EQUAL_AT_ONCE or nearest[-1][1] != farthest:
        return [row[0] for place, row in enumerate(nearest) if place < wanted or row[1] == farthest]
    nearer = [row[0] for row in nearest if row[1] != farthest]
    equal = order.after_the_first_key().sorted(known.where(first.column == farthest))
    return [*nearer, *(row[0] for row in columns.rows(equal.limit(wanted - len(nearer))))]


def _unknown(
    asked: Asked, columns: Asking, matching: Select[Any], before: int
) -> Sequence[tuple[int]]:
    """Find the rows of a page whose first key is unknown, after some whose key is known."""
    order, wanted = asked.order, asked.filters.limit + 1 - before
    first = order.keys[0]
    if not first.may_be_unknown:
        return []
    unknown = matching.where(first.column.is_(None))
    return [*columns.rows(order.where_the_first_is_unknown().sorted(unknown).limit(wanted))]


def _total(request: Request, present: Reading, asked: Asked, way: Way) -> int:
    # What is counted comes in no order.
    matching = asked.conditions(PLANNED if way is IN_ORDER else way)
    counted = select(func.count()).select_from(asked.noun.table).where(*matching)
    found = None
    if way.planned:
        found = _ask_columns(request, present, asked, lambda columns: list(columns.rows(counted)))
    [(total,)] = found or present.connection.execute(counted)
    return int(total)


def _ask_columns(
    request: Request, present: Reading, asked: Asked, ask: Callable[[Asking], list[Any]]
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
