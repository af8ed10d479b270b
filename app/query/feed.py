"""The feed: the newest rounds that match, and when each last changed."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import col

from app.query.conditions import conditions
from app.query.page import keyset
from app.query.parameters import Limit
from app.query.rounds import SORT_BY, RoundFilter
from app.tables import ChangeRow, LoadRow
from app.tables import RoundSnapshotRow as Row
from app.vocabulary import Collection

_NEWEST = "-announced_on"
FIRST_LOAD = select(func.min(col(LoadRow.loaded_at)))
_CHANGED_AT = (
    select(func.max(col(LoadRow.loaded_at)))
    .join(ChangeRow, col(ChangeRow.load) == col(LoadRow.number))
    .where(col(ChangeRow.collection) == Collection.ROUNDS, col(ChangeRow.id) == col(Row.id))
    .scalar_subquery()
)


class RoundFeed(RoundFilter):
    """Parameters of the feed of rounds."""

    limit: Limit = 50


def newest(filters: RoundFeed) -> Select[Any]:
    """Select JSON, first known day and latest load that changed it of the newest rounds."""
    order = keyset(SORT_BY, _NEWEST, Row)
    return (
        order.rows(Row, conditions(Row, filters))
        .with_only_columns(col(Row.body), col(Row.known_from), _CHANGED_AT)
        .limit(filters.limit)
    )
