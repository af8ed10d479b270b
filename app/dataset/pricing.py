"""Derive what a round's price means: the share of the company sold, and the step up in price."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dataset.derive import Value, common
from app.dataset.memory import Memory
from app.dataset.records import RoundRecord
from app.dataset.resolve import Choice, Resolved
from app.dates import days_between, first_day
from app.figures import Bounds, Number
from app.vocabulary import Basis, Instrument

_NOT_DILUTIVE = {
    Instrument.DEBT: "debt sells no share of the company",
    Instrument.GRANT: "a grant sells no share of the company",
    Instrument.SECONDARY: "a secondary sale issues no new shares",
    Instrument.MIXED: "no source says which part of a mixed round is primary equity",
}
_NOT_EQUITY = Value(reason="only a round of equity has a price of new shares")
_UNPRICED = Value(reason="no valuation is known")
_UNDATED = Value(reason="the round has no date, so none is known to come before it")
_FIRST_PRICE = Value(reason="no earlier priced round of equity is known")


@dataclass(frozen=True, slots=True)
class _Price:
    """What a company is worth before or after a round: the number quoted, and its bounds."""

    nominal: Number
    bounds: Bounds


def dilution(one: RoundRecord, amount: Choice | None, valuation: Choice | None) -> Value:
    """Amount / post-money.

    On a pre-money basis the post-money is pre-money + amount. With basis unspecified the value lies
    between amount / (valuation + amount) and amount / valuation.
    """
    if one.instrument in _NOT_DILUTIVE:
        return Value(reason=_NOT_DILUTIVE[one.instrument])
    if amount is None or valuation is None:
        return Value(reason=f"no {'amount' if amount is None else 'valuation'} is known")
    numbers = common(amount, valuation)
    if isinstance(numbers, str):
        return Value(reason=numbers)
    (raised, raised_bounds), (worth, worth_bounds) = numbers
    basis = valuation.chosen.claim.basis
    # raised / (pre + raised) grows with what was raised, so each side takes its own end of it.
    on_top = Bounds(
        _share(raised_bounds.low, worth_bounds.high), _share(raised_bounds.high, worth_bounds.low)
    )
    within = raised_bounds / worth_bounds
    bounds = {
        Basis.PRE_MONEY: on_top,
        Basis.POST_MONEY: within,
        Basis.UNSPECIFIED: Bounds(on_top.low, within.high),
    }[basis or Basis.UNSPECIFIED]
    post_money = worth + raised if basis is Basis.PRE_MONEY else worth
    if not post_money:
        return Value(reason="the valuation is zero")
    return Value(raised / post_money, bounds, (amount, valuation))


def priced_equity(happened: Sequence[RoundRecord], resolved: Resolved) -> list[RoundRecord]:
    """Return those rounds that a later price can be compared with, the oldest first."""
    return [
        one
        for one in happened
        if one.instrument is Instrument.EQUITY
        and one.id in resolved.valuations
        and one.date is not None
    ]


def step_up(
    one: RoundRecord, priced: Sequence[RoundRecord], resolved: Resolved, memory: Memory
) -> Value:
    """Pre-money / the post-money of the previous priced round of equity."""
    if one.instrument is not Instrument.EQUITY:
        return _NOT_EQUITY
    if one.id not in resolved.valuations:
        return _UNPRICED
    if one.date is None:
        return _UNDATED
    day = first_day(one.date)
    for previous in reversed(priced):
        if previous.date is not None and first_day(previous.date) < day:
            inputs = _inputs(one, resolved), _inputs(previous, resolved)
            return memory.once(_compared, one, inputs[0], previous, inputs[1])
    return _FIRST_PRICE


def _inputs(one: RoundRecord, resolved: Resolved) -> tuple[Choice, ...]:
    """A round's valuation, and its amount where one is known."""
    amount = resolved.amounts.get(one.id)
    valuation = resolved.valuations[one.id]
    return (valuation, amount) if amount else (valuation,)


def _compared(
    one: RoundRecord,
    inputs: tuple[Choice, ...],
    previous: RoundRecord,
    previous_inputs: tuple[Choice, ...],
) -> Value:
    used = (*inputs, *previous_inputs)
    numbers = common(*used)
    if isinstance(numbers, str):
        return Value(reason=numbers)
    split = len(inputs)
    before = _pre_money(inputs[0], numbers[:split])
    after = _post_money(previous_inputs[0], numbers[split:])
    if isinstance(before, str) or isinstance(after, str):
        return Value(reason=before if isinstance(before, str) else str(after))
    if not after.nominal or before.nominal <= 0:
        return Value(reason="the amount is as large as the post-money valuation")
    gap = abs(days_between(previous.date or "", one.date or ""))
    return Value(before.nominal / after.nominal, before.bounds / after.bounds, used, gap)


def _pre_money(valuation: Choice, numbers: list[tuple[Number, Bounds]]) -> _Price | str:
    """Without a stated basis: between valuation - amount and valuation."""
    worth, bounds = numbers[0]
    amount = numbers[1] if len(numbers) > 1 else None
    match valuation.chosen.claim.basis:
        case Basis.PRE_MONEY:
            return _Price(worth, bounds)
        case Basis.POST_MONEY:
            if amount is None:
                return "no amount is known to take from the post-money valuation"
            return _Price(worth - amount[0], bounds - amount[1])
    low = (bounds - amount[1]).low if amount else None
    return _Price(worth, Bounds(low, bounds.high))


def _post_money(valuation: Choice, numbers: list[tuple[Number, Bounds]]) -> _Price | str:
    """Without a stated basis: between valuation and valuation + amount."""
    worth, bounds = numbers[0]
    amount = numbers[1] if len(numbers) > 1 else None
    match valuation.chosen.claim.basis:
        case Basis.POST_MONEY:
            return _Price(worth, bounds)
        case Basis.PRE_MONEY:
            if amount is None:
                return "no amount is known to add to the previous pre-money valuation"
            return _Price(worth + amount[0], bounds + amount[1])
    high = (bounds + amount[1]).high if amount else None
    return _Price(worth, Bounds(bounds.low, high))


def _share(raised: Number | None, pre_money: Number | None) -> float | None:
    if raised is None or pre_money is None or raised + pre_money == 0:
        return None
    return raised / (pre_money + raised)
