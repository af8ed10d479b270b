"""Watch which dataset answers, so that delivery drops the answers of the one before."""

import time
from collections.abc import Hashable

from starlette.concurrency import run_in_threadpool

from app.database import UNREADABLE, Loaded, Reader

# Looking at a file costs a tenth of an answer from memory, and asking a server more than all of it.
_SECONDS_OF_FILE = 0.02
_SECONDS_OF_SERVER = 1.0
# A server that doesn't answer for longer may show another dataset by now.
_SECONDS_OF_A_LOOK = 5.0
# A replica shows an earlier load for a while; where no look finds the later one for longer, it is lost.
_SECONDS_OF_LAG = 30.0


class Watch:
    """Tells the present dataset: a file's almost at once, a server's as of the last second.

    Of a server's replicas one may lag behind another: the latest load that was seen of any is the
    present one, so that delivery doesn't go back and forth between two.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._state: Hashable | None = None
        self._looked_at = float("-inf")
        self._is_looking = False
        # Asked for each answer from memory, and longer in coming from the reader.
        self._is_file = reader.is_file
        self._seconds = _SECONDS_OF_FILE if reader.is_file else _SECONDS_OF_SERVER
        self._latest: Loaded | None = None
        self._latest_at = float("-inf")

    def lately(self) -> Hashable | None:
        """Name the present dataset where that takes no waiting, as a file does; else None."""
        now = time.monotonic()
        if self._is_file:
            if now - self._looked_at >= self._seconds:
                self._looked_at = now
                self._state = self._look()
            return self._state
        return None if self._is_due(now) else self._told(now)

    async def __call__(self) -> Hashable | None:
        """Name the present dataset; None where it can't be read, so that nothing is kept."""
        if self._is_file:
            return self.lately()
        if self._is_due(time.monotonic()):
            # One request asks, and the others of this moment go on with what was told before.
            self._is_looking = True
            try:
                state = await run_in_threadpool(self._look)
                self._state = self._later(state) if isinstance(state, Loaded) else None
                if self._state != state:
                    await run_in_threadpool(self._reader.look_elsewhere)
            finally:
                self._is_looking = False
            self._looked_at = time.monotonic()
        return self._told(time.monotonic())

    def _is_due(self, now: float) -> bool:
        return now - self._looked_at >= self._seconds and not self._is_looking

    def _told(self, now: float) -> Hashable | None:
        return self._state if now - self._looked_at < _SECONDS_OF_A_LOOK else None

    def saw(self, loaded: Loaded | None) -> None:
        """Take the load of an answer for the present one, unless a later one was seen."""
        if loaded is not None:
            self._state = self._later(loaded)

    def _later(self, loaded: Loaded) -> Loaded:
        """Return the later one of a load and of the latest that was seen lately."""
        now = time.monotonic()
        latest = self._latest
        if latest and loaded.number < latest.number and now - self._latest_at < _SECONDS_OF_LAG:
            return latest
        self._latest, self._latest_at = loaded, now
        return loaded

    def _look(self) -> Hashable | None:
        try:
            return self._reader.state()
        except UNREADABLE:
            return None
