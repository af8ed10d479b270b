"""What is known of requests afterwards: numbers always, a line of each where told to.

An answer from memory takes a fraction of what a line or a metric does. So it adds one to a number, and
once a second the numbers are handed to the metrics and the lines are written, where there are any.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Scope, Send

from app.delivery.request_ids import REQUEST_ID
from app.logs import renderer

if TYPE_CHECKING:
    from app.delivery.tracing import Spans
    from app.metrics import RequestMetrics

UNKNOWN_ROUTE = "other"
_SECONDS = 1.0
_MOST_LINES = 500
HIT, MISS = "hit", "miss"
NOTE = "note"
"""Where the state of a request has its note."""


class Tally:
    """How many answers there were, and how many bytes."""

    __slots__ = ("bytes", "count")

    def __init__(self) -> None:
        self.count = 0
        self.bytes = 0


class Note:
    """One request that isn't answered from memory: it stands in the place of `send`."""

    __slots__ = (
        "_started",
        "method",
        "request_id",
        "route",
        "seconds",
        "send",
        "sent",
        "status",
        "waited",
    )

    def __init__(self, method: str, send: Send) -> None:
        self.method = method
        self.send = send
        self._started = time.perf_counter()
        self.route = UNKNOWN_ROUTE
        self.status = 0
        self.sent = 0
        self.waited = 0.0
        self.seconds = 0.0
        self.request_id = b""

    async def __call__(self, message: Message) -> None:
        """Send a message, with the time that it took."""
        if message["type"] == "http.response.start":
            headers = message["headers"]
            request_id = next((value for name, value in headers if name == REQUEST_ID), b"")
            timing = self.begin(message["status"], request_id)
            message = {**message, "headers": [*headers, timing]}
        elif self.method != "HEAD":
            self.sent += len(message.get("body", b""))
        await self.send(message)

    def begin(self, status: int, request_id: bytes) -> tuple[bytes, bytes]:
        """Take down what an answer begins with; return the header that tells how long it took till then."""
        self.status, self.request_id = status, request_id
        spent = (time.perf_counter() - self._started) * 1e3
        return b"server-timing", b"wait;dur=%.1f, total;dur=%.1f" % (self.waited * 1e3, spent)

    def end(self) -> None:
        """Take the time that it took in all."""
        self.seconds = time.perf_counter() - self._started


class Lines:
    """Lines about requests, written together; who asked and what for is in them where told so alone."""

    def __init__(self, log_format: str, *, personal: bool) -> None:
        self._render = renderer(log_format)
        self._personal = personal
        self._kept: list[dict[str, Any]] = []

    def add(self, scope: Scope, request_id: bytes, **fields: Any) -> None:
        """Keep the line of a request until it is written."""
        line = {
            "event": "request",
            "timestamp": time.time(),
            "id": request_id.decode("latin-1"),
            "method": scope["method"],
            **fields,
        }
        if self._personal:
            client = scope.get("client")
            line["address"] = client[0] if client else None
            line["path"] = scope["path"]
            line["query"] = scope["query_string"].decode("latin-1")
        self._kept.append(line)
        if len(self._kept) >= _MOST_LINES:
            self.write()

    def write(self) -> None:
        """Write what is kept."""
        kept, self._kept = self._kept, []
        if kept:
            sys.stdout.write("".join(f"{self._rendered(line)}\n" for line in kept))
            sys.stdout.flush()

    def _rendered(self, line: dict[str, Any]) -> str:
        seconds = line["timestamp"]
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        line["timestamp"] = f"{moment}.{int(seconds % 1 * 1e6):06d}Z"
        return str(self._render(None, "info", {"level": "info", **line}))


class Ledger:
    """Numbers by route, status and whether memory answered, the lines, and where both go."""

    def __init__(
        self,
        lines: Lines | None = None,
        metrics: "RequestMetrics | None" = None,
        spans: "Spans | None" = None,
    ) -> None:
        self.lines = lines
        self._spans = spans
        self._metrics = metrics
        self._tallies: dict[tuple[str, int, str], Tally] = {}
        self._told: dict[tuple[str, int, str], tuple[int, int]] = {}
        self._refused = 0
        self.load: Callable[[], tuple[int, int, int]] = lambda: (0, 0, 0)
        """Tells how many requests run, wait and were refused."""

    def tally(self, route: str, status: int, cache: str) -> Tally:
        """Return where such answers are counted."""
        found = self._tallies.get((route, status, cache))
        if found is None:
            found = self._tallies[route, status, cache] = Tally()
        return found

    def end(self, note: Note, scope: Scope) -> None:
        """Count a request that was answered, or left by its client (status 0)."""
        note.end()
        counted = self.tally(note.route, note.status, MISS)
        counted.count += 1
        counted.bytes += note.sent
        if self._metrics is not None:
            self._metrics.seconds.labels(note.route).observe(note.seconds)
        if self._spans is not None:
            self._spans.add(note, scope)
        if self.lines is not None:
            self.lines.add(
                scope,
                note.request_id,
                route=note.route,
                status=note.status,
                ms=round(note.seconds * 1e3, 2),
                wait_ms=round(note.waited * 1e3, 2),
                bytes=note.sent,
                cache=MISS,
            )

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Hand on what is counted, once a second and at the end."""
        task = asyncio.create_task(self._go_on())
        try:
            yield
        finally:
            task.cancel()
            self.hand_on()
            if self._spans is not None:
                await run_in_threadpool(self._spans.close)

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS)
            self.hand_on()

    def hand_on(self) -> None:
        """Write lines, and tell the metrics what has been counted since the last time."""
        if self.lines is not None:
            self.lines.write()
        if self._metrics is None:
            return
        for key, tally in self._tallies.items():
            count, sent = self._told.get(key, (0, 0))
            self._told[key] = tally.count, tally.bytes
            route, status, cache = key
            if tally.count > count:
                self._metrics.requests.labels(route, str(status), cache).inc(tally.count - count)
                self._metrics.sent_bytes.labels(route, cache).inc(tally.bytes - sent)
        running, waiting, refused = self.load()
        self._metrics.running.set(running)
        self._metrics.waiting.set(waiting)
        self._metrics.refused.inc(refused - self._refused)
        self._refused = refused
