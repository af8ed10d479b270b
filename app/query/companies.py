"""What companies can be filtered and sorted by."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.models import Model
from app.query.clauses import AnyOf, AtLeast, AtMost, From, Tagged, To, Words
from app.query.cursor import begins_after
from app.query.named import Categories, InvestorIds
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
from app.tables import CompanySnapshotRow as Row
from app.tables import CompanyTagRow
from app.vocabulary import CompanyStatus

VALUATION = (Row.valuation_usd, Row.valuation_usd_low, Row.valuation_usd_high)
ARR = (Row.arr_usd, Row.arr_usd_low, Row.arr_usd_high)
ARR_MULTIPLE = (Row.arr_multiple, Row.arr_multiple_low, Row.arr_multiple_high)
_RAISED = (Row.total_raised_usd, Row.total_raised_usd_low, Row.total_raised_usd_high)
_FOUNDED = (Row.founded_first, Row.founded_last)
_LAST_ROUND = (Row.last_round_first, Row.last_round_last)

SORT_BY = SortBy(
    {
        "name": (Row.name_key,),
        "valuation_usd": (Row.valuation_usd,),
        "arr_usd": (Row.arr_usd,),
        "arr_multiple": (Row.arr_multiple,),
        "total_raised_usd": (Row.total_raised_usd,),
        "founded_on": _FOUNDED,
        "last_round": _LAST_ROUND,
        "country": (Row.country,),
        "id": (Row.id,),
    }
)

Sort = Annotated[
    str, SORT_BY.terms, Field(description=SORT_BY.description, examples=["-valuation_usd,name"])
]


class CompanyFilter(Model):
    """Which companies are asked for."""

    model_config = ConfigDict(extra="forbid")

    country: Annotated[Countries, AnyOf(Row.country)] = Field(
        default_factory=list, description="Where they have their head office.", examples=[["CN"]]
    )
    category: Annotated[Categories, Tagged(Row, CompanyTagRow, "category")] = Field(
        default_factory=list,
        description="One of their fields of work.",
        examples=[["foundation_models"]],
    )
    status: Annotated[list[CompanyStatus], AnyOf(Row.status)] = Field(
        default_factory=list, description="Whether they are still private.", examples=[["private"]]
    )
    investor: Annotated[InvestorIds, Tagged(Row, CompanyTagRow, "investor")] = Field(
        default_factory=list,
        description="An investor in one of their rounds.",
        examples=[["accel"]],
    )
    founded_from: Annotated[Day, From(*_FOUNDED)] = Field(
        None, description="Founded on this date or later.", examples=["2023"]
    )
    founded_to: Annotated[Day, To(*_FOUNDED)] = Field(
        None, description="Founded on this date or earlier.", examples=["2023-12"]
    )
    last_round_from: Annotated[Day, From(*_LAST_ROUND)] = Field(
        None, description="Latest round on this date or later.", examples=["2026-01-01"]
    )
    last_round_to: Annotated[Day, To(*_LAST_ROUND)] = Field(
        None, description="Latest round on this date or earlier.", examples=["2026-06"]
    )
    min_valuation_usd: Annotated[Number, AtLeast(*VALUATION)] = Field(
        None, description="Worth at least this many USD.", examples=[1000000000]
    )
    max_valuation_usd: Annotated[Number, AtMost(*VALUATION)] = Field(
        None, description="Worth at most this many USD.", examples=[50000000000]
    )
    min_arr_usd: Annotated[Number, AtLeast(*ARR)] = Field(
        None,
        description="Annual recurring revenue of at least this many USD.",
        examples=[100000000],
    )
    max_arr_usd: Annotated[Number, AtMost(*ARR)] = Field(
        None, description="Annual recurring revenue of at most this many USD.", examples=[500000000]
    )
    min_arr_multiple: Annotated[Number, AtLeast(*ARR_MULTIPLE)] = Field(
        None, description="Valuation / ARR of at least this.", examples=[10]
    )
    max_arr_multiple: Annotated[Number, AtMost(*ARR_MULTIPLE)] = Field(
        None, description="Valuation / ARR of at most this.", examples=[100]
    )
    min_total_raised_usd: Annotated[Number, AtLeast(*_RAISED)] = Field(
        None, description="Primary equity raised of at least this many USD.", examples=[1000000000]
    )
    max_total_raised_usd: Annotated[Number, AtMost(*_RAISED)] = Field(
        None, description="Primary equity raised of at most this many USD.", examples=[2000000000]
    )
    id: Annotated[Ids, AnyOf(Row.id)] = Field(
        default_factory=list,
        description="The companies themselves, by id.",
        examples=[["moonshot-ai"]],
    )
    q: Annotated[SearchText, Words(Row)] = None
    bounds: BoundsMatch = Certainty.CERTAIN
    known_on: KnownOn = None


class CompanyList(Paging, CompanyFilter):
    """Parameters of a list of companies."""

    cursor: Cursor = begins_after("name", "abridge", "abridge")
    sort: Sort = "name"


class CompanyExport(CompanyFilter):
    """Parameters of an export of companies."""

    fields: ColumnNames = None
    sort: Sort = "id"
