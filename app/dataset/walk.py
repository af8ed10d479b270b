"""Walk through staged facts in order of id: companies with all that is stated of them, then others.

Each step is a bounded batch of rows, whatever the size of the dataset.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from more_itertools import chunked
from sqlalchemy import ColumnElement, Connection, Table, select

from app.dataset.records import FILES
from app.dataset.staging import FACT_TABLES, Cells

Batch = dict[str, list[Cells]]
"""Rows of files, by file."""

Mentioned = tuple[Cells, list[tuple[Any, ...]]]
"""A row of a file, and what is said of it."""

_BATCH = 2_000  # rows of facts
_FETCHED = 5_000
_LOOKED_UP = 500
_LOOKUPS = {"source_id": "sources.csv", "investor_id": "investors.csv"}


class _Groups:
    """Ordered rows, to be taken by their first column while walking along it."""

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._next = next(self._groups, None)

    def take(self, key: str) -> list[tuple[Any, ...]]:
        """Return the rows of a key without it; keys are asked for in order, and none is left out."""
        if self._next is None or self._next[0] != key:
            return []
        taken = [row[1:] for row in self._next[1]]
        self._next = next(self._groups, None)
        return taken


def cell_columns(file: str) -> list[ColumnElement[str]]:
    """Return the columns of a file's table that hold its cells."""
    return [FACT_TABLES[file].c[name] for name in FILES[file].model_fields]


def rows_in_order(
    connection: Connection, columns: Iterable[Any], order: Iterable[Any], source: Any = None
) -> Iterator[tuple[Any, ...]]:
    """Stream rows as tuples, so that none but a few thousand are held."""
    statement = select(*columns).order_by(*order)
    if source is not None:
        statement = statement.select_from(source)
    for rows in connection.execute(
        statement, execution_options={"yield_per": _FETCHED}
    ).partitions():
        yield from map(tuple, rows)


def company_batches(connection: Connection) -> Iterator[tuple[int, Batch]]:
    """Return how many companies a batch has, and all rows that are needed to render them."""
    rounds = FACT_TABLES["rounds.csv"]
    stated = {file: _Groups(_by_company(connection, file)) for file in ("claims.csv", "rounds.csv")}
    parts = FACT_TABLES["participations.csv"]
    columns = (rounds.c.company_id, *cell_columns("participations.csv"))
    joined = parts.join(rounds, rounds.c.id == parts.c.round_id)
    in_order = rows_in_order(connection, columns, [rounds.c.company_id], joined)
    stated["participations.csv"] = _Groups(in_order)
    batch: Batch = {file: [] for file in FILES}
    companies = cell_columns("companies.csv")
    for company in rows_in_order(connection, companies, [FACT_TABLES["companies.csv"].c.id]):
        batch["companies.csv"].append(company)
        for file, groups in stated.items():
            batch[file] += groups.take(company[0])
        if sum(map(len, batch.values())) >= _BATCH:
            yield len(batch["companies.csv"]), _with_lookups(connection, batch)
            batch = {file: [] for file in FILES}
    yield len(batch["companies.csv"]), _with_lookups(connection, batch)


def mentioned_batches(
    connection: Connection, file: str, mentions: Table
) -> Iterator[tuple[int, list[Mentioned]]]:
    """Return how many rows of a file a batch has, and those rows, each with its mentions."""
    groups = _Groups(rows_in_order(connection, mentions.columns, [mentions.columns[0]]))
    batch: list[Mentioned] = []
    size = 0
    for row in rows_in_order(connection, cell_columns(file), [FACT_TABLES[file].c.id]):
        batch.append((row, groups.take(row[0])))
        size += 1 + len(batch[-1][1])
        if size >= _BATCH:
            yield len(batch), batch
            batch, size = [], 0
    yield len(batch), batch


def _by_company(connection: Connection, file: str) -> Iterator[tuple[Any, ...]]:
    owner = FACT_TABLES[file].c.company_id
    return rows_in_order(connection, (owner, *cell_columns(file)), [owner])


def _with_lookups(connection: Connection, batch: Batch) -> Batch:
    """Add the sources and investors that the rows of a batch name."""
    for column, file in _LOOKUPS.items():
        named = {
            row[list(FILES[of].model_fields).index(column)]
            for of, rows in batch.items()
            if column in FILES[of].model_fields
            for row in rows
        }
        ids = FACT_TABLES[file].c.id
        for some in chunked(sorted(named), _LOOKED_UP):
            found = connection.execute(select(*cell_columns(file)).where(ids.in_(some)))
            batch[file] += map(tuple, found)
    return batch
