"""Text that holds words, asked in the terms of each engine so that its index of trigrams is used.

SQLite has one FTS5 table for all texts, PostgreSQL an index of pg_trgm on each column, and DuckDB, which
is asked for statistics, reads the column. All give the rows that a search for the exact words gives:
they are quoted, so that no word is ever syntax.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    column,
    func,
    literal,
    select,
    table,
    tablesample,
)
from sqlalchemy.ext.compiler import compiles

from app.likeness import searchable
from app.query.engines import Condition
from app.tables import SnapshotTable

# A shorter word has no trigram, so that each text is read for it.
_SHORTEST = 3
_ESCAPED, _ESCAPE = re.compile(r"([\\%_])"), r"\\\1"
# Of pages: of a million rounds these are some 250, which take three milliseconds.
_SAMPLED_PERCENT = 0.1
_GRAMS = table("text_grams", column("text_grams", Text), column("rowid", Integer))


class Holding(Condition):
    """Asks for words in a text: of the one index that SQLite has of all texts, or of the text."""

    name = "holding"
    inherit_cache = True

    @property
    def in_turn(self) -> ColumnElement[bool]:
        """The condition for rows that come in an order of their own."""
        asked: ColumnElement[bool] = self.clauses.clauses[1]
        return asked


class _Occurs(Condition):
    name = "occurs"
    inherit_cache = True


def indexed_words(words: Iterable[str]) -> Sequence[str]:
    """Ask SQLite's index for each of some words that has a trigram."""
    return ['"' + word.replace('"', '""') + '"' for word in words if _has_trigram(word)]


def terms(text: str) -> Sequence[str | None]:
    """Return what `holding` is given for a text: all words for the index, then pattern and word of each."""
    each = ((_pattern(word) if _has_trigram(word) else None, word) for word in _words(text))
    return [
        " AND ".join(indexed_words(_words(text))) or None,
        *(term for word in each for term in word),
    ]


def holding(
    row_id: Any, text: Any, given: Sequence[BindParameter[str | None]]
) -> ColumnElement[bool]:
    """Find the rows whose text holds words, by parameters that have their terms; there is a word."""
    indexed, words = given[0], list(zip(given[1::2], given[2::2], strict=True))
    sought = [] if indexed.value is None else [row_id.in_(found(indexed))]
    short = [_Occurs(text, word) for pattern, word in words if pattern.value is None]
    long = [_Occurs(text, word, pattern) for pattern, word in words if pattern.value is not None]
    return Holding(and_(*sought, *short), and_(*long, *short))


def found(indexed: BindParameter[Any]) -> Select[Any]:
    """Select the rows, of whatever table, in whose text SQLite's index finds words."""
    return select(_GRAMS.c.rowid).where(_GRAMS.c.text_grams.match(indexed))


def found_in_sample(snapshots: type[SnapshotTable], pattern: BindParameter[str]) -> Select[Any]:
    """Count the texts of a sample of PostgreSQL's pages, and those of them in which it finds a word.

    These are the same pages each time, so that they are at hand.
    """
    sample = tablesample(snapshots, func.system(_SAMPLED_PERCENT), seed=literal(0))
    having = func.count().filter(sample.c.search_text.like(pattern))
    counted: Select[Any] = select(func.count()).add_columns(having).select_from(sample)
    return counted


def _words(text: str) -> Sequence[str]:
    return list(dict.fromkeys(searchable(text).split()))


def _has_trigram(word: str) -> bool:
    return len(word) >= _SHORTEST


def _pattern(word: str) -> str:
    return f"%{_ESCAPED.sub(_ESCAPE, word)}%"


@compiles(Holding)
def _in_text(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.in_turn, **options)})"


@compiles(Holding, "sqlite")
def _in_index(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses.clauses[0], **options)})"


@compiles(_Occurs, "sqlite")
def _instr(element: Any, compiler: Any, **options: Any) -> str:
    text, word = _written(element, compiler, 0, 1, **options)
    return f"(instr({text}, {word}) > 0)"


@compiles(_Occurs, "postgresql")
def _like(element: Any, compiler: Any, **options: Any) -> str:
    if len(element.clauses) > 2:
        text, pattern = _written(element, compiler, 0, 2, **options)
        return f"({text} LIKE {pattern})"
    text, word = _written(element, compiler, 0, 1, **options)
    return f"(strpos({text}, {word}) > 0)"


@compiles(_Occurs, "duckdb")
def _contains(element: Any, compiler: Any, **options: Any) -> str:
    text, word = _written(element, compiler, 0, 1, **options)
    return f"contains({text}, {word})"


def _written(element: Any, compiler: Any, *places: int, **options: Any) -> Sequence[str]:
    """Write some parts alone, since parameters that are written are given."""
    parts = element.clauses.clauses
    return [compiler.process(parts[place], **options) for place in places]
