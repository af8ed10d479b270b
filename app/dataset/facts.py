"""The facts of a dataset, gathered by company, as they stand or as they were known on a day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from app.dataset.evidence import Evidence, Participation, known_day
from app.dataset.memory import Memory
from app.dataset.read import Dataset
from app.dataset.records import CompanyRecord, InvestorRecord, RoundRecord, SourceRecord
from app.dates import last_day
from app.vocabulary import RoundStatus, Stage

_Statement = TypeVar("_Statement", Evidence, Participation)


@dataclass(frozen=True, eq=False)
class RoundFacts:
    """A round with what is stated of it, as it stands or as it was known on a day."""

    record: RoundRecord
    source: SourceRecord
    claims: tuple[Evidence, ...]
    participations: tuple[Participation, ...]

    @property
    def told(self) -> str:
        """The day from which the round's own row is known."""
        return known_day(self.source, self.record.announced_on)[0]

    @cached_property
    def source_ids(self) -> frozenset[str]:
        """The sources that state something of the round."""
        return frozenset({self.source.id, *(one.source.id for one in self.statements)})

    @cached_property
    def investor_ids(self) -> frozenset[str]:
        """Who took part in the round."""
        return frozenset(one.investor.id for one in self.participations)

    @property
    def statements(self) -> list[Evidence | Participation]:
        """What is stated of the round beside its own row."""
        return [*self.claims, *self.participations]

    def by_day(self) -> "Iterator[tuple[str, RoundFacts]]":
        """Return how the round reads from each day on which something of it became known.

        Statements that speak of it before its own row is known speak of a round that is only
        talked of. What reads as on the day before is the same object.
        """
        told, memory = self.told, Memory()
        for day in sorted({told, *(one.known_on for one in self.statements)}):
            known = RoundFacts(
                self.record,
                self.source,
                tuple([one for one in self.claims if one.known_on <= day]),
                tuple([one for one in self.participations if one.known_on <= day]),
            )
            yield day, known if told <= day else known._talked_of(memory)

    def phases(self) -> Iterator[tuple[str, str | None, Participation]]:
        """Return each part in the round as it reads from a day until another."""
        told, memory = self.told, Memory()
        ahead = sorted({one.known_on for one in self.statements if one.known_on < told})
        for part in self.participations:
            days = [*(day for day in ahead if day >= part.known_on), told]
            for since, until in pairwise(days):
                said = [one for one in self.statements if one.known_on <= since]
                record, _ = _as_talked_of(self.record, said, memory)
                yield since, until, memory.once(_of_round, part, record)
            yield max(told, part.known_on), None, part

    def _talked_of(self, memory: Memory) -> "RoundFacts":
        record, source = _as_talked_of(self.record, self.statements, memory)
        return RoundFacts(
            record,
            source,
            tuple([memory.once(_of_round, one, record) for one in self.claims]),
            tuple([memory.once(_of_round, one, record) for one in self.participations]),
        )


def _as_talked_of(
    record: RoundRecord, said: list[Evidence | Participation], memory: Memory
) -> tuple[RoundRecord, SourceRecord]:
    """Return a round as it reads while only others speak of it, and who is the first to do so.

    It is reported, and has no date that lies after what is said of it.
    """
    first = min(said, key=lambda one: (one.known_on, one.source.id)).source
    last = max(one.known_on for one in said)
    dated = record.announced_on is not None and last_day(record.announced_on) <= last
    return memory.once(_as_reported, record, dated, first), first


def _as_reported(one: RoundRecord, dated: bool, source: SourceRecord) -> RoundRecord:
    as_talked_of = {
        "stage": Stage.UNKNOWN,
        "status": RoundStatus.REPORTED,
        "announced_on": one.announced_on if dated else None,
        "closed_on": None,
        "extends": None,
        "source_id": source.id,
    }
    return one.model_copy(update=as_talked_of)


def _of_round(one: _Statement, as_known: RoundRecord) -> _Statement:
    return replace(one, round=as_known)


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """All that is stated of one company and its rounds, in an order that no row order changes.

    Its claims are those on the company itself; each round has its own.
    """

    company: CompanyRecord
    source: SourceRecord
    claims: tuple[Evidence, ...]
    rounds: tuple[RoundFacts, ...]

    @property
    def source_ids(self) -> set[str]:
        """The sources that state something of the company."""
        own = {self.source.id, *(one.source.id for one in self.claims)}
        return own.union(*(one.source_ids for one in self.rounds))

    @property
    def all_claims(self) -> list[Evidence]:
        """The claims on the company and on its rounds."""
        return [*self.claims, *(claim for one in self.rounds for claim in one.claims)]

    @property
    def participations(self) -> list[Participation]:
        """The parts of investors in the company's rounds."""
        return [part for one in self.rounds for part in one.participations]

    def days(self) -> list[str]:
        """Return the days on which something of the company became known, the earliest first."""
        told = {known_day(self.source)[0], *(one.told for one in self.rounds)}
        claimed = (one.known_on for one in self.all_claims)
        return sorted(told.union(claimed, (one.known_on for one in self.participations)))

    def known_by(self, day: str) -> "CompanyFacts":
        """Return what was known of the company at the end of a day, by which something was."""
        return [known for since, known in self.by_day() if since <= day][-1]

    def by_day(self) -> "Iterator[tuple[str, CompanyFacts]]":
        """Return what was known from each day on which something became known, the earliest first.

        What reads as on the day before is the same object.
        """
        rounds_on: dict[str, dict[str, RoundFacts]] = defaultdict(dict)
        for one in self.rounds:
            for day, known_round in one.by_day():
                rounds_on[day][one.record.id] = known_round
        claims_on: dict[str, list[Evidence]] = defaultdict(list)
        for claim in self.claims:
            claims_on[claim.known_on].append(claim)
        known = replace(self, claims=(), rounds=())
        standing: dict[str, RoundFacts] = {}
        for day in sorted({known_day(self.source)[0], *rounds_on, *claims_on}):
            if day in rounds_on:
                standing |= rounds_on[day]
                rounds = tuple([standing[round_id] for round_id in sorted(standing)])
                known = replace(known, rounds=rounds)
            if day in claims_on:
                claims = sorted([*known.claims, *claims_on[day]], key=lambda one: one.id)
                known = replace(known, claims=tuple(claims))
            yield day, known

    def phases(self) -> Iterator[tuple[str, str | None, Participation]]:
        """Return each part in a round as it reads from a day until another."""
        for one in self.rounds:
            yield from one.phases()


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
    claims_of: dict[tuple[str, str | None], list[Evidence]] = defaultdict(list)
    parts_of: dict[str, list[Participation]] = defaultdict(list)
    for claim in dataset.claims:
        of_round = rounds[claim.round_id] if claim.round_id else None
        evidence = Evidence(claim, sources[claim.source_id], of_round)
        claims_of[claim.company_id, claim.round_id].append(evidence)
    for record in dataset.participations:
        of_round = rounds[record.round_id]
        part = Participation(
            record, investors[record.investor_id], sources[record.source_id], of_round
        )
        parts_of[of_round.id].append(part)
    rounds_of: dict[str, list[RoundFacts]] = defaultdict(list)
    for one in rounds.values():
        known = RoundFacts(
            one,
            sources[one.source_id],
            tuple(sorted(claims_of[one.company_id, one.id], key=lambda one: one.id)),
            tuple(sorted(parts_of[one.id], key=lambda one: one.seniority)),
        )
        rounds_of[one.company_id].append(known)
    companies = tuple(
        CompanyFacts(
            company,
            sources[company.source_id],
            tuple(sorted(claims_of[company.id, None], key=lambda one: one.id)),
            tuple(rounds_of[company.id]),
        )
        for company in sorted(dataset.companies, key=lambda one: one.id)
    )
    return Facts(companies, investors, sources)
