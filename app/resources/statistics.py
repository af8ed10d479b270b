"""Statistics as clients see them: how many, how much, and how it spreads."""

from pydantic import Field

from app.models import Model
from app.resources.figure import Amount
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import Instrument, RoundStatus

_KEY = Field(
    description="What the group's members share: one member for each dimension asked for, null "
    "where it isn't known or is vaguer than the dimension.",
    examples=[{"year": "2026", "country": "CN"}],
)
_COUNT = Field(description="How many it counts.", examples=[12])


class Spread(Model):
    """How a figure spreads over a group. Quartiles are interpolated linearly (PERCENTILE_CONT).

    Stated numbers are taken as they are, a bound by the number that it names: `bounds` says how many
    of them are bounds, so that a sum of "more than" is read as at least that.
    """

    sum: Amount | None = Field(
        description="Sum, to the cent; null for multiples, and where nothing is known.",
        examples=[8400000000],
    )
    min: Amount | None = Field(description="The least.", examples=[300000000])
    p25: Amount | None = Field(description="First quartile.", examples=[500000000])
    median: Amount | None = Field(description="Median.", examples=[1000000000])
    p75: Amount | None = Field(description="Third quartile.", examples=[2000000000])
    max: Amount | None = Field(description="The most.", examples=[7000000000])
    known: int = Field(description="How many figures it is made of.", examples=[10])
    bounds: int = Field(
        description="How many of these only bound the number: at least, at most, or a range.",
        examples=[3],
    )
    missing: int = Field(
        description="How many members have no figure in USD, or no multiple.", examples=[2]
    )
    not_comparable: int = Field(
        description="How many multiples are left out, since their inputs lie more than 365 days "
        "apart; where a date isn't known, that isn't known either, and the multiple is taken.",
        examples=[0],
    )


class Counted(Model):
    """Which rounds were taken in."""

    statuses: list[RoundStatus] = Field(
        description="Their statuses; announced and closed ones unless `status` says otherwise.",
        examples=[["announced", "closed"]],
    )
    instruments: list[Instrument] = Field(
        description="What was sold; equity alone unless `instrument` says otherwise.",
        examples=[["equity"]],
    )


class CountedRounds(Model):
    """What statistics of rounds say of all their groups."""

    counted: Counted = Field(description="Which rounds were taken in.")


class RoundStats(Model):
    """Rounds that share a key."""

    key: dict[str, str | None] = _KEY
    count: int = _COUNT
    undisclosed: int = Field(
        description="How many of them have no amount: they are unknown, not zero.", examples=[2]
    )
    amount_usd: Spread = Field(description="Amounts raised, in USD.")
    valuation_usd: Spread = Field(description="Valuations, in USD.")


class RoundStatsPage(CountedRounds):
    """A page of statistics of rounds."""

    data: list[RoundStats] = Field(description="The groups, in the order asked for.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION


class CompanyStats(Model):
    """Companies that share a key."""

    key: dict[str, str | None] = _KEY
    count: int = _COUNT
    valuation_usd: Spread = Field(description="Current valuations, in USD.")
    arr_usd: Spread = Field(description="Latest annual recurring revenue, in USD.")
    arr_multiple: Spread = Field(description="Valuation / ARR.")


class CompanyStatsPage(Model):
    """A page of statistics of companies."""

    data: list[CompanyStats] = Field(description="The groups, in the order asked for.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
