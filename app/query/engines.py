"""Expressions that read alike and are written in the words of each engine, so that it does least."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Condition(FunctionElement[bool]):
    """A condition that each engine has its own words for."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:  # noqa: ARG002  # it brings its own brackets
        """Stand as it is: `= 1`, which SQLAlchemy adds for SQLite, would keep indexes from use."""
        return self


class Carried(Condition):
    """Asks for a tag: of the table of tags, of each row in turn, or of the list where a column has it.

    The list is of codes, which a table has beside their words; what no row has, has none.
    """

    name = "carried"
    inherit_cache = True

    def __init__(
        self,
        looked_for: ColumnElement[bool],
        in_turn: ColumnElement[bool],
        listed: str,
        coded: str,
        words: Iterable[ColumnElement[str]],
    ) -> None:
        super().__init__(looked_for, in_turn, literal_column(listed), literal_column(coded), *words)

    @property
    def in_turn(self) -> ColumnElement[bool]:
        """The condition for rows that come in an order of their own."""
        asked: ColumnElement[bool] = self.clauses.clauses[1]
        return asked


class Bounded(Condition):
    """Asks for a value, or for a bound and where it helps for what follows for its number or day.

    PostgreSQL has an index and statistics of that, as it has of the bound. It would take one for independent
    of the other, and multiply how few rows meet each: the statistics of the bound are hidden from it, so that
    it assumes a third of the rows. SQLite is told where rows come in the order of the number.
    """

    name = "bounded"
    inherit_cache = True

    def __init__(
        self, bound: Any, number: Any, meets: Callable[[Any], ColumnElement[bool]]
    ) -> None:
        self.number = number
        hidden = func.coalesce(bound, bound)
        super().__init__(*map(meets, [number] if bound is number else [number, bound, hidden]))

    def of_number(self) -> ColumnElement[bool]:
        """Return what follows for the number: a range of its index, with what may not meet the condition."""
        asked: ColumnElement[bool] = self.clauses.clauses[0]
        return asked

    def ranging(self) -> ColumnElement[bool]:
        """Return the condition for rows that come in the order of the number: a range of its index."""
        return _Ranging(*self.clauses.clauses)


class _Ranging(Condition):
    name = "ranging"
    inherit_cache = True


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


@compiles(Carried)
def _in_table(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **options))


@compiles(Carried, "duckdb")
def _in_list(element: Any, compiler: Any, **options: Any) -> str:
    listed, coded, *words = element.clauses.clauses[2:]
    column, table = (compiler.process(one, **options) for one in (listed, coded))
    found = [f"list_contains({column}, {compiler.process(word, **options)})" for word in words]
    compiler.coded[table] += [compiler.bind_names[word] for word in words]
    return f"({' OR '.join(found)})"


@compiles(Bounded)
def _by_bound(element: Any, compiler: Any, **options: Any) -> str:
    number, *bound = element.clauses.clauses
    return f"({compiler.process(bound[0] if bound else number, **options)})"


@compiles(_Ranging)
def _by_both(element: Any, compiler: Any, **options: Any) -> str:
    asked = [compiler.process(one, **options) for one in element.clauses.clauses[:2]]
    return f"({' AND '.join(asked)})"


@compiles(Bounded, "postgresql")
@compiles(_Ranging, "postgresql")
def _by_number_too(element: Any, compiler: Any, **options: Any) -> str:
    number, *bound = element.clauses.clauses
    asked = [compiler.process(one, **options) for one in (number, *bound[1:])]
    return f"({' AND '.join(asked)})"


@compiles(_AsSent, "sqlite")
def _bytes(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({_as_it_is(element, compiler, **options)} AS BLOB)"


@compiles(_Tried, "sqlite")
def _without_index(element: Any, compiler: Any, **options: Any) -> str:
    # Its documented way to keep a term from choosing an index.
    return f"+{_as_it_is(element, compiler, **options)}"
