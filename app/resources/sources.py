"""A source as clients see it."""

from pydantic import Field

from app.dates import PartialDate
from app.models import Model
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import SourceKind


class SourceCounts(Model):
    """What a source states."""

    claims: int = Field(description="Claims that it states.", examples=[3])
    companies: int = Field(description="Distinct companies that it speaks of.", examples=[1])
    rounds: int = Field(description="Distinct rounds that it speaks of.", examples=[1])


class Source(Model):
    """A document that states figures."""

    id: str = Field(description="The source's id: a slug that stays.", examples=["seed-document"])
    publisher: str | None = Field(description="Who published it.", examples=["Reuters"])
    title: str | None = Field(description="Its title.", examples=["Moonshot AI raises $2B"])
    url: str | None = Field(
        description="Where to read it.", examples=["https://www.reuters.com/technology/"]
    )
    published_on: PartialDate | None = Field(
        description="When it was published, as precisely as it says.", examples=["2026-05-07"]
    )
    retrieved_on: PartialDate | None = Field(
        description="When it was read for this dataset.", examples=["2026-11-24"]
    )
    kind: SourceKind = Field(description="What sort of document it is.", examples=["news"])
    counts: SourceCounts = Field(description="What it states.")


class SourcePage(Model):
    """A page of sources."""

    data: list[Source] = Field(description="The sources, in the order asked for.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
