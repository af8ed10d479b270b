"""The types of filter parameters: what a value may be, whatever the noun."""

from typing import Annotated

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.codes import Country
from app.dates import PartialDate

LARGEST = 1e18

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=120)]
"""A slug, as in an address; a display name is refused."""

Word = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=60)]
"""A word of an open list, such as a category."""

Ids = list[Id]
Categories = list[Word]
Texts = list[Annotated[str, Field(min_length=1, max_length=200)]]
Countries = list[Country]
Day = PartialDate | SkipJsonSchema[None]
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST)] | SkipJsonSchema[None]
YesNo = bool | SkipJsonSchema[None]
