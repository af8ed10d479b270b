"""What metrics can be filtered and sorted by."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.models import Model
from app.query.clauses import AnyOf, From, Is, Tagged, To, Words
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
from app.tables import MetricSnapshotRow as Row
from app.tables import MetricTagRow
from app.vocabulary import Basis, DerivedQualifier, MetricKind

_AS_OF = (Row.as_of_first, Row.as_of_last)

SORT_BY = SortBy(
    {
        "as_of": _AS_OF,
        "kind": (Row.kind,),
        "nominal": (Row.nominal,),
        "name": (Row.name_key,),
        "id": (Row.id,),
    }
)

Sort = Annotated[str, SORT_BY.terms, Field(description=SORT_BY.description, examples=["-as_of"])]


class MetricFilter(Model):
    """Which metrics are asked for."""

    model_config = ConfigDict(extra="forbid")

    company: Annotated[CompanyIds, AnyOf(Row.company_id)] = Field(
        default_factory=list,
        description="The company that it belongs to, by id.",
        examples=[["moonshot-ai"]],
    )
    round: Annotated[RoundIds, AnyOf(Row.round_id)] = Field(
        default_factory=list,
        description="The round that it belongs to, by id.",
        examples=[["moonshot-ai-2026-05-series-d"]],
    )
    kind: Annotated[list[MetricKind], AnyOf(Row.kind)] = Field(
        default_factory=list, description="What is measured.", examples=[["arr_multiple"]]
    )
    derived: Annotated[YesNo, Is(Row.derived)] = Field(
        None, description="Computed from figures (true) or claimed (false).", examples=[True]
    )
    qualifier: Annotated[list[DerivedQualifier], AnyOf(Row.qualifier)] = Field(
        default_factory=list, description="What the bounds leave open.", examples=[["at_most"]]
    )
    basis: Annotated[list[Basis], AnyOf(Row.basis)] = Field(
        default_factory=list, description="What the valuation counts.", examples=[["post_money"]]
    )
    comparable: Annotated[YesNo, Is(Row.comparable)] = Field(
        None,
        description="Whether the inputs of a multiple lie within 365 days of each other.",
        examples=[True],
    )
    as_of_from: Annotated[Day, From(*_AS_OF)] = Field(
        None, description="Stands at this date or later.", examples=["2026-01-01"]
    )
    as_of_to: Annotated[Day, To(*_AS_OF)] = Field(
        None, description="Stands at this date or earlier.", examples=["2026-06"]
    )
    source: Annotated[SourceIds, Tagged(Row, MetricTagRow, "source")] = Field(
        default_factory=list,
        description="The source of the figure or of one of its inputs, by id.",
        examples=[["seed-document"]],
    )
    id: Annotated[Ids, AnyOf(Row.id)] = Field(
        default_factory=list,
        description="The metrics themselves, by id.",
        examples=[["60c2f7c59b5c"]],
    )
    q: Annotated[SearchText, Words(Row)] = None
    bounds: BoundsMatch = Certainty.CERTAIN
    known_on: KnownOn = None


class MetricList(Paging, MetricFilter):
    """Parameters of a list of metrics."""

    cursor: Cursor = begins_after("-as_of", "2026-06-22", "2026-06-22", "45c59c60cd5e")
    sort: Sort = "-as_of"


class MetricExport(MetricFilter):
    """Parameters of an export of metrics."""

    fields: ColumnNames = None
    sort: Sort = "id"
