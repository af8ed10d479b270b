"""Partial dates (`2026`, `2026-05`, `2026-05-07`) as the interval of days that they may mean.

They stay the text that a source stated; ISO text of full days also compares as time does.
"""

import calendar
import re
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

DATE_PATTERN = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"
"""How a partial date is written, for schemas; which months have 31 days no pattern says."""
_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_DATES = 1 << 14  # the dates of a century, by their precision, come again and again
_MONTH_LENGTH = len("2026-05")
FROM_THE_START = "0001-01-01"  # known since ever: nothing says since when
NEVER_DATED = "9999-12-31"  # known on no day that anybody states


@lru_cache(_DATES)
def parse_partial_date(text: str) -> str:
    """Check that `text` is a real partial date and return it.

    Raises ValueError with what to write instead.
    """
    match = _SHAPE.fullmatch(text)
    if match is None:
        raise ValueError("not a date: write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise ValueError("no such day in the calendar") from None
    return text


PartialDate = Annotated[
    str,
    AfterValidator(parse_partial_date),
    WithJsonSchema(
        {"type": "string", "pattern": f"^{DATE_PATTERN}$", "maxLength": len("2026-05-07")}
    ),
]
"""A date of its own precision: a year, a month or a day."""


def first_day(text: str) -> str:
    """Return the first day, in ISO form, that a partial date may mean."""
    return text + "0000-01-01"[len(text) :]


@lru_cache(_DATES)
def last_day(text: str) -> str:
    """Return the last day, in ISO form, that a partial date may mean."""
    if len(text) > _MONTH_LENGTH:
        return text
    year, month = int(text[:4]), int(text[5:]) if len(text) == _MONTH_LENGTH else 12
    return f"{text[:4]}-{month:02}-{calendar.monthrange(year, month)[1]:02}"


def days_between(earlier: str, later: str) -> int:
    """Count the days from one partial date to another, each taken at its first possible day."""
    return (date.fromisoformat(first_day(later)) - date.fromisoformat(first_day(earlier))).days


def month_of(text: str) -> str:
    """Return the calendar month that a partial date lies in; a bare year stays a year."""
    return text[:_MONTH_LENGTH]
