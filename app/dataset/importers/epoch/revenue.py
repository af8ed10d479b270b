"""Rows of ai_companies_revenue_reports.csv to claims on a company's revenue.

Kinds of revenue are never merged: the row's type decides between annual recurring revenue, a run rate
and the revenue of a year. A date after the day of reading makes a forecast.
"""

from collections.abc import Iterable
from typing import NamedTuple

from app.dataset.foreign import Row
from app.dataset.importers.epoch.draft import (
    COMPANY,
    CONFIDENCE,
    EXCLUDED,
    ID,
    NOTES,
    REPORT_DATE,
    SOURCES,
    Draft,
    Number,
    Stated,
    certainty,
    without_twins,
)
from app.dataset.records import short_hash
from app.dates import first_day
from app.likeness import searchable
from app.vocabulary import ClaimMetric, ClaimStatus

FILE = "ai_companies_revenue_reports.csv"
_DATE, _SCOPE = "Date", "Scope"
_ANNUALIZED, _TYPE = "Annualized revenue (USD)", "Annualized revenue type"
_PERIOD, _PERIOD_TYPE = "Period revenue", "Period type"
COLUMNS = (COMPANY, _DATE, _ANNUALIZED, _TYPE, _SCOPE, CONFIDENCE, *SOURCES)
EXTRA = (ID, NOTES, REPORT_DATE, EXCLUDED, _PERIOD, _PERIOD_TYPE)
NUMBERS = (_ANNUALIZED, _PERIOD)

_WHOLE_COMPANY = {"full company", "whole company", "entire company", "company", "total"}
_YEARS = {"year", "annual", "full year", "calendar year", "fiscal year"}
_INTERPOLATED = "period interpolation"
_TYPES = {
    ClaimMetric.ARR: {
        *("arr", "annual recurring revenue", "annual recurring revenue (arr)"),
        *("annualized recurring revenue", "annualised recurring revenue"),
    },
    ClaimMetric.REVENUE_RUN_RATE: {
        *("annualized run rate", "annualised run rate", "run rate", "revenue run rate"),
        *("annualized revenue", "annualised revenue", _INTERPOLATED),
    },
    ClaimMetric.REVENUE: {"revenue", "annual revenue", "yearly revenue", *_YEARS},
}


class _Report(NamedTuple):
    """A row of the table, read."""

    stated: Stated
    numbers: list[Number]


def add_revenue(rows: Iterable[Row], draft: Draft) -> None:
    """Add what rows claim on the revenue of whole companies."""
    reports = [
        _report(row, numbers, company_id)
        for row in without_twins(rows, _DATE)
        if _is_of_whole_company(row)
        and (numbers := _numbers(row))
        and (company_id := draft.company(row))
    ]
    source_ids = draft.sources("revenue report", [report.stated for report in reports])
    for report, source_id in zip(reports, source_ids, strict=True):
        _add_claims(report, source_id, draft)


def _report(row: Row, numbers: list[Number], company_id: str) -> _Report:
    told = (ID, _DATE, REPORT_DATE, *NUMBERS, _TYPE, _PERIOD_TYPE)
    hash_ = short_hash(*(row[column] for column in told))
    return _Report(Stated(row, company_id, row.date(_DATE), row.date(REPORT_DATE), hash_), numbers)


def _add_claims(report: _Report, source_id: str, draft: Draft) -> None:
    row, as_of = report.stated.row, report.stated.day
    to_come = as_of is not None and first_day(as_of) > first_day(draft.retrieved_on)
    if to_come:
        row.note(_DATE, f"lies after {draft.retrieved_on}: taken as a forecast")
    certain = certainty(row)
    for number in report.numbers:
        # An interpolation is Epoch's arithmetic on a period, not a stated rate.
        computed = number.column == _ANNUALIZED and searchable(row[_TYPE]) == _INTERPOLATED
        status = ClaimStatus.ESTIMATE if computed else certain
        status = ClaimStatus.FORECAST if to_come else status
        draft.claim(number, report.stated.company_id, source_id, status, as_of=as_of)


def _is_of_whole_company(row: Row) -> bool:
    scope = searchable(row[_SCOPE])
    if not scope:
        row.note(_SCOPE, "isn't given: taken as the whole company")
        return True
    if scope not in _WHOLE_COMPANY:
        row.note(_SCOPE, "isn't the whole company: the row is left out")
    return scope in _WHOLE_COMPANY


def _numbers(row: Row) -> list[Number]:
    """Return a row's numbers: the annualized one, and the revenue of a full year."""
    yearly = searchable(row[_PERIOD_TYPE]) in _YEARS
    numbers = []
    if (annualized := row.number(_ANNUALIZED)) is not None:
        numbers.append(Number(row, _ANNUALIZED, annualized, _metric(row, yearly=yearly)))
    if yearly and (period := row.number(_PERIOD)) is not None:
        number = Number(row, _PERIOD, period, ClaimMetric.REVENUE)
        if all((one.metric, one.value) != (number.metric, number.value) for one in numbers):
            numbers.append(number)
    if not numbers:
        row.note(None, f"has no {_ANNUALIZED} and no revenue of a year: the row is left out")
    elif row[_PERIOD] and not yearly:
        row.note(_PERIOD, "isn't the revenue of a year: left out")
    return numbers


def _metric(row: Row, *, yearly: bool) -> ClaimMetric:
    kind = searchable(row[_TYPE])
    for metric, words in _TYPES.items():
        if kind in words:
            return metric
    if not kind and yearly:
        return ClaimMetric.REVENUE
    row.note(_TYPE, "isn't a known type of revenue: taken as a run rate")
    return ClaimMetric.REVENUE_RUN_RATE
