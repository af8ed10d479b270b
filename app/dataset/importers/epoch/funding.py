"""Rows of ai_companies_funding_rounds.csv to rounds.

A row with equity and debt becomes two rounds, since money isn't added up. A zero is no new money, not
the size of a sale. `Close date` is taken of closed rounds alone. `Report date` is when the row's source
was published; it is also when the round was announced, unless that is more than a month after the
last day that the close may mean: then an article came late, and the round goes by its close.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from app.dataset.foreign import Row
from app.dataset.ids import told_apart
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
from app.dataset.importers.epoch.parts import DEBT, EQUITY, TYPE, Part, parts_of
from app.dataset.records import RoundRecord, short_hash
from app.dates import days_between, last_day, month_of
from app.likeness import searchable, slug
from app.vocabulary import ClaimMetric, ClaimStatus, RoundStatus

FILE = "ai_companies_funding_rounds.csv"
_CLOSE_DATE, _STATUS, _VALUATION = "Close date", "Status", "Valuation (post-money)"
COLUMNS = (
    *(ID, COMPANY, _CLOSE_DATE, _STATUS, EQUITY, DEBT, _VALUATION),
    *(REPORT_DATE, NOTES, TYPE, CONFIDENCE, *SOURCES),
)
EXTRA = (EXCLUDED,)
NUMBERS = (EQUITY, DEBT, _VALUATION)

_STATUSES = {
    RoundStatus.CLOSED: {"closed", "completed", "complete", "done"},
    RoundStatus.ANNOUNCED: {"announced", "agreed", "signed", "committed", "confirmed"},
    RoundStatus.REPORTED: {
        *("reported", "rumored", "rumoured", "rumor", "rumour", "talks", "in talks", "discussions"),
        *("in discussions", "early discussions", "late discussions", "early talks", "late talks"),
        *("planned", "proposed", "negotiating"),
    },
    RoundStatus.CANCELLED: {"cancelled", "canceled", "withdrawn", "abandoned", "terminated"},
}
_UNSURE = ClaimStatus.ESTIMATE
_DISCUSSED = {RoundStatus.REPORTED, RoundStatus.CANCELLED}
_LATE_DAYS = 31


class _Deal(NamedTuple):
    """A row of the table, read."""

    stated: Stated
    status: RoundStatus
    claimed: ClaimStatus
    closed_on: str | None
    announced_on: str | None
    valuation: Decimal | None
    parts: list[Part]

    def round_id(self, part: Part) -> str:
        """Return the id that a part wants, by its month and stage."""
        month = month_of(self.stated.day) if self.stated.day else "unknown"
        return f"{self.stated.company_id}-{month}-{part.stage.replace('_', '-')}"


def add_rounds(rows: Iterable[Row], draft: Draft) -> None:
    """Add the rounds that rows tell of, and what they claim."""
    deals = [
        _deal(row, company_id)
        for row in without_twins(rows, _CLOSE_DATE)
        if (company_id := draft.company(row))
    ]
    source_ids = draft.sources("funding round", [deal.stated for deal in deals])
    sold = [
        (deal, part, source_id)
        for deal, source_id in zip(deals, source_ids, strict=True)
        for part in deal.parts
    ]
    round_ids = told_apart(
        [deal.round_id(part) for deal, part, _ in sold],
        [slug(deal.stated.row[ID]) or "" for deal, _, _ in sold],
        [deal.stated.numbers for deal, _, _ in sold],
    )
    for (deal, part, source_id), round_id in zip(sold, round_ids, strict=True):
        _add_round(deal, part, source_id, draft.new_id(round_id), draft)


def _deal(row: Row, company_id: str) -> _Deal:
    known = _status(row)
    status, certain = known or RoundStatus.REPORTED, certainty(row)
    claimed = ClaimStatus.TALKS if known in _DISCUSSED else certain if known else _UNSURE
    closed_on, reported_on = row.date(_CLOSE_DATE), row.date(REPORT_DATE)
    if closed_on and known not in {None, RoundStatus.CLOSED}:
        row.note(_CLOSE_DATE, f"isn't taken, since the round is {status}")
        closed_on = None
    late = closed_on and reported_on and days_between(last_day(closed_on), reported_on) > _LATE_DAYS
    announced_on = None if late else reported_on
    valuation = row.number(_VALUATION)
    if valuation == 0:
        row.note(_VALUATION, "isn't a price: left out")
        valuation = None
    numbers = short_hash(*(row[column] for column in (ID, _CLOSE_DATE, REPORT_DATE, *NUMBERS)))
    stated = Stated(row, company_id, closed_on or announced_on, reported_on, numbers)
    return _Deal(stated, status, claimed, closed_on, announced_on, valuation, parts_of(row))


def _add_round(deal: _Deal, part: Part, source_id: str, round_id: str, draft: Draft) -> None:
    record = RoundRecord(
        id=round_id,
        company_id=deal.stated.company_id,
        stage=part.stage,
        status=deal.status,
        instrument=part.instrument,
        announced_on=deal.announced_on,
        closed_on=deal.closed_on,
        extends=None,
        source_id=source_id,
    )
    draft.imported.records["rounds.csv"].append(record)
    # One cell makes one claim: the valuation stays with the first part.
    valuation = deal.valuation if part is deal.parts[0] else None
    numbers = (
        (part.column, part.amount, ClaimMetric.AMOUNT_RAISED),
        (_VALUATION, valuation, ClaimMetric.VALUATION),
    )
    for column, value, metric in numbers:
        if value is not None:
            number = Number(deal.stated.row, column, value, metric)
            company_id = record.company_id
            draft.claim(number, company_id, source_id, deal.claimed, round_id=round_id)


def _status(row: Row) -> RoundStatus | None:
    """Return a round's status, None for an unknown word: then it counts toward no capital."""
    for status, words in _STATUSES.items():
        if searchable(row[_STATUS]) in words:
            return status
    row.note(_STATUS, "isn't a known status: taken as reported, and its numbers as estimates")
    return None
