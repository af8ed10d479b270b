"""The envelope that every list shares."""

from pydantic import Field

from app.models import Model

DATASET_VERSION = Field(
    description="Version of the dataset that answered: a hash of its content.",
    examples=["f2a1c09be4d75a36"],
)


class PageInfo(Model):
    """Where this page stands in its list."""

    limit: int = Field(description="How many items a page may hold.", examples=[50])
    next_cursor: str | None = Field(
        description="Pass it as `cursor` to get the next page; null on the last one.",
        examples=["WyJtb29uc2hvdC1haSJd"],
    )
    total: int | None = Field(
        description="How many items match in all; counted only with `count=true`.",
        examples=[None],
    )
