"""Databases that serve: read-only connections to the dataset that is present, stopped in time."""

import math
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from sqlalchemy import (
    Connection,
    Engine,
    func,
    make_url,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import col

from app.postgres import open_server
from app.settings import FEWEST_CONNECTIONS
from app.sqlite import open_file, stopping
from app.tables import DatasetRow, LoadRow

_QUERY_CANCELED = "57014"
_SECONDS_AT_ONCE = 0.005
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
                with stopping(at_hand, _SECONDS_AT_ONCE, of_cpu=_SECONDS_AT_ONCE):
                    yield at_hand
            else:
                seconds = math.inf if in_pieces else self.timeout_seconds
                with self._engine().connect() as connection, stopping(connection, seconds):
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
        return open_file(self._path, _MOST_OF_FILE)


def shown(connection: Connection) -> Loaded | None:
    """Return the load that a connection reads, None where there is none."""
    row = connection.execute(_SHOWN).first()
    return Loaded(*row) if row else None


@contextmanager
def waiting_for_disk(connection: Connection) -> Iterator[None]:
    """Give statements on a file no more of the CPU than at once, but a disk the time that it needs.

    Raises TooLongError where that isn't enough, or there is no file.
    """
    if connection.dialect.name != "sqlite":
        raise TooLongError
    of_cpu, without_cpu = _SECONDS_AT_ONCE, _MOST_SECONDS_OF_DISK
    try:
        with stopping(connection, 0, of_cpu=of_cpu, without_cpu=without_cpu):
            yield
    except DBAPIError as error:
        if _was_stopped(error):
            raise TooLongError from None
        raise


def _was_stopped(error: DBAPIError) -> bool:
    stopped = getattr(error.orig, "sqlite_errorname", None) == "SQLITE_INTERRUPT"
    return stopped or getattr(error.orig, "sqlstate", None) == _QUERY_CANCELED


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite URL, None for another database."""
    parsed = make_url(url)
    return Path(str(parsed.database)) if parsed.get_backend_name() == "sqlite" else None
