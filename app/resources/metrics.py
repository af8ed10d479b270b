"""A point of a company's series as clients see it, observed or derived."""

from pydantic import Field

from app.dates import PartialDate
from app.models import Model
from app.resources.figure import Amount, CompanyRef, DerivedInput, SourceRef
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import AsOfBasis, Basis, DerivedQualifier, MetricKind


class Metric(Model):
    """One point of a company's series."""

    id: str = Field(
        description="The metric's id: a hash of company, round, kind and date.",
        examples=["5b0c3ad1f6e2"],
    )
    company: CompanyRef = Field(description="The company that it belongs to.")
    round: str | None = Field(
        description="The round that it belongs to; null for a metric of the company.",
        examples=["moonshot-ai-2026-05-series-d"],
    )
    kind: MetricKind = Field(description="What is measured.", examples=["arr_multiple"])
    derived: bool = Field(
        description="Whether it was computed from figures rather than claimed.", examples=[True]
    )
    unit: str = Field(
        description="What the numbers count: USD, another ISO 4217 code where no rate is known, "
        "`employees`, `users`, `multiple` or `ratio`.",
        examples=["multiple"],
    )
    nominal: Amount = Field(
        description="The number as stated, or the formula on the stated numbers; "
        "never quote it without its qualifier.",
        examples=[100.0],
    )
    low: Amount | None = Field(
        description="The least it can be; null where nothing bounds it from below.",
        examples=[None],
    )
    high: Amount | None = Field(
        description="The most it can be; null where nothing bounds it from above.",
        examples=[100.0],
    )
    qualifier: DerivedQualifier = Field(
        description="What the bounds leave open.", examples=["at_most"]
    )
    currency: str | None = Field(
        description="Currency as stated (ISO 4217); null where the number isn't money.",
        examples=[None],
    )
    as_of: PartialDate | None = Field(
        description="The date that it stands at.", examples=["2026-05"]
    )
    as_of_basis: AsOfBasis | None = Field(
        description="Whether that date is stated or the source's date of publication.",
        examples=["stated"],
    )
    basis: Basis | None = Field(
        description="What the valuation counts, its own or the one it was computed from.",
        examples=["post_money"],
    )
    gap_days: int | None = Field(
        description="Days between the two inputs of a derived value.", examples=[30]
    )
    comparable: bool | None = Field(
        description="Whether the inputs of a multiple lie within 365 days of each other.",
        examples=[True],
    )
    source: SourceRef | None = Field(
        description="Who states it; null for a derived value, whose inputs have their own."
    )
    inputs: list[DerivedInput] = Field(description="What a derived value was computed from.")
    claims: int | None = Field(
        description="How many claims there are on this quantity; null for a derived value.",
        examples=[None],
    )
    rivals: int | None = Field(
        description="How many of them can't be true together with the chosen one; "
        "null for a derived value.",
        examples=[None],
    )


class MetricPage(Model):
    """A page of metrics."""

    data: list[Metric] = Field(description="The metrics, in the order asked for.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
