"""Watch which dataset answers, so that delivery drops the answers of the one before."""

import time
from collections.abc import Hashable

from starlette.concurrency import run_in_threadpool

from app.database import UNREADABLE, Reader

# Looking at a file costs a tenth of an answer from memory, and asking a server more than all of it.
_SECONDS_OF_FILE = 0.02
_SECONDS_OF_SERVER = 1.0


class Watch:
    """Tells the present dataset: a file's almost at once, a server's as of the last second."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._state: Hashable | None = None
        self._asked_at = float("-inf")
        self._seconds = _SECONDS_OF_FILE if reader.is_file else _SECONDS_OF_SERVER

    def lately(self) -> Hashable | None:
        """Name the dataset as it was told last; None where that is too long ago."""
        return self._state if time.monotonic() - self._asked_at < self._seconds else None

    async def __call__(self) -> Hashable | None:
        """Name the present dataset; None where it can't be read, so that nothing is kept."""
        now = time.monotonic()
        if now - self._asked_at >= self._seconds:
            # Set first, so that the requests of this moment ask once.
            self._asked_at = now
            if self._reader.is_file:
                self._state = self._look()
            else:
                self._state = await run_in_threadpool(self._look)
        return self._state

    def saw(self, version: str) -> None:
        """Ask again at once where an answer is of another dataset than the one last told."""
        asked = self._state if not self._reader.is_file else None
        if isinstance(asked, tuple) and version not in asked:
            self._asked_at = float("-inf")

    def _look(self) -> Hashable | None:
        try:
            return self._reader.state()
        except UNREADABLE:
            return None
