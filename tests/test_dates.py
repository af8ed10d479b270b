"""Partial dates: intervals of real days, whose text order is the order of time."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dates import DATE_PATTERN, days_between, first_day, last_day, parse_partial_date

DAYS = st.dates(min_value=date(1000, 1, 1))


@given(DAYS, st.sampled_from([4, 7, 10]))
def test_a_day_lies_in_each_partial_date_that_may_mean_it(day: date, length: int) -> None:
    """Year, month and day of a date are intervals that hold it."""
    text = parse_partial_date(day.isoformat()[:length])
    first, last = date.fromisoformat(first_day(text)), date.fromisoformat(last_day(text))
    assert first <= day <= last
    assert (first_day(text) <= day.isoformat() <= last_day(text)) is True


@given(DAYS, st.sampled_from([4, 7, 10]))
def test_the_pattern_of_schemas_takes_every_date(day: date, length: int) -> None:
    """It leaves out only what is no date, such as a thirteenth month."""
    assert re.fullmatch(DATE_PATTERN, day.isoformat()[:length])
    for text in ("2026-13", "2026-00", "2026-01-32", "2026-01-00", "2026-1"):
        assert not re.fullmatch(DATE_PATTERN, text)


@given(DAYS, DAYS)
def test_days_are_counted_from_first_possible_days(one: date, other: date) -> None:
    """Of full dates, the plain difference."""
    assert days_between(one.isoformat(), other.isoformat()) == (other - one).days


@pytest.mark.parametrize(
    "text",
    ["", "26", "2026-1", "2026-13", "2026-02-30", "2026-00", "0000", "2026-01-01T00", "٢٠٢٦"],
)
def test_nonsense_is_refused(text: str) -> None:
    """What is no date of the calendar in ISO form is an error."""
    with pytest.raises(ValueError, match=r"date|day"):
        parse_partial_date(text)


def test_february_ends_when_it_does() -> None:
    """Leap years included."""
    assert [last_day(f"{year}-02") for year in (2023, 2024)] == ["2023-02-28", "2024-02-29"]
