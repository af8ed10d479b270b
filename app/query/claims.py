"""What claims can be filtered and sorted by."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.models import Model
from app.query.clauses import AnyOf, From, Is, To, Words
from app.query.cursor import begins_after
from app.query.named import CompanyIds, RoundIds, SourceIds
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
    YesNo,
)
from app.query.sort import SortBy
from app.tables import ClaimSnapshotRow as Row
from app.vocabulary import Basis, ClaimMetric, ClaimStatus, Qualifier

_AS_OF = (Row.as_of_first, Row.as_of_last)

SORT_BY = SortBy(
    {
        "known_on": (Row.known_on,),
        "as_of": _AS_OF,
        "metric": (Row.metric,),
        "usd": (Row.usd,),
        "name": (Row.name_key,),
        "id": (Row.id,),
    }
)

Sort = Annotated[str, SORT_BY.terms, Field(description=SORT_BY.description, examples=["-known_on"])]


class ClaimFilter(Model):
    """Which claims are asked for."""

    model_config = ConfigDict(extra="forbid")

    company: Annotated[CompanyIds, AnyOf(Row.company_id)] = Field(
        default_factory=list,
        description="The company that it is about, by id.",
        examples=[["moonshot-ai"]],
    )
    round: Annotated[RoundIds, AnyOf(Row.round_id)] = Field(
        default_factory=list,
        description="The round that it is about, by id.",
        examples=[["moonshot-ai-2026-05-series-d"]],
    )
    metric: Annotated[list[ClaimMetric], AnyOf(Row.metric)] = Field(
        default_factory=list, description="The quantity stated.", examples=[["valuation"]]
    )
    qualifier: Annotated[list[Qualifier], AnyOf(Row.qualifier)] = Field(
        default_factory=list,
        description="How the source hedges the number.",
        examples=[["at_least"]],
    )
    basis: Annotated[list[Basis], AnyOf(Row.basis)] = Field(
        default_factory=list, description="What a valuation counts.", examples=[["post_money"]]
    )
    status: Annotated[list[ClaimStatus], AnyOf(Row.status)] = Field(
        default_factory=list, description="How the source puts it forward.", examples=[["disputed"]]
    )
    chosen: Annotated[YesNo, Is(Row.chosen)] = Field(
        None, description="Whether it is the figure of its quantity.", examples=[True]
    )
    rival: Annotated[YesNo, Is(Row.rival)] = Field(
        None,
        description="Whether it can't be true together with the chosen claim.",
        examples=[True],
    )
    as_of_from: Annotated[Day, From(*_AS_OF)] = Field(
        None, description="Stands at this date or later.", examples=["2026-01-01"]
    )
    as_of_to: Annotated[Day, To(*_AS_OF)] = Field(
        None, description="Stands at this date or earlier.", examples=["2026-06"]
    )
    source: Annotated[SourceIds, AnyOf(Row.source_id)] = Field(
        default_factory=list,
        description="The source that states it, by id.",
        examples=[["seed-document"]],
    )
    id: Annotated[Ids, AnyOf(Row.id)] = Field(
        default_factory=list,
        description="The claims themselves, by id.",
        examples=[["9c41e0b7d25f"]],
    )
    q: Annotated[SearchText, Words(Row)] = None
    bounds: BoundsMatch = Certainty.CERTAIN
    known_on: KnownOn = None


class ClaimList(Paging, ClaimFilter):
    """Parameters of a list of claims."""

    cursor: Cursor = begins_after("-known_on", "2026-06-30", "0983efeaf024")
    sort: Sort = "-known_on"


class ClaimExport(ClaimFilter):
    """Parameters of an export of claims."""

    fields: ColumnNames = None
    sort: Sort = "id"
