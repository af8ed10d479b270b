"""Run migrations on the connection that airounds hands over, else on the configured database."""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine
from sqlmodel import SQLModel

import app.tables  # noqa: F401  # the tables register themselves with the metadata
from app.schema import in_metadata
from app.settings import read_settings


def run(connection: Connection) -> None:
    """Migrate in one transaction; SQLite alters a table by copying it."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        include_name=in_metadata,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_engine(read_settings().database_url, poolclass=NullPool).begin() as opened:
        run(opened)
