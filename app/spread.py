"""How the figures of a group spread: sum, extremes and quartiles. Pure arithmetic on any engine's rows."""

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.figures import Number, to_cents, whole

Key = tuple[str | None, ...]
_FIGURE = 4  # columns of a figure in a row: nominal, low, high, comparable


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of ordered values lies, between two values by rank.

    The definition of SQL's PERCENTILE_CONT, of DuckDB's quantile_cont and of pandas: linear between
    the two values on either side of rank share x (n - 1). The sum of the two parts is rounded once,
    as DuckDB's fused multiply-add does, so that its last digit is the same.
    """
    rank = share * (len(ordered) - 1)
    below = math.floor(rank)
    part = rank - below
    if not part:
        return ordered[below]
    upper = Fraction(ordered[below + 1] * part)
    return float(Fraction(ordered[below]) * Fraction(1 - part) + upper)


@dataclass(slots=True)
class Spreading:
    """The values of one figure in a group, as they come in."""

    values: "array[float]" = field(default_factory=lambda: array("d"))
    bounds: int = 0
    missing: int = 0
    not_comparable: int = 0

    def take(
        self, nominal: float | None, low: float | None, high: float | None, comparable: bool | None
    ) -> None:
        """Take in one row's figure; one that compares what lies too far apart is only counted."""
        if nominal is None:
            self.missing += 1
        elif comparable is not None and not comparable:
            self.not_comparable += 1
        else:
            self.values.append(nominal)
            self.bounds += low is None or low != high

    def numbers(self, *, money: bool) -> dict[str, Number | None]:
        """Return the numbers of the spread by name; only money is summed, exactly, to the cent."""
        counted: dict[str, Number | None] = {
            "known": len(self.values),
            "bounds": self.bounds,
            "missing": self.missing,
            "not_comparable": self.not_comparable,
        }
        if not self.values:
            return {**dict.fromkeys(("sum", "min", "p25", "median", "p75", "max")), **counted}
        ordered = sorted(self.values)
        told = {
            "min": ordered[0],
            "p25": quantile(ordered, 0.25),
            "median": quantile(ordered, 0.5),
            "p75": quantile(ordered, 0.75),
            "max": ordered[-1],
        }
        if not money:
            return {"sum": None, **told, **counted}
        amounts = {name: whole(value) for name, value in told.items()}
        return {"sum": to_cents(math.fsum(ordered)), **amounts, **counted}


@dataclass(slots=True)
class Group:
    """The rows that share a key."""

    spreads: list[Spreading]
    count: int = 0
    undisclosed: int = 0


def group(rows: Iterable[Sequence[Any]], keys: int, figures: int) -> dict[Key, Group]:
    """Gather rows by key; without keys all rows, be there none, are one group.

    A row has its keys, whether it is undisclosed, and the columns of each figure.
    """
    groups: dict[Key, Group] = {}

    def found(key: Key) -> Group:
        return groups.setdefault(key, Group([Spreading() for _ in range(figures)]))

    if not keys:
        found(())
    for row in rows:
        key = tuple(row[:keys])
        of_key = groups.get(key) or found(key)
        of_key.count += 1
        of_key.undisclosed += bool(row[keys])
        for number, spreading in enumerate(of_key.spreads):
            start = keys + 1 + number * _FIGURE
            spreading.take(*row[start : start + _FIGURE])
    return groups
