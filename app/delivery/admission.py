"""Admission: how many answers are computed at a time, how many requests wait, and what becomes of the rest.

It stands right behind the memory of answers: what is kept costs nothing here, and a refusal goes through
no other layer, since at a multiple of the load that can be sustained most of the time goes to refusals.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.delivery.ledger import NOTE
from app.delivery.refusal import PROBES, Refusals
from app.problems import OVERLOADED

_LONGEST_WAIT_S = 1.0
# To wait for a turn takes a fifth of a short answer's time, so that only a loop that is late is shared out.
_SECONDS_OF_A_TURN = 0.02
# Where many wait, most who come are refused, and not to wait for more answers than these in a turn. One for
# so many refusals leaves time to answer where those alone fill the turns.
_FEW_OF_A_TURN = 4
_REFUSALS_FOR_ONE = 16
_RETRY_SECONDS = 1
_DETAIL = "as many requests are being answered and waiting as this service takes on"


class Admission:
    """Let so many requests in at a time, in the order in which they came.

    A short query is answered without giving up the thread, so that a turn of the event loop lasts as long as
    all that come in it. What would begin later than some milliseconds after its first waits for another
    turn, or is refused; without that each would be begun, and the last one kept waiting by all.
    """

    def __init__(
        self, app: ASGIApp, most_running: int, most_waiting: int, origins: Sequence[str]
    ) -> None:
        self._app = app
        self._most_running = most_running
        self._many_waiting = most_waiting // 2
        self._most = most_running + most_waiting
        self._refusals = Refusals(origins)
        self._waiting: deque[tuple[float, asyncio.Future[bool]]] = deque()
        self._watches = False
        self._turn_ends: float | None = None
        self._begun_in_turn = 0
        self._few = _FEW_OF_A_TURN
        self._refused_before = 0
        self.running = 0
        self.refused = 0

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether as many run and wait as may."""
        return self.running + len(self._waiting) >= self._most

    def counts(self, scope: Scope) -> bool:
        """Tell whether a request has to be let in."""
        return (
            scope["type"] == "http"
            and scope["method"] in ("GET", "HEAD")
            and scope["path"] not in PROBES
        )

    async def refuse(self, scope: Scope, send: Send) -> None:
        """Tell a client to come again."""
        self.refused += 1
        await self._refusals.send(scope, send, OVERLOADED, _DETAIL, retry_seconds=_RETRY_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; what isn't a read of an answer passes, as its own reads come here."""
        if not self.counts(scope):
            await self._app(scope, receive, send)
            return
        if not await self._enter(scope):
            await self.refuse(scope, send)
            return
        inside = True

        async def send_on(message: Message) -> None:
            # What has begun to be sent is computed, or a stream, which has a bound of its own.
            nonlocal inside
            if inside:
                inside = False
                self._leave()
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            if inside:
                self._leave()

    async def _enter(self, scope: Scope) -> bool:
        """Wait for a place; False where there is none in time."""
        loop = asyncio.get_running_loop()
        if not self._waiting and self._has_room():
            self._begin(loop)
            return True
        if self.is_full:
            return False
        turn: asyncio.Future[bool] = loop.create_future()
        since = loop.time()
        self._waiting.append((since + _LONGEST_WAIT_S, turn))
        if not self._watches:
            self._watches = True
            loop.call_later(_LONGEST_WAIT_S, self._end_waiting, loop)
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.result():
                self._leave()
            raise
        finally:
            if NOTE in scope.get("state", ()):
                scope["state"][NOTE].waited = loop.time() - since

    def _end_waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        """Refuse those that have waited for too long, and look again when the next one will have."""
        while self._waiting and self._waiting[0][0] <= loop.time():
            _, turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(False)
        self._watches = bool(self._waiting)
        if self._watches:
            loop.call_at(self._waiting[0][0], self._end_waiting, loop)

    def _has_room(self) -> bool:
        late = self._turn_ends is not None and monotonic() >= self._turn_ends
        many_wait = len(self._waiting) > self._many_waiting
        enough = many_wait and self._begun_in_turn >= self._few
        return not late and not enough and self.running < self._most_running

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self.running += 1
        self._begun_in_turn += 1
        if self._turn_ends is None:
            self._turn_ends = monotonic() + _SECONDS_OF_A_TURN
            loop.call_soon(self._next_turn)

    def _next_turn(self) -> None:
        self._turn_ends = None
        self._begun_in_turn = 0
        refused = self.refused - self._refused_before
        self._few = max(_FEW_OF_A_TURN, refused // _REFUSALS_FOR_ONE)
        self._refused_before = self.refused
        self._admit()

    def _admit(self) -> None:
        """Let those begin that have waited longest, where there is room."""
        while self._waiting and self._has_room():
            _, turn = self._waiting.popleft()
            if not turn.done():  # as that of a request which was cancelled is
                self._begin(turn.get_loop())
                turn.set_result(True)

    def _leave(self) -> None:
        self.running -= 1
        self._admit()
