"""The data of the comparison: one dataset, in the shape that each contender takes.

airounds loads it as it is. The peers get what airounds exports, so that all of them hold the same
content: a flat row of every column a round and a company, with the round's company joined in.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.settings import shipped
from bench.asking import Request, ask
from bench.servers import BUILD, CHECKOUT, airounds, airounds_command

TABLES = ("rounds", "companies")
_INDEXES = ("company_id", "company_country", "stage", "amount_usd", "announced_on")


@dataclass(frozen=True, slots=True)
class Data:
    """A loaded database, and the same rows for those that can't read it."""

    database: Path
    rounds: list[dict[str, Any]]
    companies: list[dict[str, Any]]

    @property
    def url(self) -> str:
        """The database's URL."""
        return f"sqlite:///{self.database}"


def prepare(rows: int | None) -> Data:
    """Generate a dataset of some rounds, or take the seed, load it, and read it back as flat rows."""
    BUILD.mkdir(parents=True, exist_ok=True)
    database = BUILD / "small.db"
    load(shipped("seed_data") if rows is None else generated(rows), database)
    with airounds(f"sqlite:///{database}") as server:
        rounds, companies = (
            ask(server.base, Request(f"/v1/{table}.ndjson")).body.splitlines() for table in TABLES
        )
    return Data(database, list(map(json.loads, rounds)), list(map(json.loads, companies)))


def write_sqlite(data: Data, path: Path) -> None:
    """Write the flat rows as tables with indexes on what the workloads filter and sort by."""
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        for table, rows in zip(TABLES, (data.rounds, data.companies), strict=True):
            columns = list(rows[0])
            typed = ", ".join(f'"{name}" {_affinity(name, rows)}' for name in columns)
            connection.execute(f'CREATE TABLE {table} ({typed}, PRIMARY KEY ("id"))')
            marks = ", ".join("?" for _ in columns)
            cells = ([_cell(row[name]) for name in columns] for row in rows)
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", cells)
        for column in _INDEXES:
            connection.execute(f"CREATE INDEX rounds_{column} ON rounds ({column})")
        connection.execute("ANALYZE")
    connection.close()


def write_json(data: Data, path: Path) -> None:
    """Write the flat rows as one JSON object of two lists."""
    text = json.dumps(dict(zip(TABLES, (data.rounds, data.companies), strict=True)))
    path.write_text(text, encoding="utf-8")


def write_parquet(data: Data, folder: Path) -> None:
    """Write the flat rows as Parquet files, by airounds' own exports."""
    with airounds(data.url) as server:
        for table in TABLES:
            body = ask(server.base, Request(f"/v1/{table}.parquet")).body
            (folder / f"{table}.parquet").write_bytes(body)


def generated(rows: int) -> Path:
    """Return the folder of a generated dataset, which is made once."""
    folder = BUILD / f"dataset-{rows}"
    if not folder.exists():
        command = [sys.executable, "-m", "bench.generate", str(rows), str(folder)]
        subprocess.run(command, cwd=CHECKOUT, check=True)
    return folder


def load(folder: Path, database: Path) -> None:
    """Load a dataset into a SQLite file."""
    command = airounds_command("load", str(folder))
    environment = {**os.environ, "AIROUNDS_DATABASE_URL": f"sqlite:///{database}"}
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _affinity(name: str, rows: Iterable[dict[str, Any]]) -> str:
    known = [row[name] for row in rows if row[name] is not None]
    if known and all(isinstance(value, int) for value in known):
        return "INTEGER"
    return "REAL" if known and all(isinstance(value, int | float) for value in known) else "TEXT"


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
