"""Delivery: compressed answers with validators of their own, each computed once for a dataset.

An ASGI layer before routing. An answer is a pure function of the dataset and the request, so what was
sent once is sent again from memory until another dataset takes its place. Errors, parts and streams
are never kept; without this layer all answers are the same.
"""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from cachetools import LRUCache
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.delivery.encoding import ENCODERS, Encoder, choose
from app.delivery.validators import names, tags_of
from app.delivery.watch import Watch

KEPT_BYTES_OF_ONE = 1_000_000
_OVERHEAD_BYTES = 1_000  # of an entry, its key and its headers, about
_PATHS = ("/v1/", "/openapi.json")
_PACKED = ".parquet"
_HEADERS_OF_304 = (b"etag", b"cache-control", b"dataset-version", b"vary")


@dataclass(slots=True)
class Answer:
    """An answer as it is sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytearray = field(default_factory=bytearray)


class Cache:
    """Answer from memory what was answered before, and compress what wasn't."""

    def __init__(self, app: ASGIApp, watch: Watch, most_bytes: int) -> None:
        self._app = app
        self._watch = watch
        self._kept: LRUCache[Hashable, Answer] = LRUCache(
            most_bytes, getsizeof=lambda answer: len(answer.body) + _OVERHEAD_BYTES
        )
        self._dataset: Hashable | None = None
        self._under_way: dict[Hashable, asyncio.Future[Answer | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not scope["path"].startswith(_PATHS):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        dataset = await self._watch()
        if dataset is None or "range" in headers:
            await self._app(scope, receive, send)
            return
        packed = scope["path"].endswith(_PACKED)
        coding = None if packed else choose(headers.get("accept-encoding", ""))
        if dataset != self._dataset:
            self._kept.clear()
            self._dataset = dataset
        query = b"&".join(sorted(scope["query_string"].split(b"&")))
        key = (dataset, scope["path"], query, coding)
        answer = self._kept.get(key) or await self._await(key)
        if answer is None:
            answer = await self._compute(key, coding, scope, receive, send)
        if answer is not None:
            await _send(answer, headers, send)

    async def _await(self, key: Hashable) -> Answer | None:
        """Wait for the same answer where it is being computed already; an error is each one's own."""
        under_way = self._under_way.get(key)
        answer = await asyncio.shield(under_way) if under_way else None
        return answer if answer and answer.status == 200 else None

    async def _compute(
        self, key: Hashable, coding: str | None, scope: Scope, receive: Receive, send: Send
    ) -> Answer | None:
        """Have the application answer; None where the answer was sent on as it came."""
        awaited: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._under_way.setdefault(key, awaited)
        sending = _Sending(coding, send, lambda: self._settle(key, awaited, None))
        try:
            await self._app(_asked_for(scope, coding), receive, sending)
        except BaseException:
            self._settle(key, awaited, None)
            raise
        answer = sending.answer
        if answer is not None and answer.status == 200:
            self._watch.saw(Headers(raw=answer.headers).get("dataset-version", ""))
            self._keep(key, answer)
        self._settle(key, awaited, answer)
        return answer

    def _settle(
        self, key: Hashable, awaited: "asyncio.Future[Answer | None]", answer: Answer | None
    ) -> None:
        """Let those go on that wait for an answer."""
        if self._under_way.get(key) is awaited:
            del self._under_way[key]
        if not awaited.done():
            awaited.set_result(answer)

    def _keep(self, key: Hashable, answer: Answer) -> None:
        if len(answer.body) + _OVERHEAD_BYTES <= self._kept.maxsize:
            self._kept[key] = answer


class _Sending:
    """Takes what the application sends: gathers a short answer, and sends a long one on."""

    def __init__(self, coding: str | None, send: Send, begin: Callable[[], None]) -> None:
        self.answer: Answer | None = None
        self._begin_stream = begin
        self._coding = coding
        self._send = send
        self._encoder: Encoder | None = None
        self._streams = False

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
        elif self.answer:
            self.answer.body += body

    async def _start(self, message: Message) -> None:
        headers = MutableHeaders(raw=list(message["headers"]))
        length = headers.get("content-length")
        if message["status"] == 200 and self._coding:
            self._encoder = ENCODERS[self._coding]()
            headers["Content-Encoding"] = self._coding
            del headers["accept-ranges"]  # a range is of the plain bytes
        if message["status"] in (200, 304):
            headers.add_vary_header("Accept-Encoding")
            if "etag" in headers:
                headers["ETag"] = _with_coding(headers["etag"], self._coding)
        self._streams = length is None or int(length) > KEPT_BYTES_OF_ONE
        if self._encoder or not self._streams:
            # It is of the plain bytes; what is gathered is measured at the end.
            del headers["content-length"]
        if self._streams:
            self._begin_stream()
            await self._send({**message, "headers": headers.raw})
        else:
            self.answer = Answer(message["status"], headers.raw)


async def _send(answer: Answer, asked: Headers, send: Send) -> None:
    """Send an answer, or say that the client has it."""
    headers = MutableHeaders(raw=answer.headers)
    held = asked.get("if-none-match")
    if answer.status == 200 and held is not None and names(held, headers.get("etag", "")):
        kept = [(name, value) for name, value in answer.headers if name in _HEADERS_OF_304]
        await send({"type": "http.response.start", "status": 304, "headers": kept})
        await send({"type": "http.response.body", "body": b""})
        return
    length = (b"content-length", str(len(answer.body)).encode())
    sent = [*answer.headers, length]
    await send({"type": "http.response.start", "status": answer.status, "headers": sent})
    await send({"type": "http.response.body", "body": bytes(answer.body)})


def _asked_for(scope: Scope, coding: str | None) -> Scope:
    """Return a request as the application knows it: validators are those of the plain answer."""
    headers = [
        (name, _plain_tags(value, coding) if name == b"if-none-match" else value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": headers}


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
