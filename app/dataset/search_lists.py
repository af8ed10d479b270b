"""What a search finds names by: their words, and lists of those that have a trigram or a beginning.

Names are numbered in the order of their weight, so that of each list the lowest are the best known.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Any

from more_itertools import chunked
from sqlalchemy import Connection, distinct, func, select
from sqlmodel import SQLModel, col

from app.dataset.bulk import insert_rows
from app.dataset.mentions import NAMES
from app.dataset.walk import rows_in_order
from app.likeness import LONGEST_TYPED, grams, words
from app.number_sets import packed, set_of
from app.search_terms import LONGEST_BEGINNING_UNLISTED, Part, after_all
from app.tables import SearchListRow, SearchNameRow, SearchWordRow

_CHUNK = 5_000
_NAMES, _WORDS, _LISTS = (
    SQLModel.metadata.tables[str(row.__tablename__)]
    for row in (SearchNameRow, SearchWordRow, SearchListRow)
)


def settle_names(connection: Connection) -> None:
    """Number the names that wait, and set down their words and the lists of their trigrams."""
    waiting = NAMES.c
    order = [waiting.weight.desc(), waiting.kind, waiting.text, waiting.id]
    lists: defaultdict[tuple[str, str], array[int]] = defaultdict(lambda: array("I"))
    numbered = zip(count(1), rows_in_order(connection, waiting, order), strict=False)
    for chunk in chunked(numbered, _CHUNK):
        names: list[tuple[Any, ...]] = []
        spoken: list[tuple[Any, ...]] = []
        for number, (kind, item_id, shown, text, *rest) in chunk:
            told = words(text)
            names.append((number, kind, item_id, shown, text, " ".join(told), "".join(told), *rest))
            spoken += ((kind, word, number) for word in dict.fromkeys(told))
            for gram in grams(told):
                lists[kind, gram].append(number)
        insert_rows(connection, _NAMES, names)
        insert_rows(connection, _WORDS, spoken)
    for some in chunked(sorted(lists), _CHUNK):
        rows = [
            (kind, Part.GRAM.value, gram, packed(set_of(lists[kind, gram]))) for kind, gram in some
        ]
        insert_rows(connection, _LISTS, rows)


def list_beginnings(connection: Connection) -> None:
    """List the names of each beginning that many share."""
    for part, table, text in (
        (Part.WHOLE, SearchNameRow, col(SearchNameRow.letters)),
        (Part.WORD, SearchWordRow, col(SearchWordRow.word)),
    ):
        for kind, beginning in _shared_beginnings(connection, table, text):
            begun = select(col(table.name_id)).where(
                col(table.kind) == kind, text >= beginning, text < after_all(beginning)
            )
            listed = packed(set_of(connection.scalars(begun).all()))
            insert_rows(connection, _LISTS, [(kind, part.value, beginning, listed)])


def _shared_beginnings(connection: Connection, table: Any, text: Any) -> Iterator[tuple[str, str]]:
    """Return kind and text of each beginning that more names share than are sought one by one.

    None is longer than what is searched for.
    """
    names = func.count(distinct(col(table.name_id)))
    for length in range(1, LONGEST_TYPED + 1):
        beginning = func.substr(text, 1, length)
        shared = (
            select(col(table.kind), beginning)
            .where(func.length(text) >= length)
            .group_by(col(table.kind), beginning)
            .having(names > LONGEST_BEGINNING_UNLISTED)
        )
        found = connection.execute(shared).all()
        if not found:
            return
        yield from ((kind, start) for kind, start in found)
