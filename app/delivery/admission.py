"""Admission: how many answers are computed at a time, how many requests wait, and what becomes of the rest.

It stands behind the memory of answers and behind the gate, so that what is kept costs nothing here and
a refusal is a problem like others.
"""

import asyncio
from collections import deque

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import Overloaded

_LONGEST_WAIT_S = 1.0
# Whoever asks whether the service lives is told so under any load.
_FREE = frozenset({"/healthz", "/readyz"})


class Admission:
    """Let so many requests in at a time, in the order in which they came.

    A short query is answered without giving up the thread, so one alone begins in each turn of the event
    loop. The others of that turn are queued or refused before it, where without turns each would be
    begun and the last one kept waiting by all.
    """

    def __init__(self, app: ASGIApp, most_running: int, most_waiting: int) -> None:
        self._app = app
        self._most_running = most_running
        self._most_waiting = most_waiting
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._begun = False
        self.running = 0
        self.refused = 0

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request.

        Raises Overloaded where more are waiting than may, or this one has waited too long.
        """
        if scope["type"] != "http" or scope["path"] in _FREE:
            await self._app(scope, receive, send)
            return
        await self._enter()
        place = _Place(self)

        async def send_on(message: Message) -> None:
            # What has begun to be sent is computed, or a stream, which has a bound of its own.
            place.leave()
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            place.leave()

    async def _enter(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._begun and not self._waiting and self.running < self._most_running:
            self._begin(loop)
            return
        if len(self._waiting) >= self._most_waiting:
            self.refused += 1
            raise Overloaded("as many requests are waiting as this service takes on")
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.append(turn)
        end = loop.call_later(_LONGEST_WAIT_S, self._end_waiting, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.exception() is None:
                self.leave()
            raise
        finally:
            end.cancel()

    def _end_waiting(self, turn: asyncio.Future[None]) -> None:
        if not turn.done():
            self._waiting.remove(turn)
            self.refused += 1
            turn.set_exception(Overloaded("it has waited for a second and would wait longer"))

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self.running += 1
        self._begun = True
        loop.call_soon(self._next_turn)

    def _next_turn(self) -> None:
        self._begun = False
        self._admit()

    def _admit(self) -> None:
        """Let the one that has waited longest begin, where there is room."""
        while self._waiting and not self._begun and self.running < self._most_running:
            turn = self._waiting.popleft()
            if not turn.done():  # as that of a request which was cancelled is
                self._begin(turn.get_loop())
                turn.set_result(None)

    def leave(self) -> None:
        """Give up the place of a request that is answered."""
        self.running -= 1
        self._admit()


class _Place:
    """The place of one request that is being answered."""

    __slots__ = ("_admission",)

    def __init__(self, admission: Admission) -> None:
        self._admission: Admission | None = admission

    def leave(self) -> None:
        """Give it up, once."""
        admission, self._admission = self._admission, None
        if admission is not None:
            admission.leave()
