"""Delivery: compressed answers with validators of their own, each computed once for a dataset.

The outermost ASGI layer. An answer is a pure function of the dataset and the question, and its ETag
names both: so what was sent once is sent again from memory, and a question that is written in
another way is known by the ETag that the application gives it. Errors, parts and streams are never
kept; without this layer all answers are the same.
"""

import asyncio
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.delivery.encoding import ENCODERS, Encoder, choose
from app.delivery.request_ids import RequestIds
from app.delivery.store import Answer, Place, RawHeaders, Store
from app.delivery.validators import names, tags_of
from app.delivery.watch import Watch

KEPT_BYTES_OF_ONE = 1_000_000
_MOST_ADDRESSES = 10_000
# Of an address whose answer is kept, so that what clients write in it takes little memory.
_LONGEST_ADDRESS = 2_000
_PATHS = ("/v1/", "/openapi.json")
_PACKED = ".parquet"
_REQUEST_ID = b"x-request-id"
_READ_HEADERS = frozenset({b"accept-encoding", b"if-none-match", b"origin", b"range", _REQUEST_ID})

_NO_BODY: Message = {"type": "http.response.body", "body": b""}

# The request as it is written: path, query, Accept-Encoding and Origin.
Address = tuple[str, bytes, bytes | None, bytes | None]


@dataclass(frozen=True, slots=True)
class Result:
    """What the application answered, under the place of what can be sent again."""

    status: int
    answer: Answer
    request_id: bytes
    place: Place | None


@dataclass(slots=True)
class Kept:
    """Tells the application whether an answer is kept, so that it needn't be made anew."""

    store: Store
    coding: str | None
    origin: bytes | None
    answer: Answer | None = None

    def has(self, etag: str) -> bool:
        """Tell whether the answer that a plain validator names is kept in this coding, and take it."""
        self.answer = self.store.find(self.place(_with_coding(etag, self.coding).encode()))
        return self.answer is not None and self.answer.body is not None

    def place(self, etag: bytes) -> Place:
        """Name the place of an answer."""
        return Place(etag, self.coding, self.origin)


class Cache:
    """Answer from memory what was answered before, and compress what wasn't."""

    def __init__(self, app: ASGIApp, watch: Watch, most_bytes: int) -> None:
        self._app = app
        self._watch = watch
        self._store = Store(most_bytes)
        self._places: dict[Address, Place] = {}
        self._dataset: Hashable | None = None
        self._under_way: dict[Hashable, asyncio.Future[Result | None]] = {}
        self._request_ids = RequestIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
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
                    await send(_start_of(304, answer.headers_of_304, self._name_request(asked)))
                    await send(_NO_BODY)
                    return
                if answer.body is not None:
                    await send(_start_of(200, answer.headers, self._name_request(asked)))
                    await send(_body_of(answer.body, scope["method"]))
                    return
        await self._answer(scope, receive, send, asked, address)

    def _name_request(self, asked: Mapping[bytes, bytes]) -> bytes:
        return self._request_ids(asked.get(_REQUEST_ID))

    def _is_of_now(self) -> bool:
        return self._dataset is not None and self._watch.lately() == self._dataset

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        asked: Mapping[bytes, bytes],
        address: Address,
    ) -> None:
        """Answer what isn't found in memory by its address."""
        part = b"range" in asked and scope["method"] == "GET"  # RFC 9110, section 14.2
        dataset = await self._watch() if scope["path"].startswith(_PATHS) and not part else None
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
            # Another dataset may have come meanwhile, whose answers are kept now.
            if dataset == self._dataset:
                self._remember(address, result)
            await self._send_result(result, scope["method"], send, asked)

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
        sending = _Sending(kept, scope["method"], send, lambda: self._settle(key, awaited, None))
        try:
            await self._app(_asked_for(scope, kept), receive, sending)
        except _HeadAnsweredError:
            return None
        except BaseException:
            self._settle(key, awaited, None)
            raise
        result = sending.result()
        if result is not None and result.place is not None:
            self._watch.saw(Headers(raw=result.answer.headers).get("dataset-version", ""))
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


class _HeadAnsweredError(Exception):
    """Stops an answer whose headers were all that was asked for, however long its body is."""


class _Sending:
    """Takes what the application sends: gathers a short answer, and sends a long one on."""

    def __init__(self, kept: Kept, method: str, send: Send, begin: Callable[[], None]) -> None:
        self._kept = kept
        self._method = method
        self._begin_stream = begin
        self._send = send
        self._encoder: Encoder | None = None
        self._streams = False
        self._status = 0
        self._headers: RawHeaders = []
        self._request_id = b""
        self._body: list[bytes] = []

    def result(self) -> Result | None:
        """Return what was gathered; None where it was sent on."""
        if self._streams or not self._status:
            return None
        if self._status == 304:
            kept = self._kept.answer
            answer = kept if kept and kept.body is not None else Answer(self._headers, None)
        else:
            body = b"".join(self._body)
            answer = Answer([*self._headers, (b"content-length", b"%d" % len(body))], body)
        kept_for_good = self._status in (200, 304) and answer.etag
        place = self._kept.place(answer.etag) if kept_for_good else None
        status = 304 if answer.body is None else 200 if self._status == 304 else self._status
        return Result(status, answer, self._request_id, place)

    async def __call__(self, message: Message) -> None:
        """Take a message."""
        if message["type"] == "http.response.start":
            await self._start(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._encoder:
            body = self._encoder.add(body) + (b"" if more else self._encoder.end())
        if self._streams:
            await self._send({"type": "http.response.body", "body": body, "more_body": more})
        else:
            self._body.append(body)

    async def _start(self, message: Message) -> None:
        headers = MutableHeaders(raw=list(message["headers"]))
        length = headers.get("content-length")
        coding = self._kept.coding
        if message["status"] == 200 and coding:
            self._encoder = ENCODERS[coding]()
            headers["Content-Encoding"] = coding
            del headers["accept-ranges"]  # a range is of the plain bytes
        if message["status"] in (200, 304):
            headers.add_vary_header("Accept-Encoding")
            if "etag" in headers:
                headers["ETag"] = _with_coding(headers["etag"], coding)
        self._status = message["status"]
        self._streams = self._status == 200 and (length is None or int(length) > KEPT_BYTES_OF_ONE)
        if self._encoder or not self._streams:
            # It is of the plain bytes; what is gathered is measured at the end.
            del headers["content-length"]
        if self._streams:
            self._begin_stream()
            await self._send({**message, "headers": headers.raw})
            if self._method == "HEAD":
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
                raise _HeadAnsweredError
            return
        for name, value in headers.raw:
            if name == _REQUEST_ID:
                self._request_id = value
            else:
                self._headers.append((name, value))


def _start_of(status: int, headers: RawHeaders, request_id: bytes) -> Message:
    identified = [*headers, (_REQUEST_ID, request_id)]
    return {"type": "http.response.start", "status": status, "headers": identified}


def _body_of(body: bytes, method: str) -> Message:
    return _NO_BODY if method == "HEAD" else {"type": "http.response.body", "body": body}


def _holds(held: bytes, etag: bytes) -> bool:
    """Tell whether If-None-Match names a tag; most clients send just the one that they have."""
    return held == etag or names(held.decode("latin-1"), etag.decode("latin-1"))


def _asked_for(scope: Scope, kept: Kept) -> Scope:
    """Return a request as the application knows it: a GET, with the validators of plain answers."""
    headers = [
        (name, _plain_tags(value, kept.coding) if name == b"if-none-match" else value)
        for name, value in scope["headers"]
        if name != b"range"
    ]
    state = {**scope.get("state", {}), "kept": kept}
    return {**scope, "method": "GET", "headers": headers, "state": state}


def _plain_tags(sent: bytes, coding: str | None) -> bytes:
    plain = (_without(tag, coding) for tag in tags_of(sent.decode("latin-1")))
    return ", ".join(tag for tag in plain if tag).encode("latin-1")


def _with_coding(etag: str, coding: str | None) -> str:
    """Each coding is a representation of its own, with a strong validator of its own."""
    return f'{etag[:-1]}-{coding}"' if coding else etag


def _without(etag: str, coding: str | None) -> str | None:
    if etag == "*" or coding is None:
        return etag
    end = f'-{coding}"'
    return f'{etag.removesuffix(end)}"' if etag.endswith(end) else None
