"""A request's view of the database: one dataset, and what names the answer to the request on it."""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

from pydantic import BaseModel
from sqlalchemy import Connection, Select
from starlette.requests import Request
from starlette.responses import Response

from app.columnar import Asking, Columns, NoColumnsError, TooMuchAtOnceError
from app.database import Loaded, NoDatabaseError, Reader, TooLongError, shown
from app.delivery.sending import Kept
from app.delivery.validators import names
from app.problems import InvalidRequest, NotReady, wrong
from app.query.named import unnamed
from app.query.prepared import Statements
from app.sqlite import uncounted

_PRESENT = "dataset"
CACHING = "public, max-age=60, stale-while-revalidate=600"


@dataclass(frozen=True, slots=True)
class Reading:
    """A connection to one dataset, with the headers of the answer to a request on it."""

    connection: Connection
    dataset: str
    headers: Mapping[str, str]
    unchanged: bool
    statements: Statements

    def rows(
        self, shape: Hashable, write: Callable[[], Select[Any]], values: Mapping[str, Any]
    ) -> Sequence[Any]:
        """Return the rows of a statement, which is written where none of its shape is known."""
        return self.statements.rows(self.connection, shape, write, values)

    def not_modified(self) -> Response:
        """Answer a client that has the answer already."""
        return Response(status_code=304, headers=self.headers)


@contextmanager
def reading(
    request: Request,
    filters: BaseModel | None = None,
    beside: Select[int] | None = None,
    *,
    in_thread: bool = False,
    in_pieces: bool = False,
) -> Iterator[Reading]:
    """Read the present dataset for one request; `beside` selects what else its answer depends on.

    Raises NotReady where no dataset is loaded or a query takes too long, and InvalidRequest where a
    filter names what isn't in it. An answer `in_thread` is one that no other should have to wait for;
    one `in_pieces` is too, and may take as long as its reader does.
    """
    reader: Reader = request.app.state.reader
    at_once = request.scope["state"]["at_once"]
    if at_once and (in_thread or in_pieces):
        raise TooLongError
    try:
        with reader.connect(at_once=at_once, in_pieces=in_pieces) as connection:
            present = _present(reader, connection)
            _tell_delivery(request, reader, present)
            asked = repr(request.scope["state"]["asked"])
            state = "" if beside is None else str(connection.scalar(beside))
            if filters is not None:
                _refuse_unnamed(connection, filters)
            etag = _etag(
                request.app.state.release, *present[:2], request.scope["path"], asked, state
            )
            headers = {"ETag": etag, "Cache-Control": CACHING, "Dataset-Version": present.version}
            yield Reading(
                connection,
                present.version,
                headers,
                _has(request, etag),
                request.app.state.statements,
            )
    except NoDatabaseError:
        raise NotReady("no dataset is loaded") from None
    except TooLongError as error:
        if at_once:
            raise
        raise NotReady(f"the query took longer than {error}: narrow it by filters") from None


@contextmanager
def asking(request: Request, present: Reading) -> Iterator[Asking]:
    """Ask the columnar copy of the dataset that a request reads.

    Raises NotReady where there is none, or where it is asked for too much at once.
    """
    kept: Columns = request.app.state.columns
    try:
        with kept.asking(present.connection) as columns:
            yield columns
    except NoColumnsError:
        raise NotReady("this dataset was loaded by an earlier release: load it again") from None
    except TooMuchAtOnceError:
        raise NotReady("more statistics are asked for at once than this service can give") from None


def _present(reader: Reader, connection: Connection) -> Loaded:
    """Return the load that is read, which a file has for good."""
    known: Loaded | None = connection.info.get(_PRESENT) if reader.is_file else None
    if known is None:
        with uncounted(connection):
            known = shown(connection)
        if known is None:
            raise NotReady("no dataset is loaded")
        connection.info[_PRESENT] = known
    return known


def _tell_delivery(request: Request, reader: Reader, present: Loaded) -> None:
    """Tell which load the answer is of, since replicas may show several at a time."""
    kept: Kept | None = request.scope["state"].get("kept")
    if kept is not None and not reader.is_file:
        kept.loaded = present


def _has(request: Request, etag: str) -> bool:
    """Tell whether the client holds the answer, or delivery keeps it."""
    kept: Kept | None = request.scope["state"].get("kept")
    if kept is not None and kept.has(etag):
        return True
    return names(", ".join(request.headers.getlist("if-none-match")), etag)


def address_of(request: Request, cursor: str | None = None) -> str:
    """Return the address of what a request asks for, written in one way; or of the page at a cursor."""
    asked: Sequence[tuple[str, str]] = request.scope["state"]["asked"]
    if cursor is not None:
        asked = [*(pair for pair in asked if pair[0] != "cursor"), ("cursor", cursor)]
    # The names are ours, so that nothing of them needs quoting.
    query = "&".join([f"{name}={quote_plus(value)}" for name, value in asked])
    path = quote(request.scope["path"])
    return f"{path}?{query}" if query else path


def _refuse_unnamed(connection: Connection, filters: BaseModel) -> None:
    problems = [
        wrong(parameter, f"nothing in this dataset is named {value}", likely)
        for parameter, value, likely in unnamed(connection, filters)
    ]
    if problems:
        raise InvalidRequest(problems)


def _etag(*parts: str) -> str:
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
    return f'"{digest}"'
