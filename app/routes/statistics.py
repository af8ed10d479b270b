"""Answer with groups of rounds or companies: how many, how much, and how it spreads."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.columnar import Asking
from app.figures import whole
from app.problems import InvalidRequest, wrong
from app.query.groups import Key, Order
from app.query.members import QUANTILES
from app.query.rounds import RoundFilter
from app.query.statistics import Grouping, Measured
from app.resources.statistics import CompanyStats, Counted, CountedRounds, RoundStats
from app.routes.answer import answer_shown, place_named
from app.routes.groups import AskedGroups, Numbers, all_groups, page_of_groups
from app.routes.reading import asking, reading
from app.vocabulary import COUNTED_INSTRUMENTS, COUNTED_STATUSES, Instrument, RoundStatus

Stats = RoundStats | CompanyStats
Resource = type[RoundStats] | type[CompanyStats]
_NO_QUANTILES = [None] * len(QUANTILES)
_CENT = Decimal("0.01")


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
            asked = _asked(columns, filters, grouping, order)
            page = page_of_groups(asked, named)
    items = [(key, _stats(key, numbers, asked, resource)) for key, numbers in page.groups]
    return answer_shown(
        request, present, filters, items, more=page.more, total=page.total, beside=beside
    )


def statistics(
    columns: Asking, filters: Any, order: Order, grouping: Grouping, resource: Resource
) -> Iterator[Stats]:
    """Compute all groups in an order."""
    asked = _asked(columns, filters, grouping, order)
    for key, numbers in all_groups(asked):
        yield _stats(key, numbers, asked, resource)


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


def _asked(columns: Asking, filters: Any, grouping: Grouping, order: Order) -> AskedGroups:
    return AskedGroups(columns, filters, grouping, dimensions_of(filters), order)


def _stats(key: Key, numbers: Numbers, asked: AskedGroups, resource: Resource) -> Stats:
    count, undisclosed, *spreads = numbers
    rest = iter(spreads)
    told = {one.name: _spread(one, rest, count) for one in asked.grouping.measured}
    named = dict(zip(asked.dimensions, key, strict=True))
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
