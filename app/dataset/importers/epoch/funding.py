"""Rows of ai_companies_funding_rounds.csv to rounds.

A row with equity and debt becomes two rounds, since money isn't added up. A zero is no new money, not
the size of a sale. `Close date` is taken of closed rounds alone. `Report date` is when the row's source
was published; it is also when the round was announced, unless that is more than a month after the
last day that the close may mean: then an article came late, and the round goes by its close.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
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
    certainty,
    without_twins,
)
from app.dataset.records import RoundRecord
from app.dates import days_between, last_day, month_of
from app.likeness import searchable
from app.vocabulary import ClaimMetric, ClaimStatus, Instrument, RoundStatus, Stage

FILE = "ai_companies_funding_rounds.csv"
_CLOSE_DATE, _STATUS, _TYPE = "Close date", "Status", "Type"
_EQUITY, _DEBT, _VALUATION = "Funding (equity)", "Funding (debt)", "Valuation (post-money)"
COLUMNS = (
    *(ID, COMPANY, _CLOSE_DATE, _STATUS, _EQUITY, _DEBT, _VALUATION),
    *(REPORT_DATE, NOTES, _TYPE, CONFIDENCE, *SOURCES),
)
EXTRA = (EXCLUDED,)
NUMBERS = (_EQUITY, _DEBT, _VALUATION)

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
_PLAIN_TYPES = {"primary", "equity", "secondary", "tender", "tender offer", "debt", "loan", "grant"}
_SECONDARY = {"secondary", "tender", "tender offer"}
_STAGE = re.compile(r"\bseries[ -]([a-z])\b|\b(pre[ -]?seed|seed)\b")
_OTHER_STAGES = {"growth": Stage.GROWTH, "strategic": Stage.STRATEGIC}
_LATE_DAYS = 31


class _Part(NamedTuple):
    instrument: Instrument
    stage: Stage
    column: str
    amount: Decimal | None


def add_rounds(rows: Iterable[Row], draft: Draft) -> None:
    """Add the rounds that rows tell of, and what they claim."""
    for row in without_twins(rows, _CLOSE_DATE):
        if company_id := draft.company(row):
            _add_row(row, company_id, draft)


def _add_row(row: Row, company_id: str, draft: Draft) -> None:
    known = _status(row)
    status, certain = known or RoundStatus.REPORTED, certainty(row)
    claimed = ClaimStatus.TALKS if known in _DISCUSSED else certain if known else _UNSURE
    closed_on, reported_on = row.date(_CLOSE_DATE), row.date(REPORT_DATE)
    if closed_on and known not in {None, RoundStatus.CLOSED}:
        row.note(_CLOSE_DATE, f"isn't taken, since the round is {status}")
        closed_on = None
    late = closed_on and reported_on and days_between(last_day(closed_on), reported_on) > _LATE_DAYS
    announced_on = None if late else reported_on
    day = closed_on or announced_on
    source_id = draft.source(row, "funding round", company_id, day, reported_on)
    valuation = row.number(_VALUATION)
    if valuation == 0:
        row.note(_VALUATION, "isn't a price: left out")
        valuation = None
    for part in _parts(row):
        month = month_of(day) if day else "unknown"
        record = RoundRecord(
            id=draft.new_id(f"{company_id}-{month}-{part.stage.replace('_', '-')}"),
            company_id=company_id,
            stage=part.stage,
            status=status,
            instrument=part.instrument,
            announced_on=announced_on,
            closed_on=closed_on,
            extends=None,
            source_id=source_id,
        )
        draft.imported.records["rounds.csv"].append(record)
        numbers = (
            (part.column, part.amount, ClaimMetric.AMOUNT_RAISED),
            (_VALUATION, valuation, ClaimMetric.VALUATION),
        )
        for column, value, metric in numbers:
            if value is not None:
                number = Number(row, column, value, metric)
                draft.claim(number, company_id, source_id, claimed, round_id=record.id)
        valuation = None  # one cell makes one claim: it stays with the first part


def _status(row: Row) -> RoundStatus | None:
    """Return a round's status, None for an unknown word: then it counts toward no capital."""
    for status, words in _STATUSES.items():
        if searchable(row[_STATUS]) in words:
            return status
    row.note(_STATUS, "isn't a known status: taken as reported, and its numbers as estimates")
    return None


def _parts(row: Row) -> list[_Part]:
    words = {searchable(word) for word in re.split(r"[,;/|]", row[_TYPE]) if word.strip()}
    stage = _stage(row, words)
    equity, debt = row.number(_EQUITY), row.number(_DEBT)
    owed = "debt" in words or "loan" in words
    parts = []
    # A cell that can't be read still tells that there is a part of its kind.
    if row[_EQUITY] and equity != 0:
        parts.append(_Part(*_sold(words, stage), _EQUITY, equity))
    if row[_DEBT] and debt != 0:
        parts.append(_Part(Instrument.DEBT, Stage.DEBT, _DEBT, debt))
    elif owed and parts:
        row.note(_TYPE, "names debt without an amount: no round of debt is made")
    if not parts:
        if equity == 0:
            row.note(_EQUITY, "isn't the size of a round: its amount is left open")
        only_debt = owed and not words & {"primary", "equity", *_SECONDARY}
        kind = (Instrument.DEBT, Stage.DEBT) if only_debt else _sold(words, stage)
        parts.append(_Part(*kind, _EQUITY, None))
    return parts


def _sold(words: set[str], stage: Stage) -> tuple[Instrument, Stage]:
    """Return instrument and stage of what isn't debt.

    The column counts the company's new money: of a primary and secondary sale, the primary part.
    """
    named = stage is not Stage.UNKNOWN
    if words & _SECONDARY and "primary" not in words:
        return Instrument.SECONDARY, stage if named else Stage.SECONDARY
    if words == {"grant"}:
        return Instrument.GRANT, stage if named else Stage.GRANT
    return Instrument.EQUITY, stage


def _stage(row: Row, words: set[str]) -> Stage:
    """Return the stage that the type names, else the one that the row's label does."""
    unknown = sorted(
        word
        for word in words
        if word not in _PLAIN_TYPES | {*_OTHER_STAGES} and not _stages_in(word)
    )
    if unknown:
        row.note(_TYPE, f"has unknown words ({', '.join(unknown)}): taken by its columns")
    named = {_OTHER_STAGES[word] for word in words & {*_OTHER_STAGES}}
    named |= {stage for word in words for stage in _stages_in(word)}
    named = named or _stages_in(searchable(row[ID]))
    if len(named) > 1:
        row.note(_TYPE, "names several stages: taken as unknown")
    return named.pop() if len(named) == 1 else Stage.UNKNOWN


def _stages_in(text: str) -> set[Stage]:
    return {
        Stage(f"series_{match[1]}")
        if match[1]
        else Stage("pre_seed" if "pre" in match[2] else "seed")
        for match in _STAGE.finditer(text)
    }
