"""PostgreSQL that serves: connections to its hosts, and which reads are worth repeating."""

import math
from collections.abc import Iterator
from typing import Any

from sqlalchemy import URL, Connection, Engine, Select, create_engine, make_url
from sqlalchemy.exc import DBAPIError

# For a connection, before the client is told to come back: a queue would only grow.
_SECONDS_IN_LINE = 1
# Connections are made anew now and then, so that a host that was away gets its share again.
_SECONDS_OF_A_CONNECTION = 300
# A host that is gone without a word is noticed in seconds, and not in the two hours of TCP itself.
_NOTICING: dict[str, Any] = {
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "airounds",
}
# What a standby says whose rows were cleaned up under a read, and a server that stops or starts.
_PASSING = frozenset({"40001", "57P01", "57P02", "57P03"})
_CURSOR = "rows_in_binary"


def open_server(
    url: str, statement_seconds: float, connections: int, *, alone: bool = False
) -> Engine:
    """Open at most so many read-only connections, spread over the hosts that the URL names.

    Statements `alone` have no other processes work on them: to start these takes some ten milliseconds.

    What the URL says of a connection holds: it may name other timeouts, and options beside ours. With
    infinite seconds a statement may take any time.
    """
    milliseconds = 0 if math.isinf(statement_seconds) else round(statement_seconds * 1000)
    parsed = make_url(url)
    given = parsed.query.get("options", "")
    options = [given] if isinstance(given, str) else list(given)
    options += [
        "-c default_transaction_read_only=on",
        f"-c statement_timeout={milliseconds}",
        *(["-c max_parallel_workers_per_gather=0"] if alone else []),
    ]
    return create_engine(
        parsed.difference_update_query(["options"]),
        isolation_level="REPEATABLE READ",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_SECONDS_IN_LINE,
        pool_pre_ping=True,
        pool_recycle=_SECONDS_OF_A_CONNECTION,
        connect_args={**_unsaid(parsed), "options": " ".join(options).strip()},
    )


def _unsaid(url: URL) -> dict[str, Any]:
    return {name: value for name, value in _NOTICING.items() if name not in url.query}


def rows_in_binary(
    connection: Connection, statement: Select[Any], at_once: int
) -> Iterator[tuple[Any, ...]]:
    """Read rows as they come, some at once, and bytes as they are: as text they take five times the CPU."""
    text = str(statement.compile(dialect=connection.dialect))
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor(_CURSOR, binary=True) as cursor:
            cursor.itersize = at_once
            cursor.execute(text)
            yield from cursor
    except driver.Error as error:
        is_lost = driver.closed or driver.broken
        if is_lost:
            connection.invalidate(error)
        raise DBAPIError(text, (), error, connection_invalidated=is_lost) from error


def is_passing(error: DBAPIError) -> bool:
    """Tell whether a read may succeed when it is repeated: its connection or its rows were taken away."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _PASSING
