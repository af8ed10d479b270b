"""Fill the tables that are served from the staged facts: by companies first, then by whom they mention."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from sqlalchemy import Connection, TableClause, column, func, select, table, text
from sqlmodel import SQLModel

from app.dataset import rendering
from app.dataset.bulk import insert_rows
from app.dataset.mentions import NAMES, PARTS, STATEMENTS, TAGS, create_waiting, settle_tags
from app.dataset.search_lists import settle_names
from app.dataset.staging import FACT_TABLES, Progress
from app.dataset.walk import company_batches, mentioned_batches
from app.dataset.workers import Work

_GRAMS = table(rendering.GRAMS, column("rowid"), column("text"))
_WAITING: dict[str, TableClause] = {
    **{one.name: one for one in (NAMES, PARTS, STATEMENTS)},
    **TAGS,
}
_GRAMS_IN_MEMORY = 64_000_000
# More rows than a batch makes, so that each batch can number its own without asking.
_NUMBERS_A_BATCH = 1 << 24

_Render = Callable[[tuple[int, Any]], rendering.Rows]


def fill(connection: Connection, work: Work, progress: Progress) -> None:
    """Render everything and insert it, but for what waits to be settled and lists of beginnings."""
    create_waiting(connection)
    _index_texts_in_memory(connection)
    steps: tuple[tuple[str, Iterator[tuple[int, Any]], _Render], ...] = (
        ("companies.csv", company_batches(connection), rendering.render_companies),
        (
            "investors.csv",
            mentioned_batches(connection, "investors.csv", PARTS),
            rendering.render_investors,
        ),
        (
            "sources.csv",
            mentioned_batches(connection, "sources.csv", STATEMENTS),
            rendering.render_sources,
        ),
    )
    numbers = count(1, _NUMBERS_A_BATCH)
    for file, batches, render in steps:
        told = _telling(connection, file, batches, progress)
        for made in work(render, zip(numbers, told, strict=False)):
            for name, rows in made.items():
                _insert(connection, name, rows)


def settle(connection: Connection, progress: Progress) -> None:
    """Write names and tags that wait, in the order of their keys."""
    settle_names(connection)
    for done, name in enumerate(TAGS, start=1):
        settle_tags(connection, name)
        progress("Sorting tags", done, len(TAGS))


def _telling(
    connection: Connection, file: str, batches: Iterable[tuple[int, Any]], progress: Progress
) -> Iterator[Any]:
    """Hand on batches, each with how many rows of a file are in it, and tell how many have gone."""
    facts = FACT_TABLES[file]
    total, done = connection.scalar(select(func.count()).select_from(facts)) or 0, 0
    for size, batch in batches:
        yield batch
        done += size
        progress(f"Rendering {facts.name}", done, total)


def _insert(connection: Connection, name: str, rows: list[tuple[Any, ...]]) -> None:
    if name == rendering.GRAMS:
        # PostgreSQL has indexes of trigrams on the columns themselves.
        if connection.dialect.name == "sqlite":
            insert_rows(connection, _GRAMS, rows)
        return
    served = SQLModel.metadata.tables
    insert_rows(connection, _WAITING[name] if name in _WAITING else served[name], rows)


def _index_texts_in_memory(connection: Connection) -> None:
    """Let SQLite gather many trigrams before it writes them: there is no expression for it."""
    if connection.dialect.name == "sqlite":
        option = text("INSERT INTO text_grams (text_grams, rank) VALUES ('hashsize', :size)")
        connection.execute(option, {"size": _GRAMS_IN_MEMORY})
