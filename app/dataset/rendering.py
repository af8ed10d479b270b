"""What the processes of a load do: batches of facts in, rows of tables out, nothing but plain values."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from app.dataset.facts import CompanyFacts, gather
from app.dataset.history import (
    Phase,
    Snapshot,
    company_snapshots,
    investor_snapshots,
    source_snapshots,
    statements,
)
from app.dataset.mentions import NAMES, PARTS, STATEMENTS
from app.dataset.names import company_names, investor_name, round_names
from app.dataset.read import Dataset
from app.dataset.records import FILES
from app.dataset.render.investors import Part
from app.dataset.render.sources import Statement
from app.dataset.walk import Batch, Mentioned
from app.tables import (
    ClaimSnapshotRow,
    CompanySnapshotRow,
    CompanyTagRow,
    InvestorSnapshotRow,
    InvestorTagRow,
    MetricSnapshotRow,
    MetricTagRow,
    RoundSnapshotRow,
    RoundTagRow,
    SearchRoundRow,
    SnapshotTable,
    SourceSnapshotRow,
    SourceTagRow,
)
from app.vocabulary import LEADING_ROLES

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows by the name of their table."""

GRAMS = "text_grams"
_PLAIN = frozenset({str, int, float, bool, type(None)})
_TAGS_OF: dict[type[SnapshotTable], str] = {
    row: str(tags.__tablename__)
    for row, tags in (
        (CompanySnapshotRow, CompanyTagRow),
        (RoundSnapshotRow, RoundTagRow),
        (InvestorSnapshotRow, InvestorTagRow),
        (SourceSnapshotRow, SourceTagRow),
        (MetricSnapshotRow, MetricTagRow),
    )
}
_FIELDS = {file: tuple(record.model_fields) for file, record in FILES.items()}
_ROUND_NAMES = str(SearchRoundRow.__tablename__)
_CELLS_OF = {
    row: itemgetter(*SQLModel.metadata.tables[str(row.__tablename__)].columns.keys())
    for row in (*_TAGS_OF, ClaimSnapshotRow)
}


class Made:
    """The rows that a batch makes, by table; its numbers are its own, and go up."""

    def __init__(self, start: int) -> None:
        """Number rows from a start on."""
        self.rows: Rows = defaultdict(list)
        self._numbers = count(start)
        self._tagged: dict[str, dict[tuple[str, str], list[int]]] = {
            name: defaultdict(list) for name in _TAGS_OF.values()
        }

    def add(self, snapshots: Iterable[Snapshot]) -> None:
        """Add snapshots with their tags and the text that `q` looks through."""
        for snapshot in snapshots:
            number, resource = next(self._numbers), snapshot.resource
            row = {
                "snapshot_id": number,
                "known_from": snapshot.known_from,
                "known_to": snapshot.known_to,
                "body": resource.body,
                **resource.columns,
            }
            table = resource.table
            cells = _CELLS_OF[table](row)
            self.rows[str(table.__tablename__)].append(_plain(cells))
            self.rows[GRAMS].append((number, row["search_text"]))
            if resource.tags:
                tagged = self._tagged[_TAGS_OF[table]]
                for tag in resource.tags:
                    tagged[tag].append(number)

    def all_rows(self) -> Rows:
        """Return what was made: a tag is one row, with the numbers of all that have it as JSON."""
        tags = {
            name: [(*tag, str(numbers)) for tag, numbers in tagged.items()]
            for name, tagged in self._tagged.items()
        }
        return {**self.rows, **tags}


def render_companies(job: tuple[int, Batch]) -> Rows:
    """Render companies with their rounds, metrics and claims, and set down whom they mention."""
    start, batch = job
    made = Made(start)
    companies = _gathered(batch)
    for facts in companies:
        made.add(company_snapshots(facts))
        made.rows[PARTS.name] += _parts(facts)
        made.rows[STATEMENTS.name] += (
            (source_id, one.known_on, one.company_id, one.round_id, one.claims)
            for source_id, one in statements(facts)
        )
        made.rows[NAMES.name] += company_names(facts)
        made.rows[_ROUND_NAMES] += round_names(facts)
    return made.all_rows()


def render_investors(job: tuple[int, list[Mentioned]]) -> Rows:
    """Render investors from their parts in rounds."""
    start, batch = job
    made = Made(start)
    for cells, parts in batch:
        investor = _record("investors.csv", cells)
        phases: list[Phase] = [(since, until, Part(*part)) for since, until, *part in parts]
        made.add(investor_snapshots(investor, phases))
        rounds = len({part.round_id for _, _, part in phases})
        since = min((since for since, _, _ in phases), default=None)
        made.rows[NAMES.name].append(investor_name(investor, rounds, since))
    return made.all_rows()


def render_sources(job: tuple[int, list[Mentioned]]) -> Rows:
    """Render sources from what they state."""
    start, batch = job
    made = Made(start)
    for cells, stated in batch:
        source = _record("sources.csv", cells)
        made.add(source_snapshots(source, [Statement(*one) for one in stated]))
    return made.all_rows()


def _plain(cells: Iterable[Any]) -> tuple[Any, ...]:
    # A word of the vocabulary goes as text: engines and other processes take that more quickly.
    return tuple([cell if type(cell) in _PLAIN else str(cell) for cell in cells])


def _gathered(batch: Batch) -> tuple[CompanyFacts, ...]:
    rows = {file: [(0, _record(file, cells)) for cells in listed] for file, listed in batch.items()}
    return gather(Dataset(Path(), rows=rows)).companies


def _record(file: str, cells: Iterable[str]) -> Any:
    return FILES[file].model_validate(dict(zip(_FIELDS[file], cells, strict=True)))


def _parts(facts: CompanyFacts) -> Iterator[tuple[Any, ...]]:
    categories = "|".join(facts.company.categories)
    for since, until, part in facts.phases():
        about = (facts.company.id, categories, part.round.id, part.round.date)
        led = int(part.record.role in LEADING_ROLES)
        yield (part.investor.id, since, until, *about, led)
