"""Delivery: compressed answers with validators of their own, each computed once for a dataset.

The outermost ASGI layer. An answer is a pure function of the dataset and the question, and its ETag
names both: so what was sent once is sent again from memory, and a question that is written in
another way is known by the ETag that the application gives it. Errors, parts and streams are never
kept; without this layer all answers are the same.
"""

import asyncio
from collections.abc import Hashable, Iterable, Mapping, Sequence

from starlette.types import Receive, Scope, Send

from app.delivery.admission import Admission
from app.delivery.encoding import choose
from app.delivery.ledger import HIT, NOTE, Ledger, Note
from app.delivery.request_ids import REQUEST_ID, RequestIds
from app.delivery.sending import HeadAnsweredError, Kept, Result, Sending, asked_for
from app.delivery.store import Address, Answer, RawHeaders, Store, lines
from app.delivery.validators import names
from app.delivery.watch import Watch
from app.delivery.whole import cycle_of, send_whole

_PATHS = ("/v1/", "/openapi.json", "/explorer/")
_PAGE = "/"
_PACKED = ".parquet"
_READS = ("GET", "HEAD")
_READ_HEADERS = frozenset({b"accept-encoding", b"if-none-match", b"origin", b"range", REQUEST_ID})

_FAILED = 500


class Cache:
    """Answer from memory what was answered before, and compress what wasn't."""

    def __init__(
        self,
        app: Admission,
        watch: Watch,
        most_bytes: int,
        ledger: Ledger,
        origins: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)
        self._watch = watch
        self._ledger = ledger
        self._store = Store(most_bytes)
        self._dataset: Hashable | None = None
        self._under_way: dict[Hashable, asyncio.Future[Result | None]] = {}
        self._request_ids = RequestIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked, address = self._read(scope)
        place = self._store.places.get(address)
        if place is not None and scope["method"] in _READS and b"range" not in asked:
            present = self._watch.lately()
            if present is None:
                present = await self._watch()
            if present is not None and present == self._dataset:
                answer = self._store.find(place)
                if answer is not None and await self._send_kept(answer, scope, send, asked):
                    return
        note = Note(scope["method"], send)
        scope.setdefault("state", {})[NOTE] = note
        try:
            if scope["method"] not in _READS:
                await self._app(scope, receive, note)
            elif self._app.is_full and self._app.counts(scope):
                await self._app.refuse(scope, note)
            else:
                await self._answer(scope, receive, note, asked, address)
        finally:
            self._ledger.end(note, scope)

    def _read(self, scope: Scope) -> tuple[Mapping[bytes, bytes], Address]:
        """Read what tells answers apart."""
        read = [pair for pair in scope["headers"] if pair[0] in _READ_HEADERS]
        asked = dict(read)
        if len(asked) < len(read):
            asked = _joined(read)
        origin = asked.get(b"origin")
        if origin is not None and origin not in self._origins:
            # Who may not read has headers like all that may not, and where any may like all.
            origin = b"*"
        return asked, (scope["path"], scope["query_string"], asked.get(b"accept-encoding"), origin)

    async def _send_kept(
        self, answer: Answer, scope: Scope, send: Send, asked: Mapping[bytes, bytes]
    ) -> bool:
        """Send an answer from memory; False where its body is needed and isn't kept."""
        held, body = asked.get(b"if-none-match"), answer.body
        status, sent = 200, 0
        if held is not None and _holds(held, answer.etag):
            status = 304
        elif body is None:
            return False
        request_id = self._request_ids(asked.get(REQUEST_ID))
        tally = answer.held if status == 304 else answer.hit
        tally.count += 1
        if status == 304 or body is None or scope["method"] == "HEAD":
            body = b""
        else:
            sent = len(body)
            tally.bytes += sent
        await _send(answer, status, body, [(REQUEST_ID, request_id)], send)
        if log := self._ledger.lines:
            # It takes too little time to be measured.
            log.add(
                scope, request_id, route=answer.route, status=status, ms=None, bytes=sent, cache=HIT
            )
        return True

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        send: Note,
        asked: Mapping[bytes, bytes],
        address: Address,
    ) -> None:
        """Answer what isn't found in memory by its address."""
        part = b"range" in asked and scope["method"] == "GET"  # RFC 9110, section 14.2
        of_dataset = scope["path"].startswith(_PATHS) or scope["path"] == _PAGE
        dataset = await self._watch() if of_dataset and not part else None
        if dataset is None:
            await self._app(scope, receive, send)
            return
        if dataset != self._dataset:
            self._store.clear()
            self._dataset = dataset
        path, query, accepted, origin = address
        coding = None if path.endswith(_PACKED) else choose((accepted or b"").decode("latin-1"))
        # Those who ask at one moment for the same wait for one answer, in whichever order they ask.
        key = (dataset, path, b"&".join(sorted(query.split(b"&"))), coding, origin)
        result = await self._await(key, asked)
        if result is None:
            kept = Kept(self._store, coding, origin)
            asking = asked_for(scope, kept, asked.get(b"if-none-match"))
            result = await self._compute(key, kept, asking, receive, send)
            if result is None:
                return
            result.answer.route = send.route
        else:
            send.route = result.answer.route
        # Another dataset may have come meanwhile, and a replica may lag behind those that are kept.
        is_present = dataset == self._dataset and result.loaded in (None, dataset)
        if is_present and self._store.remember(address, result.place, result.answer):
            self._count_hits(result.answer)
        await self._send_result(result, scope["method"], send, asked)

    def _count_hits(self, answer: Answer) -> None:
        """Count an answer from now on where those of its route are counted."""
        answer.hit = self._ledger.tally(answer.route, 200, HIT)
        answer.held = self._ledger.tally(answer.route, 304, HIT)

    async def _await(self, key: Hashable, asked: Mapping[bytes, bytes]) -> Result | None:
        """Wait for the same answer where it is being computed already, or for its failure."""
        under_way = self._under_way.get(key)
        result = await asyncio.shield(under_way) if under_way else None
        if result is None:
            return None
        if result.status >= _FAILED:
            return result.of_another(self._request_ids(asked.get(REQUEST_ID)))
        return result._replace(request_id=b"") if result.status == 200 else None

    async def _compute(
        self, key: Hashable, kept: Kept, scope: Scope, receive: Receive, send: Note
    ) -> Result | None:
        """Have the application answer; None where the answer was sent on as it came."""
        awaited: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()
        self._under_way.setdefault(key, awaited)
        sending = Sending(kept, send.method, send, lambda: self._settle(key, awaited, None))
        try:
            await self._app(scope, receive, sending)
        except HeadAnsweredError:
            return None
        except BaseException:
            self._settle(key, awaited, None)
            raise
        result = sending.result()
        if result is not None and result.place is not None:
            self._watch.saw(result.loaded)
        self._settle(key, awaited, result)
        return result

    def _settle(
        self, key: Hashable, awaited: "asyncio.Future[Result | None]", result: Result | None
    ) -> None:
        """Let those go on that wait for an answer."""
        if self._under_way.get(key) is awaited:
            del self._under_way[key]
        if not awaited.done():
            awaited.set_result(result)

    async def _send_result(
        self, result: Result, method: str, note: Note, asked: Mapping[bytes, bytes]
    ) -> None:
        """Send what was answered, or say that the client has it."""
        request_id = result.request_id or self._request_ids(asked.get(REQUEST_ID))
        status, held = result.status, asked.get(b"if-none-match")
        if result.place is not None and held is not None and _holds(held, result.answer.etag):
            status = 304
        body = b"" if status == 304 or method == "HEAD" else result.answer.body or b""
        own = [(REQUEST_ID, request_id), note.begin(status, request_id)]
        note.sent = len(body)
        await _send(result.answer, status, body, own, note.send)


async def _send(answer: Answer, status: int, body: bytes, own: RawHeaders, send: Send) -> None:
    """Send an answer, with headers of this request's own."""
    cycle = cycle_of(send)
    if cycle is not None:
        head = answer.head_of_304 if status == 304 else answer.head
        await send_whole(cycle, status, head + lines(own), body)
        return
    headers = answer.headers_of_304 if status == 304 else answer.headers
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *own]})
    await send({"type": "http.response.body", "body": body})


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return headers of which some come in several lines (RFC 9110, section 5.3)."""
    joined: dict[bytes, bytes] = {}
    for name, value in headers:
        joined[name] = b"%b, %b" % (joined[name], value) if name in joined else value
    return joined


def _holds(held: bytes, etag: bytes) -> bool:
    """Tell whether If-None-Match names a tag; most clients send just the one that they have."""
    return held == etag or names(held.decode("latin-1"), etag.decode("latin-1"))
