"""A company as clients see it: identity, current figures, and what it has raised."""

from pydantic import Field

from app.dates import PartialDate
from app.models import Model
from app.resources.figure import Amount, Count, Derived, Figure, SourceRef
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import CompanyStatus, Stage


class RaisedTotal(Model):
    """What closed and announced rounds of one instrument add up to."""

    low_usd: Amount | None = Field(
        description="The least that was raised, in USD; null where no round bounds it from below.",
        examples=[5900000000],
    )
    high_usd: Amount | None = Field(
        description="The most that was raised, in USD; null where a round is undisclosed or open "
        "above.",
        examples=[None],
    )
    rounds: int = Field(description="How many rounds count.", examples=[6])
    undisclosed: int = Field(
        description="How many of them have no amount: they are unknown, not zero.", examples=[1]
    )


class Raised(Model):
    """Capital raised in closed and announced rounds, each instrument by itself."""

    equity: RaisedTotal = Field(description="Primary equity.")
    debt: RaisedTotal = Field(description="Loans and credit lines.")
    mixed: RaisedTotal = Field(description="Rounds whose sources don't split equity and debt.")
    secondary: RaisedTotal = Field(description="Sales of existing shares: no money to the company.")
    grant: RaisedTotal = Field(description="Grants.")


class LastRound(Model):
    """The company's latest closed or announced round."""

    id: str = Field(description="The round's id.", examples=["moonshot-ai-2026-05-series-d"])
    stage: Stage = Field(description="Its stage.", examples=["series_d"])
    announced_on: PartialDate | None = Field(
        description="When it was announced.", examples=["2026-05"]
    )
    amount_usd: Amount | None = Field(
        description="The amount raised, in USD.", examples=[2000000000]
    )
    valuation_usd: Amount | None = Field(
        description="Its valuation, in USD.", examples=[20000000000]
    )


class CompanyCounts(Model):
    """How much is known about a company."""

    rounds: int = Field(description="Rounds of any status.", examples=[8])
    investors: int = Field(description="Distinct investors in its rounds.", examples=[12])
    claims: int = Field(description="Claims on it and on its rounds.", examples=[97])
    sources: int = Field(description="Distinct sources that state something of it.", examples=[31])


class Company(Model):
    """A company: who it is, what it is said to be worth and to earn, and what it has raised."""

    id: str = Field(description="The company's id: a slug that stays.", examples=["moonshot-ai"])
    name: str = Field(description="Its name.", examples=["Moonshot AI"])
    aliases: list[str] = Field(
        description="Other names, products and spellings.", examples=[["月之暗面", "Kimi"]]
    )
    country: str | None = Field(
        description="Where it has its head office (ISO 3166-1 alpha-2).", examples=["CN"]
    )
    city: str | None = Field(description="The city of its head office.", examples=["Beijing"])
    founded_on: PartialDate | None = Field(description="When it was founded.", examples=["2023-03"])
    founders: list[str] = Field(description="Who founded it.", examples=[["Yang Zhilin"]])
    status: CompanyStatus = Field(description="Whether it is still private.", examples=["private"])
    categories: list[str] = Field(
        description="Its fields of work, by our own classification.",
        examples=[["foundation_models", "consumer"]],
    )
    website: str | None = Field(description="Its website.", examples=["https://cursor.com"])
    source: SourceRef = Field(description="Who states its identity.")
    valuation: Figure | None = Field(
        description="Of its latest closed or announced round that has one, else its latest own "
        "valuation. Never an acquisition price, a market cap or one only talked of."
    )
    arr: Figure | None = Field(description="Latest annual recurring revenue.")
    revenue_run_rate: Figure | None = Field(
        description="Latest revenue run rate: a period's revenue, annualised."
    )
    revenue: Figure | None = Field(description="Latest revenue of a year.")
    employees: Count | None = Field(description="Latest number of employees.")
    users: Count | None = Field(description="Latest number of users.")
    arr_multiple: Derived = Field(description="Valuation / ARR, of the ARR nearest in time.")
    run_rate_multiple: Derived = Field(
        description="Valuation / revenue run rate, of the run rate nearest in time."
    )
    revenue_multiple: Derived = Field(
        description="Valuation / revenue of a year, of the revenue nearest in time."
    )
    capital_efficiency: Derived = Field(description="ARR / primary equity raised.")
    arr_growth: Derived = Field(
        description="Growth a year between the two latest points of ARR: 2.0 is +200 %."
    )
    raised: Raised = Field(description="Capital raised, by instrument.")
    last_round: LastRound | None = Field(description="Its latest closed or announced round.")
    counts: CompanyCounts = Field(description="How much is known about it.")


class CompanyPage(Model):
    """A page of companies."""

    data: list[Company] = Field(description="The companies, in the order asked for.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
