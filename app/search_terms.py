"""What a load and a search agree on: the pieces that names are listed by, and how a list is kept.

A list has the numbers of the names that have a piece, the best known first, as far as it goes.
"""

import struct
from collections.abc import Sequence
from enum import StrEnum

from app.vocabulary import Stage

LONGEST_BEGINNING_UNLISTED = 1_000
"""A beginning of more names than this has a list; names with a rarer one are sought by it."""

LONGEST_LIST = 16_000
"""How many names a list has at most; a shorter one has all names with its piece."""


class Part(StrEnum):
    """What a list's piece is of a name."""

    WHOLE = "whole"  # a beginning of its letters in one piece
    WORD = "word"  # a beginning of one of its words
    GRAM = "gram"  # a trigram


def packed(numbers: Sequence[int]) -> bytes:
    """Return numbers as a list is kept."""
    return struct.pack(f"<{len(numbers)}I", *numbers)


def unpacked(kept: bytes) -> tuple[int, ...]:
    """Return the numbers of a kept list."""
    return struct.unpack(f"<{len(kept) // 4}I", kept)


def after_all(beginning: str) -> str:
    """Return what comes after every text that begins so, in the order of code points."""
    return beginning + chr(0x10FFFF)


def stage_name(stage: Stage) -> str:
    """Return what a round of a stage is called: Series A."""
    return "round" if stage is Stage.UNKNOWN else stage.replace("_", " ").title()
