"""Figures, counts and derived values: how every number reads on the wire, with who said it."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from app.dates import PartialDate
from app.models import Model
from app.vocabulary import (
    AsOfBasis,
    Basis,
    ClaimMetric,
    ClaimStatus,
    DerivedQualifier,
    KnownBasis,
    Qualifier,
)

Amount = Annotated[int | float, WithJsonSchema({"type": "number"})]
"""A number as stated: a JSON integer where it is whole."""


class SourceRef(Model):
    """The document that states a number."""

    id: str = Field(description="The source's id.", examples=["seed-document"])
    publisher: str | None = Field(description="Who published it.", examples=["Reuters"])
    title: str | None = Field(description="Its title.", examples=["Moonshot AI raises $2B"])
    url: str | None = Field(
        description="Where to read it.", examples=["https://www.reuters.com/technology/"]
    )
    published_on: PartialDate | None = Field(
        description="When it was published, as precisely as it says.", examples=["2026-05-07"]
    )


class CompanyRef(Model):
    """The company that a resource belongs to."""

    id: str = Field(description="The company's id.", examples=["moonshot-ai"])
    name: str = Field(description="Its name.", examples=["Moonshot AI"])
    country: str | None = Field(
        description="Where it has its head office (ISO 3166-1 alpha-2).", examples=["CN"]
    )


class Fx(Model):
    """The exchange rate behind a value in USD."""

    rate: float = Field(description="USD for one unit of the currency.", examples=[0.1389])
    date: str = Field(
        description="Day of the ECB reference rate, at most 7 days before the figure's date.",
        examples=["2026-05-07"],
    )


class Figure(Model):
    """The claim chosen for one amount of money, with its bounds, its USD value and its source."""

    value: Amount = Field(
        description="The number as stated, in `currency`.", examples=[20000000000]
    )
    value_high: Amount | None = Field(
        description="The upper number of a range, in `currency`.", examples=[None]
    )
    currency: str = Field(description="Currency as stated (ISO 4217).", examples=["USD"])
    usd: Amount | None = Field(description="`value` in USD.", examples=[20000000000])
    low_usd: Amount | None = Field(
        description="The least it can be, in USD; null where nothing bounds it from below.",
        examples=[20000000000],
    )
    high_usd: Amount | None = Field(
        description="The most it can be, in USD; null where nothing bounds it from above.",
        examples=[None],
    )
    fx: Fx | None = Field(description="The rate that gave `usd`; null for USD itself.")
    usd_reason: str | None = Field(
        description="Why `usd` is null.",
        examples=["there is no ECB reference rate for SAR"],
    )
    qualifier: Qualifier = Field(
        description="How the source hedges the number.", examples=["at_least"]
    )
    basis: Basis | None = Field(
        description="What a valuation counts; null for other amounts.", examples=["post_money"]
    )
    status: ClaimStatus = Field(
        description="How the source puts the claim forward.", examples=["stated"]
    )
    as_of: PartialDate | None = Field(
        description="The date that the number stands at.", examples=["2026-05"]
    )
    as_of_basis: AsOfBasis | None = Field(
        description="Whether that date is stated or the source's date of publication.",
        examples=["stated"],
    )
    known_on: str | None = Field(
        description="The day from which the claim is known.", examples=["2026-05-31"]
    )
    known_basis: KnownBasis | None = Field(
        description="Which date `known_on` is.", examples=["published"]
    )
    source: SourceRef = Field(description="Who states it.")
    claims: int = Field(description="How many claims there are on this quantity.", examples=[11])
    rivals: int = Field(
        description="How many of them can't be true together with the chosen one.", examples=[1]
    )


class Count(Model):
    """The claim chosen for a number of people, with its bounds and its source."""

    value: Amount = Field(description="The number as stated.", examples=[300])
    value_high: Amount | None = Field(description="The upper number of a range.", examples=[None])
    low: Amount | None = Field(description="The least it can be.", examples=[300])
    high: Amount | None = Field(description="The most it can be.", examples=[300])
    qualifier: Qualifier = Field(
        description="How the source hedges the number.", examples=["approx"]
    )
    status: ClaimStatus = Field(
        description="How the source puts the claim forward.", examples=["stated"]
    )
    as_of: PartialDate | None = Field(
        description="The date that the number stands at.", examples=["2026-05"]
    )
    as_of_basis: AsOfBasis | None = Field(
        description="Whether that date is stated or the source's date of publication.",
        examples=["stated"],
    )
    known_on: str | None = Field(
        description="The day from which the claim is known.", examples=["2026-05-31"]
    )
    known_basis: KnownBasis | None = Field(
        description="Which date `known_on` is.", examples=["published"]
    )
    source: SourceRef = Field(description="Who states it.")
    claims: int = Field(description="How many claims there are on this quantity.", examples=[2])
    rivals: int = Field(
        description="How many of them can't be true together with the chosen one.", examples=[0]
    )


class DerivedInput(Model):
    """A figure that a derived value was computed from."""

    metric: ClaimMetric = Field(description="The quantity that it states.", examples=["arr"])
    round: str | None = Field(
        description="The round that it belongs to; null for a figure of the company.",
        examples=["moonshot-ai-2026-05-series-d"],
    )
    as_of: PartialDate | None = Field(
        description="The date that it stands at.", examples=["2026-04"]
    )
    value: Amount = Field(description="The number as stated.", examples=[200000000])
    currency: str | None = Field(
        description="Currency as stated; null for counts.", examples=["USD"]
    )
    qualifier: Qualifier = Field(description="How its source hedges it.", examples=["at_least"])
    source: SourceRef = Field(description="Who states it.")


class Derived(Model):
    """A value computed from figures, with the bounds that they leave it."""

    nominal: float | None = Field(
        description="The formula on the stated numbers: what people quote. "
        "Never quote it without its qualifier.",
        examples=[100.0],
    )
    low: float | None = Field(
        description="The least it can be; null where nothing bounds it from below.",
        examples=[None],
    )
    high: float | None = Field(
        description="The most it can be; null where nothing bounds it from above.",
        examples=[100.0],
    )
    qualifier: DerivedQualifier | None = Field(
        description="What the bounds leave open; null where there is no value.",
        examples=["at_most"],
    )
    gap_days: int | None = Field(
        description="Days between the two inputs, each at its first possible day; "
        "null where a date is unknown or the formula has no two dates.",
        examples=[30],
    )
    comparable: bool | None = Field(
        description="Whether the inputs of a multiple lie within 365 days of each other; "
        "null where that is unknown or doesn't apply.",
        examples=[True],
    )
    inputs: list[DerivedInput] = Field(description="What it was computed from.")
    reason: str | None = Field(
        description="Why there is no value; null where there is one.",
        examples=["no ARR is known"],
    )
