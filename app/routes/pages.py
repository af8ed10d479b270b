"""Answer with a page of a list: the rows that match, read in whichever way is quickest for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from app.columnar import COPIED, Columns, NoColumnsError, TooMuchAtOnceError
from app.query.clauses import Clause
from app.query.conditions import conditions, in_sorted_order, one_asked, shape_and_values
from app.query.engines import as_sent
from app.query.page import Keyset, Stretch, keyset
from app.routes.answer import Noun, answer_rows, place, require
from app.routes.reading import Reading, reading

_OWNER = "owner_id"


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
        rows = _rows(request, present, asked)
        total = None
        if filters.count:
            counted = select(func.count()).select_from(noun.table).where(*asked.conditions())
            total = present.connection.scalar(counted)
    return answer_rows(request, present, filters, order, rows=rows, total=total)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The page that is asked for."""

    noun: Noun
    filters: Any
    part: Part | None
    order: Keyset
    after: Sequence[Any] | None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what its rows meet: to be of the present first."""
        part = self.part
        own = [one_asked(_OWNER, part.belongs, [part.owner_id])] if part else []
        return [*conditions(self.noun.table, self.filters), *own]

    def page(self, matching: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """Select the rows of the page that match."""
        return self.order.page(self.noun.table, matching, self.filters.limit)


def _rows(request: Request, present: Reading, asked: _Asked) -> Sequence[Any]:
    at_once = request.scope["state"]["at_once"]
    if not at_once and asked.noun.table in COPIED:
        # It couldn't be read at once, so that few of the rows in order match.
        found = _rows_by_columns(request, present, asked)
        if found is not None:
            return found

    order, part = asked.order, asked.part

    def write(stretch: Stretch) -> Select[Any]:
        current, *wanted = asked.conditions()
        after = order.within(stretch, asked.after)
        return asked.page([current, after, *(map(in_sorted_order, wanted) if at_once else wanted)])

    shape, values = shape_and_values(asked.filters)
    values |= order.values(asked.filters.limit, asked.after)
    if part:
        values[f"{_OWNER}_0"] = part.owner_id
    named = (asked.noun.table, shape, order.shape(asked.after), part and part.belongs, at_once)
    rows: list[Any] = []
    for stretch in order.stretches(asked.after):
        rows += present.rows((*named, stretch), partial(write, stretch), values)
        if len(rows) > asked.filters.limit:
            break
    return rows[: asked.filters.limit + 1]


def _rows_by_columns(request: Request, present: Reading, asked: _Asked) -> Sequence[Any] | None:
    """Find the rows of a page in the columnar copy, which is read whole sooner than a table's half.

    None where there is no copy, or it is asked for too much: the table beside it has the same rows.
    """
    table = asked.noun.table
    kept: Columns = request.app.state.columns
    matching = [*asked.conditions(), *asked.order.after(asked.after)]
    page = asked.page(matching).with_only_columns(col(table.snapshot_id))
    try:
        with kept.asking(present.connection) as columns:
            found = [row[0] for row in columns.rows(page)]
    except (NoColumnsError, TooMuchAtOnceError):
        return None
    keys = [column for column, _ in asked.order.keys]
    read = select(as_sent(col(table.body)), *keys).where(col(table.snapshot_id).in_(found))
    return present.connection.execute(asked.order.sorted(read)).all()
