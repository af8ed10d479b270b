"""An investor as clients see it."""

from pydantic import Field

from app.dates import PartialDate
from app.models import Model
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import InvestorKind


class InvestorCounts(Model):
    """How much an investor has done."""

    rounds: int = Field(description="Rounds that it took part in, of any status.", examples=[25])
    led: int = Field(description="Rounds that it led or co-led.", examples=[9])
    companies: int = Field(description="Distinct companies.", examples=[17])


class Investor(Model):
    """An investor and what it has done."""

    id: str = Field(description="The investor's id: a slug that stays.", examples=["accel"])
    name: str = Field(description="Its name.", examples=["Accel"])
    kind: InvestorKind = Field(
        description="What sort of investor it is, by our own classification.", examples=["vc"]
    )
    country: str | None = Field(
        description="Where it is based (ISO 3166-1 alpha-2); mostly unknown.", examples=["US"]
    )
    counts: InvestorCounts = Field(description="How much it has done.")
    first_round_on: PartialDate | None = Field(
        description="Date of its earliest round.", examples=["2015-06"]
    )
    last_round_on: PartialDate | None = Field(
        description="Date of its latest round.", examples=["2026-05"]
    )
    categories: list[str] = Field(
        description="Fields of work of the companies it invested in.",
        examples=[["agents", "coding"]],
    )


class InvestorPage(Model):
    """A page of investors."""

    data: list[Investor] = Field(description="The investors, in the order asked for.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
