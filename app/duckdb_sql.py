"""What DuckDB alone needs of a statement: its words, and the codes that it is given in place of words.

Its SQL is PostgreSQL's, but for a few functions that name its dialect.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.base import PGCompiler, PGDialect


@dataclass(frozen=True, slots=True)
class Written:
    """The text of a statement, the names of its values in their order, and those that it brings along."""

    text: str
    names: Sequence[str]
    constants: Mapping[str, Any]
    coded: Mapping[str, Sequence[str]]
    """Which values are words, that it is given the codes of, by the tables of these."""


def written(statement: Select[Any]) -> Written:
    """Write a statement for DuckDB."""
    compiled: Any = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return Written(str(compiled), compiled.positiontup or (), compiled.params, dict(compiled.coded))


class _DuckCompiler(PGCompiler):
    """Notes which parameters are words that a statement is given the codes of, by the tables of these.

    Where a statement looked for a code itself, DuckDB would join all rows to it, which takes twenty times as
    long.
    """

    def __init__(self, *given: Any, **options: Any) -> None:
        # SQLAlchemy compiles while it makes this, so that what is noted has to be there before.
        self.coded: defaultdict[str, list[str]] = defaultdict(list)
        super().__init__(*given, **options)


class _DuckDialect(PGDialect):
    name = "duckdb"
    supports_statement_cache = True
    statement_compiler = _DuckCompiler


_DIALECT = _DuckDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # SQLAlchemy's
