"""Answer with a whole collection as a file: every row that matches, streamed in one of three formats."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from anyio import CancelScope
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.delivery.columns import Column, columns_of, rows_of
from app.delivery.ranges import in_parts
from app.delivery.tabular import WRITERS, TableFormat
from app.likeness import near, nearest
from app.problems import InvalidRequest, NotFound, NotInstalled, NotReady, ProblemDetail, wrong
from app.query.conditions import conditions
from app.query.page import keyset
from app.query.sort import LONGEST_WORD
from app.query.statistics import Grouping
from app.routes.answer import Noun
from app.routes.reading import Reading, asking, reading
from app.routes.statistics import Resource, dimensions_of, ordering, statistics

# Each holds a connection for as long as its client reads: they leave most to other requests.
LONG_EXPORTS = 10
_FETCHED_ROWS = 100
_ONE_PIECE_BYTES = 2_000_000


@dataclass(frozen=True, slots=True)
class TableFile:
    """The file that is asked for: its name, its format and its columns."""

    name: str
    format: TableFormat
    columns: Sequence[Column]


def answer_export(request: Request, filters: Any, noun: Noun, file_format: str) -> Response:
    """Answer with all rows of a collection that match.

    Raises InvalidRequest for a column that there isn't, NotFound for a format that there isn't, and
    NotInstalled where the format's library is missing.
    """
    file = _file(request, file_format, filters.fields, columns_of(noun.resource))
    with ExitStack() as stack:
        present = stack.enter_context(reading(request, filters, in_pieces=True))
        if present.unchanged:
            return present.not_modified()
        matching = conditions(noun.table, filters)
        statement = keyset(noun.sort_by, filters.sort, noun.table).rows(noun.table, matching)
        options = {"yield_per": _FETCHED_ROWS}
        executed = present.connection.execute(statement, execution_options=options)
        rows = stack.enter_context(executed)
        return _streamed(request, present, file, (row[0] for row in rows), stack)


def answer_statistics_export(
    request: Request, filters: Any, grouping: Grouping, resource: Resource, file_format: str
) -> Response:
    """Answer with all groups of statistics; raises what `answer_export` raises."""
    columns = columns_of(resource, dimensions_of(filters))
    file = _file(request, file_format, filters.fields, columns)
    order = ordering(filters, grouping)
    with ExitStack() as stack:
        present = stack.enter_context(reading(request, filters, in_pieces=True))
        if present.unchanged:
            return present.not_modified()
        asked = stack.enter_context(asking(request, present))
        items = statistics(asked, filters, order, grouping, resource)
        return _streamed(request, present, file, (one.model_dump_json() for one in items), stack)


def _file(
    request: Request, file_format: str, asked: str | None, columns: Sequence[Column]
) -> TableFile:
    try:
        kind = TableFormat(file_format)
    except ValueError:
        shown = file_format[:LONGEST_WORD]
        detail = f"there is no format {shown}: take one of {', '.join(TableFormat)}"
        raise NotFound(detail, near(file_format, TableFormat), parameter="file_format") from None
    name = request.url.path.removeprefix("/v1/").rpartition(".")[0].replace("/", "-")
    return TableFile(name, kind, columns if asked is None else _picked(asked, columns))


def _picked(asked: str, columns: Iterable[Column]) -> list[Column]:
    by_name = {column.name: column for column in columns}
    picked = asked.split(",")
    if unknown := [name for name in picked if name not in by_name]:
        raise InvalidRequest([_unknown_column(name, by_name) for name in unknown])
    if len(set(picked)) < len(picked):
        raise InvalidRequest([wrong("fields", "names a column twice")])
    return [by_name[name] for name in picked]


def _unknown_column(name: str, known_names: Iterable[str]) -> ProblemDetail:
    return wrong("fields", f"there is no column {name[:LONGEST_WORD]}", nearest(name, known_names))


def _streamed(
    request: Request, present: Reading, file: TableFile, bodies: Iterable[str], stack: ExitStack
) -> Response:
    """Send the file; what the stack holds belongs to the stream of one that is long."""
    write, media_type = WRITERS[file.format]
    chunks = write(file.columns, rows_of(bodies, file.columns))
    named = f"airounds-{file.name}-{present.dataset}.{file.format}"
    headers = {**present.headers, "Content-Disposition": f'attachment; filename="{named}"'}
    begun: list[bytes] = []
    try:
        # What is short is sent in one piece with its length, and what fails here is still a problem.
        while sum(map(len, begun)) < _ONE_PIECE_BYTES:
            chunk = next(chunks, None)
            if chunk is None:
                whole = Response(b"".join(begun), headers=headers, media_type=media_type)
                return in_parts(request, whole)
            begun.append(chunk)
    except ImportError:
        raise NotInstalled(f"this service can't write {file.format}; take csv or ndjson") from None
    streams: BoundedSemaphore = request.app.state.streams
    if not streams.acquire(blocking=False):
        raise NotReady("as many long exports are being read as this service can give at once")
    stack.callback(streams.release)
    sent = _sent(b"".join(begun), chunks)
    return _LongResponse(sent, stack.pop_all(), headers=headers, media_type=media_type)


async def _sent(begun: bytes, chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    yield begun
    while (chunk := await run_in_threadpool(next, chunks, None)) is not None:
        yield chunk


class _LongResponse(StreamingResponse):
    """A stream that lets go of the database when its last chunk or its client is gone."""

    def __init__(self, content: AsyncIterator[bytes], held: ExitStack, **options: Any) -> None:
        super().__init__(content, **options)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            # PostgreSQL is told over the network, which nothing else may wait for.
            with CancelScope(shield=True):
                await run_in_threadpool(self._held.close)
