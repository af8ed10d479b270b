"""The rows of a dataset, one model a file: a field is a column, its type says what a cell may hold.

An empty cell reads as None, or as an empty list. Rules that need a second row live in `check`.
"""

import hashlib
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.codes import Country, Currency
from app.dataset.addresses import Address, Website
from app.dates import PartialDate
from app.vocabulary import (
    COMPANY_METRICS,
    COUNT_METRICS,
    ROUND_BASES,
    ROUND_METRICS,
    Basis,
    ClaimMetric,
    ClaimStatus,
    CompanyStatus,
    Instrument,
    InvestorKind,
    Qualifier,
    Role,
    RoundStatus,
    SourceKind,
    Stage,
)

LARGEST_VALUE = 2**53 - 1  # the largest whole number that every JSON reader keeps exactly
MOST_DECIMALS = 6
_ID_BYTES = 6


def _empty_as_none(cell: Any) -> Any:
    return None if cell == "" else cell


def _split(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    items = cell.split("|") if cell else []
    if any(item != item.strip() or not item for item in items):
        raise PydanticCustomError("list", "has an empty item or spaces around `|`")
    if len(set(items)) < len(items):
        raise PydanticCustomError("list", "names an item twice")
    return items


_EmptyAsNone = BeforeValidator(_empty_as_none)
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=120)]
Text = Annotated[str, Field(min_length=1)]
OptionalSlug = Annotated[Slug | None, _EmptyAsNone]
OptionalText = Annotated[str | None, _EmptyAsNone]
OptionalDate = Annotated[PartialDate | None, _EmptyAsNone]
Texts = Annotated[list[str], BeforeValidator(_split)]
Slugs = Annotated[list[Slug], BeforeValidator(_split)]


def _number(cell: Any) -> Any:
    """Take plain digits alone, so that a number is written back as it was read."""
    if isinstance(cell, str):
        whole, dot, fraction = cell.partition(".")
        plain = whole.isascii() and whole.isdecimal() and (whole == "0" or whole[0] != "0")
        if not plain or (dot and not (fraction.isascii() and fraction.isdecimal())):
            raise PydanticCustomError("number", "not a number in plain digits, such as 200000000")
        if len(fraction) > MOST_DECIMALS:
            raise PydanticCustomError("number", f"has more than {MOST_DECIMALS} decimal places")
        return Decimal(cell)
    return cell


Value = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=LARGEST_VALUE)]


class Record(BaseModel):
    """What all rows share: they don't change once read, and have no column that we don't know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceRecord(Record):
    """A row of sources.csv."""

    id: Slug
    publisher: OptionalText
    title: OptionalText
    url: Annotated[Address | None, _EmptyAsNone]
    published_on: OptionalDate
    retrieved_on: OptionalDate
    kind: SourceKind


class CompanyRecord(Record):
    """A row of companies.csv."""

    id: Slug
    name: Text
    aliases: Texts
    country: Annotated[Country | None, _EmptyAsNone]
    city: OptionalText
    founded_on: OptionalDate
    founders: Texts
    status: CompanyStatus
    categories: Slugs
    website: Annotated[Website | None, _EmptyAsNone]
    source_id: Slug


class InvestorRecord(Record):
    """A row of investors.csv."""

    id: Slug
    name: Text
    kind: InvestorKind
    country: Annotated[Country | None, _EmptyAsNone]


class RoundRecord(Record):
    """A row of rounds.csv."""

    id: Slug
    company_id: Slug
    stage: Stage
    status: RoundStatus
    instrument: Instrument
    announced_on: OptionalDate
    closed_on: OptionalDate
    extends: OptionalSlug
    source_id: Slug

    @property
    def date(self) -> str | None:
        """The date that the round goes by: announced, else closed."""
        return self.announced_on or self.closed_on


class ParticipationRecord(Record):
    """A row of participations.csv."""

    round_id: Slug
    investor_id: Slug
    role: Role
    source_id: Slug


class ClaimRecord(Record):
    """A row of claims.csv."""

    company_id: Slug
    round_id: OptionalSlug
    metric: ClaimMetric
    value: Value
    value_high: Annotated[Value | None, _EmptyAsNone]
    currency: Annotated[Currency | None, _EmptyAsNone]
    qualifier: Qualifier
    basis: Annotated[Basis | None, _EmptyAsNone]
    status: ClaimStatus
    as_of: OptionalDate
    source_id: Slug
    locator: OptionalText

    @model_validator(mode="after")
    def _cells_agree(self) -> Self:
        if wrong := self._disagreements():
            raise PydanticCustomError("cells", "cells disagree", {"wrong": wrong})
        return self

    def _disagreements(self) -> dict[str, str]:
        ranged, valued = self.qualifier is Qualifier.RANGE, self.metric is ClaimMetric.VALUATION
        counted, of_round = self.metric in COUNT_METRICS, self.round_id is not None
        rules = [
            (ranged and self.value_high is None, "value_high", "missing: a range has two numbers"),
            (not ranged and self.value_high is not None, "value_high", "only a range has one"),
            (
                ranged and self.value_high is not None and self.value_high < self.value,
                "value_high",
                "below value",
            ),
            (not counted and self.currency is None, "currency", "missing: money has a currency"),
            (counted and self.currency is not None, "currency", f"{self.metric} has none"),
            (valued and self.basis is None, "basis", "missing: write unspecified if it isn't said"),
            (not valued and self.basis is not None, "basis", "only a valuation has one"),
            (
                valued and of_round and self.basis not in {None, *ROUND_BASES},
                "basis",
                "a price of the company, never of a round: leave round_id empty",
            ),
            (
                of_round and self.metric not in ROUND_METRICS,
                "metric",
                f"{self.metric} belongs to the company: leave round_id empty",
            ),
            (
                not of_round and self.metric not in COMPANY_METRICS,
                "round_id",
                f"missing: {self.metric} belongs to a round",
            ),
        ]
        return {column: reason for broken, column, reason in rules if broken}

    @property
    def id(self) -> str:
        """The claim's id: a short hash of company, round, metric, source, as_of and value.

        A number has one id however it is written: 5 and 5.0 of one source are one claim.
        """
        high = "" if self.value_high is None else f"-{_shortest(self.value_high)}"
        value = f"{_shortest(self.value)}{high}{self.currency or ''}"
        return short_hash(
            self.company_id, self.round_id, self.metric, self.source_id, self.as_of, value
        )


def _shortest(number: Decimal) -> str:
    return f"{number.normalize():f}"


def short_hash(*parts: str | None) -> str:
    """Hash parts to the short hexadecimal id of a claim or a metric."""
    text = "\x1f".join(part or "" for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=_ID_BYTES).hexdigest()


FILES: dict[str, type[Record]] = {
    "sources.csv": SourceRecord,
    "companies.csv": CompanyRecord,
    "investors.csv": InvestorRecord,
    "rounds.csv": RoundRecord,
    "participations.csv": ParticipationRecord,
    "claims.csv": ClaimRecord,
}
"""The files of a dataset, each after those that it refers to."""

REFERENCES = {
    "source_id": "sources.csv",
    "company_id": "companies.csv",
    "investor_id": "investors.csv",
    "round_id": "rounds.csv",
    "extends": "rounds.csv",
}
"""The columns that hold an id of another row, with the file of that row."""


def cells(record: Record) -> list[str]:
    """Write a record back as the cells of its row."""
    return [
        "" if value is None else "|".join(value) if isinstance(value, list) else str(value)
        for _, value in record
    ]
