"""Many rows at once, as tuples in the order of a table's columns: the quickest way into each engine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, TableClause, insert, text

Rows = Sequence[tuple[Any, ...]]


def insert_rows(connection: Connection, table: TableClause, rows: Rows) -> None:
    """Insert rows: by COPY into PostgreSQL, by one prepared statement into SQLite.

    Raises the engine's own IntegrityError (`refusal`) where a row may not stand in the table.
    """
    if not rows:
        return
    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        names = connection.dialect.identifier_preparer
        columns = ", ".join(names.format_column(column) for column in table.columns)
        with cursor.copy(f"COPY {names.format_table(table)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.executemany(str(insert(table).compile(dialect=connection.dialect)), rows)
    cursor.close()


def refusal(connection: Connection) -> type[Exception]:
    """Return what `insert_rows` raises where a key is there already or a reference leads nowhere."""
    error: type[Exception] = connection.dialect.loaded_dbapi.IntegrityError
    return error


@contextmanager
def indexes_last(connection: Connection) -> Iterator[None]:
    """Build a new file's indexes when its rows are there: sorting once is quicker than inserting.

    PostgreSQL keeps its own, since readers go on with its tables meanwhile.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    # What migrations have made is asked of the file: the tables don't tell of every index.
    made = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    indexes = connection.execute(made).all()
    quoted = connection.dialect.identifier_preparer.quote
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {quoted(name)}"))
    yield
    for _, statement in indexes:
        connection.exec_driver_sql(statement)
