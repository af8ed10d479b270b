"""Resolve claims: one is chosen for each quantity by the published rule, and its rivals counted.

The rule (docs/choice.md) never computes a number from several claims.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.dataset.evidence import Evidence
from app.dataset.facts import CompanyFacts, RoundFacts
from app.dataset.memory import Memory
from app.dataset.records import RoundRecord
from app.dates import first_day, month_of
from app.figures import overlap
from app.vocabulary import Basis, ClaimMetric, ClaimStatus, Qualifier, SourceKind

_STATUS_RANK = {ClaimStatus.STATED: 0, ClaimStatus.ESTIMATE: 1, ClaimStatus.TALKS: 2}
_KIND_RANK = {SourceKind.FILING: 0, SourceKind.COMPANY: 1}
_OTHER_KINDS = 2
_CAUTION = {
    Qualifier.AT_LEAST: 0,
    Qualifier.AT_MOST: 0,
    Qualifier.RANGE: 1,
    Qualifier.APPROX: 2,
    Qualifier.EXACT: 3,
}
_OF_ROUNDS = (ClaimMetric.AMOUNT_RAISED, ClaimMetric.VALUATION)
_OTHER_PRICES = frozenset({Basis.ACQUISITION, Basis.MARKET_CAP})


@dataclass(frozen=True, slots=True)
class Choice:
    """The claim chosen for a quantity, among the claims on it, and those that contradict it."""

    chosen: Evidence
    members: tuple[Evidence, ...]
    rivals: frozenset[str]

    @property
    def date(self) -> str | None:
        """The date that the figure stands at."""
        return self.chosen.date


@dataclass(frozen=True, slots=True)
class Series:
    """A company's observations of one quantity, the oldest first; the last one is current."""

    metric: ClaimMetric
    price: Basis | None
    choices: tuple[Choice, ...]


@dataclass(frozen=True, eq=False)
class ResolvedRound:
    """A round with the claims chosen for its figures."""

    facts: RoundFacts
    amount: Choice | None
    valuation: Choice | None

    @property
    def record(self) -> RoundRecord:
        """The round's own row."""
        return self.facts.record

    @property
    def choices(self) -> list[Choice]:
        """Every choice made for the round."""
        return [one for one in (self.amount, self.valuation) if one]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Everything chosen for one company."""

    rounds: tuple[ResolvedRound, ...]
    series: tuple[Series, ...]
    own: Mapping[ClaimMetric, tuple[Choice, ...]]

    def observations(self, metric: ClaimMetric) -> tuple[Choice, ...]:
        """Return the company's own observations of a metric, acquisition and market prices aside."""
        return self.own.get(metric, ())

    def choices(self) -> Iterable[Choice]:
        """Return every choice made."""
        for resolved in self.rounds:
            yield from resolved.choices
        for one in self.series:
            yield from one.choices


def resolve(facts: CompanyFacts, memory: Memory) -> Resolved:
    """Group claims by the quantity of the company, or of a round, that they state; choose in each group.

    What is resolved of the same claims is the same object.
    """
    series = memory.once(_all_series, facts.claims, memory)
    return Resolved(memory.once(_rounds, facts.rounds, memory), series, memory.once(_own, series))


def _own(series: tuple[Series, ...]) -> dict[ClaimMetric, tuple[Choice, ...]]:
    return {one.metric: one.choices for one in series if one.price is None}


def _rounds(rounds: tuple[RoundFacts, ...], memory: Memory) -> tuple[ResolvedRound, ...]:
    return tuple([memory.once(_round, one) for one in rounds])


def _round(facts: RoundFacts) -> ResolvedRound:
    groups: dict[ClaimMetric, list[Evidence]] = defaultdict(list)
    for evidence in facts.claims:
        groups[evidence.claim.metric].append(evidence)
    amount, valuation = (_choice(*groups[metric]) for metric in _OF_ROUNDS)
    return ResolvedRound(facts, amount, valuation)


def _all_series(claims: tuple[Evidence, ...], memory: Memory) -> tuple[Series, ...]:
    groups: dict[tuple[ClaimMetric, Basis | None], list[Evidence]] = defaultdict(list)
    for evidence in claims:
        claim = evidence.claim
        price = claim.basis if claim.basis in _OTHER_PRICES else None
        groups[claim.metric, price].append(evidence)
    return tuple(
        memory.once(_series, metric, price, memory, *group)
        for (metric, price), group in groups.items()
    )


def _series(metric: ClaimMetric, price: Basis | None, memory: Memory, *claims: Evidence) -> Series:
    """Choose within each calendar month; undated claims are held against the latest one."""
    periods: dict[str, list[Evidence]] = defaultdict(list)
    undated = [evidence for evidence in claims if evidence.date is None]
    for evidence in claims:
        if evidence.date is not None:
            periods[month_of(evidence.date)].append(evidence)
    in_time = sorted(periods, key=lambda period: (first_day(period), len(period)))
    found = (memory.once(_choice, *periods[period]) for period in in_time)
    choices = [choice for choice in found if choice]
    if not choices:
        choices = [choice for choice in [choose(undated, undated)] if choice]
    elif undated:
        latest = choices[-1].members
        again = choose(latest, (*latest, *undated))
        choices[-1] = again or choices[-1]
    return Series(metric, price, tuple(choices))


def _choice(*claims: Evidence) -> Choice | None:
    return choose(claims, claims)


def choose(candidates: Sequence[Evidence], group: Sequence[Evidence]) -> Choice | None:
    """Choose one of `candidates`, claims of `group`, by the rule; None where none may be chosen."""
    eligible = [one for one in candidates if one.claim.status in _STATUS_RANK]
    if not eligible:
        return None
    chosen = eligible[0] if len(eligible) == 1 else _preferred(eligible, group)
    rivals = frozenset(one.id for one in group if contradicts(chosen, one))
    return Choice(chosen, tuple(group), rivals)


def _preferred(eligible: list[Evidence], group: Sequence[Evidence]) -> Evidence:
    """Choose one of several claims that may be chosen, by each step of the rule."""
    eligible = _least(eligible, lambda one: _STATUS_RANK[one.claim.status])
    eligible = _least(eligible, lambda one: _KIND_RANK.get(one.source.kind, _OTHER_KINDS))
    votes = Counter(one.number for one in group)
    favourite = max(eligible, key=lambda one: (votes[one.number], *_publication(one))).number
    eligible = [one for one in eligible if one.number == favourite]
    carried = Counter(one.claim.qualifier for one in eligible)
    eligible = _least(
        eligible, lambda one: (-carried[one.claim.qualifier], _CAUTION[one.claim.qualifier])
    )
    eligible = _least(eligible, lambda one: one.claim.basis is Basis.UNSPECIFIED)
    latest = max(one.source.published_on or "" for one in eligible)
    return min(
        (one for one in eligible if (one.source.published_on or "") == latest),
        key=lambda one: (one.source.id, one.id),
    )


def contradicts(chosen: Evidence, other: Evidence) -> bool:
    """Tell whether two claims can't both be true.

    Claims in different currencies are held against each other in USD, where a conversion makes
    them approximate; without a rate they don't contradict.
    """
    same = chosen.claim.currency == other.claim.currency
    left = chosen.bounds if same else chosen.usd_bounds
    right = other.bounds if same else other.usd_bounds
    if left is None or right is None:
        return False
    hedged = Qualifier.APPROX in (chosen.claim.qualifier, other.claim.qualifier)
    return not overlap(left, right, approximate=hedged or not same)


def _publication(evidence: Evidence) -> tuple[str, str]:
    return evidence.source.published_on or "", evidence.source.id


def _least(claims: Sequence[Evidence], rank: Callable[[Evidence], Any]) -> list[Evidence]:
    """Return the claims of the least rank."""
    best = min(map(rank, claims))
    return [one for one in claims if rank(one) == best]
