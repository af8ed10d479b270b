"""What a load and a search agree on: the pieces that names are listed by, and what rounds are called."""

from enum import StrEnum

from app.vocabulary import Stage

LONGEST_BEGINNING_UNLISTED = 1_000
"""A beginning of more names than this has a list; names with a rarer one are sought by it."""


class Part(StrEnum):
    """What a list's piece is of a name."""

    WHOLE = "whole"  # a beginning of its letters in one piece
    WORD = "word"  # a beginning of one of its words
    GRAM = "gram"  # a trigram


def after_all(beginning: str) -> str:
    """Return what comes after every text that begins so, in the order of code points."""
    return beginning + chr(0x10FFFF)


def stage_name(stage: Stage) -> str:
    """Return what a round of a stage is called: Series A."""
    return "round" if stage is Stage.UNKNOWN else stage.replace("_", " ").title()
