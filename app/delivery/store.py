"""What is kept of answers: each as it is sent, up to a number of bytes, the least recently used out first.

Kept here and not by a library, since looking one up is most of what answering from memory costs.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from app.delivery.ledger import UNKNOWN_ROUTE, Tally

RawHeaders = list[tuple[bytes, bytes]]

_OVERHEAD_BYTES = 1_000  # of an answer without its body, about
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


class Place(NamedTuple):
    """What names an answer as it is sent: its validator, its coding and the origin that may read it."""

    etag: bytes
    coding: str | None
    origin: bytes | None


class Answer:
    """An answer as it is sent; without a body where only its validator is known."""

    __slots__ = ("body", "etag", "headers", "headers_of_304", "held", "hit", "route")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]], body: bytes | None) -> None:
        self.headers = list(headers)
        self.headers_of_304 = [pair for pair in self.headers if pair[0] not in _OF_A_BODY]
        self.etag = dict(self.headers).get(b"etag", b"")
        self.body = body
        # Whose it is, and where it is counted that it was sent again, or that a client has it.
        self.route = UNKNOWN_ROUTE
        self.hit = self.held = Tally()

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.body or b"") + _OVERHEAD_BYTES


class Store:
    """Answers by their places."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._size = 0
        self._answers: OrderedDict[Place, Answer] = OrderedDict()

    def find(self, place: Place) -> Answer | None:
        """Return an answer, which is now the one used last; any thread may ask."""
        try:
            self._answers.move_to_end(place)
            return self._answers[place]
        except KeyError:
            return None

    def keep(self, place: Place, answer: Answer) -> None:
        """Keep an answer, unless it alone is larger than all that may be kept."""
        if answer.size > self._most:
            return
        before = self._answers.pop(place, None)
        self._size += answer.size - (before.size if before else 0)
        self._answers[place] = answer
        while self._size > self._most:
            self._size -= self._answers.popitem(last=False)[1].size

    def clear(self) -> None:
        """Forget everything."""
        self._answers.clear()
        self._size = 0
