"""Whose a SQLite file is: ours are signed in their header, and what others wrote is never written over."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection

# "aird", where SQLite's file format has the number of the application (its section 1.3.15).
_APPLICATION = 0x61697264
_PLACE = slice(68, 72)
_MAGIC = b"SQLite format 3\0"
_HEAD_BYTES = 100
# Of releases that didn't sign.
_TABLES = frozenset({"alembic_version", "dataset"})


class ForeignFileError(Exception):
    """A file that airounds didn't write."""


def sign(connection: Connection) -> None:
    """Sign the file that a connection writes."""
    connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION}")


def refuse_foreign(path: Path) -> None:
    """Let a file be replaced that is ours, damaged or not, or that is empty or isn't there.

    Raises ForeignFileError for any other.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        return
    signed = head.startswith(_MAGIC) and int.from_bytes(head[_PLACE], "big") == _APPLICATION
    if head and not signed and not _has_our_tables(path):
        raise ForeignFileError(path)


def _has_our_tables(path: Path) -> bool:
    """Tell whether a file has our tables, or none at all."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = {name for (name,) in rows}
    except sqlite3.Error:
        return False
    return not names or names >= _TABLES
