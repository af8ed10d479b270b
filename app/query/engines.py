"""Expressions that read alike and are written in the words of each engine, so that it does least."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Column(FunctionElement[Any]):
    """A column as it is, but where an engine is told otherwise."""

    inherit_cache = True


class _AsSent(_Column):
    name = "as_sent"
    inherit_cache = True


class _Tried(_Column):
    name = "tried"
    inherit_cache = True


def as_sent(body: Any) -> ColumnElement[Any]:
    """Select a body as it is sent: as UTF-8 where an engine stores that, which spares two conversions."""
    return _AsSent(body)


def tried(column: Any) -> ColumnElement[Any]:
    """Name a column whose index isn't to be chosen for a condition on it."""
    return _Tried(column)


@compiles(_Column)
def _as_it_is(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **options))


@compiles(_AsSent, "sqlite")
def _bytes(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({_as_it_is(element, compiler, **options)} AS BLOB)"


@compiles(_Tried, "sqlite")
def _without_index(element: Any, compiler: Any, **options: Any) -> str:
    # Its documented way to keep a term from choosing an index.
    return f"+{_as_it_is(element, compiler, **options)}"
