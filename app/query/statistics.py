"""Statistics: by what rounds and companies can be grouped, and which figures are summed up.

How that is asked is in `app.query.groups`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from app.query import companies, rounds
from app.query.cursor import begins_after
from app.query.page import Paging
from app.query.parameters import ColumnNames, Cursor
from app.query.sort import SortBy, Terms, unknown_word
from app.tables import CompanySnapshotRow as Company
from app.tables import CompanyTagRow, RoundTagRow, SnapshotTable, TagTable
from app.tables import RoundSnapshotRow as Round

MOST_DIMENSIONS = 2
_NUMBERS = (
    "sum",
    "min",
    "p25",
    "median",
    "p75",
    "max",
    "known",
    "bounds",
    "missing",
    "not_comparable",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure that is summed up, but for what the column `comparable` denies."""

    name: str
    comparable: str | None = None
    money: bool = True


@dataclass(frozen=True)
class Grouping:
    """By what a noun can be grouped: columns of its copy, or tags of which a row may have several."""

    table: type[SnapshotTable]
    tags: type[TagTable]
    columns: Sequence[str]
    tagged: Sequence[str]
    measured: Sequence[Measured]
    undisclosed: bool = False
    numerous: Sequence[str] = ()
    """Those of the tags of which there may be a hundred thousand."""

    @property
    def dimensions(self) -> list[str]:
        """The words that `group_by` takes."""
        return [*self.columns, *self.tagged]

    @property
    def sort_by(self) -> SortBy:
        """What groups can be sorted by: their key or a part of it, and every number that they have."""
        counts = ["count", "undisclosed"] if self.undisclosed else ["count"]
        spreads = [
            f"{one.name}_{number}"
            for one in self.measured
            for number in _NUMBERS
            if one.money or number != "sum"
        ]
        return SortBy(dict.fromkeys(["key", *self.dimensions, *counts, *spreads], ()))


@dataclass(frozen=True)
class GroupBy:
    """How a grouping is asked for: one or two dimensions, joined by a comma."""

    grouping: Grouping

    @property
    def description(self) -> str:
        """Say in words by what can be grouped."""
        return (
            "One or two dimensions to group by, joined by a comma; without it all is one total. "
            f"One of: {', '.join(self.grouping.dimensions)}. A row counts in each group of "
            f"{' and '.join(self.grouping.tagged)} that it belongs to, so that these overlap."
        )

    @property
    def terms(self) -> Terms:
        """How a grouping is written."""
        term = f"({'|'.join(self.grouping.dimensions)})"
        return Terms(self._check, f"^{term}(,{term})?$")

    def _check(self, text: str) -> str:
        asked = text.split(",")
        for name in asked:
            if name not in self.grouping.dimensions:
                raise unknown_word("group", name, self.grouping.dimensions)
        if len(asked) > MOST_DIMENSIONS or len(set(asked)) < len(asked):
            raise PydanticCustomError("group_by", "takes one or two different dimensions")
        return text


ROUNDS = Grouping(
    table=Round,
    tags=RoundTagRow,
    columns=("year", "quarter", "month", "stage", "status", "instrument", "country"),
    tagged=("category", "investor", "lead_investor"),
    measured=(Measured("amount_usd"), Measured("valuation_usd")),
    undisclosed=True,
    numerous=("investor", "lead_investor"),
)
COMPANIES = Grouping(
    table=Company,
    tags=CompanyTagRow,
    columns=("country", "founded_year", "status"),
    tagged=("category",),
    measured=(
        Measured("valuation_usd"),
        Measured("arr_usd"),
        Measured("arr_multiple", "arr_multiple_comparable", money=False),
    ),
)

_ROUNDS_BY, _COMPANIES_BY = GroupBy(ROUNDS), GroupBy(COMPANIES)
_ROUND_SORT, _COMPANY_SORT = ROUNDS.sort_by, COMPANIES.sort_by
RoundGroupBy = Annotated[
    str | SkipJsonSchema[None],
    _ROUNDS_BY.terms,
    Field(description=_ROUNDS_BY.description, examples=["year,country"]),
]
CompanyGroupBy = Annotated[
    str | SkipJsonSchema[None],
    _COMPANIES_BY.terms,
    Field(description=_COMPANIES_BY.description, examples=["category"]),
]
RoundGroupSort = Annotated[
    str, _ROUND_SORT.terms, Field(description=_ROUND_SORT.description, examples=["-amount_usd_sum"])
]
CompanyGroupSort = Annotated[
    str,
    _COMPANY_SORT.terms,
    Field(description=_COMPANY_SORT.description, examples=["-arr_usd_sum"]),
]


class RoundStatsList(Paging, rounds.RoundFilter):
    """Parameters of statistics of rounds."""

    cursor: Cursor = begins_after("key")
    group_by: RoundGroupBy = None
    sort: RoundGroupSort = "key"


class RoundStatsExport(rounds.RoundFilter):
    """Parameters of an export of statistics of rounds."""

    group_by: RoundGroupBy = None
    fields: ColumnNames = Field(None, examples=["count"])
    sort: RoundGroupSort = "key"


class CompanyStatsList(Paging, companies.CompanyFilter):
    """Parameters of statistics of companies."""

    cursor: Cursor = begins_after("key")
    group_by: CompanyGroupBy = None
    sort: CompanyGroupSort = "key"


class CompanyStatsExport(companies.CompanyFilter):
    """Parameters of an export of statistics of companies."""

    group_by: CompanyGroupBy = None
    fields: ColumnNames = Field(None, examples=["count"])
    sort: CompanyGroupSort = "key"
