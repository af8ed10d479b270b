"""Derive what no source states: multiples, efficiency, growth and totals of one company.

Formulas are those of DESIGN, section 4, on bounds: interval arithmetic in which an open side stays
open. Beside them stands the nominal value, the same formula on the stated numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dataset.memory import Memory
from app.dataset.records import RoundRecord
from app.dataset.resolve import Choice, Resolved
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


_TOO_FEW_POINTS = Value(reason="there are not two points of arr")


@dataclass(frozen=True, slots=True)
class Total:
    """What rounds of one instrument add up to in USD, and how many of them say nothing."""

    nominal: Number | None
    bounds: Bounds
    rounds: int
    undisclosed: int
    parts: tuple[Choice, ...]


def by_date(rounds: Sequence[RoundRecord]) -> list[RoundRecord]:
    """Sort rounds from the oldest: by first possible day, the vaguer date first, undated ones first."""
    return sorted(
        rounds,
        key=lambda one: (
            (first_day(one.date), len(one.date), one.id) if one.date else ("", 0, one.id)
        ),
    )


def counted(rounds: tuple[RoundRecord, ...]) -> list[RoundRecord]:
    """Return the rounds that happened: announced and closed ones, the oldest first."""
    return [one for one in by_date(rounds) if one.status in COUNTED_STATUSES]


def valuations(happened: Sequence[RoundRecord], resolved: Resolved) -> list[Choice]:
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
    found = (resolved.valuations.get(one.id) for one in happened)
    return own + [choice for choice in found if choice]


def multiple(
    valuation: Choice | None, metric: ClaimMetric, observations: tuple[Choice, ...]
) -> Value:
    """Valuation / the observation of `metric` nearest in time."""
    if valuation is None:
        return Value(reason="no valuation is known")
    if not observations:
        return Value(reason=f"no {metric} is known")
    observation = _nearest(valuation.date, observations)
    gap = _gap(valuation.date, observation.date)
    comparable = None if gap is None else gap <= COMPARABLE_DAYS
    numbers = common(valuation, observation)
    if isinstance(numbers, str):
        return Value(reason=numbers)
    (price, price_bounds), (income, income_bounds) = numbers
    if not income:
        return Value(reason=f"{metric} is zero")
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


def total_raised(
    happened: Sequence[RoundRecord], resolved: Resolved, instrument: Instrument, memory: Memory
) -> Total:
    """Sum the amounts of those rounds that were of one instrument."""
    amounts = (resolved.amounts.get(one.id) for one in happened if one.instrument is instrument)
    return memory.once(sum_up, tuple(amounts))


def sum_up(amounts: tuple[Choice | None, ...]) -> Total:
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
