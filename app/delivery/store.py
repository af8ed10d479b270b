"""What is kept of answers: each as it is sent, up to a number of bytes, the least recently used out first.

Kept here and not by a library, since looking one up is most of what answering from memory costs.
"""

import re
from collections import OrderedDict
from typing import NamedTuple

from app.delivery.ledger import UNKNOWN_ROUTE, Tally

RawHeaders = list[tuple[bytes, bytes]]

_OVERHEAD_BYTES = 1_000  # of an answer without its body, about
_OVERHEAD_OF_ADDRESS = 500
# So that what clients write in one takes little memory.
_LONGEST_ADDRESS = 2_000
# Addresses may take one byte of so many.
_SHARE_OF_ADDRESSES = 4
_ENDS_A_LINE = re.compile(rb"[\r\n\0]")
_OF_A_BODY = frozenset(
    {
        b"accept-ranges",
        b"content-disposition",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"link",
    }
)


Address = tuple[str, bytes, bytes | None, bytes | None]
"""A request as it is written: path, query, Accept-Encoding, and the origin that may read the answer."""


class Place(NamedTuple):
    """What names an answer as it is sent: its validator, its coding and the origin that may read it."""

    etag: bytes
    coding: str | None
    origin: bytes | None


_UNCOUNTED = Tally()


class Answer:
    """An answer as it is sent; without a body where only its validator is known."""

    __slots__ = (
        "_head",
        "_head_of_304",
        "_headers_of_304",
        "body",
        "etag",
        "headers",
        "held",
        "hit",
        "route",
    )

    def __init__(self, headers: RawHeaders, etag: bytes, body: bytes | None) -> None:
        self.headers = headers
        self.etag = etag
        self.body = body
        # Whose it is, and where it is counted that it was sent again, or that a client has it.
        self.route = UNKNOWN_ROUTE
        self.hit = self.held = _UNCOUNTED
        self._headers_of_304: RawHeaders | None = None
        self._head: bytes | None = None
        self._head_of_304: bytes | None = None

    @property
    def head(self) -> bytes:
        """Its headers as lines."""
        if self._head is None:
            self._head = lines(self.headers)
        return self._head

    @property
    def head_of_304(self) -> bytes:
        """The headers as lines that a client is sent who has it."""
        if self._head_of_304 is None:
            self._head_of_304 = lines(self.headers_of_304)
        return self._head_of_304

    @property
    def headers_of_304(self) -> RawHeaders:
        """Those of its headers that a client is sent who has it."""
        if self._headers_of_304 is None:
            self._headers_of_304 = [pair for pair in self.headers if pair[0] not in _OF_A_BODY]
        return self._headers_of_304

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.body or b"") + 4 * len(self.head) + _OVERHEAD_BYTES


class Store:
    """Answers by their places, and places by the addresses that led there."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._size = 0
        self._answers: OrderedDict[Place, Answer] = OrderedDict()
        self._most_of_addresses = most_bytes // _SHARE_OF_ADDRESSES
        self._size_of_addresses = 0
        self.places: dict[Address, Place] = {}

    def find(self, place: Place) -> Answer | None:
        """Return an answer, which is now the one used last; any thread may ask."""
        try:
            self._answers.move_to_end(place)
            return self._answers[place]
        except KeyError:
            return None

    def remember(self, address: Address, place: Place | None, answer: Answer) -> bool:
        """Keep an answer that has a place, and know it by an address from now on; the oldest ones go.

        False where it isn't kept.
        """
        if place is None or _length(address) > _LONGEST_ADDRESS:
            return False
        kept = self.find(place)
        # What a client held already may be kept without a body, which another's answer adds.
        if kept is None or (kept.body is None and answer.body is not None):
            self._keep(place, answer)
        if place not in self._answers:
            return False
        if self.places.pop(address, None) is None:
            self._size_of_addresses += _size_of(address)
        self.places[address] = place
        while self._size_of_addresses > self._most_of_addresses:
            oldest = next(iter(self.places))
            del self.places[oldest]
            self._size_of_addresses -= _size_of(oldest)
        self._make_room()
        return place in self._answers

    def _keep(self, place: Place, answer: Answer) -> None:
        """Keep an answer, unless it alone is larger than all answers may be."""
        if answer.size > self._most - self._most_of_addresses:
            return
        before = self._answers.pop(place, None)
        self._size += answer.size - (before.size if before else 0)
        self._answers[place] = answer
        self._make_room()

    def _make_room(self) -> None:
        while self._answers and self._size + self._size_of_addresses > self._most:
            self._size -= self._answers.popitem(last=False)[1].size

    def clear(self) -> None:
        """Forget everything."""
        self._answers.clear()
        self.places.clear()
        self._size = self._size_of_addresses = 0


def lines(headers: RawHeaders) -> bytes:
    """Write headers; raises ValueError where one would be read as several."""
    written = [b"%b: %b" % pair for pair in headers]
    if _ENDS_A_LINE.search(b"".join(written)):
        raise ValueError(f"a header may not have a line break: {headers!r}")
    return b"\r\n".join([*written, b""])


def _length(address: Address) -> int:
    path, query, accepted, origin = address
    return len(path) + len(query) + len(accepted or b"") + len(origin or b"")


def _size_of(address: Address) -> int:
    return _length(address) + _OVERHEAD_OF_ADDRESS
