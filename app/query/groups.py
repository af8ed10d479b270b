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
    TableClause,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)

from app.query.statistics import Grouping, Measured
from app.tables import words_of

Key = tuple[str | None, ...]
Coded = tuple[str | int | None, ...]
"""A key that has its tags' codes in place of their words."""
Order = Sequence[tuple[str, bool]]

# Sums are of decimals, since those of doubles depend on the order in which these are added.
_EXACT = Numeric(38, 6)
# Constants, since DuckDB doesn't take them as parameters.
QUANTILES = {"min": "0", "p25": "0.25", "median": "0.5", "p75": "0.75", "max": "1"}
_ALL_QUANTILES = f"[{', '.join(QUANTILES.values())}]"
# The numbers of a spread as `Groups` selects them, after the count of members and of undisclosed ones.
SPREAD = ("sum", "quantiles", "known", "bounds", "missing", "not_comparable")
_NUMBER = "number_"  # what the names of selected numbers begin with
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
        """Select the first groups in an order, or the first ones after a key: coded, then their keys.

        There are none after a key that no group has.
        """
        terms = self._terms(order)
        parts = self._parts(self._rows)
        groups = select(*parts, *terms).group_by(*parts).subquery("found")
        if after is None:
            first = select(groups).order_by(*_ordered(groups, order)).limit(limit)
        else:
            place = func.row_number().over(order_by=_ordered(groups, order)).label("place")
            placed = select(groups, place).cte("placed")
            same = map(self._same, self.dimensions, self._parts(placed), after)
            named = select(placed.c.place).where(*same).scalar_subquery()
            following = select(placed).where(placed.c.place > named)
            first = following.order_by(placed.c.place).limit(limit)
        page = first.subquery("page")
        return select(*self._parts(page), *self._words(page)).order_by(*_ordered(page, order))

    def total(self) -> Select[Any]:
        """Count the groups."""
        keys = select(*self._parts(self._rows)).distinct().subquery("keys")
        return select(func.count()).select_from(keys)

    def numbers(self, keys: Sequence[Coded] | None) -> Select[Any]:
        """Select the numbers of some groups, with others among them; of all groups for None.

        Groups are coded, and told by their tags alone, of which there may be many: of what a column has
        there is little, so that looking for it would cost more than it spares.
        """
        if keys is None:
            return self._numbers(self._rows)
        told = dict(zip(self.dimensions, zip(*keys, strict=True), strict=True))
        rows = _rows(self.grouping, self.dimensions, self._asked, told).subquery("members")
        return self._numbers(rows)

    def all_numbers(self, order: Order) -> Select[Any]:
        """Select the numbers of all groups in an order, after their keys."""
        summed = self._numbers(self._rows).add_columns(*self._terms(order)).subquery("summed")
        numbers = [one for one in summed.c if one.name.startswith(_NUMBER)]
        return select(*self._words(summed), *numbers).order_by(*_ordered(summed, order))

    def _numbers(self, rows: FromClause) -> Select[Any]:
        parts = self._parts(rows)
        numbers = [func.count(), _undisclosed(self.grouping, rows)]
        for one in self.grouping.measured:
            numbers += _spread(one, rows).values()
        labels = (one.label(f"{_NUMBER}{place}") for place, one in enumerate(numbers))
        return select(*parts, *labels).group_by(*parts)

    def _parts(self, source: FromClause) -> list[ColumnElement[Any]]:
        return [source.c[dimension] for dimension in self.dimensions]

    def _words(self, source: FromClause) -> list[ColumnElement[Any]]:
        """Return the parts of a key, words in place of codes."""
        return [self._word(one, source.c[one]) for one in self.dimensions]

    def _word(self, dimension: str, part: ColumnElement[Any]) -> ColumnElement[Any]:
        if dimension not in self.grouping.tagged:
            return part
        words = self._coded(dimension)
        return select(words.c.word).where(words.c.code == part).scalar_subquery()

    def _same(
        self, dimension: str, part: ColumnElement[Any], value: str | None
    ) -> ColumnElement[bool]:
        if value is None:
            return part.is_(None)
        if dimension not in self.grouping.tagged:
            return part == value
        words = self._coded(dimension)
        return part == select(words.c.code).where(words.c.word == value).scalar_subquery()

    def _coded(self, dimension: str) -> TableClause:
        return table(words_of(self.grouping.tags, dimension), column("code"), column("word"))

    def _terms(self, order: Order) -> list[ColumnElement[Any]]:
        return [self._term(name).label(f"term_{place}") for place, (name, _) in enumerate(order)]

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


def _ordered(source: FromClause, order: Order) -> list[ColumnElement[Any]]:
    terms = ((source.c[f"term_{place}"], down) for place, (_, down) in enumerate(order))
    return [(term.desc() if down else term.asc()).nulls_last() for term, down in terms]


def _rows(
    grouping: Grouping,
    dimensions: Sequence[str],
    asked: Sequence[ColumnElement[bool]],
    told: Mapping[str, Sequence[str | int | None]],
) -> Select[Any]:
    """Select keys, disclosure and figures of the rows asked for, once for each of their tags.

    Of a dimension that is told of, these are the tags with its codes.
    """
    # The columnar copy has columns which no table class tells of.
    names = [*dimensions, *(name for one in grouping.measured for name in _columns(one))]
    if grouping.undisclosed:
        names.append("undisclosed")
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
            # A second condition for what is unknown would take as long again.
            codes = {_UNKNOWN if code is None else code for code in told[dimension]}
            code = func.coalesce(tagged.c[dimension], _UNKNOWN)
            statement = select(*tagged.c).where(code.in_(codes))
    return statement


def _columns(one: Measured) -> list[str]:
    return [one.name, f"{one.name}_bounds", *filter(None, [one.comparable])]


def _undisclosed(grouping: Grouping, rows: FromClause) -> ColumnElement[int]:
    if not grouping.undisclosed:
        return literal_column("0")
    return func.count().filter(rows.c.undisclosed)


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
