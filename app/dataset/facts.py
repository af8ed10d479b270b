"""The facts of a dataset, gathered by company, as they stand or as they were known on a day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from app.dataset.evidence import Evidence, Participation, known_day
from app.dataset.memory import Memory
from app.dataset.read import Dataset
from app.dataset.records import CompanyRecord, InvestorRecord, RoundRecord, SourceRecord
from app.dates import last_day
from app.vocabulary import RoundStatus, Stage

_Statement = TypeVar("_Statement", Evidence, Participation)


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """All that is stated of one company and its rounds, in an order that no row order changes."""

    company: CompanyRecord
    rounds: tuple[RoundRecord, ...]
    claims: tuple[Evidence, ...]
    participations: tuple[Participation, ...]
    sources: Mapping[str, SourceRecord]

    def days(self) -> list[str]:
        """Return the days on which something of the company became known, the earliest first."""
        stated = {one.known_on for one in self._statements()}
        own = known_day(self.sources[self.company.source_id])[0]
        return sorted({own, *stated, *self.rounds_told().values()})

    def known_by(self, day: str) -> "CompanyFacts":
        """Return what was known of the company at the end of a day.

        A round that statements speak of before its own row is known reads as one talked of.
        """
        told = self.rounds_told()
        return self._known_by(day, told, self._ahead(told), Memory())

    def by_day(self, memory: Memory) -> "Iterator[tuple[str, CompanyFacts]]":
        """Return what was known on each day on which something became known, the earliest first.

        What reads as on the day before is the same object.
        """
        told = self.rounds_told()
        ahead = self._ahead(told)
        for day in self.days():
            yield day, self._known_by(day, told, ahead, memory)

    def _known_by(
        self,
        day: str,
        told: Mapping[str, str],
        ahead: Mapping[str, list[tuple[str, str]]],
        memory: Memory,
    ) -> "CompanyFacts":
        claims = [one for one in self.claims if one.known_on <= day]
        parts = [one for one in self.participations if one.known_on <= day]
        hidden = {
            one.id: talked
            for one in self.rounds
            if told[one.id] > day
            and (talked := _talked_of(one, ahead.get(one.id, ()), day, memory))
        }
        rounds = (
            hidden.get(one.id, one)
            for one in self.rounds
            if told[one.id] <= day or one.id in hidden
        )
        return replace(
            self,
            rounds=tuple(rounds),
            claims=tuple(_with_round(one, hidden, memory) for one in claims),
            participations=tuple(_with_round(one, hidden, memory) for one in parts),
        )

    def rounds_told(self) -> dict[str, str]:
        """Return the day from which each round's own row is known."""
        return {
            one.id: known_day(self.sources[one.source_id], one.announced_on)[0]
            for one in self.rounds
        }

    def phases(self) -> Iterator[tuple[str, str | None, Participation]]:
        """Return each part in a round as it reads from a day until another."""
        told, memory = self.rounds_told(), Memory()
        ahead = self._ahead(told)
        for part in self.participations:
            own, before = told[part.round.id], ahead.get(part.round.id, ())
            days = sorted({day for day, _ in before if day >= part.known_on} | {own})
            for since, until in pairwise(days):
                talked = _talked_of(part.round, before, since, memory)
                hidden = {part.round.id: talked} if talked else {}
                yield since, until, _with_round(part, hidden, memory)
            yield max(own, part.known_on), None, part

    def _ahead(self, told: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
        """Return day and source of the statements on each round that come before its own row."""
        ahead: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in self._statements():
            if one.round and one.known_on < told[one.round.id]:
                ahead[one.round.id].append((one.known_on, one.source.id))
        return ahead

    def source_ids(self) -> set[str]:
        """Return the sources that state something of the company."""
        own = {self.company.source_id, *(one.source_id for one in self.rounds)}
        return own | {one.source.id for one in self._statements()}

    def _statements(self) -> list[Evidence | Participation]:
        return [*self.claims, *self.participations]


def _talked_of(
    one: RoundRecord, ahead: Sequence[tuple[str, str]], day: str, memory: Memory
) -> RoundRecord | None:
    """Return a round as it reads while only others speak of it; None where nobody does yet.

    It is reported, and has no date that lies after what is said of it.
    """
    said = [statement for statement in ahead if statement[0] <= day]
    if not said:
        return None
    dated = one.announced_on is not None and last_day(one.announced_on) <= max(said)[0]
    return memory.once(_as_reported, one, dated, min(said)[1])


def _as_reported(one: RoundRecord, dated: bool, source_id: str) -> RoundRecord:
    as_talked_of = {
        "stage": Stage.UNKNOWN,
        "status": RoundStatus.REPORTED,
        "announced_on": one.announced_on if dated else None,
        "closed_on": None,
        "extends": None,
        "source_id": source_id,
    }
    return one.model_copy(update=as_talked_of)


def _with_round(one: _Statement, hidden: Mapping[str, RoundRecord], memory: Memory) -> _Statement:
    """Return a statement with its round as that reads."""
    as_known = hidden.get(one.round.id) if hidden and one.round is not None else None
    return memory.once(_of_round, one, as_known) if as_known else one


def _of_round(one: _Statement, as_known: RoundRecord) -> _Statement:
    return replace(one, round=as_known)


@dataclass(frozen=True, slots=True)
class Facts:
    """A whole dataset, gathered."""

    companies: tuple[CompanyFacts, ...]
    investors: Mapping[str, InvestorRecord]
    sources: Mapping[str, SourceRecord]


def gather(dataset: Dataset) -> Facts:
    """Gather a checked dataset by company."""
    sources = {row.id: row for row in sorted(dataset.sources, key=lambda one: one.id)}
    investors = {row.id: row for row in sorted(dataset.investors, key=lambda one: one.id)}
    rounds = {row.id: row for row in sorted(dataset.rounds, key=lambda one: one.id)}
    rounds_of: dict[str, list[RoundRecord]] = defaultdict(list)
    claims_of: dict[str, list[Evidence]] = defaultdict(list)
    parts_of: dict[str, list[Participation]] = defaultdict(list)
    for one in rounds.values():
        rounds_of[one.company_id].append(one)
    for claim in dataset.claims:
        of_round = rounds[claim.round_id] if claim.round_id else None
        claims_of[claim.company_id].append(Evidence(claim, sources[claim.source_id], of_round))
    for record in dataset.participations:
        of_round = rounds[record.round_id]
        part = Participation(
            record, investors[record.investor_id], sources[record.source_id], of_round
        )
        parts_of[of_round.company_id].append(part)
    companies = tuple(
        CompanyFacts(
            company,
            tuple(rounds_of[company.id]),
            tuple(sorted(claims_of[company.id], key=lambda one: one.id)),
            tuple(sorted(parts_of[company.id], key=lambda one: one.seniority)),
            sources,
        )
        for company in sorted(dataset.companies, key=lambda one: one.id)
    )
    return Facts(companies, investors, sources)
