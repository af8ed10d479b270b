"""Rows of ai_companies_revenue_reports.csv to claims on a company's revenue.

Kinds of revenue are never merged: the row's type decides between annual recurring revenue, a run rate
and the revenue of a year. A date after the day of reading makes a forecast.
"""

from collections.abc import Iterable

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
    certainty,
    without_twins,
)
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


def add_revenue(rows: Iterable[Row], draft: Draft) -> None:
    """Add what rows claim on the revenue of whole companies."""
    for row in without_twins(rows, _DATE):
        number = _number(row) if _is_of_whole_company(row) else None
        if number and (company_id := draft.company(row)):
            _add_claim(number, company_id, draft)


def _add_claim(number: Number, company_id: str, draft: Draft) -> None:
    row = number.row
    as_of = row.date(_DATE)
    status = certainty(row)
    if searchable(row[_TYPE]) == _INTERPOLATED:
        status = ClaimStatus.ESTIMATE  # Epoch's arithmetic on a period, not a stated rate
    if as_of and first_day(as_of) > first_day(draft.retrieved_on):
        row.note(_DATE, f"lies after {draft.retrieved_on}: taken as a forecast")
        status = ClaimStatus.FORECAST
    source_id = draft.source(row, "revenue report", company_id, as_of, row.date(REPORT_DATE))
    draft.claim(number, company_id, source_id, status, as_of=as_of)


def _is_of_whole_company(row: Row) -> bool:
    scope = searchable(row[_SCOPE])
    if not scope:
        row.note(_SCOPE, "isn't given: taken as the whole company")
        return True
    if scope not in _WHOLE_COMPANY:
        row.note(_SCOPE, "isn't the whole company: the row is left out")
    return scope in _WHOLE_COMPANY


def _number(row: Row) -> Number | None:
    """Return a row's number: the annualized one, else the revenue of a full year."""
    yearly = searchable(row[_PERIOD_TYPE]) in _YEARS
    annualized = row.number(_ANNUALIZED)
    if annualized is not None:
        return Number(row, _ANNUALIZED, annualized, _metric(row, yearly=yearly))
    if yearly and (period := row.number(_PERIOD)) is not None:
        return Number(row, _PERIOD, period, ClaimMetric.REVENUE)
    row.note(None, f"has no {_ANNUALIZED} and no revenue of a year: the row is left out")
    return None


def _metric(row: Row, *, yearly: bool) -> ClaimMetric:
    kind = searchable(row[_TYPE])
    for metric, words in _TYPES.items():
        if kind in words:
            return metric
    if not kind and yearly:
        return ClaimMetric.REVENUE
    row.note(_TYPE, "isn't a known type of revenue: taken as a run rate")
    return ClaimMetric.REVENUE_RUN_RATE
