"""What investors can be filtered and sorted by."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.models import Model
from app.query.clauses import AnyOf, From, Tagged, To, Words
from app.query.cursor import begins_after
from app.query.named import Categories, CompanyIds
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
    SearchText,
)
from app.query.sort import SortBy
from app.tables import InvestorSnapshotRow as Row
from app.tables import InvestorTagRow
from app.vocabulary import InvestorKind

_LAST_ROUND = (Row.last_round_first, Row.last_round_last)

SORT_BY = SortBy(
    {
        "name": (Row.name_key,),
        "rounds": (Row.rounds,),
        "led": (Row.led,),
        "last_round": _LAST_ROUND,
        "country": (Row.country,),
        "id": (Row.id,),
    }
)

Sort = Annotated[
    str, SORT_BY.terms, Field(description=SORT_BY.description, examples=["-rounds,name"])
]


class InvestorFilter(Model):
    """Which investors are asked for."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[list[InvestorKind], AnyOf(Row.kind)] = Field(
        default_factory=list, description="What sort of investor it is.", examples=[["sovereign"]]
    )
    country: Annotated[Countries, AnyOf(Row.country)] = Field(
        default_factory=list, description="Where it is based.", examples=[["CN"]]
    )
    category: Annotated[Categories, Tagged(Row, InvestorTagRow, "category")] = Field(
        default_factory=list,
        description="A field of work of a company it invested in.",
        examples=[["robotics"]],
    )
    company: Annotated[CompanyIds, Tagged(Row, InvestorTagRow, "company")] = Field(
        default_factory=list,
        description="A company it invested in, by id.",
        examples=[["moonshot-ai"]],
    )
    last_round_from: Annotated[Day, From(*_LAST_ROUND)] = Field(
        None, description="Latest round on this date or later.", examples=["2026-01-01"]
    )
    last_round_to: Annotated[Day, To(*_LAST_ROUND)] = Field(
        None, description="Latest round on this date or earlier.", examples=["2026-06"]
    )
    id: Annotated[Ids, AnyOf(Row.id)] = Field(
        default_factory=list, description="The investors themselves, by id.", examples=[["accel"]]
    )
    q: Annotated[SearchText, Words(Row)] = None
    bounds: BoundsMatch = Certainty.CERTAIN
    known_on: KnownOn = None


class InvestorList(Paging, InvestorFilter):
    """Parameters of a list of investors."""

    cursor: Cursor = begins_after("name", "1789 capital", "1789-capital")
    sort: Sort = "name"


class InvestorExport(InvestorFilter):
    """Parameters of an export of investors."""

    fields: ColumnNames = None
    sort: Sort = "id"
