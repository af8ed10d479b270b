"""What a filter means in SQL. A filter's field names one of these in its annotation.

A condition names a parameter for each value that stands in it, so that a question like one that was
asked before needs its values alone (app/query/prepared.py).
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from pydantic import BaseModel
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Text,
    and_,
    bindparam,
    false,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import replacement_traverse
from sqlmodel import col

from app.dates import first_day, last_day
from app.likeness import searchable
from app.query.parameters import Certainty
from app.query.trigrams import holding, terms
from app.tables import SnapshotTable, TagTable

Given = Sequence[BindParameter[Any]]

_KNOWN_ON = "known_on"
# Columns of which a value has so few rows that it is best looked for.
_FEW_ROWS = ("id", "company_id", "round_id", "source_id")


class Clause(Protocol):
    """A condition on rows that a parameter's value asks for."""

    def values(self, value: Any) -> Sequence[Any]:
        """Return what stands in the condition; how many there are, and where None, sets its text."""
        ...

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition on what was given; `possible` takes in rows whose bounds may meet it."""
        ...


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The column has one of the values."""

    column: Any

    def values(self, value: Sequence[str]) -> Sequence[str]:
        """Return the words."""
        return value

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a word has no bounds
        """Return the condition."""
        return _one_of(col(self.column), given)


@dataclass(frozen=True, slots=True)
class Is:
    """The column has the value."""

    column: Any

    def values(self, value: bool) -> Sequence[Any]:
        """Return the flag."""
        return (value,)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a flag has no bounds
        """Return the condition."""
        return col(self.column) == given[0]


@dataclass(frozen=True, slots=True)
class Tagged:
    """The snapshot has one of the values as a tag of the dimension."""

    snapshots: type[SnapshotTable]
    tags: type[TagTable]
    dimension: str

    def values(self, value: Sequence[str]) -> Sequence[str]:
        """Return the words."""
        return value

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a tag has no bounds
        """Return the condition."""
        tagged = select(col(self.tags.snapshot_id)).where(
            col(self.tags.dimension) == self.dimension, _one_of(col(self.tags.value), given)
        )
        return col(self.snapshots.snapshot_id).in_(tagged)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The figure's lower bound is known to be no less; or, if possible, its upper one may be."""

    nominal: Any
    low: Any
    high: Any

    def values(self, value: float) -> Sequence[Any]:
        """Return the bound."""
        return (value,)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        if not possible:
            return col(self.low) >= given[0]
        may = or_(col(self.high).is_(None), col(self.high) >= given[0])
        return and_(col(self.nominal).is_not(None), may)


@dataclass(frozen=True, slots=True)
class AtMost:
    """The figure's upper bound is known to be no more; or, if possible, its lower one may be."""

    nominal: Any
    low: Any
    high: Any

    def values(self, value: float) -> Sequence[Any]:
        """Return the bound."""
        return (value,)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        if not possible:
            return col(self.high) <= given[0]
        may = or_(col(self.low).is_(None), col(self.low) <= given[0])
        return and_(col(self.nominal).is_not(None), may)


@dataclass(frozen=True, slots=True)
class From:
    """Every day that the partial date may mean, or if possible one of them, isn't earlier."""

    first: Any
    last: Any

    def values(self, value: str) -> Sequence[Any]:
        """Return the first day."""
        return (first_day(value),)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        return col(self.last if possible else self.first) >= given[0]


@dataclass(frozen=True, slots=True)
class To:
    """Every day that the partial date may mean, or if possible one of them, isn't later."""

    first: Any
    last: Any

    def values(self, value: str) -> Sequence[Any]:
        """Return the last day."""
        return (last_day(value),)

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:
        """Return the condition."""
        return col(self.first if possible else self.last) <= given[0]


@dataclass(frozen=True, slots=True)
class Words:
    """The text has all the words, as parts of words, whatever their case and accents."""

    snapshots: type[SnapshotTable]

    def values(self, value: str) -> Sequence[Any]:
        """Return the terms of each word."""
        return [term for word in dict.fromkeys(searchable(value).split()) for term in terms(word)]

    def where(self, given: Given, *, possible: bool) -> ColumnElement[bool]:  # noqa: ARG002  # a text has no bounds
        """Return the condition."""
        row_id, text = col(self.snapshots.snapshot_id), col(self.snapshots.search_text)
        each_word = zip(given[::3], given[1::3], given[2::3], strict=True)
        words = [holding(row_id, text, *word) for word in each_word]
        return and_(*words) if words else false()


def known(table: type[SnapshotTable], day: str | None) -> ColumnElement[bool]:
    """Return the rows that are current, or that were at the end of a day."""
    if day is None:
        return col(table.known_to).is_(None)
    last = _named(_KNOWN_ON, last_day(day))
    later = or_(col(table.known_to).is_(None), col(table.known_to) > last)
    return and_(col(table.known_from) <= last, later)


def conditions(table: type[SnapshotTable], filters: Any) -> list[ColumnElement[bool]]:
    """Return what a request asks for of a table's rows, as they were known on the day that it names."""
    return [known(table, filters.known_on), *asked(filters)]


def in_sorted_order(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition that is tried on rows as they come in order, and not looked for by itself.

    The rows of a page come soonest so where many match. SQLite's planner knows of averages alone, and
    would rather fetch and sort all that match.
    """
    return replacement_traverse(condition, {}, _tried)


def asked(filters: BaseModel) -> list[ColumnElement[bool]]:
    """Return what the filters of a request ask for, each parameter's clause with its values."""
    possible = _takes_possible(filters)
    return [
        clause.where([_named(*one) for one in given.items()], possible=possible)
        for clause, given in _given(filters)
    ]


def one_asked(name: str, clause: Clause, value: Any) -> ColumnElement[bool]:
    """Return a clause on a value that isn't a filter's, whose parts are named name_0, name_1, ..."""
    values = enumerate(clause.values(value))
    return clause.where([_named(f"{name}_{number}", one) for number, one in values], possible=False)


def shape_and_values(filters: BaseModel) -> tuple[Hashable, dict[str, Any]]:
    """Return what the text of `conditions` depends on, and the values that stand there by their names."""
    texts: list[tuple[Clause, tuple[bool, ...]]] = []
    named: dict[str, Any] = {}
    for clause, values in _given(filters):
        texts.append((clause, tuple([value is None for value in values.values()])))
        named.update(values)
    day = getattr(filters, "known_on", None)
    if day is not None:
        named[_KNOWN_ON] = last_day(day)
    return (tuple(texts), _takes_possible(filters), day is None), named


class _Tried(FunctionElement[Any]):
    name = "tried"
    inherit_cache = True


@compiles(_Tried)
def _column(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **options))


@compiles(_Tried, "sqlite")
def _column_without_index(element: Any, compiler: Any, **options: Any) -> str:
    # Its documented way to keep a term from choosing an index.
    return f"+{compiler.process(element.clauses.clauses[0], **options)}"


def _tried(element: Any, **_: Any) -> Any:
    if not isinstance(element, Column) or element.name in _FEW_ROWS:
        return None
    return _Tried(element) if element.table.name.endswith("_snapshots") else None


def _takes_possible(filters: BaseModel) -> bool:
    return getattr(filters, "bounds", None) is Certainty.POSSIBLE


def _given(filters: BaseModel) -> list[tuple[Clause, dict[str, Any]]]:
    """Return the clauses that are asked for, each with its values under their names."""
    given = []
    for name, clause in _clauses(type(filters)):
        value = getattr(filters, name)
        if value is not None and value != []:
            values = enumerate(clause.values(value))
            given.append((clause, {f"asked_{name}_{number}": one for number, one in values}))
    return given


@cache
def _clauses(model: type[BaseModel]) -> list[tuple[str, Clause]]:
    return [
        (name, clause)
        for name, field in model.model_fields.items()
        for clause in field.metadata
        if hasattr(clause, "where")
    ]


def _named(name: str, value: Any) -> BindParameter[Any]:
    # Of a word of a closed list SQLAlchemy wouldn't know that it is a text.
    kind = Text() if isinstance(value, str) else None
    return bindparam(name, value, kind)


def _one_of(column: Any, given: Given) -> ColumnElement[bool]:
    """Write one value as equality, for which the engines have better plans than for a list."""
    equal: ColumnElement[bool] = column == given[0] if len(given) == 1 else column.in_(given)
    return equal
