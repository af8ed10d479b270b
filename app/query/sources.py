"""What sources can be filtered and sorted by."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.models import Model
from app.query.clauses import AnyOf, From, Tagged, To, Words
from app.query.cursor import begins_after
from app.query.named import CompanyIds, RoundIds
from app.query.page import Paging
from app.query.parameters import (
    BoundsMatch,
    Certainty,
    ColumnNames,
    Cursor,
    Day,
    Ids,
    KnownOn,
    SearchText,
    Texts,
)
from app.query.sort import SortBy
from app.tables import SourceSnapshotRow as Row
from app.tables import SourceTagRow
from app.vocabulary import SourceKind

_PUBLISHED = (Row.published_first, Row.published_last)

SORT_BY = SortBy(
    {
        "published_on": _PUBLISHED,
        "publisher": (Row.publisher,),
        "claims": (Row.claims,),
        "id": (Row.id,),
    }
)

Sort = Annotated[str, SORT_BY.terms, Field(description=SORT_BY.description, examples=["-claims"])]


class SourceFilter(Model):
    """Which sources are asked for."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[list[SourceKind], AnyOf(Row.kind)] = Field(
        default_factory=list, description="What sort of document it is.", examples=[["filing"]]
    )
    publisher: Annotated[Texts, AnyOf(Row.publisher)] = Field(
        default_factory=list,
        description="Who published it, written as the source has it.",
        examples=[["Reuters"]],
    )
    company: Annotated[CompanyIds, Tagged(Row, SourceTagRow, "company")] = Field(
        default_factory=list,
        description="A company that it speaks of, by id.",
        examples=[["moonshot-ai"]],
    )
    round: Annotated[RoundIds, Tagged(Row, SourceTagRow, "round")] = Field(
        default_factory=list,
        description="A round that it speaks of, by id.",
        examples=[["moonshot-ai-2026-05-series-d"]],
    )
    published_from: Annotated[Day, From(*_PUBLISHED)] = Field(
        None, description="Published on this date or later.", examples=["2026-01-01"]
    )
    published_to: Annotated[Day, To(*_PUBLISHED)] = Field(
        None, description="Published on this date or earlier.", examples=["2026-06"]
    )
    id: Annotated[Ids, AnyOf(Row.id)] = Field(
        default_factory=list,
        description="The sources themselves, by id.",
        examples=[["seed-document"]],
    )
    q: Annotated[SearchText, Words(Row)] = None
    bounds: BoundsMatch = Certainty.CERTAIN
    known_on: KnownOn = None


class SourceList(Paging, SourceFilter):
    """Parameters of a list of sources."""

    cursor: Cursor = begins_after(
        "-published_on", "2026-06-24", "2026-06-24", "aiwiki-etched-202606"
    )
    sort: Sort = "-published_on"


class SourceExport(SourceFilter):
    """Parameters of an export of sources."""

    fields: ColumnNames = None
    sort: Sort = "id"
