"""The draft of a dataset out of Epoch's rows: a company for each name, and a source for each row.

A row is one source, so that each of its numbers is one claim, whichever articles Epoch took it from.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.dataset.addresses import is_address
from app.dataset.findings import shorten
from app.dataset.foreign import Row
from app.dataset.ids import free_id, told_apart
from app.dataset.imported import Imported
from app.dataset.importers.epoch.companies import Named, named_companies
from app.dataset.records import ClaimRecord, CompanyRecord, SourceRecord
from app.likeness import searchable, slug
from app.vocabulary import Basis, ClaimMetric, ClaimStatus, CompanyStatus, Qualifier, SourceKind

HUB = "https://epoch.ai/data/ai-companies"
COMPANY, ID, CONFIDENCE, REPORT_DATE, NOTES = "Company", "Id", "Confidence", "Report date", "Notes"
SOURCES = ("Source 1", "Source 2", "Source 3")
EXCLUDED = "Exclude from graph view"

_QUOTES = re.compile(r'"[^"]*"|“[^”]*”')
_NOTE_LENGTH = 200
_TRUSTED = {"confident", "likely", "certain", "high", "medium", ""}
_DOUBTED = {"uncertain", "unlikely", "speculative", "unverified", "unknown", "estimate", "low"}


class Number(NamedTuple):
    """A number with its place in a table."""

    row: Row
    column: str
    value: Decimal
    metric: ClaimMetric


class Stated(NamedTuple):
    """What a row says of a company, as its source is named after."""

    row: Row
    company_id: str
    day: str | None
    published_on: str | None
    numbers: str
    """A short hash of the row's dates and numbers, which tells it from others of its label."""


class Draft:
    """Companies, sources, rounds and claims so far.

    Ids are made of what rows say, never of their order, so that a later import finds the same ones.
    """

    def __init__(self, imported: Imported, rows: Iterable[Row], retrieved_on: str) -> None:
        self.imported = imported
        self._named = named_companies(row[COMPANY] for row in rows)
        self.retrieved_on = retrieved_on
        self._places: dict[str, int] = {}
        self._taken: set[str] = set()
        self._source(self.new_id("epoch-ai-companies"), "Data on AI Companies", HUB, None)

    def new_id(self, wanted: str) -> str:
        """Return an id that no other row of the dataset has."""
        given = free_id(wanted, self._taken)
        self._taken.add(given)
        return given

    def company(self, row: Row) -> str | None:
        """Return the id of a row's company, which is added where it is new.

        Epoch doesn't say whether a company is private; all are written so, since most are.
        """
        if not row[COMPANY]:
            row.note(COMPANY, "names no company: the row is left out")
            return None
        named = self._named[row[COMPANY]]
        companies = self.imported.records["companies.csv"]
        place = self._places.setdefault(named.id, len(companies))
        if place == len(companies):
            companies.append(self._new_company(named))
            if named.namesake:
                row.note(COMPANY, "has namesakes by other words in brackets: kept apart from them")
        company = companies[place]
        if named.alias and named.alias not in company.aliases:
            company = company.model_copy(update={"aliases": [*company.aliases, named.alias]})
            companies[place] = company
        return str(company.id)

    def _new_company(self, named: Named) -> CompanyRecord:
        return CompanyRecord(
            id=self.new_id(named.id),
            name=named.name,
            aliases=[],
            country=None,
            city=None,
            founded_on=None,
            founders=[],
            status=CompanyStatus.PRIVATE,
            categories=[],
            website=None,
            source_id="epoch-ai-companies",
        )

    def sources(self, kind: str, stated: Sequence[Stated]) -> list[str]:
        """Add the sources that rows are, and return their ids."""
        labels = [slug(one.row[ID]) or f"{slug(kind)}-{one.day or 'undated'}" for one in stated]
        wanted = [
            f"epoch-{one.company_id}-{label}" for one, label in zip(stated, labels, strict=True)
        ]
        ids = told_apart(wanted, [one.numbers for one in stated])
        return [self._add_row(kind, one, id_) for one, id_ in zip(stated, ids, strict=True)]

    def _add_row(self, kind: str, stated: Stated, wanted: str) -> str:
        row, source_id = stated.row, self.new_id(wanted)
        told = row[ID] or stated.day or "without a date"
        title = f"Data on AI Companies: {kind} {told}, {row[COMPANY]}"
        self._source(source_id, title, _address(row), stated.published_on)
        return source_id

    def _source(self, source_id: str, title: str, url: str, published_on: str | None) -> None:
        record = SourceRecord(
            id=source_id,
            publisher="Epoch AI",
            title=title,
            url=url,
            published_on=published_on,
            retrieved_on=self.retrieved_on,
            kind=SourceKind.DATASET,
        )
        self.imported.records["sources.csv"].append(record)

    def claim(
        self,
        number: Number,
        company_id: str,
        source_id: str,
        status: ClaimStatus,
        *,
        round_id: str | None = None,
        as_of: str | None = None,
    ) -> None:
        """Add the claim that one cell makes."""
        doubted = status is ClaimStatus.ESTIMATE
        record = ClaimRecord(
            company_id=company_id,
            round_id=round_id,
            metric=number.metric,
            value=number.value,
            value_high=None,
            currency="USD",
            qualifier=Qualifier.APPROX if doubted else Qualifier.EXACT,
            basis=Basis.POST_MONEY if number.metric is ClaimMetric.VALUATION else None,
            status=status,
            as_of=as_of,
            source_id=source_id,
            locator=_locator(number.row, number.column),
        )
        self.imported.records["claims.csv"].append(record)


def certainty(row: Row) -> ClaimStatus:
    """Return how a row puts its numbers forward, by its confidence: as facts or as estimates."""
    word = searchable(row[CONFIDENCE])
    if word in _TRUSTED:
        return ClaimStatus.STATED
    if word not in _DOUBTED:
        row.note(CONFIDENCE, "isn't a known word of confidence: taken as an estimate")
    return ClaimStatus.ESTIMATE


def without_twins(rows: Iterable[Row], date_column: str) -> Iterator[Row]:
    """Leave out rows that Epoch itself excludes and that have a twin of the same company and day.

    They are restatements of the twin, and would count its money twice. An excluded row without a
    twin is a fact of its own.
    """
    listed = list(rows)
    counted = {(row[COMPANY], row[date_column]) for row in listed if not _is_excluded(row)}
    for row in listed:
        if _is_excluded(row) and row[date_column] and (row[COMPANY], row[date_column]) in counted:
            row.note(EXCLUDED, f"restates another row of {row[COMPANY]}: the row is left out")
        else:
            yield row


def _is_excluded(row: Row) -> bool:
    return searchable(row[EXCLUDED]) in {"true", "yes", "1", "checked"}


def _address(row: Row) -> str:
    first = row[SOURCES[0]]
    if first and not is_address(first):
        row.note(SOURCES[0], "isn't an address: that of the hub is taken")
    return first if is_address(first) else HUB


def _locator(row: Row, column: str) -> str:
    """Say where in Epoch's tables a number stands.

    Passages that a note quotes from articles aren't Epoch's to license, so they are left out.
    """
    further = [row[name] for name in SOURCES[1:] if row[name]]
    first = row[SOURCES[0]]
    if first and not is_address(first):
        further.insert(0, first)
    said = " ".join(_QUOTES.sub("[…]", row[NOTES]).split())
    parts = [
        f"{row.file}, column {column}",
        row[CONFIDENCE] and f"confidence: {row[CONFIDENCE]}",
        further and f"also: {', '.join(further)}",
        said.strip("[…] ") and f"note: {shorten(said, _NOTE_LENGTH)}",
    ]
    return "; ".join(part for part in parts if part)
