"""The conditions that a request's filters ask for: written in SQL, or named by their shape and values.

A condition names a parameter for each value that stands in it, so that a question like one that was
asked before needs its values alone (prepared.py).
"""

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import BindParameter, Column, ColumnElement, Text, and_, bindparam, or_
from sqlalchemy.sql.visitors import replacement_traverse
from sqlmodel import col

from app.dates import last_day
from app.query.clauses import Clause
from app.query.engines import Carried, tried
from app.query.parameters import Certainty
from app.query.trigrams import Holding
from app.tables import SnapshotTable

_KNOWN_ON = "known_on"
# Columns of which a value has so few rows that it is best looked for.
_FEW_ROWS = ("id", "company_id", "round_id", "source_id")

_Annotation = TypeVar("_Annotation")


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


def led_by_words(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition that is tried on rows which have the words that are asked for.

    These are looked for first where few rows have them.
    """
    return replacement_traverse(condition, {}, _tried_beside_words)


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


@cache
def annotations(model: type[BaseModel], kind: type[_Annotation]) -> list[tuple[str, _Annotation]]:
    """Return what annotates the fields of a filter model, of one kind, each with its field's name."""
    return [
        (name, what)
        for name, field in model.model_fields.items()
        for what in field.metadata
        if isinstance(what, kind)
    ]


def _tried(element: Any, **_: Any) -> Any:
    if isinstance(element, Carried | Holding):
        return element.in_turn
    if not isinstance(element, Column) or element.name in _FEW_ROWS:
        return None
    return tried(element) if element.table.name.endswith("_snapshots") else None


def _tried_beside_words(element: Any, **_: Any) -> Any:
    return element if isinstance(element, Holding) else _tried(element)


def _takes_possible(filters: BaseModel) -> bool:
    return getattr(filters, "bounds", None) is Certainty.POSSIBLE


def _given(filters: BaseModel) -> list[tuple[Clause, dict[str, Any]]]:
    """Return the clauses that are asked for, each with its values under their names."""
    given = []
    for name, clause in annotations(type(filters), Clause):
        value = getattr(filters, name)
        if value is not None and value != []:
            values = enumerate(clause.values(value))
            given.append((clause, {f"asked_{name}_{number}": one for number, one in values}))
    return given


def _named(name: str, value: Any) -> BindParameter[Any]:
    # Of a word of a closed list SQLAlchemy wouldn't know that it is a text.
    kind = Text() if isinstance(value, str) else None
    return bindparam(name, value, kind)
