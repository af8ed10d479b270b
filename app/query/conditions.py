"""The conditions that a request's filters ask for: written in SQL, or named by their shape and values.

A condition names a parameter for each value that stands in it, so that a question like one that was
asked before needs its values alone (prepared.py).
"""

from collections.abc import Hashable, Mapping, Sequence
from functools import cache, partial
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import BindParameter, Column, ColumnElement, Text, and_, bindparam, or_
from sqlalchemy.sql.visitors import replacement_traverse
from sqlmodel import col

from app.dates import last_day
from app.query.clauses import Clause
from app.query.engines import Bounded, Carried, tried
from app.query.parameters import Certainty
from app.query.trigrams import Holding
from app.tables import SnapshotTable

_KNOWN_ON = "known_on"
# Columns of which a value has so few rows that it is best looked for.
_FEW_ROWS = ("id", "company_id", "round_id", "source_id")

_Annotation = TypeVar("_Annotation")
Clauses = Sequence[tuple[Clause, Mapping[str, Any]]]
"""Clauses that are asked for, each with what stands in it under the names that it has there."""


def known(table: type[SnapshotTable], day: str | None) -> ColumnElement[bool]:
    """Return the rows that are current, or that were at the end of a day."""
    if day is None:
        return col(table.known_to).is_(None)
    last = _named(_KNOWN_ON, last_day(day))
    later = or_(col(table.known_to).is_(None), col(table.known_to) > last)
    return and_(col(table.known_from) <= last, later)


def conditions(
    table: type[SnapshotTable], filters: Any, clauses: Clauses | None = None
) -> list[ColumnElement[bool]]:
    """Return what a request asks for of a table's rows, as they were known on the day that it names.

    Its filters ask for their clauses, unless others are given.
    """
    return [known(table, filters.known_on), *asked(filters, clauses)]


def in_turn(condition: ColumnElement[bool], by: Any = None) -> ColumnElement[bool]:
    """Return a condition that is tried on rows as they come, and not looked for by itself.

    The rows of a page come soonest in order where many match, and by another condition that few match.
    SQLite's planner knows of averages alone, and would rather fetch and sort all that match. A range of the
    column that rows come in the order of (`by`) says where in its index to begin, and to end.
    """
    return replacement_traverse(condition, {}, partial(_tried, by))


def given(filters: BaseModel) -> Clauses:
    """Return the clauses that the filters of a request ask for."""
    return [
        one_given(f"asked_{name}", clause, value)
        for name, clause in annotations(type(filters), Clause)
        if (value := getattr(filters, name)) is not None and value != []
    ]


def one_given(name: str, clause: Clause, value: Any) -> tuple[Clause, Mapping[str, Any]]:
    """Return a clause on a value, whose parts are named name_0, name_1, ..."""
    return clause, {f"{name}_{number}": one for number, one in enumerate(clause.values(value))}


def asked(filters: BaseModel, clauses: Clauses | None = None) -> list[ColumnElement[bool]]:
    """Return what the filters of a request ask for in SQL, or clauses that are given."""
    possible = _takes_possible(filters)
    return [
        clause.where([_named(*one) for one in values.items()], possible=possible)
        for clause, values in (given(filters) if clauses is None else clauses)
    ]


def shape_and_values(filters: BaseModel, clauses: Clauses) -> tuple[Hashable, dict[str, Any]]:
    """Return what the text of all conditions depends on, and the values that stand there by their names."""
    texts: list[tuple[Clause, tuple[tuple[str, bool], ...]]] = []
    named: dict[str, Any] = {}
    for clause, values in clauses:
        texts.append((clause, tuple([(name, value is None) for name, value in values.items()])))
        named.update(values)
    day = getattr(filters, "known_on", None)
    if day is not None:
        named[_KNOWN_ON] = last_day(day)
    return (tuple(texts), _takes_possible(filters), day is None), named


@cache
def annotations(model: type[BaseModel], kind: type[_Annotation]) -> list[tuple[str, _Annotation]]:
    """Return what annotates the fields of a filter model, of one kind, each with its field's name."""
    return [
        (name, what)
        for name, field in model.model_fields.items()
        for what in field.metadata
        if isinstance(what, kind)
    ]


def _tried(by: Any, element: Any, **_: Any) -> Any:
    if isinstance(element, Bounded) and element.number is by:
        return element.ranging()
    if isinstance(element, Carried | Holding):
        return element.in_turn
    if not isinstance(element, Column) or element.name in _FEW_ROWS:
        return None
    return tried(element) if element.table.name.endswith("_snapshots") else None


def _takes_possible(filters: BaseModel) -> bool:
    return getattr(filters, "bounds", None) is Certainty.POSSIBLE


def _named(name: str, value: Any) -> BindParameter[Any]:
    # Of a word of a closed list SQLAlchemy wouldn't know that it is a text.
    kind = Text() if isinstance(value, str) else None
    return bindparam(name, value, kind)
