"""The columnar copy at serving: taken out of the database into a private file, and asked in DuckDB.

The first statistic on a dataset takes the file out, so that a service that is asked for none never
imports DuckDB. What is asked is built of the same tables and clauses as every other statement.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore, Lock, Timer
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, select
from sqlmodel import col

from app.database import TooLongError
from app.duckdb_sql import Written, written
from app.machine import usable_cpus
from app.postgres import rows_in_binary
from app.shapes import Shapes
from app.tables import ColumnChunkRow, CompanySnapshotRow, RoundSnapshotRow, SnapshotTable

if TYPE_CHECKING:
    import duckdb

# In threads a file of some ten thousand rounds takes twice the CPU, and no less time.
_MOST_THREADS, _SMALL_BYTES = 4, 8_000_000
# Each of these takes all threads there are; more at once would only share memory, and spill.
_AT_ONCE = 2
_LONGEST_WAIT_SECONDS = 5
_FETCHED_ROWS = 1_000
_CHUNKS_AT_ONCE = 8
# Shapes are as many as there are combinations of filters and orders; what is asked in practice are dozens.
_MOST_STATEMENTS = 500
# What one statistic may take of the memory of a server; past it DuckDB spills, and then gives up.
_SETTINGS: dict[str, Any] = {
    "memory_limit": "1GB",
    "max_temp_directory_size": "4GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
}


COPIED: tuple[type[SnapshotTable], ...] = (CompanySnapshotRow, RoundSnapshotRow)
"""The tables whose columns are in the copy, with their tags."""


class NoColumnsError(Exception):
    """The database holds no columnar copy: its dataset was loaded by an earlier release."""


class TooMuchAtOnceError(Exception):
    """What was asked takes more time or memory than statistics may have at the moment."""


_NO_CODE = -1  # of a word that no row has


@dataclass(frozen=True, slots=True)
class Asking:
    """A view of one columnar copy, for one request."""

    cursor: "duckdb.DuckDBPyConnection"
    turns: BoundedSemaphore
    seconds: float
    is_small: bool
    """Whether a statement takes longer to plan than to run."""
    known: Shapes[Written]

    def rows(self, statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
        """Run a statement and return its rows as they come.

        Raises TooMuchAtOnceError, TooLongError, and NoColumnsError where the copy lacks a column.
        """
        return self._run(written(statement), {})

    def rows_of(
        self, shape: Hashable, write: Callable[[], Select[Any]], values: Mapping[str, Any]
    ) -> Iterator[tuple[Any, ...]]:
        """Run the statement of a shape with some values; `write` writes it where it isn't known yet.

        Raises what `rows` raises.
        """
        return self._run(self.known.of(shape, lambda: written(write())), values)

    def _run(self, statement: Written, values: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        import duckdb  # noqa: PLC0415  # it's imported where there is a cursor

        if not self.turns.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise TooMuchAtOnceError
        stop = Timer(self.seconds, self.cursor.interrupt)
        stop.start()
        try:
            # All of the result is computed here; fetching it takes no turn, however slow its reader.
            self.cursor.execute(statement.text, self._values(statement, values))
        except duckdb.OutOfMemoryException as error:
            raise TooMuchAtOnceError(str(error)) from None
        except duckdb.InterruptException:
            raise TooLongError(f"{self.seconds:g} seconds") from None
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise NoColumnsError(str(error)) from None
        finally:
            stop.cancel()
            self.turns.release()
        while some := self.cursor.fetchmany(_FETCHED_ROWS):
            yield from some

    def _values(self, statement: Written, values: Mapping[str, Any]) -> list[Any]:
        """Return what a statement is given in order, with the codes of words."""
        told = {**statement.constants, **values}
        for table, names in statement.coded.items():
            words = [told[name] for name in names]
            asked = ", ".join("?" * len(words))
            look_up = f"SELECT word, code FROM {table} WHERE word IN ({asked})"  # noqa: S608  # of a table of ours
            codes = dict(self.cursor.execute(look_up, words).fetchall())
            told |= {
                name: codes.get(word, _NO_CODE) for name, word in zip(names, words, strict=True)
            }
        return [told[name] for name in statement.names]


@dataclass(slots=True, eq=False)
class _Copy:
    """A columnar copy that was taken out; another dataset's goes with the last who asks it."""

    name: str
    duck: "duckdb.DuckDBPyConnection"
    folder: "TemporaryDirectory[str]"
    is_small: bool
    askers: int = 0

    def close_unasked(self) -> None:
        """Close it, unless somebody asks it: its cursors would be closed with it."""
        if not self.askers:
            self.duck.close()
            self.folder.cleanup()


class Columns:
    """The columnar copy of the dataset that is served, whichever it is at the moment."""

    def __init__(self, timeout_seconds: float = 30) -> None:
        self._timeout_seconds = timeout_seconds
        self._turns = BoundedSemaphore(_AT_ONCE)
        self._lock = Lock()
        self._opened: _Copy | None = None
        self._known = Shapes[Written](_MOST_STATEMENTS)

    @property
    def is_open(self) -> bool:
        """Whether a copy was taken out already, which the first who asks waits for."""
        return self._opened is not None

    @contextmanager
    def asking(self, connection: Connection) -> Iterator[Asking]:
        """Ask the copy of the dataset that a connection reads.

        Raises NoColumnsError.
        """
        copy, asked = self._begin(connection)
        try:
            with asked as cursor:
                yield Asking(cursor, self._turns, self._timeout_seconds, copy.is_small, self._known)
        finally:
            with self._lock:
                copy.askers -= 1
                if copy is not self._opened:
                    copy.close_unasked()

    def close(self) -> None:
        """Let go of the copy and its file."""
        with self._lock:
            self._let_go()

    def _begin(self, connection: Connection) -> "tuple[_Copy, duckdb.DuckDBPyConnection]":
        first = select(col(ColumnChunkRow.name)).where(col(ColumnChunkRow.number) == 0)
        name = connection.scalar(first)
        if name is None:
            raise NoColumnsError
        with self._lock:
            if self._opened is None or self._opened.name != name:
                self._let_go()
                self._opened = _Copy(name, *_take_out(connection))
            copy = self._opened
            copy.askers += 1
            return copy, copy.duck.cursor()

    def _let_go(self) -> None:
        copy, self._opened = self._opened, None
        if copy:
            copy.close_unasked()


def _take_out(
    connection: Connection,
) -> tuple["duckdb.DuckDBPyConnection", TemporaryDirectory[str], bool]:
    """Write the copy into a file that has no name by the time that anyone could find it.

    Tells besides whether it is small.
    """
    import duckdb  # noqa: PLC0415  # a tenth of a second, and memory that only statistics need

    folder = TemporaryDirectory(prefix="airounds-", ignore_cleanup_errors=True)
    file = Path(folder.name) / "columns.duckdb"
    in_order = (col(ColumnChunkRow.name), col(ColumnChunkRow.number))
    chunks = select(col(ColumnChunkRow.content)).order_by(*in_order)
    with file.open("wb") as stream:
        for (chunk,) in _rows(connection, chunks):
            stream.write(chunk)
    is_small = file.stat().st_size <= _SMALL_BYTES
    threads = 1 if is_small else min(usable_cpus(), _MOST_THREADS)
    own: dict[str, Any] = {"threads": threads, "temp_directory": str(Path(folder.name) / "spilled")}
    duck = duckdb.connect(file, read_only=True, config={**_SETTINGS, **own})
    # The file goes with its last reader, even of a server that is killed; Windows doesn't let it.
    with suppress(PermissionError):
        file.unlink()
    return duck, folder, is_small


def _rows(connection: Connection, chunks: Select[Any]) -> Iterable[Any]:
    if connection.dialect.name == "postgresql":
        return rows_in_binary(connection, chunks, _CHUNKS_AT_ONCE)
    return connection.execute(chunks, execution_options={"yield_per": _CHUNKS_AT_ONCE})
