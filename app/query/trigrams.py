"""Text that holds a piece, asked in the words of each engine so that its index of trigrams is used.

SQLite has one FTS5 table for all texts, PostgreSQL an index of pg_trgm on each column. Both give the
rows that a search for the exact piece gives: it is quoted, so that no piece is ever syntax.
"""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

# A shorter piece has no trigram, so that both engines would read every text for it.
SHORTEST = 3


class _Indexed(FunctionElement[bool]):
    name = "indexed"
    type = Boolean()
    inherit_cache = True


class _Occurs(FunctionElement[bool]):
    name = "occurs"
    type = Boolean()
    inherit_cache = True


def holds(row_id: Any, text: Any, piece: str) -> ColumnElement[bool]:
    """Find the rows whose text holds a piece: by the index, or by reading where it is too short."""
    if len(piece) < SHORTEST:
        return occurs(text, piece)
    quoted = '"' + piece.replace('"', '""') + '"'
    pattern = piece.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return _Indexed(row_id, text, literal(quoted), literal(f"%{pattern}%"))


def occurs(text: Any, piece: str) -> ColumnElement[bool]:
    """Tell whether a text holds a piece, of rows that something else has found."""
    return _Occurs(text, literal(piece))


@compiles(_Indexed, "sqlite")
def _match(element: Any, compiler: Any, **options: Any) -> str:
    row_id, _, quoted, _ = (compiler.process(one, **options) for one in element.clauses)
    return f"{row_id} IN (SELECT rowid FROM text_grams WHERE text_grams MATCH {quoted})"  # noqa: S608  # of compiled parts and bound parameters


@compiles(_Indexed, "postgresql")
def _like(element: Any, compiler: Any, **options: Any) -> str:
    _, text, _, pattern = (compiler.process(one, **options) for one in element.clauses)
    return f"{text} LIKE {pattern}"


@compiles(_Occurs, "sqlite")
def _instr(element: Any, compiler: Any, **options: Any) -> str:
    text, piece = (compiler.process(one, **options) for one in element.clauses)
    return f"instr({text}, {piece}) > 0"


@compiles(_Occurs, "postgresql")
def _strpos(element: Any, compiler: Any, **options: Any) -> str:
    text, piece = (compiler.process(one, **options) for one in element.clauses)
    return f"strpos({text}, {piece}) > 0"
