"""Cursors: places in a list, each named by the sort keys of the row after which a page begins."""

import base64
import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import Field
from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped

_LARGEST_NUMBER = 2**63
_LARGEST_INTEGER = 2**31  # of a column that isn't a big one
_FOREIGN_CURSOR = "not a cursor of this list: take next_cursor of a page as it is"
_SURROGATE = re.compile("[\ud800-\udfff]")


def encode_cursor(sort: str, values: Sequence[Any]) -> str:
    """Name a place in a list: the sort that it is of, and what stands there."""
    text = json.dumps([sort, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def begins_after(sort: str, *keys: Any) -> Any:
    """Return the field of a cursor, with the place after an item of the seed as its example."""
    return Field(None, examples=[encode_cursor(sort, keys)])


def read_cursor(cursor: str, sort: str) -> list[Any]:
    """Read what stands at the place that a cursor names.

    Raises CursorError where it is none of ours, was cut, or belongs to another sort.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        read: list[Any] = json.loads(text.decode())
        belongs_to, *values = read
    except (ValueError, TypeError, RecursionError):
        raise CursorError(_FOREIGN_CURSOR) from None
    if belongs_to != sort:
        raise CursorError("made for another sort: keep sort as it was on the page before")
    return values


def decode_cursor(cursor: str, sort: str, columns: Sequence[Mapped[Any]]) -> list[Any]:
    """Read the sort keys that a cursor names.

    Raises CursorError where they aren't keys of this list.
    """
    values = read_cursor(cursor, sort)
    if len(values) != len(columns) or not all(map(_fits, values, columns)):
        raise CursorError(_FOREIGN_CURSOR)
    return values


class CursorError(ValueError):
    """A cursor that names no place in the list."""


def _fits(value: Any, column: Any) -> bool:
    if value is None:
        return True
    if column.type.python_type in (int, float):
        is_small = isinstance(column.type, Integer) and not isinstance(column.type, BigInteger)
        largest = _LARGEST_INTEGER if is_small else _LARGEST_NUMBER
        # Also false of a NaN, and of a whole number that is too long for a float.
        return (
            isinstance(value, int | float)
            and not isinstance(value, bool)
            and -largest < value < largest
        )
    return isinstance(value, str) and "\0" not in value and not _SURROGATE.search(value)
