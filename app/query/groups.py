"""Groups of rows in SQL: which there are in an order, and the numbers of each.

Two statements in DuckDB's words answer a page. The first finds its keys, from no more than what they
are sorted by; the second sums up the members of these groups, and of some others where that is quicker.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Numeric,
    Select,
    Text,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
)
from sqlmodel import col

from app.query.statistics import Grouping, Measured

Key = tuple[str | None, ...]
Order = Sequence[tuple[str, bool]]

# Sums are of decimals, since those of doubles depend on the order in which these are added.
_EXACT = Numeric(38, 6)
# Constants, since DuckDB doesn't take them as parameters.
QUARTILES = {"p25": "0.25", "median": "0.5", "p75": "0.75"}
_ALL_QUARTILES = f"[{', '.join(QUARTILES.values())}]"
# The numbers of a spread as `Groups` selects them, after the count of members and of undisclosed ones.
SPREAD = ("sum", "min", "quartiles", "max", "known", "bounds", "missing", "not_comparable")


class Groups:
    """The groups of rows that are asked for, by some dimensions."""

    def __init__(
        self, grouping: Grouping, dimensions: Sequence[str], asked: Iterable[ColumnElement[bool]]
    ) -> None:
        self.grouping = grouping
        self.dimensions = dimensions
        self._asked = list(asked)
        self._rows = _rows(grouping, dimensions, self._asked).subquery("members")

    def key(self, values: Sequence[Any]) -> Key | None:
        """Return what may be the key of a group, None where it can't."""
        told = [value for value in values if value is not None]
        try:
            "".join(told).encode()
        except (TypeError, UnicodeEncodeError):
            return None
        return tuple(values) if len(values) == len(self.dimensions) else None

    def page(self, order: Order, limit: int, after: Key | None = None) -> Select[Any]:
        """Select the keys of the first groups in an order, or of the first ones after a key.

        There are none after a key that no group has.
        """
        terms = [self._term(name).label(f"term_{place}") for place, (name, _) in enumerate(order)]
        parts = self._parts(self._rows)
        groups = select(*parts, *terms).group_by(*parts).subquery("found")
        ordered = _ordered(
            (groups.c[term.name], descending)
            for term, (_, descending) in zip(terms, order, strict=True)
        )
        if after is None:
            return select(*self._parts(groups)).order_by(*ordered).limit(limit)
        place = func.row_number().over(order_by=ordered).label("place")
        placed = select(*self._parts(groups), place).cte("placed")
        same = map(_same, self._parts(placed), after)
        named = select(placed.c.place).where(*same).scalar_subquery()
        following = select(*self._parts(placed)).where(placed.c.place > named)
        return following.order_by(placed.c.place).limit(limit)

    def total(self) -> Select[Any]:
        """Count the groups."""
        keys = select(*self._parts(self._rows)).distinct().subquery("keys")
        return select(func.count()).select_from(keys)

    def numbers(self, keys: Sequence[Key] | None) -> Select[Any]:
        """Select the numbers of some groups, with others among them; of all groups for None.

        Groups are told by their tags alone, of which there may be many: of what a column has there is
        little, so that looking for it would cost more than it spares.
        """
        if keys is None:
            return self._numbers(self._rows)
        # DuckDB compares all words of a list's type with each that it is asked for: texts have none.
        rows = _rows(self.grouping, self.dimensions, self._asked, texts=True).subquery("members")
        statement = self._numbers(rows)
        for part, values in zip(self._parts(rows), zip(*keys, strict=True), strict=False):
            if part.name in self.grouping.tagged:
                # No word is empty; a second condition for what is unknown would take as long again.
                told = sorted({value or "" for value in values})
                statement = statement.where(func.coalesce(part, "").in_(told))
        return statement

    def all_numbers(self, order: Order) -> Select[Any]:
        """Select the numbers of all groups in an order."""
        terms = ((self._term(name), descending) for name, descending in order)
        return self._numbers(self._rows).order_by(*_ordered(terms))

    def _numbers(self, rows: FromClause) -> Select[Any]:
        parts = self._parts(rows)
        spreads = [
            number for one in self.grouping.measured for number in _spread(one, rows).values()
        ]
        return select(*parts, func.count(), _undisclosed(rows), *spreads).group_by(*parts)

    def _parts(self, source: FromClause) -> list[ColumnElement[Any]]:
        return [source.c[dimension] for dimension in self.dimensions]

    def _term(self, name: str) -> ColumnElement[Any]:
        """Return what a group is sorted by: a part of its key, a count, or a number of a spread."""
        if name in self.dimensions:
            return self._rows.c[name]
        if name == "count":
            return func.count()
        if name == "undisclosed":
            return _undisclosed(self._rows)
        one = next(one for one in self.grouping.measured if name.startswith(f"{one.name}_"))
        number = name.removeprefix(f"{one.name}_")
        if number in QUARTILES:
            share: ColumnElement[float] = literal_column(QUARTILES[number])
            return func.quantile_cont(_value(one, self._rows), share)
        return _spread(one, self._rows)[number]


def _ordered(terms: Iterable[tuple[ColumnElement[Any], bool]]) -> list[ColumnElement[Any]]:
    return [(term.desc() if descending else term.asc()).nulls_last() for term, descending in terms]


def _same(part: ColumnElement[Any], value: str | None) -> ColumnElement[bool]:
    return part.is_(None) if value is None else part == value


def _rows(
    grouping: Grouping,
    dimensions: Sequence[str],
    asked: Sequence[ColumnElement[bool]],
    *,
    texts: bool = False,
) -> Select[Any]:
    """Select keys, disclosure and figures of the rows asked for, once for each of their tags.

    Tags are numbered words, which are quicker to group by, or texts.
    """
    # Tags are lists in the columnar copy, which no table class tells of.
    keys = [
        grouping.columns.get(dimension, column(dimension)).label(dimension)
        for dimension in dimensions
    ]
    figures = [
        part.label(name)
        for one in grouping.measured
        for name, part in zip(_names(one), _columns(one), strict=True)
    ]
    undisclosed = literal_column("NULL") if grouping.undisclosed is None else grouping.undisclosed
    statement = select(*keys, undisclosed.label("undisclosed"), *figures)
    statement = statement.select_from(grouping.table).where(*asked)
    for dimension in dimensions:
        if dimension in grouping.tagged:
            listed = statement.subquery()
            word = func.unnest(listed.c[dimension])
            tag = (cast(word, Text) if texts else word).label(dimension)
            statement = select(*(tag if one.name == dimension else one for one in listed.c))
    return statement


def _names(one: Measured) -> tuple[str, str, str, str]:
    return one.name, f"{one.name}_low", f"{one.name}_high", f"{one.name}_comparable"


def _columns(one: Measured) -> list[Any]:
    comparable = literal_column("true") if one.comparable is None else col(one.comparable)
    return [*map(col, one.columns), comparable]


def _undisclosed(rows: FromClause) -> ColumnElement[int]:
    return func.count().filter(rows.c.undisclosed)


def _value(one: Measured, rows: FromClause) -> ColumnElement[Any]:
    """Return the figure that is summed up: null where it compares what lies too far apart."""
    if one.comparable is None:
        return rows.c[one.name]
    near = rows.c[f"{one.name}_comparable"].is_not(False)
    return case((near, rows.c[one.name]))


def _spread(one: Measured, rows: FromClause) -> dict[str, ColumnElement[Any]]:
    """Return the numbers of a figure's spread, its three quartiles in one list."""
    nominal, low, high, comparable = (rows.c[name] for name in _names(one))
    value = _value(one, rows)
    hedged = or_(low.is_(None), low.is_distinct_from(high))
    total = func.round(func.sum(cast(value, _EXACT)), 2) if one.money else literal_column("NULL")
    numbers = (
        total,
        func.min(value),
        func.quantile_cont(value, literal_column(_ALL_QUARTILES)),
        func.max(value),
        func.count(value),
        func.count(value).filter(hedged),
        func.count().filter(nominal.is_(None)),
        func.count().filter(nominal.is_not(None), comparable.is_(False)),
    )
    return dict(zip(SPREAD, numbers, strict=True))
