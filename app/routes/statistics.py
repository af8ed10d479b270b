"""Answer with groups of rounds or companies: how many, how much, and how it spreads."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Select
from starlette.requests import Request
from starlette.responses import Response

from app.columnar import Asking
from app.figures import whole
from app.problems import InvalidRequest, wrong
from app.query.conditions import conditions, given, shape_and_values
from app.query.groups import (
    QUANTILES,
    Coded,
    Groups,
    Key,
    Order,
    coded_values,
    key_of,
    page_values,
)
from app.query.rounds import RoundFilter
from app.query.statistics import Grouping, Measured
from app.resources.statistics import CompanyStats, Counted, CountedRounds, RoundStats
from app.routes.answer import GONE, answer_shown, place_named
from app.routes.reading import asking, reading
from app.vocabulary import COUNTED_INSTRUMENTS, COUNTED_STATUSES, Instrument, RoundStatus

Stats = RoundStats | CompanyStats
Resource = type[RoundStats] | type[CompanyStats]


_NO_QUANTILES = [None] * len(QUANTILES)
_CENT = Decimal("0.01")
Numbers = Sequence[Any]
"""The numbers of a group as they are selected: counts, and those of each figure's spread."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Groups that are asked for of a columnar copy."""

    columns: Asking
    filters: Any
    grouping: Grouping
    order: Order

    @property
    def dimensions(self) -> Sequence[str]:
        """What is grouped by."""
        return dimensions_of(self.filters)

    def rows(
        self, select: Callable[[Groups], Select[Any]], shape: Hashable, values: Mapping[str, Any]
    ) -> Iterator[tuple[Any, ...]]:
        """Return the rows of a statement on the groups, whose text depends on a shape too."""
        clauses = given(self.filters)
        filtered, asked = shape_and_values(self.filters, clauses)

        def write() -> Select[Any]:
            rows = conditions(self.grouping.table, self.filters, clauses)
            return select(Groups(self.grouping, self.dimensions, rows))

        kind = (self.grouping.table, tuple(self.dimensions), tuple(self.order))
        return self.columns.rows_of((kind, filtered, shape), write, {**asked, **values})


@dataclass(frozen=True, slots=True)
class _Page:
    """The groups of a page, each under its key, whether there are more, and how many in all."""

    groups: Sequence[tuple[Key, Numbers]]
    more: bool = False
    total: int | None = None


def answer_statistics(
    request: Request,
    filters: Any,
    grouping: Grouping,
    resource: Resource,
    beside: BaseModel | None = None,
) -> Response:
    """Answer with a page of groups.

    Raises InvalidRequest for a sort by a dimension that isn't grouped by, and what `asking` raises.
    """
    named = place_named(filters)
    order = ordering(filters, grouping)
    with reading(request, filters, in_thread=True) as present:
        # A cursor that names nothing has no validator.
        if present.unchanged and filters.cursor is None:
            return present.not_modified()
        with asking(request, present) as columns:
            page = _page(_Asked(columns, filters, grouping, order), named)
    items = [
        (key, _stats(key, numbers, filters, grouping, resource)) for key, numbers in page.groups
    ]
    return answer_shown(
        request, present, filters, items, more=page.more, total=page.total, beside=beside
    )


def statistics(
    columns: Asking, filters: Any, order: Order, grouping: Grouping, resource: Resource
) -> Iterator[Stats]:
    """Compute all groups in an order."""
    asked = _Asked(columns, filters, grouping, order)
    rows = asked.rows(partial(Groups.all_numbers, order=order), "all", {})
    for key, numbers in _split(rows, asked):
        yield _stats(key, numbers, filters, grouping, resource)


def ordering(filters: Any, grouping: Grouping) -> Order:
    """Return the terms of a sort, and the key's parts after them, which no two groups share.

    Raises InvalidRequest for a dimension that nothing is grouped by.
    """
    dimensions = dimensions_of(filters)
    order: dict[str, bool] = {}
    for term in (*filters.sort.split(","), *dimensions):
        name, descending = term.removeprefix("-"), term.startswith("-")
        if name == "key":
            for dimension in dimensions:
                order.setdefault(dimension, descending)
        elif name in grouping.dimensions and name not in dimensions:
            reason = f"nothing is grouped by {name}: add it to group_by"
            raise InvalidRequest([wrong("sort", reason)])
        else:
            order.setdefault(name, descending)
    return list(order.items())


def dimensions_of(filters: Any) -> list[str]:
    """Return the dimensions that are grouped by."""
    return filters.group_by.split(",") if filters.group_by else []


def _page(asked: _Asked, named: list[Any] | None) -> _Page:
    if not asked.dimensions:
        numbers = next(asked.rows(partial(Groups.numbers, of_some=False), "total", {}))
        return _Page([((), numbers)], total=1 if asked.filters.count else None)
    after = None if named is None else key_of(named, asked.dimensions)
    if named is not None and after is None:
        raise InvalidRequest([wrong("cursor", GONE)])
    limit = asked.filters.limit
    at_once = asked.columns.is_small or not set(asked.dimensions) & set(asked.grouping.numerous)
    select = Groups.page_with_numbers if at_once else Groups.page
    rows = list(
        asked.rows(
            partial(select, order=asked.order, after=after),
            (at_once, None if after is None else tuple([one is None for one in after])),
            page_values(limit + 1, after),
        )
    )
    if after is not None and not rows:
        raise InvalidRequest([wrong("cursor", GONE)])
    total = next(asked.rows(Groups.total, "groups", {}))[0] if asked.filters.count else None
    more, groups = len(rows) > limit, list(_split(rows[:limit], asked))
    if at_once:
        return _Page(groups, more, total)
    return _Page(_with_numbers(asked, groups, of_some=more or after is not None), more, total)


def _with_numbers(
    asked: _Asked, page: Sequence[tuple[Coded, Key]], *, of_some: bool
) -> Sequence[tuple[Key, Numbers]]:
    """Return the numbers of the groups of a page, which have been found among many."""
    codes = (
        coded_values(asked.grouping, asked.dimensions, [coded for coded, _ in page])
        if of_some
        else {}
    )
    rows = asked.rows(partial(Groups.numbers, of_some=of_some), ("numbers", of_some), codes)
    found = dict(_split(rows, asked))
    return [(key, found[coded]) for coded, key in page]


def _split(rows: Iterable[tuple[Any, ...]], asked: _Asked) -> Iterator[tuple[Any, Any]]:
    parts = len(asked.dimensions)
    return ((row[:parts], row[parts:]) for row in rows)


def _stats(
    key: Key, numbers: Numbers, filters: Any, grouping: Grouping, resource: Resource
) -> Stats:
    count, undisclosed, *spreads = numbers
    rest = iter(spreads)
    told = {one.name: _spread(one, rest, count) for one in grouping.measured}
    named = dict(zip(dimensions_of(filters), key, strict=True))
    return resource.model_validate(
        {"key": named, "count": count, "undisclosed": undisclosed or 0, **told}
    )


def _spread(one: Measured, numbers: Iterator[Any], count: int) -> dict[str, Any]:
    """Return a spread of its numbers as they are selected; those of money are whole where they can be."""
    total = next(numbers) if one.money else None
    spread = next(numbers) or _NO_QUANTILES
    # DuckDB's `count_if` is null where there are no rows.
    known, bounds = next(numbers) or 0, next(numbers) or 0
    stated = (next(numbers) or 0) if one.comparable else known
    if one.money:
        spread = [None if number is None else whole(number) for number in spread]
    return {
        "sum": None if total is None else whole(float(total.quantize(_CENT, ROUND_HALF_UP))),
        **dict(zip(QUANTILES, spread, strict=True)),
        "known": known,
        "bounds": bounds,
        "missing": count - stated,
        "not_comparable": stated - known,
    }


def counted_rounds(filters: RoundFilter) -> RoundFilter:
    """Return the filters that say which rounds count: those asked for, else primary equity raised."""
    return filters.model_copy(
        update={
            "status": filters.status or [one for one in RoundStatus if one in COUNTED_STATUSES],
            "instrument": filters.instrument
            or [one for one in Instrument if one in COUNTED_INSTRUMENTS],
        }
    )


def counted(filters: RoundFilter) -> CountedRounds:
    """Say which rounds were taken in, as a member of the answer."""
    return CountedRounds(
        counted=Counted(
            statuses=sorted(set(filters.status)), instruments=sorted(set(filters.instrument))
        )
    )
