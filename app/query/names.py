"""Names that are like what was typed: those that begin so, and those that share its rarest trigrams.

Of names that many share a piece with, the best known are listed: those that aren't among the
LONGEST_LIST best known of any piece aren't found by it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from more_itertools import chunked
from sqlalchemy import Connection, Select, Text, bindparam, select
from sqlmodel import col

from app.dates import last_day
from app.likeness import MARK, Typed, begins_words, grams
from app.query.among import among, number_values, text_values
from app.search_terms import LONGEST_LIST, Part, after_all, unpacked
from app.tables import SearchListRow as Listed
from app.tables import SearchNameRow as Row
from app.tables import SearchWordRow as Word
from app.vocabulary import SearchKind

MOST = 100
"""How many names are compared of those that begin so, that have such words, and that are like it."""

# A wrong letter is in three trigrams, two swapped ones are in four.
_GRAMS_OF_A_SLIP = 4
_READ_OF_LISTS = 40_000  # bytes
# Of names that are read one by one, some of which don't fit.
_MOST_AT_ONCE = 1_000

_NAMES: Any = select(
    col(Row.name_id),
    col(Row.id),
    col(Row.name),
    col(Row.text),
    col(Row.words),
    col(Row.weight),
)
# Written once, so that values needn't be looked at one by one.
_KIND, _TEXT, _AFTER = (bindparam(name, type_=Text) for name in ("kind", "text", "after"))
_NUMBERS, _TEXTS = number_values("some"), text_values("some")
_NUMBERED = _NAMES.where(among(col(Row.name_id), _NUMBERS))
_EXACTLY = (
    select(col(Row.name_id))
    .where(col(Row.kind) == _KIND, among(col(Row.letters), _TEXTS))
    .order_by(col(Row.name_id))
    .limit(MOST)
)
_LISTS = select(col(Listed.part), col(Listed.piece), col(Listed.names)).where(
    col(Listed.kind) == _KIND, col(Listed.part).in_(list(Part)), among(col(Listed.piece), _TEXTS)
)
_BEGUN = {
    Part.WHOLE: select(col(Row.name_id)).where(
        col(Row.kind) == _KIND, col(Row.letters) >= _TEXT, col(Row.letters) < _AFTER
    ),
    Part.WORD: select(col(Word.name_id)).where(
        col(Word.kind) == _KIND, col(Word.word) >= _TEXT, col(Word.word) < _AFTER
    ),
}

_Lists = Mapping[tuple[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one kind that are known on a day; None is the present."""

    connection: Connection
    kind: SearchKind
    day: str | None

    def like(self, typed: Typed) -> list[Any]:
        """Return the rows of names that may be like what was typed, which has a letter."""
        lists = self._lists(typed)
        found = {row.name_id: row for row in self.exactly([typed.letters])}
        begun = self._beginning(lists, Part.WHOLE, typed.letters)
        for rows in (self._first(begun), self._with_words(lists, typed)):
            found |= {row.name_id: row for row in rows}
        if typed.slips and len(found) < MOST:
            found |= {row.name_id: row for row in self._sharing(lists, typed)}
        return list(found.values())

    def exactly(self, texts: Sequence[str]) -> list[Any]:
        """Return the rows of the best known names that are one of some texts, in letters alone."""
        return self._first(self._numbers(_EXACTLY, {"some": texts}))

    def _with_words(self, lists: _Lists, typed: Typed) -> list[Any]:
        """Return the best known names in which each of the words begins a word."""
        asked = dict.fromkeys(typed.words)
        beginnings = [self._beginning(lists, Part.WORD, word) for word in asked]
        meeting = sorted(set.intersection(*map(set, beginnings)))
        whole = [set(numbers) for numbers in beginnings if len(numbers) < LONGEST_LIST]
        if not whole or len(whole) == len(beginnings):
            return self._first(meeting)
        # Names that are less known than those of a list may have its piece all the same.
        further = sorted(set.intersection(*whole).difference(meeting))
        return self._first([*meeting, *further], lambda row: begins_words(asked, row.words.split()))

    def _sharing(self, lists: _Lists, typed: Typed) -> Sequence[Any]:
        """Return the names that share most of the rarest trigrams.

        A name that slips lead to lacks but a few of them, so that it has one of the first.
        """
        grams = [(piece, names) for (part, piece), names in lists.items() if part == Part.GRAM]
        needed = typed.slips * _GRAMS_OF_A_SLIP + 1
        counts: Counter[int] = Counter()
        read = 0
        for gram, names in sorted(grams, key=lambda one: len(one[1])):
            if needed > 0 or read + len(names) <= _READ_OF_LISTS:
                counts.update(unpacked(names))
                read += len(names)
                # What was typed may go on, so that a trigram of its end needn't be in the name.
                needed -= not gram.endswith(MARK)
        least = _least_of_most(counts.values(), _MOST_AT_ONCE if self.day else MOST)
        best = [(-shared, number) for number, shared in counts.items() if shared >= least]
        return self._first([number for _, number in sorted(best)])

    def _beginning(self, lists: _Lists, part: Part, text: str) -> Sequence[int]:
        """Return the numbers of the best known names with a beginning, LONGEST_LIST at most."""
        listed = lists.get((part, text))
        if listed is not None:
            return unpacked(listed)
        return self._numbers(_BEGUN[part], {"text": text, "after": after_all(text)})

    def _lists(self, typed: Typed) -> _Lists:
        """Return the lists of what was typed: of its beginnings and, where slips are forgiven, trigrams."""
        pieces = {typed.letters, *typed.words, *(grams(typed.words) if typed.slips else ())}
        kept = self.connection.execute(_LISTS, {"kind": self.kind, "some": sorted(pieces)}).all()
        return {(part, piece): names for part, piece, names in kept}

    def _numbers(self, statement: Select[Any], asked: Mapping[str, Any]) -> Sequence[int]:
        return sorted(set(self.connection.scalars(statement, {"kind": self.kind, **asked})))

    def _first(
        self, numbers: Sequence[int], fits: Callable[[Any], bool] | None = None
    ) -> list[Any]:
        """Return the first of some names, in order, that are known on the day and fit."""
        found: list[Any] = []
        piece = MOST if fits is None and self.day is None else _MOST_AT_ONCE
        for tried in chunked(numbers, piece):
            rows = {row.name_id: row for row in self._rows(tried)}
            of_day = (rows[number] for number in tried if number in rows)
            found += of_day if fits is None else filter(fits, of_day)
            if len(found) >= MOST:
                break
        return found[:MOST]

    def _rows(self, numbers: Sequence[int]) -> Sequence[Any]:
        statement = _NUMBERED
        if self.day is not None:
            statement = statement.where(col(Row.known_from) <= last_day(self.day))
        return self.connection.execute(statement, {"some": numbers}).all()


def _least_of_most(counts: Iterable[int], wanted: int) -> int:
    """Return the highest count that as many names as are wanted have, or exceed."""
    names = 0
    for count, having in sorted(Counter(counts).items(), reverse=True):
        names += having
        if names >= wanted:
            return count
    return 1
