"""Answer with groups of rounds or companies: how many, how much, and how it spreads."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from more_itertools import chunked
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.columnar import Asking
from app.figures import Number, whole
from app.problems import InvalidRequest, wrong
from app.query.conditions import conditions
from app.query.groups import QUANTILES, SPREAD, Coded, Groups, Key, Order
from app.query.rounds import RoundFilter
from app.query.statistics import Grouping
from app.resources.statistics import CompanyStats, Counted, CountedRounds, RoundStats, Spread
from app.routes.answer import GONE, answer_shown, place_named
from app.routes.reading import asking, reading
from app.vocabulary import COUNTED_INSTRUMENTS, COUNTED_STATUSES, Instrument, RoundStatus

Stats = RoundStats | CompanyStats
Resource = type[RoundStats] | type[CompanyStats]
_AMOUNTS = ("sum", "min", "p25", "median", "p75", "max")


@dataclass(frozen=True, slots=True)
class _Page:
    """The groups of a page, coded and by their keys, whether there are more, and how many in all."""

    groups: Sequence[tuple[Coded, Key]]
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
            groups = _groups(filters, grouping)
            page = _page(columns, groups, filters, order, named)
            some = page.more or named is not None
            coded = [one for one, _ in page.groups] if some else None
            summed = columns.rows(groups.numbers(coded))
            found = dict(_split(summed, groups))
    items = [(key, _stats(key, found[code], groups, resource)) for code, key in page.groups]
    return answer_shown(
        request, present, filters, items, more=page.more, total=page.total, beside=beside
    )


def statistics(
    columns: Asking, filters: Any, order: Order, grouping: Grouping, resource: Resource
) -> Iterator[Stats]:
    """Compute all groups in an order."""
    groups = _groups(filters, grouping)
    for key, row in _split(columns.rows(groups.all_numbers(order)), groups):
        yield _stats(key, row, groups, resource)


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


def _groups(filters: Any, grouping: Grouping) -> Groups:
    return Groups(grouping, dimensions_of(filters), conditions(grouping.table, filters))


def _page(
    columns: Asking, groups: Groups, filters: Any, order: Order, named: list[Any] | None
) -> _Page:
    after = None if named is None else groups.key(named)
    if named is not None and after is None:
        raise InvalidRequest([wrong("cursor", GONE)])
    if not groups.dimensions:
        return _Page([((), ())], total=1 if filters.count else None)
    rows = list(columns.rows(groups.page(order, filters.limit + 1, after)))
    if after is not None and not rows:
        raise InvalidRequest([wrong("cursor", GONE)])
    total = next(columns.rows(groups.total()))[0] if filters.count else None
    page = list(_split(rows[: filters.limit], groups))
    return _Page(page, len(rows) > filters.limit, total)


def _split(rows: Iterable[tuple[Any, ...]], groups: Groups) -> Iterator[tuple[Any, Any]]:
    parts = len(groups.dimensions)
    return ((row[:parts], row[parts:]) for row in rows)


def _stats(key: Key, row: Sequence[Any], groups: Groups, resource: Resource) -> Stats:
    count, undisclosed, *numbers = row
    spreads = {
        measured.name: _spread(dict(zip(SPREAD, some, strict=True)), money=measured.money)
        for measured, some in zip(
            groups.grouping.measured, chunked(numbers, len(SPREAD)), strict=True
        )
    }
    named = dict(zip(groups.dimensions, key, strict=True))
    return resource.model_validate(
        {"key": named, "count": count, "undisclosed": undisclosed, **spreads}
    )


def _spread(numbers: dict[str, Any], *, money: bool) -> Spread:
    """Return the numbers of a spread; those of money are whole where they can be."""
    quantiles = numbers.pop("quantiles") or [None] * len(QUANTILES)
    told = {**numbers, **dict(zip(QUANTILES, quantiles, strict=True))}
    if money:
        told |= {name: _amount(told[name]) for name in _AMOUNTS}
    return Spread.model_validate(told)


def _amount(number: Decimal | float | None) -> Number | None:
    """Return an amount as it is written: a decimal too becomes a number that JSON's readers have."""
    return None if number is None else whole(float(number))


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
