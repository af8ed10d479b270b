"""Answer with rendered rows: one SELECT, a join of their JSON, and the headers that describe it."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Connection, func, select
from sqlmodel import col
from starlette.requests import Request
from starlette.responses import Response

from app.database import Reader
from app.problems import InvalidRequest, NotFound, NotReady, ProblemDetail
from app.query.clauses import conditions
from app.query.page import CursorError, SortBy, keyset
from app.resources.page import PageInfo
from app.tables import DatasetRow, SnapshotTable

JSON = "application/json"
CACHING = "public, max-age=60, stale-while-revalidate=600"
_NEIGHBOURS = 1_000
_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A connection to one dataset, with what names the answer to a request on it."""

    connection: Connection
    dataset: str
    headers: Mapping[str, str]
    unchanged: bool


@contextmanager
def reading(request: Request, filters: BaseModel | None = None) -> Iterator[Reading]:
    """Read the present dataset for one request.

    Raises NotReady where no dataset is loaded.
    """
    reader: Reader = request.app.state.reader
    try:
        with reader.connect() as connection:
            row = connection.execute(
                select(col(DatasetRow.version), col(DatasetRow.rendering))
            ).first()
            if row is None:
                raise NotReady("no dataset is loaded")
            etag = _etag(*row, request.url.path, filters.model_dump_json() if filters else "")
            headers = {"ETag": etag, "Cache-Control": CACHING, "Dataset-Version": row[0]}
            sent = request.headers.get("if-none-match", "")
            yield Reading(connection, row[0], headers, _matches(sent, etag))
    except FileNotFoundError:
        raise NotReady("no dataset is loaded") from None


def answer_page(
    request: Request,
    filters: Any,
    table: type[SnapshotTable],
    sort_by: SortBy,
    *scope: ColumnElement[bool],
) -> Response:
    """Answer with a page of a list; `scope` narrows it to a part, such as one company's."""
    with reading(request, filters) as present:
        if present.unchanged:
            return Response(status_code=304, headers=present.headers)
        order = keyset(sort_by, filters.sort, table)
        matching = [col(table.known_to).is_(None), *scope, *conditions(filters)]
        try:
            statement = order.page(table, matching, filters.limit, filters.cursor)
        except CursorError as error:
            detail = ProblemDetail(parameter="cursor", message=f"cursor: {error}", suggestion=None)
            raise InvalidRequest([detail]) from None
        rows = present.connection.execute(statement).all()
        total = None
        if filters.count:
            counted = select(func.count()).select_from(table).where(*matching)
            total = present.connection.scalar(counted)
    shown = rows[: filters.limit]
    following = order.cursor(shown[-1][1:]) if len(rows) > filters.limit else None
    page = PageInfo(limit=filters.limit, next_cursor=following, total=total)
    bodies = ",".join(row[0] for row in shown)
    body = f'{{"data":[{bodies}],"page":{page.model_dump_json()},"dataset":"{present.dataset}"}}'
    headers = dict(present.headers)
    if following is not None:
        headers["Link"] = f'<{_with_cursor(request, following)}>; rel="next"'
    return Response(body, headers=headers, media_type=JSON)


def answer_one(request: Request, table: type[SnapshotTable], item_id: str) -> Response:
    """Answer with one resource.

    Raises NotFound, with ids that read alike, where there is none.
    """
    with reading(request) as present:
        # The id is looked up before a 304 is given: what doesn't exist has no validator.
        body = present.connection.scalar(select(col(table.body)).where(*_current(table, item_id)))
        if body is None:
            raise _not_found(present.connection, table, item_id)
    if present.unchanged:
        return Response(status_code=304, headers=present.headers)
    return Response(body, headers=dict(present.headers), media_type=JSON)


def answer_dataset(request: Request) -> Response:
    """Answer with the dataset's own description."""
    with reading(request) as present:
        if present.unchanged:
            return Response(status_code=304, headers=present.headers)
        body = present.connection.scalar(select(col(DatasetRow.body)))
    return Response(body, headers=dict(present.headers), media_type=JSON)


def require(request: Request, table: type[SnapshotTable], item_id: str) -> None:
    """Raise NotFound where the resource that a nested list belongs to doesn't exist."""
    with reading(request) as present:
        found = select(col(table.id)).where(*_current(table, item_id))
        if present.connection.scalar(found) is None:
            raise _not_found(present.connection, table, item_id)


def _current(table: type[SnapshotTable], item_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(table.id) == item_id.replace("\0", ""), col(table.known_to).is_(None)


def _not_found(connection: Connection, table: type[SnapshotTable], item_id: str) -> NotFound:
    """Suggest the ids most like this one, among the thousand on either side of it."""
    wanted = item_id.replace("\0", "")[:120].lower()
    ids = select(col(table.id)).where(col(table.known_to).is_(None))
    after = ids.where(col(table.id) >= wanted).order_by(col(table.id)).limit(_NEIGHBOURS)
    before = ids.where(col(table.id) < wanted).order_by(col(table.id).desc()).limit(_NEIGHBOURS)
    neighbours = [*connection.scalars(before), *connection.scalars(after)]
    near = difflib.get_close_matches(wanted, neighbours, n=_SUGGESTIONS)
    noun = str(table.__tablename__).removesuffix("_snapshots")
    return NotFound(f"there is no {noun} {wanted}", near, parameter="id")


def _etag(*parts: str) -> str:
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
    return f'"{digest}"'


def _matches(sent: str, etag: str) -> bool:
    """Compare weakly, as If-None-Match asks (RFC 9110, section 13.1.2)."""
    tags = [tag.strip().removeprefix("W/") for tag in sent.split(",")]
    return etag in tags or "*" in tags


def _with_cursor(request: Request, cursor: str) -> str:
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name != "cursor"]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"
