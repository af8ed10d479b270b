"""Text that holds a piece, asked in the words of each engine so that its index of trigrams is used.

SQLite has one FTS5 table for all texts, PostgreSQL an index of pg_trgm on each column, and DuckDB, which
is asked for statistics, reads the column. All give the rows that a search for the exact piece gives:
it is quoted, so that no piece is ever syntax.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles

from app.query.engines import Condition

# A shorter piece has no trigram, so that both engines would read every text for it.
SHORTEST = 3
_ESCAPED, _ESCAPE = re.compile(r"([\\%_])"), r"\\\1"


class _Indexed(Condition):
    name = "indexed"
    inherit_cache = True


class _Occurs(Condition):
    name = "occurs"
    inherit_cache = True


def terms(piece: str) -> tuple[str | None, str | None, str]:
    """Return what `holding` is given for a piece; its first are None where no trigram is in it."""
    if len(piece) < SHORTEST:
        return None, None, piece
    return _quoted(piece), _pattern(piece), piece


def holding(row_id: Any, text: Any, quoted: Any, pattern: Any, piece: Any) -> ColumnElement[bool]:
    """Find the rows whose text holds a piece, by parameters that have its terms."""
    if quoted.value is None:
        return _Occurs(text, piece)
    return _Indexed(row_id, text, quoted, pattern, piece)


def _quoted(piece: str) -> str:
    return '"' + piece.replace('"', '""') + '"'


def _pattern(piece: str) -> str:
    return f"%{_ESCAPED.sub(_ESCAPE, piece)}%"


@compiles(_Indexed, "sqlite")
def _match(element: Any, compiler: Any, **options: Any) -> str:
    row_id, _, query, *_ = element.clauses
    found = (
        f"SELECT rowid FROM text_grams WHERE text_grams MATCH {compiler.process(query, **options)}"  # noqa: S608  # of compiled parts and bound parameters
    )
    return f"({compiler.process(row_id, **options)} IN ({found}))"


@compiles(_Indexed, "postgresql")
def _like(element: Any, compiler: Any, **options: Any) -> str:
    _, text, _, pattern, _ = element.clauses
    return f"({compiler.process(text, **options)} LIKE {compiler.process(pattern, **options)})"


@compiles(_Indexed, "duckdb")
def _read(element: Any, compiler: Any, **options: Any) -> str:
    _, text, _, _, piece = element.clauses
    return f"contains({compiler.process(text, **options)}, {compiler.process(piece, **options)})"


@compiles(_Occurs, "sqlite")
def _instr(element: Any, compiler: Any, **options: Any) -> str:
    text, piece = (compiler.process(one, **options) for one in element.clauses)
    return f"(instr({text}, {piece}) > 0)"


@compiles(_Occurs, "duckdb")
@compiles(_Occurs, "postgresql")
def _strpos(element: Any, compiler: Any, **options: Any) -> str:
    text, piece = (compiler.process(one, **options) for one in element.clauses)
    return f"(strpos({text}, {piece}) > 0)"
