"""Results kept by what they were made of, so that what stays as it was on the day before is made once."""

from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

_Given = TypeVarTuple("_Given")
_Made = TypeVar("_Made")


class Memory:
    """What pure functions have made of a company's facts.

    Inputs are told apart by identity, since to compare them takes longer than to make most results.
    They are kept too, so that no identity is given twice.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self._made: dict[tuple[object, ...], tuple[object, Any]] = {}

    def once(self, make: Callable[[*_Given], _Made], *given: *_Given) -> _Made:
        """Return what `make` makes of these very inputs; it runs the first time alone."""
        key = (make, *map(id, given))
        known = self._made.get(key)
        if known is None:
            known = self._made[key] = given, make(*given)
        made: _Made = known[1]
        return made

    def forget(self) -> None:
        """Let go of everything.

        It holds itself, as what others were made of, and would wait for the garbage collector.
        """
        self._made.clear()
