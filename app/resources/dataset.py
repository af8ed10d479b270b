"""The dataset behind the answers, as clients see it."""

from pydantic import Field

from app.dates import PartialDate
from app.models import Model
from app.resources.page import DATASET_VERSION


class DatasetCounts(Model):
    """How many rows the dataset has."""

    companies: int = Field(description="Companies.", examples=[211])
    rounds: int = Field(description="Rounds of any status.", examples=[493])
    investors: int = Field(description="Investors.", examples=[679])
    participations: int = Field(description="Stated parts in rounds.", examples=[1991])
    claims: int = Field(description="Claims.", examples=[2604])
    sources: int = Field(description="Sources.", examples=[1217])


class Coverage(Model):
    """What the dataset covers, and where it is thin."""

    first_round_on: PartialDate | None = Field(
        description="Date of the earliest round.", examples=["2010"]
    )
    last_round_on: PartialDate | None = Field(
        description="Date of the latest round.", examples=["2026-10"]
    )
    last_source_on: PartialDate | None = Field(
        description="Date of the latest source.", examples=["2026-11-20"]
    )
    countries: int = Field(description="Distinct countries of companies.", examples=[18])
    undated_rounds: int = Field(description="Rounds without any date.", examples=[47])
    undisclosed_rounds: int = Field(
        description="Closed and announced rounds without an amount.", examples=[60]
    )
    undated_sources: int = Field(description="Sources without a date.", examples=[793])


class Licence(Model):
    """Terms under which the dataset may be used."""

    name: str | None = Field(description="The licence's short name.", examples=["CC-BY-4.0"])
    title: str | None = Field(
        description="The licence's name.", examples=["Creative Commons Attribution 4.0"]
    )
    url: str | None = Field(
        description="Its text.", examples=["https://creativecommons.org/licenses/by/4.0/"]
    )


class Dataset(Model):
    """The dataset that answers: its version, size, coverage and terms."""

    version: str = DATASET_VERSION
    title: str | None = Field(
        description="Its title; null where its datapackage.json has none.",
        examples=["AI startup funding rounds, with sources"],
    )
    description: str | None = Field(
        description="What it is, in its maker's words.", examples=["Facts on AI companies."]
    )
    licences: list[Licence] = Field(description="Terms of use.")
    attribution: str | None = Field(
        description="How to credit it.", examples=["airounds seed dataset, CC BY 4.0"]
    )
    counts: DatasetCounts = Field(description="How many rows it has.")
    coverage: Coverage = Field(description="What it covers, and where it is thin.")
