"""SQLite that serves: a file that is opened immutable, and statements that stop in time."""

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine

# Of SQLite's virtual machine: they take some ten microseconds.
_STEPS_BETWEEN_LOOKS = 1_000
# On a busy machine others have the CPU: to begin again in a thread would only add to that. A disk that is
# waited for looks alike, so that it isn't for long.
_MOST_SECONDS_WITHOUT_CPU = 0.015


class _TimedConnection(sqlite3.Connection):
    """A connection whose statements stop at a moment, or later where they haven't had the CPU till then."""

    until = math.inf
    until_of_cpu = -math.inf
    without_cpu = _MOST_SECONDS_WITHOUT_CPU

    def stop_in_time(self) -> None:
        """Look at the clock while statements run."""
        self.set_progress_handler(self._is_late, _STEPS_BETWEEN_LOOKS)

    def _is_late(self) -> bool:
        late_by = time.monotonic() - self.until
        return late_by > 0 and (
            late_by > self.without_cpu or time.thread_time() > self.until_of_cpu
        )


def open_file(path: Path, connections: int) -> Engine:
    """Open at most so many connections to a file, which isn't changed any more."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    return create_engine(
        "sqlite://",
        poolclass=QueuePool,
        creator=lambda: _connect(uri),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=5,
    )


def _connect(uri: str) -> _TimedConnection:
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, factory=_TimedConnection)
    connection.stop_in_time()
    return connection


@contextmanager
def stopping(
    connection: Connection,
    seconds: float,
    *,
    of_cpu: float = -math.inf,
    without_cpu: float = _MOST_SECONDS_WITHOUT_CPU,
) -> Iterator[None]:
    """Let statements on a file run for a while, and longer where they had less of the CPU than they may."""
    timed = _timed(connection)
    if timed is None:
        yield
        return
    before = timed.until, timed.until_of_cpu, timed.without_cpu
    timed.until, timed.until_of_cpu = time.monotonic() + seconds, time.thread_time() + of_cpu
    timed.without_cpu = without_cpu
    try:
        yield
    finally:
        timed.until, timed.until_of_cpu, timed.without_cpu = before


@contextmanager
def uncounted(connection: Connection) -> Iterator[None]:
    """Leave the time of a block, in which statements are written, out of what those that follow may take."""
    timed = _timed(connection)
    began, began_of_cpu = time.monotonic(), time.thread_time()
    try:
        yield
    finally:
        if timed:
            timed.until += time.monotonic() - began
            timed.until_of_cpu += time.thread_time() - began_of_cpu


def _timed(connection: Connection) -> _TimedConnection | None:
    opened: object = connection.connection.dbapi_connection
    return opened if isinstance(opened, _TimedConnection) else None
