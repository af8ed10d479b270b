"""Bounds and qualifiers: the arithmetic of "more than $200M". Pure functions on numbers.

A missing bound (None) is open and stays open in everything computed from it. All numbers are
non-negative quantities: money, counts and their ratios.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.vocabulary import DerivedQualifier, Qualifier

Number = int | float
APPROX_TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a quantity may be: from `low` to `high`, both included; None is an open side."""

    low: Number | None
    high: Number | None

    def __add__(self, other: "Bounds") -> "Bounds":
        """Sum of two intervals: [a + c, b + d]."""
        return Bounds(_apply(_sum, self.low, other.low), _apply(_sum, self.high, other.high))

    def __sub__(self, other: "Bounds") -> "Bounds":
        """Difference of two intervals: [a - d, b - c], never below zero."""
        return Bounds(
            _apply(_difference, self.low, other.high), _apply(_difference, self.high, other.low)
        )

    def __truediv__(self, other: "Bounds") -> "Bounds":
        """Quotient of two intervals: [a / d, b / c]; dividing by zero leaves that side open."""
        return Bounds(
            _apply(_quotient, self.low, other.high), _apply(_quotient, self.high, other.low)
        )

    def scaled(self, factor: float) -> "Bounds":
        """Both sides times `factor`, to the cent: a conversion of money at a rate."""
        return Bounds(
            None if self.low is None else to_cents(self.low * factor),
            None if self.high is None else to_cents(self.high * factor),
        )


def bounds_of(qualifier: Qualifier, value: Number, value_high: Number | None) -> Bounds:
    """Return what a stated number leaves possible (DESIGN, Bounds)."""
    match qualifier:
        case Qualifier.AT_LEAST:
            return Bounds(value, None)
        case Qualifier.AT_MOST:
            return Bounds(None, value)
        case Qualifier.RANGE:
            return Bounds(value, value_high)
        case Qualifier.EXACT | Qualifier.APPROX:
            return Bounds(value, value)


def qualifier_of(bounds: Bounds, *, approximate: bool) -> DerivedQualifier:
    """Name what bounds leave open; a point computed from an approximate number is approximate."""
    if bounds.low is None and bounds.high is None:
        return DerivedQualifier.UNBOUNDED
    if bounds.high is None:
        return DerivedQualifier.AT_LEAST
    if bounds.low is None:
        return DerivedQualifier.AT_MOST
    if bounds.low != bounds.high:
        return DerivedQualifier.RANGE
    return DerivedQualifier.APPROX if approximate else DerivedQualifier.EXACT


def overlap(chosen: Bounds, other: Bounds, *, approximate: bool) -> bool:
    """Tell whether two bounds can both be true.

    Where one of them is approximate, a gap of up to 5 % of the chosen bound counts as overlapping.
    """
    slack = APPROX_TOLERANCE if approximate else 0.0
    above = (
        chosen.high is not None and other.low is not None and other.low > chosen.high * (1 + slack)
    )
    below = (
        chosen.low is not None and other.high is not None and other.high < chosen.low * (1 - slack)
    )
    return not (above or below)


def total(parts: Iterable[Bounds]) -> Bounds:
    """Sum amounts of money raised, of which each is at least nothing.

    An open upper side stays open. An open lower side adds nothing to the lower bound, which is
    open only where no part has one.
    """
    listed = list(parts)
    lows = [part.low for part in listed if part.low is not None]
    highs = [part.high for part in listed if part.high is not None]
    return Bounds(
        to_cents(sum(lows)) if lows else None,
        to_cents(sum(highs)) if len(highs) == len(listed) else None,
    )


def to_cents(value: Number) -> Number:
    """Round money to the cent, as a whole number where it is one."""
    return whole(round(value, 2))


def whole(value: Number | Decimal) -> Number:
    """Return an integer where the value is one, else a float: 200000000, 323232311.2."""
    return int(value) if value == int(value) else float(value)


def _apply(
    operation: Callable[[Number, Number], Number | None], left: Number | None, right: Number | None
) -> Number | None:
    return None if left is None or right is None else operation(left, right)


def _sum(left: Number, right: Number) -> Number:
    return left + right


def _difference(left: Number, right: Number) -> Number:
    return max(left - right, 0)


def _quotient(left: Number, right: Number) -> float | None:
    return left / right if right else None
