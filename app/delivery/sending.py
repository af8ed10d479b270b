"""What is between delivery and the application: how a request is handed on, and how its answer is taken.

A short answer is gathered, in the coding that the client takes, so that it can be sent again; a long
one is sent on as it comes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from starlette.types import Message, Scope, Send

from app.database import Loaded
from app.delivery.encoding import ENCODERS, Encoder
from app.delivery.gate import as_get
from app.delivery.request_ids import REQUEST_ID
from app.delivery.store import Answer, Place, RawHeaders, Store
from app.delivery.validators import tags_of

KEPT_BYTES_OF_ONE = 1_000_000
_LENGTH, _HELD, _CODING_MATTERS = b"content-length", b"if-none-match", b"Accept-Encoding"


class Result(NamedTuple):
    """What the application answered, under the place of what can be sent again."""

    status: int
    answer: Answer
    request_id: bytes
    place: Place | None
    loaded: Loaded | None

    def of_another(self, request_id: bytes) -> "Result":
        """Return a failure as another request for the same is told of it, whose id stands in its body."""
        own, others = (b'"request_id":"%b"' % one for one in (request_id, self.request_id))
        # Quotes in a text of JSON are escaped, so that nothing else reads like this member.
        body = (self.answer.body or b"").replace(others, own)
        headers = [pair for pair in self.answer.headers if pair[0] != _LENGTH]
        answer = Answer([*headers, (_LENGTH, b"%d" % len(body))], self.answer.etag, body)
        answer.route = self.answer.route
        return self._replace(answer=answer, request_id=request_id)


@dataclass(slots=True)
class Kept:
    """Tells the application whether an answer is kept, so that it needn't be made anew."""

    store: Store
    coding: str | None
    origin: bytes | None
    answer: Answer | None = None
    # What the application read of a server, which may have replicas.
    loaded: Loaded | None = None

    def has(self, etag: str) -> bool:
        """Tell whether the answer that a plain validator names is kept in this coding, and take it."""
        self.answer = self.store.find(self.place(_with_coding(etag, self.coding).encode()))
        return self.answer is not None and self.answer.body is not None

    def place(self, etag: bytes) -> Place:
        """Name the place of an answer."""
        return Place(etag, self.coding, self.origin)


class HeadAnsweredError(Exception):
    """Stops an answer whose headers were all that was asked for, however long its body is."""


class Sending:
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
        self._etag = b""
        self._request_id = b""
        self._body: list[bytes] = []

    def result(self) -> Result | None:
        """Return what was gathered; None where it was sent on."""
        if self._streams or not self._status:
            return None
        if self._status == 304:
            kept = self._kept.answer
            answer = kept if kept and kept.body is not None else self._made(None)
        else:
            body = b"".join(self._body)
            self._headers.append((_LENGTH, b"%d" % len(body)))
            answer = self._made(body)
        kept_for_good = self._status in (200, 304) and answer.etag
        place = self._kept.place(answer.etag) if kept_for_good else None
        status = 304 if answer.body is None else 200 if self._status == 304 else self._status
        return Result(status, answer, self._request_id, place, self._kept.loaded)

    def _made(self, body: bytes | None) -> Answer:
        return Answer(self._headers, self._etag, body)

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
        self._status = status = message["status"]
        length = self._read(message["headers"], status)
        self._streams = status == 200 and (length is None or int(length) > KEPT_BYTES_OF_ONE)
        if self._streams:
            self._begin_stream()
            headers = [*self._headers, (REQUEST_ID, self._request_id)]
            if length is not None and not self._encoder:
                headers.append((_LENGTH, length))
            await self._send({**message, "headers": headers})
            if self._method == "HEAD":
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
                raise HeadAnsweredError

    def _read(self, headers: RawHeaders, status: int) -> bytes | None:
        """Take the headers of an answer as they are in the coding that is sent; its length is returned."""
        coding = self._kept.coding
        is_represented, length, varies = status in (200, 304), None, False
        if status == 200 and coding:
            self._encoder = ENCODERS[coding]()
        for pair in headers:
            name, value = pair
            if name == _LENGTH:
                length = value
            elif name == REQUEST_ID:
                self._request_id = value
            elif name == b"etag" and is_represented:
                self._etag = _with_coding(value.decode(), coding).encode() if coding else value
                self._headers.append((name, self._etag))
            elif name == b"vary" and is_represented:
                varies = True
                self._headers.append((name, b"%b, %b" % (value, _CODING_MATTERS)))
            elif name != b"accept-ranges" or not self._encoder:  # A range is of the plain bytes.
                self._headers.append(pair)
        if self._encoder:
            self._headers.append((b"content-encoding", str(coding).encode()))
        if is_represented and not varies:
            self._headers.append((b"vary", _CODING_MATTERS))
        return length


def asked_for(scope: Scope, kept: Kept, held: bytes | None) -> Scope:
    """Return a request as the application knows it: a GET, with the validators of plain answers."""
    scope["state"]["kept"] = kept
    get = as_get(scope)
    if held is None:
        return get
    others = (pair for pair in get["headers"] if pair[0] != _HELD)
    return {**get, "headers": [*others, (_HELD, _plain_tags(held, kept.coding))]}


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
