"""Names that are like what was typed: those that begin so, and those that share most of its trigrams.

Names are numbered, the best known first, so that a set of them is in that order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, islice
from operator import and_
from typing import Any

from more_itertools import chunked
from sqlalchemy import Connection, Select, Text, bindparam, select
from sqlmodel import col

from app.dates import last_day
from app.likeness import Typed, grams
from app.number_sets import most_met, numbers_of, set_of, unpacked
from app.query.among import among, number_values, text_values
from app.search_terms import Part, after_all
from app.tables import SearchListRow as Listed
from app.tables import SearchNameRow as Row
from app.tables import SearchWordRow as Word
from app.vocabulary import SearchKind

MOST = 100
"""How many names are compared of those that begin so, that have such words, and that are like it."""

# The rarest tell names apart. A slip spoils four at most, so that a name two slips away has most of so many.
_MOST_GRAMS = 32
# Of names that are read one by one, some of which weren't known on a day.
_MOST_AT_ONCE, _MOST_TRIED = 1_000, 16_000

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
        spoken = reduce(and_, (self._beginning(lists, Part.WORD, word) for word in typed.words))
        for some in (begun, spoken):
            found |= {row.name_id: row for row in self._first(numbers_of(some))}
        if typed.slips and len(found) < MOST:
            found |= {row.name_id: row for row in self._sharing(lists)}
        return list(found.values())

    def exactly(self, texts: Sequence[str]) -> list[Any]:
        """Return the rows of the best known names that are one of some texts, in letters alone."""
        return self._first(self._numbers(_EXACTLY, {"some": texts}))

    def _sharing(self, lists: _Lists) -> Sequence[Any]:
        """Return the names that share most of the rarest trigrams."""
        names = [kept for (part, _), kept in lists.items() if part == Part.GRAM]
        # The fewer names a set has, the shorter it is packed, but for those that lie together.
        rarest = sorted(names, key=len)[:_MOST_GRAMS]
        sharing = chain.from_iterable(map(numbers_of, most_met(map(unpacked, rarest))))
        return self._first(sharing)

    def _beginning(self, lists: _Lists, part: Part, text: str) -> int:
        """Return the set of the names with a beginning."""
        listed = lists.get((part, text))
        if listed is not None:
            return unpacked(listed)
        return set_of(self._numbers(_BEGUN[part], {"text": text, "after": after_all(text)}))

    def _lists(self, typed: Typed) -> _Lists:
        """Return the lists of what was typed: of its beginnings and, where slips are forgiven, trigrams."""
        pieces = {typed.letters, *typed.words, *(grams(typed.words) if typed.slips else ())}
        kept = self.connection.execute(_LISTS, {"kind": self.kind, "some": sorted(pieces)}).all()
        return {(part, piece): names for part, piece, names in kept}

    def _numbers(self, statement: Select[Any], asked: Mapping[str, Any]) -> Sequence[int]:
        return self.connection.scalars(statement, {"kind": self.kind, **asked}).all()

    def _first(self, numbers: Iterable[int]) -> list[Any]:
        """Return the first of some names, in order, that are known on the day."""
        found: list[Any] = []
        piece = MOST if self.day is None else _MOST_AT_ONCE
        for tried in chunked(islice(numbers, _MOST_TRIED), piece):
            rows = {row.name_id: row for row in self._rows(tried)}
            found += (rows[number] for number in tried if number in rows)
            if len(found) >= MOST:
                break
        return found[:MOST]

    def _rows(self, numbers: Sequence[int]) -> Sequence[Any]:
        statement = _NUMBERED
        if self.day is not None:
            statement = statement.where(col(Row.known_from) <= last_day(self.day))
        return self.connection.execute(statement, {"some": numbers}).all()
