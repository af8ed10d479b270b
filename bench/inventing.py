"""Invent names, numbers and dates that are like the seed's, out of pieces of the seed's own."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.dataset.records import LARGEST_VALUE
from app.dates import first_day
from app.likeness import slug

LATEST = date(2026, 11, 20)
_EARLIEST = date(2005, 1, 1)
_MOVED_DAYS = 200
_LONG = 5
_WITH_A_LAST_WORD = 0.6
FACTORS = tuple(map(Decimal, ("1", "2", "5", "1.5", "0.5", "0.2", "10")))
"""What the numbers of a quantity are multiplied by, all of them alike, so that they still disagree."""


@dataclass(frozen=True, slots=True)
class Words:
    """What names of one sort are made of: words in Latin letters, last words, and names in other scripts."""

    latin: Sequence[str]
    last: Sequence[str]
    other: Sequence[str]


def words_of(names: Sequence[str]) -> Words:
    """Take names apart into the words that new ones are made of."""
    split = [one.split() for one in names]
    words = dict.fromkeys(word for one in split for word in one)
    return Words(
        [word for word in words if word.isascii() and word.isalpha()],
        [one[-1] for one in split if len(one) > 1 and one[-1].isascii()],
        [word for word in words if slug(word) is None and len(word) > 1],
    )


def invented(chance: random.Random, words: Words) -> str:
    """Invent a name: the halves of two words, and often a last word such as Robotics."""
    one, other = chance.choice(words.latin), chance.choice(words.latin)
    coined = _halves(one, other.lower())
    if len(coined) < _LONG:
        coined = one + other.lower()
    return coined + (f" {chance.choice(words.last)}" if chance.random() < _WITH_A_LAST_WORD else "")


def like(chance: random.Random, words: Words, text: str) -> str:
    """Invent a name in the script of another one."""
    if slug(text) or not words.other:
        return invented(chance, words)
    return _halves(chance.choice(words.other), chance.choice(words.other))


def title(chance: random.Random, titles: Sequence[str]) -> str:
    """Join the first words of one title with the last words of another."""
    one, other = chance.choice(titles).split(), chance.choice(titles).split()
    return " ".join((*one[: (len(one) + 1) // 2], *other[len(other) // 2 :]))


def moved(chance: random.Random, text: str) -> date:
    """Move a partial date by some months."""
    day = date.fromisoformat(first_day(text)) + timedelta(chance.randint(-_MOVED_DAYS, _MOVED_DAYS))
    return min(max(day, _EARLIEST), LATEST)


def as_precise(day: date, text: str | None) -> str:
    """Write a day as precisely as another date is written: not at all where there is none."""
    return day.isoformat()[: len(text or "")]


def multiplied(number: Decimal | None, factor: Decimal) -> str:
    """Write a number of the seed at another size, as a whole one."""
    if number is None:
        return ""
    return str(number if factor == 1 else min(max(int(number * factor), 1), LARGEST_VALUE))


def _halves(one: str, other: str) -> str:
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :]
