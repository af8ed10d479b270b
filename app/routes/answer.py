"""Answer with rendered rows: a join of their JSON, and the headers that describe it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from app.problems import InvalidRequest, NotFound, wrong
from app.query.clauses import AnyOf
from app.query.conditions import conditions, one_given, shape_and_values
from app.query.cursor import CursorError, encode_cursor, read_cursor
from app.query.details import DetailFilter
from app.query.engines import as_sent
from app.query.named import near_ids
from app.query.page import Keyset
from app.query.parameters import LONGEST_ID
from app.query.sort import SortBy
from app.resources.page import PageInfo
from app.routes.reading import Reading, address_of, reading
from app.tables import DatasetRow, SnapshotTable

JSON = "application/json"
_ID = "item_id"
GONE = "what it names is no longer in this list: begin it anew"


@dataclass(frozen=True, slots=True)
class Noun:
    """What is listed: where it is kept, what it can be sorted by, and how it reads."""

    table: type[SnapshotTable]
    sort_by: SortBy
    resource: type[BaseModel]


def place(order: Keyset, filters: Any) -> list[Any] | None:
    """Return the keys that a page begins after; raises InvalidRequest for a cursor that isn't ours."""
    try:
        return order.place(filters.cursor)
    except CursorError as error:
        raise _bad_cursor(error) from None


def answer_rows(
    request: Request,
    present: Reading,
    filters: Any,
    order: Keyset,
    *,
    rows: Sequence[Any],
    total: int | None,
) -> Response:
    """Answer with a page of rows, each of a body and its keys, and one row more than it may hold."""
    shown = rows[: filters.limit]
    following = order.cursor(shown[-1][1:]) if len(rows) > filters.limit else None
    page = PageInfo(limit=filters.limit, next_cursor=following, total=total)
    return _page(request, present, [row[0] for row in shown], page)


def answer_items(
    request: Request,
    present: Reading,
    filters: Any,
    items: Sequence[tuple[Sequence[Any], Any]],
    told: Callable[[Any], BaseModel],
) -> Response:
    """Answer with a page of what was computed, each under what names it in a cursor.

    Those of the page alone are told as clients see them.
    """
    named, first = place_named(filters), 0
    if named is not None:
        try:
            first = [list(name) for name, _ in items].index(named) + 1
        except ValueError:
            raise InvalidRequest([wrong("cursor", GONE)]) from None
    shown = [(name, told(item)) for name, item in items[first : first + filters.limit]]
    more = first + filters.limit < len(items)
    total = len(items) if filters.count else None
    return answer_shown(request, present, filters, shown, more=more, total=total)


def answer_shown(
    request: Request,
    present: Reading,
    filters: Any,
    shown: Sequence[tuple[Sequence[Any], BaseModel]],
    *,
    more: bool,
    total: int | None,
    beside: BaseModel | None = None,
) -> Response:
    """Answer with the items of one page that were computed, each under what names it in a cursor."""
    page = PageInfo(
        limit=filters.limit,
        next_cursor=encode_cursor(_sort_of(filters), shown[-1][0]) if more else None,
        total=total,
    )
    return _page(request, present, [one.model_dump_json() for _, one in shown], page, beside)


def place_named(filters: Any) -> list[Any] | None:
    """Return what the cursor of a list that is computed names; raises InvalidRequest for a bad one."""
    if filters.cursor is None:
        return None
    try:
        return read_cursor(filters.cursor, _sort_of(filters))
    except CursorError as error:
        raise _bad_cursor(error) from None


def _sort_of(filters: Any) -> str:
    return getattr(filters, "sort", "")


def answer_one(request: Request, filters: Any, noun: Noun, item_id: str) -> Response:
    """Answer with one resource.

    Raises NotFound, with ids that read alike, where there is none.
    """
    with reading(request, filters) as present:
        # The id is looked up before a 304 is given: what doesn't exist has no validator.
        body = require(present, noun.table, item_id, filters.known_on)
    if present.unchanged:
        return present.not_modified()
    return Response(body, headers=dict(present.headers), media_type=JSON)


def answer_dataset(request: Request) -> Response:
    """Answer with the dataset's own description."""
    with reading(request) as present:
        if present.unchanged:
            return present.not_modified()
        body = present.connection.scalar(select(col(DatasetRow.body)))
    return Response(body, headers=dict(present.headers), media_type=JSON)


def _page(
    request: Request,
    present: Reading,
    bodies: Sequence[str | bytes],
    page: PageInfo,
    beside: BaseModel | None = None,
) -> Response:
    if present.unchanged:
        return present.not_modified()
    more = "" if beside is None else beside.model_dump_json()[1:-1] + ","
    end = f'],"page":{page.model_dump_json()},{more}"dataset":{json.dumps(present.dataset)}}}'
    sent = [one if isinstance(one, bytes) else one.encode() for one in bodies] or [b""]
    # All is copied once: what stands around the bodies is joined to the first and to the last.
    sent[0] = b'{"data":[' + sent[0]
    sent[-1] += end.encode()
    body = b",".join(sent)
    headers = dict(present.headers)
    if page.next_cursor is not None:
        headers["Link"] = f'<{address_of(request, page.next_cursor)}>; rel="next"'
    return Response(body, headers=headers, media_type=JSON)


def _bad_cursor(error: CursorError) -> InvalidRequest:
    return InvalidRequest([wrong("cursor", str(error))])


def require(
    present: Reading, table: type[SnapshotTable], item_id: str, day: str | None
) -> str | bytes:
    """Return the JSON of a resource as it was known.

    Raises NotFound, with ids that read alike or with the day from which it is known.
    """
    given_id = item_id.replace("\0", "")
    asked, named = DetailFilter(known_on=day), [one_given(_ID, AnyOf(table.id), [given_id])]
    rows = present.rows(
        (table, require, day is None),
        lambda: select(as_sent(col(table.body))).where(*conditions(table, asked, named)),
        shape_and_values(asked, named)[1],
    )
    if rows:
        body: str | bytes = rows[0][0]
        return body
    noun = str(table.__tablename__).removesuffix("_snapshots")
    of_id = col(table.id) == given_id
    since = present.connection.scalar(select(func.min(col(table.known_from))).where(of_id))
    if since is not None:
        raise NotFound(f"the {noun} {item_id} isn't known before {since}")
    given = given_id[:LONGEST_ID]
    likely = near_ids(present.connection, table, given)
    raise NotFound(f"there is no {noun} {given}", likely, parameter="id")
