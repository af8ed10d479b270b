"""Merge two datasets: theirs joins ours, every claim is kept, and what can't be decided is listed.

Which rows are about one thing is decided in `matching` and the modules named after it; here ids are
rewritten and rows united. Merging a dataset with itself gives it back, and merging one a second time
changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.dataset.datapackage import join_packages
from app.dataset.findings import shorten
from app.dataset.ids import free_id
from app.dataset.matching import Matches, Undecided, differing
from app.dataset.matching_names import match_companies, match_investors
from app.dataset.matching_rounds import match_rounds
from app.dataset.matching_sources import match_sources
from app.dataset.read import Dataset
from app.dataset.records import REFERENCES, CompanyRecord, Record, RoundRecord, cells
from app.likeness import searchable, slug

_Row = TypeVar("_Row", bound=Record)
# What a row is called, who tells it and when it was read are no facts about the thing itself.
_NOT_COMPARED = frozenset({"id", "name", "aliases", "source_id", "retrieved_on", "extends"})
_KEPT = "A's is kept; if B's is right, correct A"


@dataclass(slots=True)
class Merged:
    """The rows of both datasets, and the pairs that a person should look at."""

    datapackage: str | None
    records: dict[str, list[Record]] = field(default_factory=dict)
    undecided: list[Undecided] = field(default_factory=list)


def merge(ours: Dataset, theirs: Dataset) -> Merged:
    """Merge two datasets without errors."""
    merging = _Merging(ours, theirs)
    merging.join("sources.csv", match_sources(ours.sources, theirs.sources))
    companies = [merging.moved(row) for row in theirs.companies]
    merging.join("companies.csv", match_companies(ours.companies, companies))
    merging.join("investors.csv", match_investors(ours.investors, theirs.investors))
    rounds = [merging.moved(row) for row in theirs.rounds]
    merging.join("rounds.csv", match_rounds(ours.rounds, rounds, ours.claims, theirs.claims))
    merging.unite_participations()
    merging.unite_claims()
    return merging.merged


class _Merging:
    """A merge under way: the ids that their rows get, file by file, and the rows so far."""

    def __init__(self, ours: Dataset, theirs: Dataset) -> None:
        self.ours, self.theirs = ours, theirs
        self.merged = Merged(
            join_packages(slug(ours.folder.name) or "merged", ours.datapackage, theirs.datapackage)
        )
        self.ids: dict[str, dict[str, str]] = {}

    def join(self, file: str, matches: Matches) -> None:
        """Add their rows of a file to ours, each under an id of its own unless it means one of ours."""
        theirs = self.theirs.records(file)
        joined = {row.id: row for row in self.ours.records(file)}
        taken = {*joined, *(row.id for row in theirs)}
        given = self.ids[file] = dict(matches.same)
        for row in theirs:
            if row.id not in given:
                given[row.id] = free_id(row.id, taken) if row.id in joined else row.id
                taken.add(given[row.id])
        for row in theirs:
            moved = self.moved(row).model_copy(update={"id": given[row.id]})
            matched = row.id in matches.same
            joined[moved.id] = self._united(file, joined[moved.id], moved) if matched else moved
        self.merged.records[file] = list(joined.values())
        self.merged.undecided += matches.undecided

    def moved(self, row: _Row) -> _Row:
        """Point the references of one of their rows to the ids given so far."""
        references = {
            column: self.ids[file].get(getattr(row, column, ""))
            for column, file in REFERENCES.items()
            if file in self.ids
        }
        return row.model_copy(update={column: id_ for column, id_ in references.items() if id_})

    def _united(self, file: str, one: Any, other: Any) -> Any:
        """Fill our row's empty cells from theirs; list the cells that differ.

        Filled cells are listed as well where the row goes by a source, which may be worth less than
        ours. Sources and investors go by none: their cells tell who they are.
        """
        compared = [name for name in type(one).model_fields if name not in _NOT_COMPARED]
        self._list_differences(file, one.id, one, other, compared)
        update = {}
        for name in compared:
            told = getattr(other, name)
            if getattr(one, name) in (None, []) and told not in (None, []):
                update[name] = told
        if update and hasattr(other, "source_id"):
            reason = f"A is silent on {', '.join(update)}, and B goes by {other.source_id}"
            self._list(file, one.id, other.id, reason, "B's is taken; check it")
        if isinstance(one, CompanyRecord):
            update["aliases"] = _aliases(one, other)
        # Theirs may be called as ours is and be another round, which has an id of its own now.
        if isinstance(one, RoundRecord) and other.extends not in {None, one.extends}:
            self._list(file, one.id, other.id, f"B's extends {other.extends}", _KEPT)
        return one.model_copy(update=update)

    def unite_participations(self) -> None:
        """Keep each stated part once."""
        file = "participations.csv"
        rows = [*self.ours.participations, *map(self.moved, self.theirs.participations)]
        self.merged.records[file] = list({tuple(cells(row)): row for row in rows}.values())

    def unite_claims(self) -> None:
        """Keep every claim, and once where both datasets have it, with the locator of either."""
        claims = {row.id: row for row in self.ours.claims}
        for row in map(self.moved, self.theirs.claims):
            one = claims.setdefault(row.id, row)
            if one.locator is None:
                claims[row.id] = one.model_copy(update={"locator": row.locator})
            place = f"{row.metric} {row.value} of {row.company_id} by {row.source_id}"
            columns = ("qualifier", "basis", "status", "locator")
            self._list_differences("claims.csv", place, one, row, columns)
        self.merged.records["claims.csv"] = list(claims.values())

    def _list_differences(
        self, file: str, place: str, one: Record, other: Record, columns: Iterable[str]
    ) -> None:
        for column in differing(one, other, columns):
            stated, told = (_shown(getattr(row, column)) for row in (one, other))
            self._list(file, f"{place} {stated}", told, f"{column} differs", _KEPT)

    def _list(self, file: str, ours: str, theirs: str, reason: str, advice: str) -> None:
        self.merged.undecided.append(Undecided(file, ours, theirs, reason, advice))


def _aliases(one: CompanyRecord, other: CompanyRecord) -> list[str]:
    """Return our aliases and those of their names that we don't have yet, however they are written."""
    known = {searchable(name) for name in (one.name, *one.aliases)}
    new = {searchable(name): name for name in reversed((other.name, *other.aliases))}
    return [*one.aliases, *(new[name] for name in reversed(new) if name not in known)]


def _shown(cell: Any) -> str:
    return shorten("|".join(cell) if isinstance(cell, list) else str(cell))
