"""Names that are like what was typed: those that begin so, and those that share its rarest trigrams.

None but a bounded number is read, however many names there are: a beginning that many names share
has a list of the best known of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Text, bindparam, select
from sqlmodel import col

from app.dates import last_day
from app.likeness import MARK, Typed, begins_words, grams
from app.search_terms import LONGEST_BEGINNING_UNLISTED, Part, after_all, unpacked
from app.tables import SearchListRow as Listed
from app.tables import SearchNameRow as Row
from app.tables import SearchWordRow as Word
from app.vocabulary import SearchKind

MOST = 100
"""How many names are compared of those that begin so, that have such words, and that are like it."""

# A wrong letter is in three trigrams, two swapped ones are in four.
_GRAMS_OF_A_SLIP = 4
_READ_OF_LISTS = 40_000  # bytes


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
_SOME: BindParameter[Any] = bindparam("some", expanding=True)
_NUMBERED = _NAMES.where(col(Row.name_id).in_(_SOME))
_EXACTLY = _NAMES.where(col(Row.kind) == _KIND, col(Row.letters).in_(_SOME))
_LISTS = select(col(Listed.part), col(Listed.piece), col(Listed.names)).where(
    col(Listed.kind) == _KIND, col(Listed.part).in_(list(Part)), col(Listed.piece).in_(_SOME)
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
        begun, _ = self._beginning(lists, Part.WHOLE, typed.letters)
        for rows in (self._numbered(begun), self._with_words(lists, typed)):
            found |= {row.name_id: row for row in rows}
        if typed.slips and len(found) < MOST:
            found |= {row.name_id: row for row in self._sharing(lists, typed)}
        return list(found.values())

    def exactly(self, texts: Sequence[str]) -> list[Any]:
        """Return the rows of names that are one of some texts, in letters alone."""
        rows = self._rows(_EXACTLY, {"kind": self.kind, "some": texts})
        return sorted(rows, key=lambda row: row.name_id)[:MOST]

    def _with_words(self, lists: _Lists, typed: Typed) -> Sequence[Any]:
        """Return the names in which each of the words begins a word."""
        asked = dict.fromkeys(typed.words)
        beginnings = [self._beginning(lists, Part.WORD, word) for word in asked]
        # A list has the best known of many names, so that two of them may have no name in common.
        whole = [set(numbers) for numbers, is_whole in beginnings if is_whole]
        some = [set(numbers) for numbers, is_whole in beginnings if not is_whole]
        meeting = sorted(set.intersection(*(whole or some)))
        if not whole or not some:
            return self._numbered(meeting)
        rows = self._numbered(meeting, most=LONGEST_BEGINNING_UNLISTED)
        return [row for row in rows if begins_words(typed.words, row.words.split())][:MOST]

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
        least = _least_of_most(counts.values(), LONGEST_BEGINNING_UNLISTED if self.day else MOST)
        best = [(-shared, number) for number, shared in counts.items() if shared >= least]
        return self._numbered([number for _, number in sorted(best)])

    def _beginning(self, lists: _Lists, part: Part, text: str) -> tuple[Sequence[int], bool]:
        """Return the numbers of names with a beginning, and whether these are all of them."""
        listed = lists.get((part, text))
        if listed is not None:
            return unpacked(listed), False
        asked = {"kind": self.kind, "text": text, "after": after_all(text)}
        return sorted(self.connection.scalars(_BEGUN[part], asked).all()), True

    def _lists(self, typed: Typed) -> _Lists:
        """Return the lists of what was typed: of its beginnings and, where slips are forgiven, trigrams."""
        pieces = {typed.letters, *typed.words, *(grams(typed.words) if typed.slips else ())}
        kept = self.connection.execute(_LISTS, {"kind": self.kind, "some": sorted(pieces)}).all()
        return {(part, piece): names for part, piece, names in kept}

    def _numbered(self, numbers: Sequence[int], most: int = MOST) -> Sequence[Any]:
        """Return the first of some names, in order, that are known on the day."""
        tried = numbers[: LONGEST_BEGINNING_UNLISTED if self.day else most]
        if not tried:
            return []
        rows = {row.name_id: row for row in self._rows(_NUMBERED, {"some": tried})}
        return [rows[number] for number in tried if number in rows][:most]

    def _rows(self, statement: Select[Any], asked: Mapping[str, Any]) -> Sequence[Any]:
        if self.day is not None:
            statement = statement.where(col(Row.known_from) <= last_day(self.day))
        return self.connection.execute(statement, asked).all()


def _least_of_most(counts: Iterable[int], wanted: int) -> int:
    """Return the highest count that as many names as are wanted have, or exceed."""
    names = 0
    for count, having in sorted(Counter(counts).items(), reverse=True):
        names += having
        if names >= wanted:
            return count
    return 1
