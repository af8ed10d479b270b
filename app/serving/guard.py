"""The protocol of HTTP, with bounds: what is too large is refused, and who holds a connection idle loses it.

uvicorn's own has neither timeouts of heads nor caps. Nothing here costs a whole request that comes at
once more than a look: sizes are added up only where there is more than one piece, and time is measured
by the warden, which looks at all connections once a second.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from uvicorn._types import HTTPScope
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from app.problems import OVERLOADED, PROBLEM_JSON, UNREADABLE, ProblemType, problem

if TYPE_CHECKING:
    import asyncio

    from app.serving.warden import Warden

MOST_HEAD_BYTES = 16_384
MOST_HEADERS = 100
LONGEST_ADDRESS = 8_192
MOST_PIPELINED = 128
# Of a body that nobody reads: more than clients send before they look at the answer.
MOST_BYTES_AFTER_ANSWER = 1_000_000
# A client that reads takes more than this in the seconds of the settings.
LEAST_BYTES_READ = 32_000

_HEAD_TOO_LARGE = (
    replace(UNREADABLE, status=431),
    f"its head has more than {MOST_HEAD_BYTES} bytes or {MOST_HEADERS} headers",
)
_ADDRESS_TOO_LONG = (
    replace(UNREADABLE, status=414),
    f"its address has more than {LONGEST_ADDRESS} bytes: ask in several requests",
)
_TOO_MANY_AT_ONCE = (
    UNREADABLE,
    f"more than {MOST_PIPELINED} requests were sent without an answer being awaited",
)
_TOO_SLOW = (replace(UNREADABLE, status=408), "it was sent too slowly")
_NOT_HTTP = (UNREADABLE, "it isn't HTTP/1.1")
_TOO_MANY_CONNECTIONS = (OVERLOADED, "as many connections are open as this service can hold")

Refusal = tuple[ProblemType, str]


class _RefusedError(Exception):
    """Stops the parser."""


class Guard(HttpToolsProtocol):
    """One connection, which the warden looks at."""

    # uvicorn sets both only when a request begins, and doesn't say so.
    scope: HTTPScope | None  # type: ignore[assignment]
    cycle: RequestResponseCycle | None  # type: ignore[assignment]

    def __init__(self, *args: Any, warden: "Warden", **given: Any) -> None:
        super().__init__(*args, **given)
        self._warden = warden
        self._refusal: Refusal = _NOT_HTTP
        self._piece_bytes = 0
        self._head: object | None = None
        self._head_bytes = 0
        self._unread_bytes = 0
        # What is awaited of the client, since when, and how much of the answer was unsent then.
        self._awaited: object | None = None
        self._since = 0.0
        self._unsent_bytes = 0

    def connection_made(self, transport: "asyncio.Transport") -> None:  # type: ignore[override]  # as uvicorn
        """Hold the connection, or refuse it where there are too many."""
        super().connection_made(transport)
        if not self._warden.hold(self):
            self._refuse(_TOO_MANY_CONNECTIONS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of it."""
        self._warden.let_go(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a piece of what the client sends."""
        self._piece_bytes = len(data)
        scope = self.scope
        if (
            scope is not None
            and (self.cycle is None or self.cycle.scope is not scope)
            and self._has_long_head()
        ):
            self._refuse(_ADDRESS_TOO_LONG if len(self.url) > LONGEST_ADDRESS else _HEAD_TOO_LARGE)
            return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Start the request, unless it is too large."""
        may_be_long = self._piece_bytes > MOST_HEAD_BYTES or self._head is self.scope
        if len(self.url) > LONGEST_ADDRESS:
            self._refusal = _ADDRESS_TOO_LONG
        elif len(self.headers) > MOST_HEADERS or (
            may_be_long and self._size_of_head() > MOST_HEAD_BYTES
        ):
            self._refusal = _HEAD_TOO_LARGE
        elif len(self.pipeline) >= MOST_PIPELINED:
            self._refusal = _TOO_MANY_AT_ONCE
        else:
            super().on_headers_complete()
            return
        raise _RefusedError

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body; of one that the answer didn't wait for not without end."""
        if self.cycle is not None and self.cycle.response_complete:
            self._unread_bytes += len(body)
            if self._unread_bytes > MOST_BYTES_AFTER_ANSWER:
                self.transport.close()
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # the problem says more
        """Refuse what the parser stopped at."""
        self._refuse(self._refusal)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: whoever likes could fill the log."""

    @property
    def is_idle(self) -> bool:
        """Whether the client is owed nothing."""
        answered = self.cycle is None or self.cycle.response_complete
        return (
            answered
            and not self.pipeline
            and not self.transport.is_closing()
            and not self.transport.get_write_buffer_size()
        )

    def give_way(self) -> None:
        """Close an idle connection, so that another can be held."""
        self.transport.close()

    def abort(self) -> None:
        """Drop the connection with all that is unsent."""
        self.transport.abort()

    def look(self, now: float, seconds: float) -> int:
        """Close the connection where the client has kept it waiting; return how many bytes are unsent."""
        unsent = self.transport.get_write_buffer_size()
        awaited = self._waits_for(unsent)
        reads = awaited is self.transport and self._unsent_bytes - unsent >= LEAST_BYTES_READ
        if awaited is None or awaited is not self._awaited or reads:
            self._note(awaited, now, unsent)
        elif now - self._since < seconds:
            pass
        elif awaited is self.transport:
            self._warden.count("unread answer")
            self.abort()
            return 0
        else:
            self._warden.count("unfinished request")
            if awaited is self.scope:
                self._refuse(_TOO_SLOW)
            self.transport.close()
        return unsent

    def _note(self, awaited: object | None, now: float, unsent: int) -> None:
        self._awaited, self._since, self._unsent_bytes = awaited, now, unsent

    def _waits_for(self, unsent: int) -> object | None:
        """Name what is awaited of the client: that it reads, a head, the rest of a body, or nothing."""
        if unsent:
            return self.transport
        if self.scope is None:
            return self
        if self.cycle is None:
            return self.scope
        if not self.cycle.response_complete:
            return None
        if self.cycle.scope is not self.scope:
            return self.scope
        return self.cycle if self.cycle.more_body else None

    def _has_long_head(self) -> bool:
        """Add a piece to the head that it belongs to, and tell whether that is too large."""
        if self._head is not self.scope:
            self._head, self._head_bytes = self.scope, self._size_of_head()
        self._head_bytes += self._piece_bytes
        return self._head_bytes > MOST_HEAD_BYTES

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with a problem and close; only close where an answer is being given."""
        kind, detail = refusal
        self._warden.count(f"refused with {kind.status}")
        if self.transport.is_closing():
            return
        cycle = self.cycle
        answering = cycle is not None and cycle.response_started and not cycle.response_complete
        if not self.pipeline and not answering:
            if cycle is not None:
                # The parser may stop after a request has been begun: it isn't answered twice.
                cycle.disconnected = True
            body = problem(kind, detail).model_dump_json().encode()
            headers = [
                *self.server_state.default_headers,
                (b"content-type", PROBLEM_JSON.encode()),
                (b"content-length", b"%d" % len(body)),
                (b"cache-control", b"no-store"),
                (b"connection", b"close"),
            ]
            if kind is OVERLOADED:
                headers.append((b"retry-after", b"1"))
            lines = [b"%b: %b\r\n" % pair for pair in headers]
            self.transport.write(b"".join([STATUS_LINE[kind.status], *lines, b"\r\n", body]))
        self.transport.close()
