"""Groups of rows in SQL: which there are in an order, and the numbers of each.

One statement in DuckDB's words answers a page. Of a few among very many groups two do: the first finds its
keys, from no more than what they are sorted by; the second sums up the members of these groups, and of some
others where that is quicker.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    TableClause,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)

from app.query.members import UNKNOWN, Members, codes_name, members, number, spread_of, undisclosed
from app.query.statistics import Grouping
from app.tables import words_of

Key = tuple[str | None, ...]
Code = str | int | None
Coded = tuple[Code, ...]
"""A key that has its tags' codes in place of their words."""
Order = Sequence[tuple[str, bool]]
Columns = Sequence[ColumnElement[Any]]

_NUMBER = "number_"  # what the names of selected numbers begin with
_MOST = bindparam("most", type_=Integer)


def key_of(values: Sequence[Any], dimensions: Sequence[str]) -> Key | None:
    """Return what may be the key of a group, None where it can't."""
    told = [value for value in values if value is not None]
    try:
        "".join(told).encode()
    except (TypeError, UnicodeEncodeError):
        return None
    return tuple(values) if len(values) == len(dimensions) else None


def page_values(most: int, after: Key | None) -> dict[str, Any]:
    """Return what the statement of a page is given: how many groups at most, and the key before them."""
    return {_MOST.key: most, **{_after(at): one for at, one in enumerate(after or ())}}


def coded_values(told: Mapping[str, Collection[Code]]) -> dict[str, list[Any]]:
    """Return what a statement is given that is told which codes some dimensions have."""
    return {
        codes_name(dimension): [*{UNKNOWN if code is None else code for code in codes}]
        for dimension, codes in told.items()
    }


class Groups:
    """The groups of rows that are asked for, by some dimensions.

    Of a dimension that is told of, these are those with the codes that a statement is given (`coded_values`).
    """

    def __init__(
        self,
        grouping: Grouping,
        dimensions: Sequence[str],
        asked: Sequence[ColumnElement[bool]],
        told: Collection[str] = (),
    ) -> None:
        self.grouping = grouping
        self.dimensions = dimensions
        self._rows = members(grouping, dimensions, asked, told)

    def page(self, order: Order, after: Key | None = None) -> Select[Any]:
        """Select the first groups in an order, or the first ones after a key.

        Keys are coded, then in words; last comes what the order begins with. There are none after a key that
        no group has.
        """
        found = self._grouped([*self._parts(self._rows), *self._terms(order)])
        groups = found.subquery("found")
        if after is None:
            first = select(groups).order_by(*_ordered(groups, order)).limit(_MOST)
        else:
            first = self._following(groups, order, after, lambda placed: [*placed.c])
        page = first.subquery("page")
        shown = [*self._parts(page), *self._words(page), page.c["term_0"]]
        return select(*shown).order_by(*_ordered(page, order))

    def page_with_numbers(self, order: Order, after: Key | None = None) -> Select[Any]:
        """Select the same groups: their keys, and then their numbers."""
        if after is None:
            return self.all_numbers(order).limit(_MOST)
        columns = [*self._parts(self._rows), *self._numbers(), *self._terms(order)]
        summed = self._grouped(columns).subquery("summed")
        return self._following(summed, order, after, self._shown)

    def all_numbers(self, order: Order) -> Select[Any]:
        """Select the numbers of all groups in an order, after their keys."""
        shown = [*self._words(self._rows), *self._numbers()]
        terms = (_directed(self._term(name), down) for name, down in order)
        return self._grouped(shown).order_by(*terms)

    def total(self) -> Select[Any]:
        """Count the groups."""
        keys = self._rows.select(*self._parts(self._rows)).distinct().subquery("keys")
        return select(func.count()).select_from(keys)

    def numbers(self) -> Select[Any]:
        """Select the numbers of all groups, after their coded keys."""
        return self._grouped([*self._parts(self._rows), *self._numbers()])

    def _grouped(self, columns: Columns) -> Select[Any]:
        return self._rows.select(*columns).group_by(*self._parts(self._rows))

    def _following(
        self, groups: FromClause, order: Order, after: Key, shown: Callable[[Any], Columns]
    ) -> Select[Any]:
        """Select what is shown of the first groups after a key."""
        place = func.row_number().over(order_by=_ordered(groups, order)).label("place")
        placed = select(groups, place).cte("placed")
        same = (
            self._same(dimension, placed.c[dimension], at, after[at])
            for at, dimension in enumerate(self.dimensions)
        )
        named = select(placed.c.place).where(*same).scalar_subquery()
        following = select(*shown(placed)).where(placed.c.place > named)
        return following.order_by(placed.c.place).limit(_MOST)

    def _shown(self, summed: FromClause) -> Columns:
        numbers = (one for one in summed.c if one.name.startswith(_NUMBER))
        return [*self._words(summed), *numbers]

    def _numbers(self) -> Columns:
        numbers = [func.count(), undisclosed(self.grouping, self._rows)]
        for one in self.grouping.measured:
            numbers += [number(one, name, self._rows) for name in spread_of(one)]
        return [one.label(f"{_NUMBER}{place}") for place, one in enumerate(numbers)]

    def _parts(self, source: FromClause | Members) -> list[ColumnElement[Any]]:
        return [source.c[dimension] for dimension in self.dimensions]

    def _words(self, source: FromClause | Members) -> list[ColumnElement[Any]]:
        """Return the parts of a key, words in place of codes."""
        return [self._word(one, source.c[one]) for one in self.dimensions]

    def _word(self, dimension: str, part: ColumnElement[Any]) -> ColumnElement[Any]:
        if dimension not in self.grouping.tagged:
            return part
        words = self._coded(dimension)
        return select(words.c.word).where(words.c.code == part).scalar_subquery()

    def _same(
        self, dimension: str, part: ColumnElement[Any], at: int, value: str | None
    ) -> ColumnElement[bool]:
        if value is None:
            return part.is_(None)
        given = bindparam(_after(at), value, Text())
        if dimension not in self.grouping.tagged:
            return part == given
        words = self._coded(dimension)
        return part == select(words.c.code).where(words.c.word == given).scalar_subquery()

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
            return undisclosed(self.grouping, self._rows)
        one = next(one for one in self.grouping.measured if name.startswith(f"{one.name}_"))
        term = number(one, name.removeprefix(f"{one.name}_"), self._rows)
        # Sums that are shown alike are alike in an order too.
        return func.round(term, literal_column("2")) if name.endswith("_sum") else term


def _ordered(source: FromClause, order: Order) -> list[ColumnElement[Any]]:
    return [_directed(source.c[f"term_{place}"], down) for place, (_, down) in enumerate(order)]


def _directed(term: ColumnElement[Any], down: bool) -> ColumnElement[Any]:
    return (term.desc() if down else term.asc()).nulls_last()


def _after(at: int) -> str:
    return f"after_{at}"
