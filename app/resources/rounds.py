"""A funding round as clients see it."""

from pydantic import Field

from app.dates import PartialDate
from app.models import Model
from app.resources.figure import CompanyRef, Derived, Figure, SourceRef
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import Instrument, InvestorKind, Role, RoundStatus, Stage


class RoundInvestor(Model):
    """An investor's part in a round."""

    id: str = Field(description="The investor's id.", examples=["alibaba-cloud"])
    name: str = Field(description="Its name.", examples=["Alibaba Cloud"])
    kind: InvestorKind = Field(description="What sort of investor it is.", examples=["corporate"])
    role: Role = Field(
        description="Its part: the most senior that a source states.", examples=["lead"]
    )
    source_id: str = Field(
        description="The source that states it.", examples=["chinamoneynetwork-01ai-202311"]
    )


class FundingRound(Model):
    """One financing event."""

    id: str = Field(
        description="The round's id: a slug that stays.", examples=["moonshot-ai-2026-05-series-d"]
    )
    company: CompanyRef = Field(description="The company that raised.")
    stage: Stage = Field(description="The name that the round goes by.", examples=["series_d"])
    status: RoundStatus = Field(
        description="How far it has come; only announced and closed ones count in totals.",
        examples=["closed"],
    )
    instrument: Instrument = Field(description="What was sold.", examples=["equity"])
    announced_on: PartialDate | None = Field(
        description="When it was announced.", examples=["2026-05"]
    )
    closed_on: PartialDate | None = Field(description="When it closed.", examples=[None])
    extends: str | None = Field(
        description="The round that this one extends; each keeps its own row and counts once.",
        examples=[None],
    )
    source: SourceRef = Field(description="Who states the round.")
    amount: Figure | None = Field(description="The amount raised; null where undisclosed.")
    valuation: Figure | None = Field(description="Its valuation, on the basis given there.")
    dilution: Derived = Field(
        description="Amount / post-money: the share of the company that was sold. Without a stated "
        "basis, the interval from amount / (valuation + amount) to amount / valuation."
    )
    step_up: Derived = Field(
        description="Pre-money / the post-money of the previous priced round of equity."
    )
    investors: list[RoundInvestor] = Field(description="Who invested, leads first.")


class FundingRoundPage(Model):
    """A page of rounds."""

    data: list[FundingRound] = Field(description="The rounds, in the order asked for.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
