"""Databases that serve: read-only connections to the dataset that is present, stopped in time."""

import math
import sqlite3
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    Engine,
    QueuePool,
    create_engine,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import col

from app.postgres import open_server
from app.settings import FEWEST_CONNECTIONS
from app.tables import DatasetRow, LoadRow

_QUERY_CANCELED = "57014"
# Of SQLite's virtual machine: they take some ten microseconds.
_STEPS_BETWEEN_LOOKS = 1_000
_SECONDS_AT_ONCE = 0.005
# On a busy machine others have the CPU: to begin again in a thread would only add to that. A disk that is
# waited for looks alike, so that it isn't for long.
_MOST_SECONDS_WITHOUT_CPU = 0.015
# In a thread nobody else waits for a disk.
_MOST_SECONDS_OF_DISK = 0.25
_MOST_OF_FILE = 40
# In KiB, of the one connection that short queries share: pages that many answers read.
_PAGES_AT_HAND = 16_384
# A server plans and answers in less, but for what is better found in the columnar copy.
_SERVER_SECONDS_AT_ONCE = 0.025
# Of a process to a server, for short answers: Python can't read more of them at a time. Where more are
# asked for, each waits for all others in the server, and is stopped for what these take.
_MOST_OF_SERVER = 4
_SHOWN = select(
    col(DatasetRow.version),
    col(DatasetRow.rendering),
    select(func.coalesce(func.max(col(LoadRow.number)), 0)).scalar_subquery(),
)


class NoDatabaseError(Exception):
    """There is no SQLite file, or none that can be looked at."""


class TooLongError(Exception):
    """A query that takes longer than it may."""


class Loaded(NamedTuple):
    """A load, as a server shows it; a replica that lags shows an earlier one than others do."""

    version: str
    rendering: str
    number: int


UNREADABLE = (NoDatabaseError, TooLongError, DBAPIError, PoolTimeoutError)
"""What is raised where a database can't be read at the moment."""


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


class Reader:
    """Read-only connections to the dataset that is served, whichever it is at the moment.

    A SQLite file is opened immutable, and anew when another file has taken its place. PostgreSQL is
    read in a repeatable read, so that all statements of one connection see the same dataset.
    """

    def __init__(
        self, url: str, timeout_seconds: float = 30, connections: int = FEWEST_CONNECTIONS
    ) -> None:
        self._url = url
        self.timeout_seconds = timeout_seconds
        self._connections = connections
        self._at_hand: tuple[Engine, Connection] | None = None
        self._path = sqlite_path(url)
        self._lock = Lock()
        self._opened: tuple[object, Engine] | None = None
        self._hurried: Engine | None = None
        self._watching: Engine | None = None

    @contextmanager
    def connect(self, *, at_once: bool = False, in_pieces: bool = False) -> Iterator[Connection]:
        """Connect to the present dataset; `at_once` for a few milliseconds, of a file in this very thread.

        What is read `in_pieces` takes as long as its reader: a server measures each piece, a file none.
        Raises NoDatabaseError where there is no SQLite file, TooLongError where a statement takes
        longer than it may, and DBAPIError where the database doesn't answer.
        """
        try:
            if at_once and not self.is_file:
                with self._hurried_engine().connect() as connection:
                    yield connection
            elif at_once:
                at_hand = self._connection_at_hand()
                until = time.thread_time() + _SECONDS_AT_ONCE
                with _stopping(at_hand, _SECONDS_AT_ONCE, until) as connection:
                    yield connection
            else:
                seconds = math.inf if in_pieces else self.timeout_seconds
                with self._engine().connect() as opened, _stopping(opened, seconds) as connection:
                    yield connection
        except DBAPIError as error:
            if _was_stopped(error):
                raise TooLongError(f"{self.timeout_seconds:g} seconds") from None
            raise

    def _connection_at_hand(self) -> Connection:
        """Return the connection that the thread which serves all keeps to itself."""
        engine = self._engine()
        if self._at_hand is None or self._at_hand[0] is not engine:
            self._let_go()
            self._at_hand = engine, engine.connect()
            # Of a file that is no database it fails, when the connection is kept already.
            self._at_hand[1].exec_driver_sql(f"PRAGMA cache_size = -{_PAGES_AT_HAND}")
        return self._at_hand[1]

    def _let_go(self) -> None:
        """Close the connection at hand; none but the thread that it belongs to may."""
        if self._at_hand:
            connection = self._at_hand[1]
            connection.invalidate()
            connection.close()
            self._at_hand = None

    def _hurried_engine(self) -> Engine:
        """Return connections to a server that gives up soon; a transaction can't be told so in less time."""
        with self._lock:
            if self._hurried is None:
                most = min(_MOST_OF_SERVER, (self._connections - 1) // 2)
                self._hurried = open_server(self._url, _SERVER_SECONDS_AT_ONCE, most, alone=True)
            return self._hurried

    def _watching_engine(self) -> Engine:
        """Return the one connection that no answer takes, so that it is free when all others aren't."""
        with self._lock:
            if self._watching is None:
                self._watching = open_server(self._url, self.timeout_seconds, 1)
            return self._watching

    @property
    def longest_at_once(self) -> int:
        """How many connections may be kept for long, so that others are left for what is short."""
        slow = _MOST_OF_FILE if self.is_file else self._slow_connections
        return slow // 2

    @property
    def _slow_connections(self) -> int:
        return self._connections // 2

    @property
    def is_file(self) -> bool:
        """Whether the dataset is a SQLite file."""
        return self._path is not None

    def state(self) -> Hashable:
        """Name the dataset that answers at the moment: of a file by its identity, else by asking.

        Raises what `connect` raises.
        """
        if self.is_file:
            return self._identity()
        with self._watching_engine().connect() as connection:
            return shown(connection)

    def look_elsewhere(self) -> None:
        """Leave the server that told its state, where it lags: the next look is at any of the hosts."""
        if self._watching:
            self._watching.dispose()

    def close(self) -> None:
        """Close all connections that are idle."""
        self._let_go()
        if self._opened:
            self._opened[1].dispose()
        for engine in (self._hurried, self._watching):
            if engine:
                engine.dispose()

    def _engine(self) -> Engine:
        identity = self._identity()
        opened = self._opened
        if opened and opened[0] == identity:
            return opened[1]
        with self._lock:
            if self._opened is None or self._opened[0] != identity:
                # Connections of the file before stay with the answers that they are giving.
                if self._opened:
                    self._opened[1].dispose()
                self._opened = identity, self._open()
            return self._opened[1]

    def _identity(self) -> Hashable:
        if self._path is None:
            return self._url
        try:
            status = self._path.stat()
        except OSError as error:
            raise NoDatabaseError(error.strerror) from None
        return status.st_dev, status.st_ino, status.st_mtime_ns

    def _open(self) -> Engine:
        if self._path is None:
            return open_server(self._url, self.timeout_seconds, self._slow_connections)
        uri = f"file:{quote(str(self._path.absolute()))}?mode=ro&immutable=1"
        return create_engine(
            "sqlite://",
            poolclass=QueuePool,
            creator=lambda: _open_file(uri),
            pool_size=_MOST_OF_FILE,
            max_overflow=0,
            pool_timeout=5,
        )


def shown(connection: Connection) -> Loaded | None:
    """Return the load that a connection reads, None where there is none."""
    row = connection.execute(_SHOWN).first()
    return Loaded(*row) if row else None


def _open_file(uri: str) -> _TimedConnection:
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False, factory=_TimedConnection)
    connection.stop_in_time()
    return connection


@contextmanager
def _stopping(
    connection: Connection, seconds: float, until_of_cpu: float = -math.inf
) -> Iterator[Connection]:
    """Let statements run for a while; PostgreSQL looks at the clock by itself."""
    opened: object = connection.connection.dbapi_connection
    if not isinstance(opened, _TimedConnection):
        yield connection
        return
    opened.until, opened.until_of_cpu = time.monotonic() + seconds, until_of_cpu
    try:
        yield connection
    finally:
        opened.until = math.inf


@contextmanager
def uncounted(connection: Connection) -> Iterator[None]:
    """Leave the time of a block, in which statements are written, out of what those that follow may take."""
    opened: object = connection.connection.dbapi_connection
    began, began_of_cpu = time.monotonic(), time.thread_time()
    try:
        yield
    finally:
        if isinstance(opened, _TimedConnection):
            opened.until += time.monotonic() - began
            opened.until_of_cpu += time.thread_time() - began_of_cpu


@contextmanager
def waiting_for_disk(connection: Connection) -> Iterator[None]:
    """Give the statements of a block no more of the CPU than at once, but a disk the time that it needs.

    Raises TooLongError where that isn't enough.
    """
    opened: object = connection.connection.dbapi_connection
    if not isinstance(opened, _TimedConnection):
        raise TooLongError
    until = opened.until
    opened.until, opened.until_of_cpu = time.monotonic(), time.thread_time() + _SECONDS_AT_ONCE
    opened.without_cpu = _MOST_SECONDS_OF_DISK
    try:
        yield
    except DBAPIError as error:
        if _was_stopped(error):
            raise TooLongError from None
        raise
    finally:
        opened.until, opened.until_of_cpu = until, -math.inf
        opened.without_cpu = _MOST_SECONDS_WITHOUT_CPU


def _was_stopped(error: DBAPIError) -> bool:
    stopped = getattr(error.orig, "sqlite_errorname", None) == "SQLITE_INTERRUPT"
    return stopped or getattr(error.orig, "sqlstate", None) == _QUERY_CANCELED


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite URL, None for another database."""
    parsed = make_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None
