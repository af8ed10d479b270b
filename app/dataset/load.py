"""Load a dataset: all of it or nothing, with every resource rendered at every point in time.

It streams: rows go from the files into the fact tables, and from there, a batch of companies at a
time, through the processes that render them into the tables that are served.
"""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, text
from sqlmodel import SQLModel

from app.dataset import changes
from app.dataset.bulk import indexes_last
from app.dataset.check import InvalidDatasetError, check_rows
from app.dataset.columnar import copy_columns
from app.dataset.fill import fill, settle
from app.dataset.findings import in_order
from app.dataset.normal import version_of
from app.dataset.present import rendering_hash
from app.dataset.read import DATAPACKAGE, read_datapackage, read_dataset
from app.dataset.records import FILES
from app.dataset.render.dataset import render_dataset
from app.dataset.search_lists import list_beginnings
from app.dataset.staging import FaultyError, Progress, size_of, stage
from app.dataset.walk import cell_columns, rows_in_order
from app.dataset.workers import processes_for, seldom_collecting, working
from app.schema import replacing
from app.tables import DatasetRow


def load(
    folder: Path,
    url: str,
    progress: Progress | None = None,
    loaded_at: datetime | None = None,
    processes: int | None = None,
) -> str:
    """Load a dataset into a database and return its version; `loaded_at` is now by default.

    By default a large dataset is rendered by one process for each CPU, which changes nothing in what
    is loaded. Raises InvalidDatasetError where the dataset has errors; then nothing has changed.
    """
    moment = (loaded_at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = progress or _untold
    datapackage, problems = read_datapackage(folder / DATAPACKAGE)
    if problems:
        _refuse(folder)
    with (
        replacing(url) as connection,
        changes.before(url) as old,
        seldom_collecting(),
    ):
        _clear(connection)
        with indexes_last(connection):
            # They end before tags are sorted and indexes are made, when this process holds most.
            with working(processes or processes_for(size_of(folder))) as work:
                try:
                    stage(connection, folder, work, told)
                except FaultyError:
                    _refuse(folder)
                fill(connection, work, told)
            settle(connection, told)
        list_beginnings(connection)
        copy_columns(connection)
        version = _version(connection, datapackage)
        body = render_dataset(version, datapackage, connection).model_dump_json()
        row = {
            "version": version,
            "rendering": rendering_hash(),
            "body": body,
            "datapackage": datapackage,
        }
        connection.execute(insert(DatasetRow), row)
        changes.record(connection, old, version, moment)
        # The planner of either engine chooses indexes by these counts; there is no expression for it.
        connection.execute(text("ANALYZE"))
    return version


def _untold(*_: object) -> None:
    """Tell nobody how far a load has come."""


def _refuse(folder: Path) -> None:
    """Say everything that is wrong with a dataset."""
    dataset, findings = read_dataset(folder)
    raise InvalidDatasetError(folder, in_order(findings + check_rows(dataset)))


def _clear(connection: Connection) -> None:
    logged = {table.__tablename__ for table in changes.LOG}
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table.name not in logged:
            connection.execute(delete(table))


def _version(connection: Connection, datapackage: str | None) -> str:
    files = {}
    for file in FILES:
        columns = cell_columns(file)
        files[file] = rows_in_order(connection, columns, columns)
    return version_of(files, datapackage)
