"""Derive what no source states: multiples, efficiency, growth and totals of one company.

Formulas are those of DESIGN, section 4, on bounds: interval arithmetic in which an open side stays
open. Beside them stands the nominal value, the same formula on the stated numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dataset.memory import Memory
from app.dataset.resolve import Choice, Resolved, ResolvedRound
from app.dates import days_between, first_day
from app.figures import Bounds, Number, qualifier_of, to_cents, total
from app.vocabulary import (
    COUNTED_STATUSES,
    Basis,
    ClaimMetric,
    ClaimStatus,
    DerivedQualifier,
    Instrument,
    MetricKind,
    Qualifier,
)

COMPARABLE_DAYS = 365
_DAYS_A_YEAR = 365
_OWN_BASES = frozenset({Basis.UNSPECIFIED, Basis.TENDER})
MULTIPLES = {
    MetricKind.ARR_MULTIPLE: ClaimMetric.ARR,
    MetricKind.RUN_RATE_MULTIPLE: ClaimMetric.REVENUE_RUN_RATE,
    MetricKind.REVENUE_MULTIPLE: ClaimMetric.REVENUE,
}


@dataclass(frozen=True, slots=True)
class Value:
    """A derived value, or the reason why there is none."""

    nominal: float | None = None
    bounds: Bounds = Bounds(None, None)
    inputs: tuple[Choice, ...] = ()
    gap_days: int | None = None
    comparable: bool | None = None
    reason: str | None = None

    @property
    def qualifier(self) -> DerivedQualifier | None:
        """What the bounds leave open."""
        if self.nominal is None:
            return None
        hedged = any(one.chosen.claim.qualifier is Qualifier.APPROX for one in self.inputs)
        return qualifier_of(self.bounds, approximate=hedged)


_NO_VALUATION = Value(reason="no valuation is known")
_NOT_OBSERVED = {metric: Value(reason=f"no {metric} is known") for metric in MULTIPLES.values()}
_TOO_FEW_POINTS = Value(reason="there are not two points of arr")


@dataclass(frozen=True, slots=True)
class Total:
    """What rounds of one instrument add up to in USD, and how many of them say nothing."""

    nominal: Number | None
    bounds: Bounds
    rounds: int
    undisclosed: int
    parts: tuple[Choice, ...]


def counted(rounds: tuple[ResolvedRound, ...]) -> tuple[ResolvedRound, ...]:
    """Return the rounds that happened: announced and closed ones, the oldest first.

    By first possible day, the vaguer date first, undated ones first.
    """
    happened = [one for one in rounds if one.record.status in COUNTED_STATUSES]
    return tuple(sorted(happened, key=_age))


def _age(one: ResolvedRound) -> tuple[str, int, str]:
    date, round_id = one.record.date, one.record.id
    return (first_day(date), len(date), round_id) if date else ("", 0, round_id)


def valuations(happened: Sequence[ResolvedRound], resolved: Resolved) -> list[Choice]:
    """Return the valuations that multiples are computed of, the current one last.

    The current one is of the latest closed or announced round that has one, else the company's
    latest own; never an acquisition price, a market cap, or one that was only talked of.
    """
    own = [
        choice
        for choice in resolved.observations(ClaimMetric.VALUATION)
        if choice.chosen.claim.basis in _OWN_BASES
        and choice.chosen.claim.status is not ClaimStatus.TALKS
    ]
    return own + [one.valuation for one in happened if one.valuation]


def multiple(
    valuation: Choice | None,
    metric: ClaimMetric,
    observations: tuple[Choice, ...],
    memory: Memory,
) -> Value:
    """Valuation / the observation of `metric` nearest in time."""
    if valuation is None:
        return _NO_VALUATION
    if not observations:
        return _NOT_OBSERVED[metric]
    return memory.once(_quotient, valuation, _nearest(valuation.date, observations))


def _quotient(valuation: Choice, observation: Choice) -> Value:
    gap = _gap(valuation.date, observation.date)
    comparable = None if gap is None else gap <= COMPARABLE_DAYS
    numbers = common(valuation, observation)
    if isinstance(numbers, str):
        return Value(reason=numbers)
    (price, price_bounds), (income, income_bounds) = numbers
    if not income:
        return Value(reason=f"{observation.chosen.claim.metric} is zero")
    return Value(
        price / income, price_bounds / income_bounds, (valuation, observation), gap, comparable
    )


def capital_efficiency(observations: tuple[Choice, ...], raised: Total) -> Value:
    """ARR / primary equity raised in closed and announced rounds, both in USD."""
    if not observations:
        return Value(reason="no arr is known")
    arr = observations[-1]
    income, bounds = arr.chosen.usd, arr.chosen.usd_bounds
    if income is None or bounds is None:
        return Value(reason=str(arr.chosen.fx))
    if not raised.nominal:
        return Value(reason="no amount of primary equity raised is known")
    return Value(income / raised.nominal, bounds / raised.bounds, (arr, *raised.parts))


def growth(earlier: Choice, later: Choice) -> Value:
    """Return annualised growth: (later / earlier) ** (365 / days between them) - 1."""
    gap = _gap(earlier.date, later.date)
    if not gap:
        return Value(reason="the two latest points of arr have no days between them")
    numbers = common(later, earlier)
    if isinstance(numbers, str):
        return Value(reason=numbers)
    (after, after_bounds), (before, before_bounds) = numbers
    if not before:
        return Value(reason="the earlier arr is zero")
    ratio = after_bounds / before_bounds
    try:
        nominal, low, high = (
            None if side is None else float(side) ** (_DAYS_A_YEAR / gap) - 1
            for side in (after / before, ratio.low, ratio.high)
        )
    except OverflowError:
        return Value(reason="the two latest points of arr are too close to annualise")
    return Value(nominal, Bounds(low, high), (later, earlier), gap)


def latest_growth(observations: tuple[Choice, ...], memory: Memory) -> Value:
    """Return annualised growth between the two latest points of ARR."""
    if len(observations) < 2:  # two points make a growth
        return _TOO_FEW_POINTS
    return memory.once(growth, observations[-2], observations[-1])


def totals(happened: tuple[ResolvedRound, ...], memory: Memory) -> dict[Instrument, Total]:
    """Sum the amounts of rounds, those of each instrument by themselves."""
    amounts: dict[Instrument, list[Choice | None]] = {kind: [] for kind in Instrument}
    for one in happened:
        amounts[one.record.instrument].append(one.amount)
    return {kind: memory.once(sum_up, *listed) for kind, listed in amounts.items()}


def sum_up(*amounts: Choice | None) -> Total:
    """Sum the amounts of rounds.

    A round without an amount is undisclosed: it isn't zero, so it leaves the sum open above.
    """
    parts = tuple(one for one in amounts if one is not None)
    undisclosed = len(amounts) - len(parts)
    unknown = Bounds(None, None)
    bounds = [one.chosen.usd_bounds or unknown for one in parts] + [unknown] * undisclosed
    stated = [one.chosen.usd for one in parts if one.chosen.usd is not None]
    nominal = to_cents(sum(stated)) if stated else None
    summed = total(bounds) if amounts else unknown
    return Total(nominal, summed, len(amounts), undisclosed, parts)


def common(*choices: Choice) -> list[tuple[Number, Bounds]] | str:
    """Return numbers and bounds in one currency, as stated or in USD, or why that can't be."""
    if len({one.chosen.claim.currency for one in choices}) == 1:
        return [(one.chosen.value, one.chosen.bounds) for one in choices]
    numbers = []
    for one in choices:
        usd, bounds = one.chosen.usd, one.chosen.usd_bounds
        if usd is None or bounds is None:
            return str(one.chosen.fx)
        numbers.append((usd, bounds))
    return numbers


def _nearest(date: str | None, observations: Sequence[Choice]) -> Choice:
    """Return the observation nearest to a date, the earlier of two; without a date, the latest."""
    if date is None or observations[-1].date is None:
        return observations[-1]
    return min(observations, key=lambda one: _gap(date, one.date) or 0)


def _gap(one: str | None, other: str | None) -> int | None:
    return None if one is None or other is None else abs(days_between(one, other))
