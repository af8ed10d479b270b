"""Statistics: by what rounds and companies can be grouped, and which figures are summed up.

How that is asked is in `app.query.groups`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, Text, case, cast, func
from sqlmodel import col

from app.query import companies, rounds
from app.query.page import Paging, SortBy, Terms, begins_after, unknown_word
from app.query.parameters import ColumnNames, Cursor
from app.tables import CompanySnapshotRow as Company
from app.tables import RoundSnapshotRow as Round
from app.tables import SnapshotTable

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
    """A figure that is summed up, by its columns."""

    name: str
    columns: tuple[Any, Any, Any]
    comparable: Any = None
    money: bool = True


@dataclass(frozen=True)
class Grouping:
    """By what a noun can be grouped: an expression, or a tag of which a row may have several."""

    table: type[SnapshotTable]
    columns: Mapping[str, Any]
    tagged: Sequence[str]
    measured: Sequence[Measured]
    undisclosed: Any = None

    @property
    def dimensions(self) -> list[str]:
        """The words that `group_by` takes."""
        return [*self.columns, *self.tagged]

    @property
    def sort_by(self) -> SortBy:
        """What groups can be sorted by: their key or a part of it, and every number that they have."""
        counts = ["count"] if self.undisclosed is None else ["count", "undisclosed"]
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


def _date_parts(first: Any, last: Any) -> dict[str, ColumnElement[Any]]:
    """Year, quarter and month of a partial date, null where it is vaguer than they are."""
    year, month = func.substr(first, 1, 4), func.substr(first, 1, 7)
    exact = month == func.substr(last, 1, 7)
    of_year = func.substr(first, 6, 2)
    # Texts, since a number of each would have to be read first.
    quarter = case(
        (of_year <= "03", "-Q1"), (of_year <= "06", "-Q2"), (of_year <= "09", "-Q3"), else_="-Q4"
    )
    return {
        "year": year,
        "quarter": case((exact, year + cast(quarter, Text))),
        "month": case((exact, month)),
    }


ROUNDS = Grouping(
    table=Round,
    columns={
        **_date_parts(col(Round.announced_first), col(Round.announced_last)),
        "stage": col(Round.stage),
        "status": col(Round.status),
        "instrument": col(Round.instrument),
        "country": col(Round.country),
    },
    tagged=("category", "investor", "lead_investor"),
    measured=(Measured("amount_usd", rounds.AMOUNT), Measured("valuation_usd", rounds.VALUATION)),
    undisclosed=Round.undisclosed,
)
COMPANIES = Grouping(
    table=Company,
    columns={
        "country": col(Company.country),
        "founded_year": func.substr(col(Company.founded_first), 1, 4),
        "status": col(Company.status),
    },
    tagged=("category",),
    measured=(
        Measured("valuation_usd", companies.VALUATION),
        Measured("arr_usd", companies.ARR),
        Measured(
            "arr_multiple", companies.ARR_MULTIPLE, Company.arr_multiple_comparable, money=False
        ),
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
