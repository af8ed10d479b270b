"""Groups of rows in SQL: which there are in an order, and the numbers of each.

Two statements in DuckDB's words answer a page. The first finds its keys, from no more than what they
are sorted by; the second sums up the members of these groups, and of some others where that is quicker.
What a row costs there is its numbers: each of them is computed from as few others as may be.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Numeric,
    Select,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
)

from app.query.statistics import Grouping, Measured

Key = tuple[str | None, ...]
Codes = Sequence[int | None]
Order = Sequence[tuple[str, bool]]

# Sums are of decimals, since those of doubles depend on the order in which these are added.
_EXACT = Numeric(38, 6)
# Constants, since DuckDB doesn't take them as parameters.
QUANTILES = {"min": "0", "p25": "0.25", "median": "0.5", "p75": "0.75", "max": "1"}
_ALL_QUANTILES = f"[{', '.join(QUANTILES.values())}]"
# The numbers of a spread as `Groups` selects them, after the count of members and of undisclosed ones.
SPREAD = ("sum", "quantiles", "known", "bounds", "missing", "not_comparable")
_UNKNOWN = -1  # the code of a tag that is null


class Groups:
    """The groups of rows that are asked for, by some dimensions."""

    def __init__(
        self, grouping: Grouping, dimensions: Sequence[str], asked: Iterable[ColumnElement[bool]]
    ) -> None:
        self.grouping = grouping
        self.dimensions = dimensions
        self._asked = list(asked)
        self._rows = _rows(grouping, dimensions, self._asked, {}).subquery("members")

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

        The codes of their tags follow them. There are none after a key that no group has.
        """
        terms = [self._term(name).label(f"term_{place}") for place, (name, _) in enumerate(order)]
        parts = self._parts(self._rows)
        groups = select(*parts, *terms).group_by(*parts).subquery("found")
        ordered = _ordered(
            (groups.c[term.name], descending)
            for term, (_, descending) in zip(terms, order, strict=True)
        )
        if after is None:
            keys = select(*self._parts(groups), *self._codes(groups))
            return keys.order_by(*ordered).limit(limit)
        place = func.row_number().over(order_by=ordered).label("place")
        placed = select(*self._parts(groups), place).cte("placed")
        same = map(_same, self._parts(placed), after)
        named = select(placed.c.place).where(*same).scalar_subquery()
        keys = select(*self._parts(placed), *self._codes(placed))
        following = keys.where(placed.c.place > named)
        return following.order_by(placed.c.place).limit(limit)

    def total(self) -> Select[Any]:
        """Count the groups."""
        keys = select(*self._parts(self._rows)).distinct().subquery("keys")
        return select(func.count()).select_from(keys)

    def numbers(self, tags: Sequence[Codes] | None) -> Select[Any]:
        """Select the numbers of the groups of some tags, by their codes; of all groups for None.

        Groups are told by their tags alone, of which there may be many: of what a column has there is
        little, so that looking for it would cost more than it spares.
        """
        if tags is None:
            return self._numbers(self._rows)
        told = dict(zip(self._tagged, zip(*tags, strict=True), strict=True))
        return self._numbers(
            _rows(self.grouping, self.dimensions, self._asked, told).subquery("members")
        )

    def all_numbers(self, order: Order) -> Select[Any]:
        """Select the numbers of all groups in an order."""
        terms = ((self._term(name), descending) for name, descending in order)
        return self._numbers(self._rows).order_by(*_ordered(terms))

    def _numbers(self, rows: FromClause) -> Select[Any]:
        parts = self._parts(rows)
        spreads = [
            number for one in self.grouping.measured for number in _spread(one, rows).values()
        ]
        return select(*parts, func.count(), _undisclosed(self.grouping, rows), *spreads).group_by(
            *parts
        )

    @property
    def _tagged(self) -> list[str]:
        return [one for one in self.dimensions if one in self.grouping.tagged]

    def _parts(self, source: FromClause) -> list[ColumnElement[Any]]:
        return [source.c[dimension] for dimension in self.dimensions]

    def _codes(self, source: FromClause) -> list[ColumnElement[Any]]:
        return [func.enum_code(source.c[dimension]) for dimension in self._tagged]

    def _term(self, name: str) -> ColumnElement[Any]:
        """Return what a group is sorted by: a part of its key, a count, or a number of a spread."""
        if name in self.dimensions:
            return self._rows.c[name]
        if name == "count":
            return func.count()
        if name == "undisclosed":
            return _undisclosed(self.grouping, self._rows)
        one = next(one for one in self.grouping.measured if name.startswith(f"{one.name}_"))
        number = name.removeprefix(f"{one.name}_")
        if number in QUANTILES:
            share: ColumnElement[float] = literal_column(QUANTILES[number])
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
    told: Mapping[str, Codes],
) -> Select[Any]:
    """Select keys, disclosure and figures of the rows asked for, once for each of their tags.

    Of a dimension that is told of, these are the tags with its codes.
    """
    # The columnar copy has columns which no table class tells of.
    names = [*dimensions, *(name for one in grouping.measured for name in _columns(one))]
    if grouping.undisclosed:
        names.append(grouping.undisclosed)
    columns: list[ColumnElement[Any]] = [*map(column, names)]
    statement = select(*columns).select_from(grouping.table).where(*asked)
    # Of the last dimensions there are the most tags, so that the fewest rows have those told of.
    for dimension in reversed(grouping.tagged):
        if dimension not in dimensions:
            continue
        listed = statement.subquery()
        tag = func.unnest(listed.c[dimension]).label(dimension)
        statement = select(*(tag if one.name == dimension else one for one in listed.c))
        if dimension in told:
            tagged = statement.subquery()
            codes = {_UNKNOWN if code is None else code for code in told[dimension]}
            # Codes, since to compare texts with words DuckDB would look through all words for each.
            code = func.coalesce(func.enum_code(tagged.c[dimension]), _UNKNOWN)
            statement = select(*tagged.c).where(code.in_(sorted(codes)))
    return statement


def _columns(one: Measured) -> list[str]:
    return [one.name, f"{one.name}_bounds", *filter(None, [one.comparable])]


def _undisclosed(grouping: Grouping, rows: FromClause) -> ColumnElement[int]:
    if grouping.undisclosed is None:
        return literal_column("0")
    return func.count().filter(rows.c[grouping.undisclosed])


def _value(one: Measured, rows: FromClause) -> ColumnElement[Any]:
    """Return the figure that is summed up: null where it compares what lies too far apart."""
    value = rows.c[one.name]
    return case((rows.c[one.comparable].is_not(False), value)) if one.comparable else value


def _spread(one: Measured, rows: FromClause) -> dict[str, ColumnElement[Any]]:
    """Return the numbers of a figure's spread, its quantiles in one list."""
    value, nominal = _value(one, rows), rows.c[one.name]
    total = func.round(func.sum(cast(value, _EXACT)), 2) if one.money else literal_column("NULL")
    numbers = (
        total,
        func.quantile_cont(value, literal_column(_ALL_QUANTILES)),
        func.count(value),
        func.count(value).filter(rows.c[f"{one.name}_bounds"]),
        func.count() - func.count(nominal),
        func.count(nominal) - func.count(value),
    )
    return dict(zip(SPREAD, numbers, strict=True))
