"""What is written once for each shape of a question, and used again with other values."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Written = TypeVar("_Written")


class Shapes(Generic[_Written]):
    """What was written, by the shape that it is for; all goes where too many shapes are known."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._written: dict[Hashable, _Written] = {}

    def of(self, shape: Hashable, write: Callable[[], _Written]) -> _Written:
        """Return what is written for a shape, which `write` writes where it isn't known."""
        known = self._written.get(shape)
        if known is None:
            if len(self._written) >= self._most:
                self._written.clear()
            known = self._written[shape] = write()
        return known
