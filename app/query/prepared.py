"""Statements that are written once for each shape of a question, and run again with other values.

Writing SQL from expressions takes longer than a page of a list takes to read.
"""

import sqlite3
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError

from app.shapes import Shapes
from app.sqlite import uncounted

# Shapes are as many as there are combinations of filters; what is asked in practice are a few dozen.
_MOST_STATEMENTS = 2_000


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of a statement for one engine, the names of its values in order, and its constants."""

    text: str
    names: Sequence[str]
    positional: bool
    constants: Mapping[str, Any]

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """Run it, and return all rows."""
        all_values = {**self.constants, **values}
        if not self.positional:
            named = {name: all_values[name] for name in self.names}
            return connection.exec_driver_sql(self.text, named).fetchall()
        given = tuple([all_values[name] for name in self.names])
        try:
            # SQLite's own cursor: SQLAlchemy's result would take as long as the reading.
            cursor = connection.connection.cursor()
            cursor.execute(self.text, given)
            return cursor.fetchall()
        except sqlite3.Error as error:
            raise DBAPIError(self.text, given, error) from error


class Statements:
    """The statements of one database, by their shapes."""

    def __init__(self) -> None:
        self._written = Shapes[Statement](_MOST_STATEMENTS)

    def rows(
        self,
        connection: Connection,
        shape: Hashable,
        write: Callable[[], Select[Any]],
        values: Mapping[str, Any],
    ) -> Sequence[Any]:
        """Return the rows of the statement of a shape, which `write` writes where it isn't known."""

        def compiled() -> Statement:
            with uncounted(connection):
                return _compiled(write(), connection, values)

        return self._written.of(shape, compiled).rows(connection, values)


def _compiled(
    statement: Select[Any], connection: Connection, values: Mapping[str, Any]
) -> Statement:
    # Lists have a parameter for each value already, and what else is given isn't to be named.
    compiled = statement.compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    positional = compiled.positional
    names = tuple((compiled.positiontup if positional else compiled.params) or ())
    constants = {name: compiled.params[name] for name in names if name not in values}
    return Statement(str(compiled), names, positional, constants)
