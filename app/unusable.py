"""Why a command can't use the database, in a line that says what to do and tells no password."""

import sqlite3
from pathlib import Path

import psycopg
from sqlalchemy.exc import DBAPIError

from app.database import NoDatabaseError, TooLongError, sqlite_path
from app.schema import NewerSchemaError
from app.signature import ForeignFileError

_NOT_OURS = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
_NOT_ALLOWED = ("42501", "25006")  # insufficient_privilege, read_only_sql_transaction
# Connections, credentials, names of databases, resources, and what an administrator does.
_OUT_OF_REACH = ("08", "28", "3D", "53", "57")
_ANOTHER = "set AIROUNDS_DATABASE_URL to another path"


def explain(error: BaseException, url: str) -> str | None:
    """Say why the database of a URL can't be used; None where the error says nothing of that."""
    path = sqlite_path(url)
    match error:
        case NewerSchemaError():
            return (
                f"the database's schema is of a newer release (revision {error}): install that "
                "release, or set AIROUNDS_DATABASE_URL to another database"
            )
        case ForeignFileError():
            return (
                f"{error} isn't a file of airounds and stays as it is: move it away, or {_ANOTHER}"
            )
        case DBAPIError():
            return explain(error.orig, url) if error.orig else None
        case sqlite3.Error() if path:
            return _of_file(error, path)
        case psycopg.Error():
            return _of_server(error)
        case NoDatabaseError():
            return f"{path} can't be read: {error}; run airounds load"
        case TooLongError():
            return "the database takes too long to answer: AIROUNDS_QUERY_TIMEOUT says how long"
        case OSError(filename=str() | Path() as file) if error.strerror:
            where = Path(file)
            ours = path and (where == path or where.parent == path.parent or where in path.parents)
            return f"{where}: {error.strerror}" + (f"; {_ANOTHER}" if ours else "")
    return None


def _of_file(error: sqlite3.Error, path: Path) -> str | None:
    kind = getattr(error, "sqlite_errorname", "")
    if kind.startswith(_NOT_OURS):
        return f"{path} is no database, or a damaged one: remove it and run airounds load, or {_ANOTHER}"
    if kind.startswith(("SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY")):
        return f"{path}: {error}; {_ANOTHER}"
    return None


def _of_server(error: psycopg.Error) -> str | None:
    # A server that has several addresses, or is asked with and without TLS, says the same twice.
    lines = dict.fromkeys(" ".join(line.split()) for line in str(error).splitlines())
    said = "; ".join(line for line in lines if line).removeprefix("connection failed: ")
    if error.sqlstate in _NOT_ALLOWED:
        return (
            f"PostgreSQL refuses this role: {said}; run airounds migrate with AIROUNDS_OWNER_URL, and "
            "where roles are missing with AIROUNDS_ADMIN_URL"
        )
    # Connections that aren't made, or are lost, have no state.
    if not error.sqlstate or error.sqlstate.startswith(_OUT_OF_REACH):
        return (
            f"PostgreSQL can't be used: {said}; see that it runs, and that host, user and password in "
            "AIROUNDS_DATABASE_URL, _OWNER_URL and _ADMIN_URL are right"
        )
    return None
