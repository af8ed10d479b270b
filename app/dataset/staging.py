"""Bring the files of a dataset into the fact tables, a few thousand rows at a time.

Rows are held against each other by the database, which only tells whether something is wrong:
`check` tells what.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from more_itertools import chunked
from sqlalchemy import Connection, Table, exists, select
from sqlmodel import SQLModel

from app.dataset.bulk import insert_rows, refusal
from app.dataset.check import circular
from app.dataset.lines import Rows, open_file
from app.dataset.read import check_header, read_row
from app.dataset.records import FILES, REFERENCES, ClaimRecord, cells
from app.dataset.workers import Work
from app.tables import (
    ClaimRow,
    CompanyRow,
    InvestorRow,
    ParticipationRow,
    RoundRow,
    SourceRow,
)

Cells = tuple[str, ...]
Progress = Callable[[str, int, int], None]

_FACT_ROWS: dict[str, type[SQLModel]] = {
    "sources.csv": SourceRow,
    "companies.csv": CompanyRow,
    "investors.csv": InvestorRow,
    "rounds.csv": RoundRow,
    "participations.csv": ParticipationRow,
    "claims.csv": ClaimRow,
}
FACT_TABLES: dict[str, Table] = {
    file: SQLModel.metadata.tables[str(row.__tablename__)] for file, row in _FACT_ROWS.items()
}
"""The table of each file."""

_CHUNK = 5_000


class FaultyError(Exception):
    """Something is wrong with a dataset: `check` tells what."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some rows of a file, as they stand there."""

    file: str
    header: list[str]
    rows: list[list[str]]


def stage(connection: Connection, folder: Path, work: Work, progress: Progress) -> None:
    """Read all files into the fact tables, which are empty.

    Raises FaultyError where a row can't be read, an id stands twice or a reference leads nowhere.
    """
    total, done = size_of(folder), 0
    for file, table in FACT_TABLES.items():
        for rows in work(_read, _chunks(folder / file)):
            if rows is None:
                raise FaultyError
            try:
                insert_rows(connection, table, rows)
            except refusal(connection):
                raise FaultyError from None
        done += (folder / file).stat().st_size
        progress(f"Reading {table.name}", done, total)
    if _disagree(connection):
        raise FaultyError


def size_of(folder: Path) -> int:
    """Return the size of a dataset's files in bytes."""
    paths = (folder / file for file in FILES)
    return sum(path.stat().st_size for path in paths if path.exists())


def _chunks(path: Path) -> Iterator[_Chunk]:
    try:
        with open_file(path) as stream:
            reader = Rows(stream)
            header = next(reader, None)
            if header is None or check_header(path.name, header):
                raise FaultyError
            for rows in chunked(reader, _CHUNK):
                yield _Chunk(path.name, header, rows)
    except (OSError, csv.Error):
        raise FaultyError from None


def _read(chunk: _Chunk) -> list[Cells] | None:
    """Validate rows and return them as their table has them; None where one can't be read."""
    made = []
    for row in chunk.rows:
        if len(row) != len(chunk.header):
            return None
        record, _ = read_row(chunk.file, 0, dict(zip(chunk.header, row, strict=True)))
        if record is None:
            return None
        own_id = (record.id,) if isinstance(record, ClaimRecord) else ()
        made.append((*own_id, *cells(record)))
    return made


def _disagree(connection: Connection) -> bool:
    """Tell whether a reference leads nowhere, to a round of another company, or in a circle."""
    for table in FACT_TABLES.values():
        for column, file in REFERENCES.items():
            if column in table.c:
                named, target = table.c[column], FACT_TABLES[file].alias()
                there = exists().where(target.c.id == named)
                if connection.scalar(select(named).where(named != "", ~there).limit(1)):
                    return True
    rounds = FACT_TABLES["rounds.csv"]
    owner = rounds.alias()
    for table, column in ((FACT_TABLES["claims.csv"], "round_id"), (rounds, "extends")):
        foreign = select(table.c.id).join(owner, owner.c.id == table.c[column])
        foreign = foreign.where(owner.c.company_id != table.c.company_id)
        if connection.scalar(foreign.limit(1)):
            return True
    extending = select(rounds.c.id, rounds.c.extends).where(rounds.c.extends != "")
    return bool(circular({row.id: row.extends for row in connection.execute(extending)}))
