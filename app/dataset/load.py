"""Load a dataset: all of it or nothing, with every resource rendered at every point in time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

import currency_converter
import sqlalchemy
from more_itertools import chunked
from sqlalchemy import Connection, column, delete, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col

from app.database import NoDatabaseError, Reader, replacing
from app.dataset import changes
from app.dataset.check import read_checked
from app.dataset.columnar import copy_columns
from app.dataset.facts import Facts, gather
from app.dataset.history import Snapshot, company_snapshots, investor_snapshots, source_snapshots
from app.dataset.names import company_names, investor_names
from app.dataset.normal import version_of
from app.dataset.read import Dataset
from app.dataset.records import ClaimRecord, Record, cells
from app.dataset.render.dataset import render_dataset
from app.likeness import search_key
from app.release import PACKAGE, code_hash
from app.tables import (
    ClaimRow,
    ClaimSnapshotRow,
    CompanyRow,
    CompanySnapshotRow,
    CompanyTagRow,
    DatasetRow,
    InvestorRow,
    InvestorSnapshotRow,
    InvestorTagRow,
    MetricSnapshotRow,
    MetricTagRow,
    ParticipationRow,
    RoundRow,
    RoundSnapshotRow,
    RoundTagRow,
    SearchEntryRow,
    SnapshotTable,
    SourceRow,
    SourceSnapshotRow,
    SourceTagRow,
    TagTable,
)

Progress = Callable[[int, int], None]

FACT_TABLES: dict[str, type[SQLModel]] = {
    "sources.csv": SourceRow,
    "companies.csv": CompanyRow,
    "investors.csv": InvestorRow,
    "rounds.csv": RoundRow,
    "participations.csv": ParticipationRow,
    "claims.csv": ClaimRow,
}
_TAG_TABLES: dict[type[SnapshotTable], type[TagTable]] = {
    CompanySnapshotRow: CompanyTagRow,
    RoundSnapshotRow: RoundTagRow,
    InvestorSnapshotRow: InvestorTagRow,
    SourceSnapshotRow: SourceTagRow,
    MetricSnapshotRow: MetricTagRow,
}
_SNAPSHOT_TABLES: tuple[type[SnapshotTable], ...] = (*_TAG_TABLES, ClaimSnapshotRow)
_BATCH = 2_000
_RENDERING_MODULES = ("dates.py", "figures.py", "likeness.py", "tables.py", "vocabulary.py")


def load(
    folder: Path, url: str, progress: Progress | None = None, loaded_at: datetime | None = None
) -> str:
    """Load a dataset into a database and return its version; `loaded_at` is now by default.

    Raises InvalidDatasetError where the dataset has errors; then nothing has changed.
    """
    moment = (loaded_at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    dataset = read_checked(folder)
    facts = gather(dataset)
    version = dataset_version(dataset)
    with replacing(url) as connection, changes.before(url) as old:
        logged = {table.__tablename__ for table in changes.LOG}
        for table in reversed(SQLModel.metadata.sorted_tables):
            if table.name not in logged:
                connection.execute(delete(table))
        _insert_facts(connection, dataset)
        numbers = count(1)
        _insert_snapshots(connection, facts, numbers, progress)
        _insert_names(connection, facts, numbers)
        _index_texts(connection)
        copy_columns(connection)
        body = render_dataset(version, dataset, facts).model_dump_json()
        row = {
            "version": version,
            "rendering": rendering(),
            "body": body,
            "datapackage": dataset.datapackage,
        }
        connection.execute(insert(DatasetRow), row)
        changes.record(connection, old, version, moment)
        # The planner of either engine chooses indexes by these counts; there is no expression for it.
        connection.execute(text("ANALYZE"))
    return version


def loaded(url: str) -> tuple[str, str] | None:
    """Return version and rendering of the dataset that a database holds, None where it has none."""
    reader = Reader(url)
    try:
        with reader.connect() as connection:
            row = connection.execute(
                select(col(DatasetRow.version), col(DatasetRow.rendering))
            ).first()
    except (NoDatabaseError, DBAPIError):
        return None
    finally:
        reader.close()
    return (row.version, row.rendering) if row else None


def dataset_version(dataset: Dataset) -> str:
    """Hash the content of a dataset."""
    files = {file: map(cells, dataset.records(file)) for file in FACT_TABLES}
    return version_of(files, dataset.datapackage)


def rendering() -> str:
    """Hash what turns facts into answers, so that a new release renders a dataset anew."""
    modules = [
        *sorted((PACKAGE / "dataset").rglob("*.py")),
        *sorted((PACKAGE / "resources").glob("*.py")),
        *(PACKAGE / name for name in _RENDERING_MODULES),
    ]
    return code_hash([*modules, Path(currency_converter.CURRENCY_FILE)])


def _insert_facts(connection: Connection, dataset: Dataset) -> None:
    for file, table in FACT_TABLES.items():
        rows = (_fact(record) for record in dataset.records(file))
        _insert(connection, table, rows)


def _fact(record: Record) -> dict[str, str]:
    row = dict(zip(type(record).model_fields, cells(record), strict=True))
    return {"id": record.id, **row} if isinstance(record, ClaimRecord) else row


def _insert_snapshots(
    connection: Connection, facts: Facts, numbers: Iterator[int], progress: Progress | None
) -> None:
    waiting: dict[type[SQLModel], list[dict[str, Any]]] = {}
    for done, snapshots in enumerate(_snapshots(facts), start=1):
        for snapshot in snapshots:
            _collect(snapshot, next(numbers), waiting)
        if sum(map(len, waiting.values())) >= _BATCH:
            _flush(connection, waiting)
        if progress:
            progress(done, len(facts.companies) + 2)
    _flush(connection, waiting)


def _insert_names(connection: Connection, facts: Facts, numbers: Iterator[int]) -> None:
    names = chain(chain.from_iterable(map(company_names, facts.companies)), investor_names(facts))
    for batch in chunked(names, _BATCH):
        rows = (
            {
                "entry_id": next(numbers),
                "kind": name.kind,
                "id": name.id,
                "name": name.shown,
                "text": name.text,
                "key": search_key(name.text),
                "weight": name.weight,
                "known_from": name.known_from,
            }
            for name in batch
        )
        _insert(connection, SearchEntryRow, rows)


def _index_texts(connection: Connection) -> None:
    """Index the trigrams of all texts by their rows' numbers; PostgreSQL does so by itself."""
    if connection.dialect.name != "sqlite":
        return
    grams = sqlalchemy.table("text_grams", column("rowid"), column("text"))
    texts = [select(col(table.snapshot_id), col(table.search_text)) for table in _SNAPSHOT_TABLES]
    for text_rows in (*texts, select(col(SearchEntryRow.entry_id), col(SearchEntryRow.key))):
        connection.execute(insert(grams).from_select(["rowid", "text"], text_rows))


def _snapshots(facts: Facts) -> Iterator[Iterable[Snapshot]]:
    yield from map(company_snapshots, facts.companies)
    yield investor_snapshots(facts)
    yield source_snapshots(facts)


def _collect(
    snapshot: Snapshot, number: int, waiting: dict[type[SQLModel], list[dict[str, Any]]]
) -> None:
    resource = snapshot.resource
    row = {
        "snapshot_id": number,
        "known_from": snapshot.known_from,
        "known_to": snapshot.known_to,
        "body": resource.body,
        **resource.columns,
    }
    waiting.setdefault(resource.table, []).append(row)
    if resource.tags:
        tags = waiting.setdefault(_TAG_TABLES[resource.table], [])
        tags += (
            {"dimension": dimension, "value": value, "snapshot_id": number}
            for dimension, value in resource.tags
        )


def _flush(connection: Connection, waiting: dict[type[SQLModel], list[dict[str, Any]]]) -> None:
    for table in (*_SNAPSHOT_TABLES, *_TAG_TABLES.values()):
        _insert(connection, table, waiting.pop(table, []))


def _insert(connection: Connection, table: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    listed = list(rows)
    if listed:
        connection.execute(insert(table), listed)
