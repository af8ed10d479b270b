"""The seed's rows, gathered to draw new ones from."""

from collections import defaultdict
from dataclasses import dataclass, field

from app.dataset.read import Dataset
from app.dataset.records import (
    ClaimRecord,
    CompanyRecord,
    InvestorRecord,
    ParticipationRecord,
    RoundRecord,
    SourceRecord,
)


@dataclass(frozen=True, slots=True)
class RoundModel:
    """A round of the seed with everything that is stated of it."""

    round: RoundRecord
    claims: list[ClaimRecord] = field(default_factory=list)
    parts: list[ParticipationRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seed:
    """What is drawn from; `series` are the claims on each company itself."""

    sources: list[SourceRecord]
    companies: list[CompanyRecord]
    investors: list[InvestorRecord]
    rounds: list[RoundModel]
    series: list[list[ClaimRecord]]
    dates: list[str]

    @property
    def claims_a_round(self) -> float:
        """How many claims there are on a round."""
        return sum(len(one.claims) for one in self.rounds) / len(self.rounds)

    @property
    def claims_a_company(self) -> float:
        """How many claims there are on a company itself."""
        return sum(map(len, self.series)) / len(self.series)


def gathered(dataset: Dataset) -> Seed:
    """Gather the rows of a dataset."""
    models = {one.id: RoundModel(one) for one in dataset.rounds}
    series: dict[str, list[ClaimRecord]] = defaultdict(list)
    for claim in dataset.claims:
        of_round = models[claim.round_id].claims if claim.round_id else series[claim.company_id]
        of_round.append(claim)
    for part in dataset.participations:
        models[part.round_id].parts.append(part)
    return Seed(
        dataset.sources,
        dataset.companies,
        dataset.investors,
        list(models.values()),
        [series[one.id] for one in dataset.companies],
        [one.date for one in dataset.rounds if one.date],
    )
