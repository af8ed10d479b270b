"""A condition that a column has one of some values, in one statement however many there are.

SQLAlchemy writes a statement for each number of values, which PostgreSQL then plans anew each time.
"""

import json
from typing import Any

from sqlalchemy import ARRAY, BigInteger, BindParameter, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.query.engines import Condition


class _Values(TypeDecorator[Any]):
    """Values in one parameter: an array of PostgreSQL, a text of JSON for SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, element: type[BigInteger | Text]) -> None:
        super().__init__()
        self.element = element

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.element))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        listed = list(value)
        return listed if dialect.name == "postgresql" else json.dumps(listed, ensure_ascii=False)


class _Among(Condition):
    name = "among"
    inherit_cache = True


def number_values(name: str) -> BindParameter[Any]:
    """Return a parameter of whole numbers."""
    return bindparam(name, type_=_Values(BigInteger))


def text_values(name: str) -> BindParameter[Any]:
    """Return a parameter of texts."""
    return bindparam(name, type_=_Values(Text))


def among(column: Any, values: BindParameter[Any]) -> ColumnElement[bool]:
    """Find the rows whose column has one of the values of a parameter."""
    return _Among(column, values)


@compiles(_Among, "sqlite")
def _in_json(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({values})))"  # noqa: S608  # of compiled parts


@compiles(_Among, "postgresql")
def _in_array(element: Any, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(one, **options) for one in element.clauses)
    return f"({column} = ANY({values}))"
