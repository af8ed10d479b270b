"""Watch which dataset answers, so that delivery drops the answers of the one before."""

import time
from collections.abc import Hashable

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.concurrency import run_in_threadpool

from app.database import NoDatabaseError, Reader

_SECONDS = 1.0


class Watch:
    """Tells the present dataset: a file's at once, a server's as of the last second."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._state: Hashable | None = None
        self._asked_at = float("-inf")

    async def __call__(self) -> Hashable | None:
        """Name the present dataset; None where it can't be read, so that nothing is kept."""
        if self._reader.is_file:
            return self._look()
        now = time.monotonic()
        if now - self._asked_at >= _SECONDS:
            # Set first, so that the requests of this moment ask once.
            self._asked_at = now
            self._state = await run_in_threadpool(self._look)
        return self._state

    def saw(self, version: str) -> None:
        """Ask again at once where an answer is of another dataset than the one last told."""
        if isinstance(self._state, tuple) and version not in self._state:
            self._asked_at = float("-inf")

    def _look(self) -> Hashable | None:
        try:
            return self._reader.state()
        except (NoDatabaseError, DBAPIError, PoolTimeoutError):
            return None
