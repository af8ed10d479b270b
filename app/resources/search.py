"""A hit of a search as clients see it."""

from pydantic import Field

from app.models import Model
from app.resources.page import DATASET_VERSION, PageInfo
from app.vocabulary import SearchKind, SearchMatch


class SearchHit(Model):
    """Something that goes by a name like what was typed."""

    kind: SearchKind = Field(description="What it is.", examples=["company"])
    id: str = Field(description="Its id.", examples=["moonshot-ai"])
    name: str = Field(description="How it is shown.", examples=["Moonshot AI"])
    matched: str = Field(description="The name or alias that was found.", examples=["月之暗面"])
    why: SearchMatch = Field(
        description="Why: the whole name (`exact`), its beginning (`prefix`), beginnings of its "
        "words (`word_prefix`), or a slip of the hand away from one of these (`fuzzy`).",
        examples=["exact"],
    )


class SearchHitPage(Model):
    """A page of hits."""

    data: list[SearchHit] = Field(description="The hits, the likeliest first.")
    page: PageInfo = Field(description="Where this page stands in the list.")
    dataset: str = DATASET_VERSION
