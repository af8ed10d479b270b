"""A client that asks at a rate whatever the server does, as a crowd does, over many open connections."""

import asyncio
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_PATIENCE_S = 10.0


@dataclass(slots=True)
class Answers:
    """What came back: seconds from when a request was due, by status; and what was wrong."""

    seconds: dict[int, list[float]] = field(default_factory=dict)
    without_retry: int = 0
    lost: int = 0

    def add(self, status: int, taken: float, head: bytes) -> None:
        """Add an answer."""
        self.seconds.setdefault(status, []).append(taken)
        if status == 503 and b"\r\nretry-after: " not in head.lower():
            self.without_retry += 1


class _Connection(asyncio.Protocol):
    def __init__(self, flood: "Flood") -> None:
        self._flood = flood
        self._received = bytearray()
        self._due = 0.0
        self._transport: asyncio.Transport | None = None
        self.asking = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def ask(self, request: bytes, due: float) -> None:
        self._due, self.asking = due, True
        if self._transport is not None:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end])
        length = _LENGTH.search(head)
        if length is None or len(self._received) < end + 4 + int(length.group(1)):
            return
        self._received.clear()
        self.asking = False
        self._flood.answered(self, int(head[9:12]), self._due, head)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio gives it
        self._flood.lost(self)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Flood:
    """Connections to a server, and the requests that are due and find none of them free."""

    def __init__(self, host: str, port: int, targets: Iterable[str]) -> None:
        self._host, self._port = host, port
        self._requests = (
            f"GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode() for target in targets
        )
        self._free: list[_Connection] = []
        self._open: set[_Connection] = set()
        self._due: deque[float] = deque()
        self.answers = Answers()
        self._closing = False
        self._again_until = 0.0

    async def open(self, connections: int) -> None:
        """Open so many connections."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, connection = await loop.create_connection(
                lambda: _Connection(self), self._host, self._port
            )
            self._open.add(connection)
            self._free.append(connection)

    def close(self) -> None:
        """Close all connections."""
        self._closing = True
        for connection in list(self._open):
            connection.close()

    async def at_rate(self, rate: float, seconds: float) -> Answers:
        """Ask so many times a second, and return what came back."""
        loop = asyncio.get_running_loop()
        self.answers = Answers()
        start = loop.time()
        for number in range(int(rate * seconds)):
            due = start + number / rate
            if (ahead := due - loop.time()) > 0:
                await asyncio.sleep(ahead)
            elif number % 16 == 0:
                await asyncio.sleep(0)
            self._due.append(due)
            self._ask()
        return await self._finish()

    async def as_fast_as_answered(self, at_once: int, seconds: float) -> float:
        """Ask again as soon as an answer is there, on so many connections; return answers a second."""
        loop = asyncio.get_running_loop()
        self.answers = Answers()
        self._again_until = loop.time() + seconds
        self._due.extend([loop.time()] * at_once)
        self._ask()
        await asyncio.sleep(seconds)
        answers = await self._finish()
        return len(answers.seconds.get(200, [])) / seconds

    def answered(self, connection: _Connection, status: int, due: float, head: bytes) -> None:
        """Take an answer, and ask what is due."""
        now = asyncio.get_running_loop().time()
        self.answers.add(status, now - due, head)
        if now < self._again_until:
            self._due.append(now)
        self._free.append(connection)
        self._ask()

    def lost(self, connection: _Connection) -> None:
        """Take note of a connection that the server closed."""
        self._open.discard(connection)
        if connection in self._free:
            self._free.remove(connection)
        if connection.asking and not self._closing:
            self.answers.lost += 1

    def _ask(self) -> None:
        while self._due and self._free:
            self._free.pop().ask(next(self._requests), self._due.popleft())

    async def _finish(self) -> Answers:
        loop = asyncio.get_running_loop()
        end = loop.time() + _PATIENCE_S
        while (self._due or len(self._free) < len(self._open)) and loop.time() < end:  # noqa: ASYNC110  # as many events as connections
            await asyncio.sleep(0.01)
        self.answers.lost += len(self._due) + len(self._open) - len(self._free)
        self._due.clear()
        return self.answers


def never_asked_before(first: int = 1_000_000) -> Iterator[str]:
    """Name lists that no memory of answers has: each is of other rounds than the last."""
    return (f"/v1/rounds?limit=50&min_amount_usd={amount}" for amount in count(first))
