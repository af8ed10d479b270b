"""How like texts are: folded words, shared trigrams, slips of the hand, and the nearest word.

Pure functions on text. Both sides use them, so that what load stores is what a query looks for.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from app.vocabulary import SearchMatch

# Folded text has no upper case, so that X can mark where a name and a word begin and end.
_MARK = "X"
_GRAM = 3
_LONG = 8
# Of the 120 characters that an id may have the rest is left to a number behind it.
LONGEST_SLUG = 110
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


def search_key(text: str) -> str:
    """Return a name as its trigrams are indexed: the letters in one piece, then its later words.

    "Hugging Face" gives `XXhuggingfaceXX XXface`: the marks let a trigram say that a name or a word
    begins there, so that even a name of three letters with a wrong one shares some.
    """
    first, *later = words(text) or [""]
    edge = _MARK * (_GRAM - 1)
    whole = f"{edge}{''.join((first, *later))}{edge}"
    return " ".join((whole, *(edge + word for word in later)))


def grams(text: str) -> list[str]:
    """Return the trigrams by which a query finds the search keys that are like it."""
    pieces = search_key(text).split(" ")
    found = (piece[i : i + _GRAM] for piece in pieces for i in range(len(piece) - _GRAM + 1))
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


def likeness(query: str, name: str) -> Likeness | None:
    """Compare a name with a query; None where it is too unlike.

    The letters in one piece decide, so that `open ai` is OpenAI; words decide next, in any order.
    Then come slips of the hand, as in the optimal string alignment distance: a wrong, a missing, an
    added or two swapped letters, in the whole name, one of its words or its beginning.
    """
    asked, told = words(query), words(name)
    typed, whole = "".join(asked), "".join(told)
    if not typed:
        return None
    if typed == whole:
        return _like(SearchMatch.EXACT)
    if whole.startswith(typed):
        return _like(SearchMatch.PREFIX)
    if all(any(word.startswith(start) for word in told) for start in asked):
        return _like(SearchMatch.WORD_PREFIX)
    slips = _slips(typed)
    beginnings = [whole[: len(typed) + shift] for shift in range(-slips, slips + 1)]
    distance, part = min(
        (OSA.distance(typed, piece, score_cutoff=slips), part)
        for part, pieces in enumerate(([whole], told, beginnings))
        for piece in pieces
    )
    return _like(SearchMatch.FUZZY, distance, part) if distance <= slips else None


def _like(why: SearchMatch, distance: int = 0, part: int = 0) -> Likeness:
    return Likeness(_REASONS.index(why), distance, part)


def _slips(typed: str) -> int:
    """Return how many slips are forgiven: none in two letters, two in a long name."""
    return 0 if len(typed) < _GRAM else 1 if len(typed) < _LONG else 2
