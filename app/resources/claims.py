"""A claim as clients see it: what one source states, as it states it."""

from pydantic import Field

from app.dates import PartialDate
from app.models import Model
from app.resources.figure import Amount, CompanyRef, SourceRef
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import Basis, ClaimMetric, ClaimStatus, KnownBasis, Qualifier


class Claim(Model):
    """One number (or range) that one source states about one company or one of its rounds."""

    id: str = Field(
        description="The claim's id: a hash of company, round, metric, source, date and value.",
        examples=["9c41e0b7d25f"],
    )
    company: CompanyRef = Field(description="The company that it is about.")
    round: str | None = Field(
        description="The round that it is about; null for the company itself.",
        examples=["moonshot-ai-2026-05-series-d"],
    )
    metric: ClaimMetric = Field(description="The quantity stated.", examples=["valuation"])
    value: Amount = Field(description="The number as stated.", examples=[20000000000])
    value_high: Amount | None = Field(description="The upper number of a range.", examples=[None])
    currency: str | None = Field(
        description="Currency as stated (ISO 4217); null for counts.", examples=["USD"]
    )
    usd: Amount | None = Field(
        description="`value` in USD; null for counts and where no rate is known.",
        examples=[20000000000],
    )
    qualifier: Qualifier = Field(
        description="How the source hedges the number.", examples=["at_least"]
    )
    basis: Basis | None = Field(description="What a valuation counts.", examples=["post_money"])
    status: ClaimStatus = Field(description="How the source puts it forward.", examples=["stated"])
    as_of: PartialDate | None = Field(
        description="The date that the source gives the number.", examples=[None]
    )
    known_on: str | None = Field(
        description="The day from which it is known.", examples=["2026-05-31"]
    )
    known_basis: KnownBasis | None = Field(
        description="Which date `known_on` is.", examples=["announced"]
    )
    source: SourceRef = Field(description="Who states it.")
    locator: str | None = Field(
        description="Where in the source, in our words.", examples=["opening paragraph"]
    )
    chosen: bool = Field(description="Whether it is the figure of its quantity.", examples=[False])
    rival: bool = Field(
        description="Whether it can't be true together with the chosen claim.", examples=[False]
    )


class ClaimPage(Model):
    """A page of claims."""

    data: list[Claim] = Field(description="The claims, in the order asked for.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
