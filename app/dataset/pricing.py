"""Derive what a round's price means: the share of the company sold, and the step up in price."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dataset.derive import Value, common
from app.dataset.memory import Memory
from app.dataset.resolve import Choice, ResolvedRound
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


def dilution(one: ResolvedRound) -> Value:
    """Amount / post-money.

    On a pre-money basis the post-money is pre-money + amount. With basis unspecified the value lies
    between amount / (valuation + amount) and amount / valuation.
    """
    instrument, amount, valuation = one.record.instrument, one.amount, one.valuation
    if instrument in _NOT_DILUTIVE:
        return Value(reason=_NOT_DILUTIVE[instrument])
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


def step_ups(
    rounds: tuple[ResolvedRound, ...], happened: tuple[ResolvedRound, ...], memory: Memory
) -> list[Value]:
    """Return for each round: pre-money / the post-money of the previous priced round of equity."""
    priced = [one for one in happened if _why_unpriced(one) is None]
    return [_step_up(one, priced, memory) for one in rounds]


def _why_unpriced(one: ResolvedRound) -> Value | None:
    """Tell why a round's price can't be compared with others; None where it can."""
    if one.record.instrument is not Instrument.EQUITY:
        return _NOT_EQUITY
    if one.valuation is None:
        return _UNPRICED
    return _UNDATED if one.record.date is None else None


def _step_up(one: ResolvedRound, priced: Sequence[ResolvedRound], memory: Memory) -> Value:
    if unpriced := _why_unpriced(one):
        return unpriced
    day = first_day(one.record.date or "")
    for previous in reversed(priced):
        if first_day(previous.record.date or "") < day:
            return memory.once(_compared, one, previous)
    return _FIRST_PRICE


def _inputs(one: ResolvedRound) -> tuple[Choice, ...]:
    """A round's valuation, and its amount where one is known."""
    return tuple(choice for choice in (one.valuation, one.amount) if choice)


def _compared(one: ResolvedRound, previous: ResolvedRound) -> Value:
    inputs, previous_inputs = _inputs(one), _inputs(previous)
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
    gap = abs(days_between(previous.record.date or "", one.record.date or ""))
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
