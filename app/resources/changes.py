"""A change as clients see it: what a load did to one item."""

from pydantic import Field

from app.models import Model
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import ChangeKind, Collection


class Change(Model):
    """What a load added, changed or removed."""

    dataset: str = Field(
        description="Version of the dataset that the load brought.", examples=["f2a1c09be4d75a36"]
    )
    loaded_at: str = Field(description="When, in UTC.", examples=["2026-11-24T10:00:00Z"])
    collection: Collection = Field(description="The list that it is in.", examples=["rounds"])
    id: str = Field(description="The item's id.", examples=["moonshot-ai-2026-05-series-d"])
    change: ChangeKind = Field(
        description="Whether it was added, changed or removed.", examples=["changed"]
    )
    fields: list[str] = Field(
        description="The item's fields that changed; empty for what was added or removed.",
        examples=[["amount", "investors"]],
    )


class ChangePage(Model):
    """A page of changes."""

    data: list[Change] = Field(description="The changes, the earliest first.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
