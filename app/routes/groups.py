"""Find groups and their numbers in the columnar copy, by as few and as cheap statements as may be."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import Select

from app.columnar import Asking
from app.problems import InvalidRequest, wrong
from app.query.conditions import conditions, given, shape_and_values
from app.query.groups import Code, Coded, Groups, Key, Order, coded_values, key_of, page_values
from app.query.statistics import Grouping
from app.routes.answer import GONE

Row = tuple[Any, ...]
Numbers = Sequence[Any]
"""The numbers of a group as they are selected: counts, and those of each figure's spread."""

# The tags whose groups are counted first, of a hundred thousand: five times as many as a page shows.
_FREQUENT = 1_000


@dataclass(frozen=True, slots=True)
class AskedGroups:
    """Groups that are asked for of a columnar copy, in an order."""

    columns: Asking
    filters: Any
    grouping: Grouping
    dimensions: Sequence[str]
    order: Order

    @property
    def numerous(self) -> Sequence[str]:
        """The dimensions by which there are very many groups."""
        if self.columns.is_small:
            return ()
        return [one for one in self.grouping.numerous if one in self.dimensions]

    def rows(
        self,
        select: Callable[[Groups], Select[Any]],
        shape: Hashable,
        values: Mapping[str, Any] | None = None,
        told: Collection[str] = (),
    ) -> Iterator[Row]:
        """Return the rows of a statement on the groups, whose text depends on a shape too."""
        clauses = given(self.filters)
        filtered, asked = shape_and_values(self.filters, clauses)

        def write() -> Select[Any]:
            rows = conditions(self.grouping.table, self.filters, clauses)
            return select(Groups(self.grouping, self.dimensions, rows, told))

        kind = (self.grouping.table, tuple(self.dimensions), tuple(self.order), tuple(told))
        return self.columns.rows_of((kind, filtered, shape), write, {**asked, **(values or {})})


@dataclass(frozen=True, slots=True)
class PageOfGroups:
    """The groups of a page, each under its key, whether there are more, and how many in all."""

    groups: Sequence[tuple[Key, Numbers]]
    more: bool = False
    total: int | None = None


def all_groups(asked: AskedGroups) -> Iterator[tuple[Key, Numbers]]:
    """Return all groups in their order."""
    parts = len(asked.dimensions)
    rows = asked.rows(partial(Groups.all_numbers, order=asked.order), "all")
    return ((row[:parts], row[parts:]) for row in rows)


def page_of_groups(asked: AskedGroups, named: Sequence[Any] | None) -> PageOfGroups:
    """Return a page of groups, the first one or what comes after a key.

    Raises InvalidRequest for a key that no group has.
    """
    if not asked.dimensions:
        everything = next(asked.rows(Groups.numbers, "numbers"))
        return PageOfGroups([((), everything)], total=1 if asked.filters.count else None)
    after = None if named is None else key_of(named, asked.dimensions)
    if named is not None and after is None:
        raise InvalidRequest([wrong("cursor", GONE)])
    limit, parts = asked.filters.limit, len(asked.dimensions)
    rows = _by_frequent(asked) if after is None else None
    if rows is None:
        rows = _first(asked, limit + 1, after)
    if after is not None and not rows:
        raise InvalidRequest([wrong("cursor", GONE)])
    total = next(asked.rows(Groups.total, "total"))[0] if asked.filters.count else None
    more, page = len(rows) > limit, rows[:limit]
    if not asked.numerous:
        return PageOfGroups([(row[:parts], row[parts:]) for row in page], more, total)
    keys: dict[Coded, Key] = {row[:parts]: row[parts : 2 * parts] for row in page}
    numbers = _numbers(asked, [*keys], of_some=more or after is not None)
    return PageOfGroups([(key, numbers[coded]) for coded, key in keys.items()], more, total)


def _first(
    asked: AskedGroups,
    most: int,
    after: Key | None = None,
    told: Mapping[str, Collection[Code]] | None = None,
) -> list[Row]:
    """Return the first groups, with their numbers unless there are very many groups to choose from.

    Of a dimension that is told of, these are those with its codes.
    """
    codes = told or {}
    select = Groups.page if asked.numerous else Groups.page_with_numbers
    unknown = None if after is None else tuple([part is None for part in after])
    return list(
        asked.rows(
            partial(select, order=asked.order, after=after),
            ("page", bool(asked.numerous), unknown),
            {**page_values(most, after), **coded_values(codes)},
            [*codes],
        )
    )


def _by_frequent(asked: AskedGroups) -> list[Row] | None:
    """Return the largest groups by two kinds of tags, of which there are millions, None where it can't tell.

    A group has no more rows than its tag has. So those by the most frequent tags are counted alone, and
    are the largest where the last of the page has more rows than the next tag.
    """
    if len(asked.numerous) < 2 or asked.order[0] != ("count", True):
        return None
    # A row has the fewest tags of the last kind.
    tag = asked.numerous[-1]
    by_tag = replace(asked, dimensions=[tag], order=[("count", True), (tag, False)])
    tags = _first(by_tag, _FREQUENT + 1)
    if len(tags) <= _FREQUENT:
        return None
    most = asked.filters.limit + 1
    rows = _first(asked, most, told={tag: [row[0] for row in tags[:_FREQUENT]]})
    return rows if len(rows) == most and rows[-1][-1] > tags[-1][-1] else None


def _numbers(
    asked: AskedGroups, keys: Sequence[Coded], *, of_some: bool
) -> Mapping[Coded, Numbers]:
    """Return the numbers of groups that have been found, with others among them.

    Groups are told by their tags alone, of which there may be many: of what else there is there is little,
    so that looking for it would cost more than it spares.
    """
    parts = dict(zip(asked.dimensions, zip(*keys, strict=True), strict=True)) if of_some else {}
    told = {tag: parts[tag] for tag in asked.numerous if tag in parts}
    rows = asked.rows(Groups.numbers, "numbers", coded_values(told), [*told])
    return {row[: len(asked.dimensions)]: row[len(asked.dimensions) :] for row in rows}
