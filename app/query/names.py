"""Names that are like what was typed: those that begin so, and those that share most of its trigrams.

Names are numbered, the best known first, so that a set of them is in that order. All that a search asks
for is asked together, in three statements: each is a way to the server and back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import chain, islice
from operator import and_
from typing import Any, NamedTuple

from more_itertools import chunked
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    literal_column,
    select,
    union_all,
)
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

# Written once, so that values needn't be looked at one by one.
_LISTS = select(col(Listed.kind), col(Listed.part), col(Listed.piece), col(Listed.names)).where(
    among(col(Listed.kind), text_values("kinds")),
    col(Listed.part).in_(list(Part)),
    among(col(Listed.piece), text_values("pieces")),
)
_NUMBERED = among(col(Row.name_id), number_values("some"))
_KNOWN = select(col(Row.name_id)).where(
    _NUMBERED, col(Row.known_from) <= bindparam("day", type_=Text)
)
_ROWS: Any = select(
    col(Row.name_id),
    col(Row.id),
    col(Row.name),
    col(Row.text),
    col(Row.words),
    col(Row.weight),
).where(_NUMBERED)


class Piece(NamedTuple):
    """A piece of names of one kind."""

    kind: SearchKind
    part: Part
    text: str


class Exactly(NamedTuple):
    """Asks for the best known names of one kind that are one of some texts, in letters alone."""

    kind: SearchKind
    texts: tuple[str, ...]


class Like(NamedTuple):
    """Asks for the names of one kind that may be like what was typed, which has a letter."""

    kind: SearchKind
    typed: Typed

    @property
    def exactly(self) -> Exactly:
        """What was typed as the whole of a name."""
        return Exactly(self.kind, (self.typed.letters,))

    @property
    def beginning(self) -> Piece:
        """What was typed as the beginning of a name."""
        return Piece(self.kind, Part.WHOLE, self.typed.letters)

    @property
    def words(self) -> list[Piece]:
        """What was typed as the beginnings of words."""
        return [Piece(self.kind, Part.WORD, word) for word in self.typed.words]

    @property
    def grams(self) -> list[Piece]:
        """The trigrams of what was typed, where slips are forgiven."""
        found = sorted(grams(self.typed.words)) if self.typed.slips else ()
        return [Piece(self.kind, Part.GRAM, gram) for gram in found]


_Lists = Mapping[Piece, bytes]
_Numbers = Mapping[Piece | Exactly, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Names:
    """The names that are known on a day; None is the present."""

    connection: Connection
    day: str | None

    def find(self, asked: Collection[Like | Exactly]) -> dict[Like | Exactly, list[Any]]:
        """Return the rows of the names that are asked for, by what asks for them."""
        likes = [one for one in asked if isinstance(one, Like)]
        lists = self._lists(likes)
        begun = chain.from_iterable((one.beginning, *one.words) for one in likes)
        exactly = [one.exactly if isinstance(one, Like) else one for one in asked]
        sought = self._sought([*exactly, *(one for one in begun if one not in lists)])
        found = {
            one: self._like(one, lists, sought)
            if isinstance(one, Like)
            else self._first(sorted(sought[one]))
            for one in asked
        }
        rows = {row.name_id: row for row in self._rows(set().union(*found.values()))}
        return {one: [rows[number] for number in some] for one, some in found.items()}

    def _like(self, asked: Like, lists: _Lists, sought: _Numbers) -> Collection[int]:
        """Return the numbers of names that may be like what was typed."""
        found = dict.fromkeys(self._first(sorted(sought[asked.exactly])))
        begun = _set(asked.beginning, lists, sought)
        spoken = reduce(and_, (_set(word, lists, sought) for word in asked.words))
        for some in (begun, spoken):
            found |= dict.fromkeys(self._first(numbers_of(some)))
        if asked.typed.slips and len(found) < MOST:
            found |= dict.fromkeys(self._first(_sharing(asked, lists)))
        return found

    def _lists(self, likes: Collection[Like]) -> _Lists:
        """Return the lists of what was typed: of its beginnings and of its trigrams."""
        pieces = {piece for one in likes for piece in (one.beginning, *one.words, *one.grams)}
        if not pieces:
            return {}
        asked = {
            "kinds": sorted({piece.kind for piece in pieces}),
            "pieces": sorted({piece.text for piece in pieces}),
        }
        kept = self.connection.execute(_LISTS, asked).all()
        return {
            Piece(SearchKind(kind), Part(part), text): names for kind, part, text, names in kept
        }

    def _sought(self, asked: Iterable[Piece | Exactly]) -> _Numbers:
        """Return the numbers of names with a beginning, and of those that are one of some texts."""
        by_part = sorted(dict.fromkeys(asked), key=_part)
        values: dict[str, Any] = {}
        for place, one in enumerate(by_part):
            values[f"kind{place}"], values[f"text{place}"] = one.kind, one[-1]
            if isinstance(one, Piece):
                values[f"after{place}"] = after_all(one.text)
        found: dict[Piece | Exactly, list[int]] = {one: [] for one in by_part}
        statement = _numbers(tuple(map(_part, by_part)), MOST)
        for place, number in self.connection.execute(statement, values).all():
            found[by_part[place]].append(number)
        return found

    def _first(self, numbers: Iterable[int]) -> list[int]:
        """Return the first of some numbers, in order, whose names are known on the day."""
        if self.day is None:
            return list(islice(numbers, MOST))
        found: list[int] = []
        for tried in chunked(islice(numbers, _MOST_TRIED), _MOST_AT_ONCE):
            asked = {"some": tried, "day": last_day(self.day)}
            known = set(self.connection.scalars(_KNOWN, asked))
            found += (number for number in tried if number in known)
            if len(found) >= MOST:
                break
        return found[:MOST]

    def _rows(self, numbers: Collection[int]) -> Sequence[Any]:
        return self.connection.execute(_ROWS, {"some": sorted(numbers)}).all() if numbers else ()


def _set(piece: Piece, lists: _Lists, sought: _Numbers) -> int:
    """Return the set of the names with a beginning."""
    return unpacked(lists[piece]) if piece in lists else set_of(sought[piece])


def _sharing(asked: Like, lists: _Lists) -> Iterable[int]:
    """Return the numbers of names, those that share most of the rarest trigrams first."""
    names = [lists[gram] for gram in asked.grams if gram in lists]
    # The fewer names a set has, the shorter it is packed, but for those that lie together.
    rarest = sorted(names, key=len)[:_MOST_GRAMS]
    return chain.from_iterable(map(numbers_of, most_met(map(unpacked, rarest))))


def _part(asked: Piece | Exactly) -> str:
    return asked.part if isinstance(asked, Piece) else ""


@lru_cache
def _numbers(parts: Sequence[str], most: int) -> Any:
    """Select the place of each that is asked for with the numbers of its names, given what each is of.

    Of those that are one of some texts the best known are selected, as many as `most`.
    """
    return union_all(*(_numbers_of_one(place, part, most) for place, part in enumerate(parts)))


def _numbers_of_one(place: int, part: str, most: int) -> Select[Any]:
    told: ColumnElement[Any] = literal_column(str(place))
    table, column = (Word, col(Word.word)) if part == Part.WORD else (Row, col(Row.letters))
    kind, text, after = (
        bindparam(f"{name}{place}", type_=Text) for name in ("kind", "text", "after")
    )
    if part:
        begun = [col(table.kind) == kind, column >= text, column < after]
        return select(told, col(table.name_id)).where(*begun)
    texts = text_values(f"text{place}")
    exactly = select(col(Row.name_id)).where(col(Row.kind) == kind, among(column, texts))
    best_known = exactly.order_by(col(Row.name_id)).limit(most).subquery()
    return select(told, best_known.c.name_id)
