"""Answer with groups of rounds or companies: how many, how much, and how it spreads."""

from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from app.problems import InvalidRequest, wrong
from app.query.clauses import conditions
from app.query.rounds import RoundFilter
from app.query.statistics import Grouping
from app.resources.statistics import CompanyStats, Counted, CountedRounds, RoundStats, Spread
from app.routes.answer import answer_items, place_named
from app.routes.reading import Reading, reading
from app.spread import Group, Key, group
from app.vocabulary import COUNTED_INSTRUMENTS, COUNTED_STATUSES, Instrument, RoundStatus

Stats = RoundStats | CompanyStats
Resource = type[RoundStats] | type[CompanyStats]
Order = list[tuple[str, bool]]
_FETCHED_ROWS = 5_000


def answer_statistics(
    request: Request,
    filters: Any,
    grouping: Grouping,
    resource: Resource,
    beside: BaseModel | None = None,
) -> Response:
    """Answer with a page of groups.

    Raises InvalidRequest for a sort by a dimension that isn't grouped by.
    """
    place_named(filters)
    order = ordering(filters, grouping)
    with reading(request, filters, long=True) as present:
        if present.unchanged:
            return present.not_modified()
        items = statistics(present, filters, order, grouping, resource)
    return answer_items(request, present, filters, items, beside)


def statistics(
    present: Reading, filters: Any, order: Order, grouping: Grouping, resource: Resource
) -> list[tuple[Key, Stats]]:
    """Compute all groups in an order, each under its key."""
    dimensions = dimensions_of(filters)
    statement = grouping.select(dimensions, conditions(grouping.table, filters))
    rows = present.connection.execute(statement, execution_options={"yield_per": _FETCHED_ROWS})
    groups = group(rows, len(dimensions), len(grouping.measured))
    items = [
        (key, _stats(dict(zip(dimensions, key, strict=True)), one, grouping, resource))
        for key, one in groups.items()
    ]
    # Sorts are stable, so that the last term goes first; nulls come last whichever way it sorts.
    for name, descending in reversed(order):
        told = [item for item in items if _sorted_by(item[1], name) is not None]
        silent = [item for item in items if _sorted_by(item[1], name) is None]
        told.sort(key=lambda item: _sorted_by(item[1], name), reverse=descending)
        items = told + silent
    return items


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


def _stats(key: dict[str, str | None], one: Group, grouping: Grouping, resource: Resource) -> Stats:
    spreads = {
        measured.name: Spread.model_validate(spread.numbers(money=measured.money))
        for measured, spread in zip(grouping.measured, one.spreads, strict=True)
    }
    return resource.model_validate(
        {"key": key, "count": one.count, "undisclosed": one.undisclosed, **spreads}
    )


def _sorted_by(stats: Stats, name: str) -> Any:
    """Return what a group is sorted by: a part of its key, a count, or a number of a spread."""
    if name in stats.key:
        return stats.key[name]
    if name in type(stats).model_fields:
        return getattr(stats, name)
    figure = next(field for field in type(stats).model_fields if name.startswith(f"{field}_"))
    return getattr(getattr(stats, figure), name.removeprefix(f"{figure}_"))


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
