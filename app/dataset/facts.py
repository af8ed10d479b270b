"""The facts of a dataset, gathered by company, as they stand or as they were known on a day."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.dataset.evidence import Evidence, Participation, known_day
from app.dataset.read import Dataset
from app.dataset.records import CompanyRecord, InvestorRecord, RoundRecord, SourceRecord


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
        return sorted({own, *stated, *self.rounds_known().values()})

    def known_by(self, day: str) -> "CompanyFacts":
        """Return what was known of the company at the end of a day."""
        known = self.rounds_known()
        return replace(
            self,
            rounds=tuple(one for one in self.rounds if known[one.id] <= day),
            claims=tuple(one for one in self.claims if one.known_on <= day),
            participations=tuple(one for one in self.participations if one.known_on <= day),
        )

    def rounds_known(self) -> dict[str, str]:
        """Return the day from which each round is known: of its own row, or of what speaks of it."""
        known = {
            one.id: known_day(self.sources[one.source_id], one.announced_on)[0]
            for one in self.rounds
        }
        for statement in self._statements():
            if statement.round:
                spoken_of = statement.round.id
                known[spoken_of] = min(known[spoken_of], statement.known_on)
        return known

    def source_ids(self) -> set[str]:
        """Return the sources that state something of the company."""
        own = {self.company.source_id, *(one.source_id for one in self.rounds)}
        return own | {one.source.id for one in self._statements()}

    def _statements(self) -> list[Evidence | Participation]:
        return [*self.claims, *self.participations]


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
