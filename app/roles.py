"""The roles of PostgreSQL: one that owns the tables and writes them, one that serves and may only read."""

from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text
from sqlmodel import SQLModel

import app.tables  # noqa: F401  # the tables register themselves with the metadata

_MAY_WRITE = text("""
    SELECT has_schema_privilege(current_schema(), 'CREATE') OR EXISTS (
        SELECT FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
        AND (has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
            OR pg_has_role(relowner, 'MEMBER'))
    )
""")
_OWNED = text("""
    SELECT relname, pg_get_userbyid(relowner) FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname = ANY(:names)
""")


def separate_roles(reading: str, writing: str, admin: str | None) -> list[str]:
    """Let one role own the tables and another read them, and return those that had to be made.

    A role that is made gets the password of its URL; one that is there keeps its own. Making roles,
    and taking over tables that another owns, takes the admin; the rest the owner does itself.
    """
    if reading == writing:
        return []
    reader, owner = make_url(reading), make_url(writing)
    with _connected(admin or writing) as connection:
        missing = [url for url in (owner, reader) if not _exists(connection, url)]
        for url in missing:
            _make(connection, url)
        if admin or missing:
            _let_own(connection, owner, reader)
        connection.commit()
    with _connected(writing) as connection:
        _let_read(connection, _name(connection, reader))
        connection.commit()
    return [str(url.username) for url in missing]


def may_write(url: str) -> bool:
    """Tell whether the role of a URL may change the dataset, or put tables beside it."""
    with _connected(url) as connection:
        return bool(connection.scalar(_MAY_WRITE))


def _connected(url: str) -> Connection:
    return create_engine(url, poolclass=NullPool).connect()


def _exists(connection: Connection, url: URL) -> bool:
    asked = text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :name)")
    return bool(connection.scalar(asked, {"name": url.username}))


def _name(connection: Connection, url: URL) -> str:
    return connection.dialect.identifier_preparer.quote(str(url.username))


def _make(connection: Connection, url: URL) -> None:
    """Make a role that logs in; the server, and so its log, gets a password only as a hash."""
    statement = f"CREATE ROLE {_name(connection, url)} LOGIN"
    if url.password:
        pgconn = connection.connection.dbapi_connection.pgconn  # type: ignore[union-attr]  # psycopg's
        hashed = pgconn.encrypt_password(
            str(url.password).encode(), str(url.username).encode(), b"scram-sha-256"
        )
        statement += f" PASSWORD '{hashed.decode()}'"
    connection.exec_driver_sql(statement)


def _let_own(connection: Connection, owner: URL, reader: URL) -> None:
    """Let one role make tables, and own those that are there, and nobody else but the admin."""
    own, read = _name(connection, owner), _name(connection, reader)
    database, schema = _place(connection)
    for statement in (
        f"GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {database} TO {own}",
        f"GRANT CONNECT ON DATABASE {database} TO {read}",
        f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {own}",
        f"GRANT USAGE ON SCHEMA {schema} TO {read}",
        # As it is by itself from PostgreSQL 15 on.
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
    ):
        connection.exec_driver_sql(statement)
    for table, present in _tables(connection).items():
        if present != owner.username:
            connection.exec_driver_sql(f"ALTER TABLE {table} OWNER TO {own}")


def _let_read(connection: Connection, read: str) -> None:
    """Let a role read the tables that are there, and those that migrations will make."""
    _, schema = _place(connection)
    tables = f"IN SCHEMA {schema} GRANT SELECT ON TABLES TO {read}"
    connection.exec_driver_sql(f"ALTER DEFAULT PRIVILEGES {tables}")
    for table in _tables(connection):
        connection.exec_driver_sql(f"GRANT SELECT ON {table} TO {read}")


def _place(connection: Connection) -> tuple[str, str]:
    quote = connection.dialect.identifier_preparer.quote
    database, schema = connection.execute(text("SELECT current_database(), current_schema()")).one()
    return quote(database), quote(schema)


def _tables(connection: Connection) -> dict[str, str]:
    """Return the tables of airounds that are there, each with its owner."""
    names = [*SQLModel.metadata.tables, "alembic_version"]
    quote = connection.dialect.identifier_preparer.quote
    return {quote(name): owner for name, owner in connection.execute(_OWNED, {"names": names})}
