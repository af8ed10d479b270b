"""Search: the names that share trigrams with what was typed, to be ranked by how like they are."""

import operator
from functools import reduce
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, case, select
from sqlmodel import col

from app.dates import last_day
from app.likeness import grams
from app.query.page import Paging, begins_after
from app.query.parameters import Cursor, KnownOn
from app.query.trigrams import holds, occurs
from app.tables import SearchEntryRow as Row
from app.vocabulary import SearchKind

# Among the names that share most trigrams, those that a slip or two lead to are far ahead.
_CANDIDATES = 200


class SearchFilter(Paging, BaseModel):
    """Parameters of a search."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=100,
            description="What was typed: a name, its beginning, or either with a slip; in any script.",
            examples=["moonshoot"],
        ),
    ]
    cursor: Cursor = begins_after("", "company", "moonshot-ai")
    kind: list[SearchKind] = Field(
        default_factory=list, description="What to look for.", examples=[["company"]]
    )
    known_on: KnownOn = None


def candidates(filters: SearchFilter, kind: SearchKind) -> Select[str, str, str, int]:
    """Select the names of one kind that share most trigrams with what was typed."""
    pieces = grams(filters.q)
    counts = (case((occurs(col(Row.key), piece), 1), else_=0) for piece in pieces)
    shared: ColumnElement[int] = reduce(operator.add, counts)
    statement = select(col(Row.id), col(Row.name), col(Row.text), col(Row.weight)).where(
        col(Row.kind) == kind,
        holds(col(Row.entry_id), col(Row.key), *pieces),
    )
    if filters.known_on is not None:
        statement = statement.where(col(Row.known_from) <= last_day(filters.known_on))
    order = (shared.desc(), col(Row.weight).desc(), col(Row.entry_id))
    return statement.order_by(*order).limit(_CANDIDATES)
