"""The types of parameters: what a value may be, whatever the noun."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.codes import Country
from app.dates import PartialDate

LARGEST = 1e18
LONGEST_CURSOR = 8_000
LONGEST_SORT = 300
LONGEST_ID = 120


class Certainty(StrEnum):
    """Whether a range on a figure or a date must surely be met, or only may be."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=LONGEST_ID)]
"""A slug, as in an address; a display name is refused."""

Word = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=60)]
"""A word of an open list, such as a category."""

Ids = list[Id]
Texts = list[Annotated[str, Field(min_length=1, max_length=200)]]
Countries = list[Country]
Day = PartialDate | SkipJsonSchema[None]
Number = Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False)] | SkipJsonSchema[None]
YesNo = bool | SkipJsonSchema[None]

Limit = Annotated[
    int,
    Field(
        ge=1,
        le=200,
        description="How many items a page may hold.",
        examples=[5],
        json_schema_extra={"format": "int32"},
    ),
]
Cursor = Annotated[
    str | SkipJsonSchema[None],
    Field(
        max_length=LONGEST_CURSOR,
        description="`next_cursor` of the page before; keep the other parameters as they were.",
        json_schema_extra={"format": "cursor"},
    ),
]
Count = Annotated[
    bool, Field(description="Count all items that match, as `page.total`.", examples=[True])
]
BoundsMatch = Annotated[
    Certainty,
    Field(
        description="`certain`: a range (`min_…`, `max_…`, `…_from`, `…_to`) takes in what surely "
        "lies inside: \"more than $200M\" isn't at most anything, and a date of 2026 isn't surely "
        "after June. `possible`: it takes in what may lie inside.",
        examples=["possible"],
    ),
]
SearchText = Annotated[
    str | SkipJsonSchema[None],
    Field(
        min_length=1,
        max_length=200,
        description="Words that must all occur in names, aliases and other texts, "
        "whatever their case and accents.",
        examples=["moonshot"],
    ),
]
KnownOn = Annotated[
    Day,
    Field(
        description="Answer with what was known at the end of this day: claims count from the day on "
        "which their source was published; where it names none, from the date of their round or "
        "figure, else from the day on which it was read. A month or a year means its last day.",
        examples=["2026-05-31"],
    ),
]
ColumnNames = Annotated[
    str | SkipJsonSchema[None],
    Field(
        min_length=1,
        max_length=8_000,
        description="Columns to write, in this order, joined by commas; all of them by default.",
        examples=["id"],
    ),
]
