"""What rounds can be filtered and sorted by."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.models import Model
from app.query.clauses import AnyOf, AtLeast, AtMost, From, Tagged, To, Words
from app.query.cursor import begins_after
from app.query.named import Categories, CompanyIds, InvestorIds, SourceIds
from app.query.page import Paging
from app.query.parameters import (
    BoundsMatch,
    Certainty,
    ColumnNames,
    Countries,
    Cursor,
    Day,
    Ids,
    KnownOn,
    Number,
    SearchText,
)
from app.query.sort import SortBy
from app.tables import RoundSnapshotRow as Row
from app.tables import RoundTagRow
from app.vocabulary import Instrument, RoundStatus, Stage

AMOUNT = (Row.amount_usd, Row.amount_usd_low, Row.amount_usd_high)
VALUATION = (Row.valuation_usd, Row.valuation_usd_low, Row.valuation_usd_high)
_ANNOUNCED = (Row.announced_first, Row.announced_last)
_CLOSED = (Row.closed_first, Row.closed_last)

SORT_BY = SortBy(
    {
        "announced_on": _ANNOUNCED,
        "closed_on": _CLOSED,
        "amount_usd": (Row.amount_usd,),
        "valuation_usd": (Row.valuation_usd,),
        "name": (Row.name_key,),
        "stage": (Row.stage,),
        "country": (Row.country,),
        "id": (Row.id,),
    }
)

Sort = Annotated[
    str, SORT_BY.terms, Field(description=SORT_BY.description, examples=["-amount_usd,name"])
]


class RoundFilter(Model):
    """Which rounds are asked for."""

    model_config = ConfigDict(extra="forbid")

    company: Annotated[CompanyIds, AnyOf(Row.company_id)] = Field(
        default_factory=list,
        description="The company that raised, by id.",
        examples=[["moonshot-ai"]],
    )
    country: Annotated[Countries, AnyOf(Row.country)] = Field(
        default_factory=list,
        description="Where the company has its head office.",
        examples=[["CN"]],
    )
    category: Annotated[Categories, Tagged(Row, RoundTagRow, "category")] = Field(
        default_factory=list,
        description="One of the company's fields of work.",
        examples=[["foundation_models"]],
    )
    stage: Annotated[list[Stage], AnyOf(Row.stage)] = Field(
        default_factory=list,
        description="The name that the round goes by.",
        examples=[["series_b"]],
    )
    status: Annotated[list[RoundStatus], AnyOf(Row.status)] = Field(
        default_factory=list, description="How far the round has come.", examples=[["closed"]]
    )
    instrument: Annotated[list[Instrument], AnyOf(Row.instrument)] = Field(
        default_factory=list, description="What was sold.", examples=[["equity"]]
    )
    investor: Annotated[InvestorIds, Tagged(Row, RoundTagRow, "investor")] = Field(
        default_factory=list, description="An investor in the round, by id.", examples=[["accel"]]
    )
    lead_investor: Annotated[InvestorIds, Tagged(Row, RoundTagRow, "lead_investor")] = Field(
        default_factory=list,
        description="An investor that led or co-led it, by id.",
        examples=[["alibaba"]],
    )
    source: Annotated[SourceIds, Tagged(Row, RoundTagRow, "source")] = Field(
        default_factory=list,
        description="A source that speaks of the round, by id.",
        examples=[["seed-document"]],
    )
    min_amount_usd: Annotated[Number, AtLeast(*AMOUNT)] = Field(
        None, description="Raised at least this many USD.", examples=[100000000]
    )
    max_amount_usd: Annotated[Number, AtMost(*AMOUNT)] = Field(
        None, description="Raised at most this many USD.", examples=[2000000000]
    )
    min_valuation_usd: Annotated[Number, AtLeast(*VALUATION)] = Field(
        None, description="Valued at least at this many USD.", examples=[1000000000]
    )
    max_valuation_usd: Annotated[Number, AtMost(*VALUATION)] = Field(
        None, description="Valued at most at this many USD.", examples=[50000000000]
    )
    announced_from: Annotated[Day, From(*_ANNOUNCED)] = Field(
        None, description="Announced on this date or later.", examples=["2026-01-01"]
    )
    announced_to: Annotated[Day, To(*_ANNOUNCED)] = Field(
        None, description="Announced on this date or earlier.", examples=["2026-06"]
    )
    closed_from: Annotated[Day, From(*_CLOSED)] = Field(
        None, description="Closed on this date or later.", examples=["2026-01-01"]
    )
    closed_to: Annotated[Day, To(*_CLOSED)] = Field(
        None, description="Closed on this date or earlier.", examples=["2026-06"]
    )
    id: Annotated[Ids, AnyOf(Row.id)] = Field(
        default_factory=list,
        description="The rounds themselves, by id.",
        examples=[["moonshot-ai-2026-05-series-d"]],
    )
    q: Annotated[SearchText, Words(Row)] = None
    bounds: BoundsMatch = Certainty.CERTAIN
    known_on: KnownOn = None


class RoundList(Paging, RoundFilter):
    """Parameters of a list of rounds."""

    cursor: Cursor = begins_after(
        "-announced_on", "2026-06-21", "2026-06-21", "databricks-2026-06-unknown"
    )
    sort: Sort = "-announced_on"


class RoundExport(RoundFilter):
    """Parameters of an export of rounds."""

    fields: ColumnNames = None
    sort: Sort = "id"
