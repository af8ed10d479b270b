"""Delivery: compressed answers with validators of their own, each computed once for a dataset.

The outermost ASGI layer. An answer is a pure function of the dataset and the question, and its ETag
names both: so what was sent once is sent again from memory, and a question that is written in
another way is known by the ETag that the application gives it. Errors, parts and streams are never
kept; without this layer all answers are the same.
"""

import asyncio
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from starlette.types import Message, Receive, Scope, Send

from app.delivery.admission import Admission
from app.delivery.encoding import choose
from app.delivery.ledger import HIT, NOTE, Ledger, Note
from app.delivery.request_ids import REQUEST_ID, RequestIds
from app.delivery.sending import HeadAnsweredError, Kept, Result, Sending, asked_for
from app.delivery.store import Answer, Place, RawHeaders, Store
from app.delivery.validators import names
from app.delivery.watch import Watch

_MOST_ADDRESSES = 10_000
# Of an address whose answer is kept, so that what clients write in it takes little memory.
_LONGEST_ADDRESS = 2_000
_PATHS = ("/v1/", "/openapi.json", "/explorer/")
_PAGE = "/"
_PACKED = ".parquet"
_READ_HEADERS = frozenset({b"accept-encoding", b"if-none-match", b"origin", b"range", REQUEST_ID})

_NO_BODY: Message = {"type": "http.response.body", "body": b""}

# The request as it is written: path, query, Accept-Encoding and Origin.
Address = tuple[str, bytes, bytes | None, bytes | None]


class Cache:
    """Answer from memory what was answered before, and compress what wasn't."""

    def __init__(self, app: Admission, watch: Watch, most_bytes: int, ledger: Ledger) -> None:
        self._app = app
        self._watch = watch
        self._ledger = ledger
        self._store = Store(most_bytes)
        self._places: dict[Address, Place] = {}
        self._dataset: Hashable | None = None
        self._under_way: dict[Hashable, asyncio.Future[Result | None]] = {}
        self._request_ids = RequestIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            with self._noting(scope, send) as note:
                await self._app(scope, receive, note)
            return
        asked = {name: value for name, value in scope["headers"] if name in _READ_HEADERS}
        address = (
            scope["path"],
            scope["query_string"],
            asked.get(b"accept-encoding"),
            asked.get(b"origin"),
        )
        place = self._places.get(address)
        if place is not None and b"range" not in asked and self._is_of_now():
            answer = self._store.find(place)
            if answer is not None:
                held = asked.get(b"if-none-match")
                if held is not None and _holds(held, answer.etag):
                    request_id = self._name_request(asked)
                    await send(_start_of(304, answer.headers_of_304, request_id))
                    await send(_NO_BODY)
                    answer.held.count += 1
                    if self._ledger.lines is not None:
                        self._line(scope, request_id, answer, 304)
                    return
                if answer.body is not None:
                    request_id = self._name_request(asked)
                    await send(_start_of(200, answer.headers, request_id))
                    await send(_body_of(answer.body, scope["method"]))
                    answer.hit.count += 1
                    answer.hit.bytes += len(answer.body)
                    if self._ledger.lines is not None:
                        self._line(scope, request_id, answer, 200)
                    return
        with self._noting(scope, send) as note:
            if self._app.is_full and self._app.counts(scope):
                await self._app.refuse(scope, note)
            else:
                await self._answer(scope, receive, note, asked, address)

    @contextmanager
    def _noting(self, scope: Scope, send: Send) -> Iterator[Note]:
        """Note what becomes of a request."""
        note = Note(scope["method"], send)
        scope.setdefault("state", {})[NOTE] = note
        try:
            yield note
        finally:
            self._ledger.end(note, scope)

    def _line(self, scope: Scope, request_id: bytes, answer: Answer, status: int) -> None:
        """Keep a line about an answer from memory, which takes too little time to be measured."""
        sent = len(answer.body or b"") if status == 200 and scope["method"] == "GET" else 0
        if lines := self._ledger.lines:
            lines.add(
                scope, request_id, route=answer.route, status=status, ms=None, bytes=sent, cache=HIT
            )

    def _name_request(self, asked: Mapping[bytes, bytes]) -> bytes:
        return self._request_ids(asked.get(REQUEST_ID))

    def _is_of_now(self) -> bool:
        return self._dataset is not None and self._watch.lately() == self._dataset

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
            self._places.clear()
            self._dataset = dataset
        path, query, accepted, origin = address
        coding = None if path.endswith(_PACKED) else choose((accepted or b"").decode("latin-1"))
        # Those who ask at one moment for the same wait for one answer, in whichever order they ask.
        key = (dataset, path, b"&".join(sorted(query.split(b"&"))), coding, origin)
        result = await self._await(key)
        if result is None:
            result = await self._compute(
                key, Kept(self._store, coding, origin), scope, receive, send
            )
            if result is not None:
                self._belongs(result.answer, send.route)
        else:
            send.route = result.answer.route
        if result is not None:
            # Another dataset may have come meanwhile, and a replica may lag behind those that are kept.
            if dataset == self._dataset and result.loaded in (None, dataset):
                self._remember(address, result)
            await self._send_result(result, scope["method"], send, asked)

    def _belongs(self, answer: Answer, route: str) -> None:
        """Count an answer from now on where those of its route are counted."""
        answer.route = route
        answer.hit = self._ledger.tally(route, 200, HIT)
        answer.held = self._ledger.tally(route, 304, HIT)

    async def _await(self, key: Hashable) -> Result | None:
        """Wait for the same answer where it is being computed already; an error is each one's own."""
        under_way = self._under_way.get(key)
        result = await asyncio.shield(under_way) if under_way else None
        if result is None or result.status != 200:
            return None
        return replace(result, request_id=b"")

    async def _compute(
        self, key: Hashable, kept: Kept, scope: Scope, receive: Receive, send: Send
    ) -> Result | None:
        """Have the application answer; None where the answer was sent on as it came."""
        awaited: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()
        self._under_way.setdefault(key, awaited)
        sending = Sending(kept, scope["method"], send, lambda: self._settle(key, awaited, None))
        try:
            await self._app(asked_for(scope, kept), receive, sending)
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

    def _remember(self, address: Address, result: Result) -> None:
        """Keep what was answered, and know it by this address from now on."""
        if result.place is None or sum(len(part or b"") for part in address) > _LONGEST_ADDRESS:
            return
        kept = self._store.find(result.place)
        # What a client held already may be kept without a body, which another's answer adds.
        if kept is None or (kept.body is None and result.answer.body is not None):
            self._store.keep(result.place, result.answer)
        if len(self._places) >= _MOST_ADDRESSES:
            self._places.clear()
        self._places[address] = result.place

    async def _send_result(
        self, result: Result, method: str, send: Send, asked: Mapping[bytes, bytes]
    ) -> None:
        """Send what was answered, or say that the client has it."""
        request_id = result.request_id or self._name_request(asked)
        status, held = result.status, asked.get(b"if-none-match")
        if result.place is not None and held is not None and _holds(held, result.answer.etag):
            status = 304
        if status == 304:
            await send(_start_of(304, result.answer.headers_of_304, request_id))
            await send(_NO_BODY)
        else:
            await send(_start_of(status, result.answer.headers, request_id))
            await send(_body_of(result.answer.body or b"", method))


def _start_of(status: int, headers: RawHeaders, request_id: bytes) -> Message:
    identified = [*headers, (REQUEST_ID, request_id)]
    return {"type": "http.response.start", "status": status, "headers": identified}


def _body_of(body: bytes, method: str) -> Message:
    return _NO_BODY if method == "HEAD" else {"type": "http.response.body", "body": body}


def _holds(held: bytes, etag: bytes) -> bool:
    """Tell whether If-None-Match names a tag; most clients send just the one that they have."""
    return held == etag or names(held.decode("latin-1"), etag.decode("latin-1"))
