"""How like texts are: folded words, shared trigrams, slips of the hand, and the nearest word.

Pure functions on text. Both sides use them, so that what load stores is what a query looks for.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from app.vocabulary import SearchMatch

# Folded text has no upper case, so that X can mark where a name and a word begin and end.
_MARK = "X"
_GRAM = 3
_LONG = 8
# Of the 120 characters that an id may have the rest is left to a number behind it.
LONGEST_SLUG = 110
LONGEST_TYPED = 100
"""How many letters are searched for."""
_CLOSE = 0.6  # shared letters of all letters, as difflib counts them
_COMPARED = 120  # comparing more letters of a misspelt word costs more than it helps
_REASONS = tuple(SearchMatch)
_NOT_WORD = re.compile(r"[\W_]+")


def searchable(text: str) -> str:
    """Fold text as it is searched and sorted: no case, no accents, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    # Folded again, since some signs decompose into capitals.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def nearest(word: str, words: Iterable[str]) -> str | None:
    """Return the word that a misspelt one most likely means."""
    return next(iter(near(word, words, most=1)), None)


def near(word: str, words: Iterable[str], most: int = 5) -> list[str]:
    """Return the words that a misspelt or cut one may mean, the likeliest first."""
    meant, listed = word[:_COMPARED].lower(), list(words)
    close = (
        found[0]
        for found in process.extract(
            meant,
            listed,
            scorer=Indel.normalized_similarity,
            score_cutoff=_CLOSE,
            limit=most,
        )
    )
    begun = [one for one in listed if len(meant) >= _GRAM and one.startswith(meant)]
    return list(dict.fromkeys((*close, *begun)))[:most]


def slug(text: str) -> str | None:
    """Turn text into a slug; None where it has no letter or digit of ASCII."""
    letters = (char if char.isascii() and char.isalnum() else " " for char in searchable(text))
    return "-".join("".join(letters).split())[:LONGEST_SLUG].strip("-") or None


def words(text: str) -> list[str]:
    """Return the folded words of a text, without punctuation: z.ai has two."""
    return [word for word in _NOT_WORD.split(searchable(text)) if word]


def letters(text: str) -> str:
    """Return the folded letters and digits of a text in one piece: `Open AI` and OpenAI are one."""
    return "".join(words(text))


def grams(told: Sequence[str]) -> list[str]:
    """Return the trigrams of a name's folded words: of all in one piece, then of the later ones.

    "Hugging Face" has those of `XXhuggingfaceXX` and `XXface`: the marks let a trigram say that a name
    or a word begins there, so that even names of three letters of which one differs share some.
    """
    edge = _MARK * (_GRAM - 1)
    pieces = [f"{edge}{''.join(told)}{edge}", *(edge + word for word in told[1:])]
    found = [piece[i : i + _GRAM] for piece in pieces for i in range(len(piece) - _GRAM + 1)]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, order=True)
class Likeness:
    """How a name is like a query: why it was found, and how far its nearest part is from it.

    The less, the liker. Of parts as near the whole name comes before a word, and a word before the
    beginning, whose letters have nothing to end at.
    """

    rank: int
    distance: int = 0
    part: int = 0

    @property
    def why(self) -> SearchMatch:
        """Why the name was found."""
        return _REASONS[self.rank]


class Typed:
    """What was typed, to be compared with many names."""

    def __init__(self, text: str) -> None:
        # A sign may fold into many letters: as many as could be typed are enough to tell a name by.
        self.words = words(searchable(text)[:LONGEST_TYPED])
        self.letters = "".join(self.words)
        self.slips = slips_forgiven(self.letters)

    def like(self, told: Sequence[str]) -> Likeness | None:
        """Compare the folded words of a name with it; None where they are too unlike.

        The letters in one piece decide, so that `open ai` is OpenAI; words decide next, in any order.
        Then come slips of the hand, as in the optimal string alignment distance: a wrong, a missing,
        an added or two swapped letters, in the whole name, one of its words or its beginning.
        """
        typed, whole = self.letters, "".join(told)
        if not typed:
            return None
        if whole.startswith(typed):
            return _like(SearchMatch.EXACT if typed == whole else SearchMatch.PREFIX)
        if begins_words(self.words, told):
            return _like(SearchMatch.WORD_PREFIX)
        if not self.slips:
            return None
        least, most = len(typed) - self.slips, len(typed) + self.slips + 1
        beginnings = [whole[:end] for end in range(least, most)]
        # Of pieces as near the first one is told.
        nearest_piece = process.extractOne(
            typed,
            [whole, *told, *beginnings],
            scorer=OSA.distance,
            processor=None,
            score_cutoff=self.slips,
        )
        if nearest_piece is None:
            return None
        _, distance, place = nearest_piece
        part = 0 if place == 0 else 1 if place <= len(told) else 2
        return _like(SearchMatch.FUZZY, int(distance), part)


def likeness(query: str, name: str) -> Likeness | None:
    """Compare a name with a query; None where it is too unlike."""
    return Typed(query).like(words(name))


def begins_words(asked: Iterable[str], told: Iterable[str]) -> bool:
    """Tell whether each of the words that are asked for begins one of a name's."""
    # Written out, since generators would take longer than what they ask.
    for start in asked:
        for word in told:
            if word.startswith(start):
                break
        else:
            return False
    return True


@cache
def _like(why: SearchMatch, distance: int = 0, part: int = 0) -> Likeness:
    return Likeness(_REASONS.index(why), distance, part)


def slips_forgiven(typed: str) -> int:
    """Return how many slips are forgiven: none in two letters, two in a long name."""
    return 0 if len(typed) < _GRAM else 1 if len(typed) < _LONG else 2
