"""The columnar copy: the columns that statistics filter and sum up, as one DuckDB file in the database.

It is made of the tables after their rows are inserted, in the same transaction, so that it is always
the copy of the rows beside it. Tags lie in it as lists, one for each dimension, of the codes of words:
their numbers in their order, from a table of them. A grouping by tags needs no join. Views give the lists
the shape of the tables of tags.
"""

# Every statement that is put together here is of names of tables, columns and files, never of data.
# ruff: noqa: S608

import csv
import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from more_itertools import chunked
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Double,
    Select,
    case,
    func,
    insert,
    select,
)
from sqlmodel import SQLModel, col

from app.tables import (
    ColumnChunkRow,
    CompanySnapshotRow,
    CompanyTagRow,
    RoundSnapshotRow,
    RoundTagRow,
    SnapshotTable,
    TagTable,
    words_of,
)

_COPIED: tuple[tuple[type[SnapshotTable], type[TagTable], tuple[str, ...]], ...] = (
    (CompanySnapshotRow, CompanyTagRow, ("category", "investor")),
    (RoundSnapshotRow, RoundTagRow, ("category", "investor", "lead_investor", "source")),
)
# By which parts of a partial date is grouped, null where it is vaguer than they are.
_OF_DATES: Mapping[type[SnapshotTable], Mapping[str, str]] = {
    CompanySnapshotRow: {"founded_year": "substr(founded_first, 1, 4)"},
    RoundSnapshotRow: {
        "year": "substr(announced_first, 1, 4)",
        "month": "CASE WHEN substr(announced_first, 1, 7) = substr(announced_last, 1, 7)"
        " THEN substr(announced_first, 1, 7) END",
        "quarter": "year || '-Q' || ceil(substr(month, 6)::INTEGER / 3)::INTEGER",
    },
}
_LEFT_OUT = {"body"}  # what is only shown
_TYPES = {BigInteger: "BIGINT", Double: "DOUBLE", Boolean: "BOOLEAN"}
_BETWEEN = "|"  # what joins words in the cells of a dataset, so that no word has it
_FETCHED_ROWS = 5_000
_CHUNK_BYTES = 1 << 20
_CHUNKS_AT_ONCE = 16
_SETTINGS: dict[str, Any] = {
    "memory_limit": "512MB",
    "threads": 2,
    "preserve_insertion_order": False,
}


def copy_columns(connection: Connection) -> None:
    """Write the columnar copy of the tables into the database that holds them."""
    # A tenth of a second that only a load shall take.
    import duckdb  # noqa: PLC0415

    with TemporaryDirectory(prefix="airounds-") as folder:
        file = Path(folder) / "columns.duckdb"
        with duckdb.connect(file, config={**_SETTINGS, "temp_directory": folder}) as duck:
            for snapshots, tags, dimensions in _COPIED:
                _copy_tags(connection, duck, Path(folder), tags, dimensions)
                _copy_snapshots(connection, duck, Path(folder), snapshots, dimensions)
                duck.execute(_view_of_tags(snapshots, tags, dimensions))
                duck.execute("DROP TABLE listed")
        _store(connection, file)


def _copy_tags(
    connection: Connection,
    duck: Any,
    folder: Path,
    tags: type[TagTable],
    dimensions: Iterable[str],
) -> None:
    """Copy the tags of each snapshot into lists of the codes of their words."""
    of_row = col(tags.snapshot_id)
    words = (case((col(tags.dimension) == one, col(tags.value))) for one in dimensions)
    joined: list[ColumnElement[Any]] = [func.aggregate_strings(one, _BETWEEN) for one in words]
    statement = select(*joined).add_columns(of_row).group_by(of_row)
    file = _written(connection, statement, folder / "tags.csv")
    types = {**dict.fromkeys(dimensions, "VARCHAR"), "snapshot_id": "BIGINT"}
    split = ", ".join(f"string_split({one}, '{_BETWEEN}') AS {one}" for one in dimensions)
    duck.execute(
        f"CREATE TEMP TABLE listed AS SELECT snapshot_id, {split} FROM {_rows_of(file, types)}"
    )
    for one in dimensions:
        duck.execute(
            "CREATE TYPE words AS ENUM"
            f" (SELECT DISTINCT unnest({one}) AS word FROM listed ORDER BY word)"
        )
        duck.execute(
            f"CREATE TABLE {words_of(tags, one)} AS SELECT enum_code(word)::INTEGER AS code,"
            " word::VARCHAR AS word FROM (SELECT unnest(enum_range(NULL::words))::words AS word)"
        )
        # What has no word of a dimension has one that is null: it is in some group by any of them.
        codes = f"list_transform({one}::words[], lambda word: enum_code(word)::INTEGER)"
        duck.execute(
            f"ALTER TABLE listed ALTER {one} TYPE INTEGER[] USING coalesce({codes}, [NULL])"
        )
        duck.execute("DROP TYPE words")
    file.unlink()


def _copy_snapshots(
    connection: Connection,
    duck: Any,
    folder: Path,
    snapshots: type[SnapshotTable],
    dimensions: Iterable[str],
) -> None:
    table = _columns_of(snapshots)
    columns = [column for column in table if column.name not in _LEFT_OUT]
    file = _written(connection, select(*columns), folder / "snapshots.csv")
    types = {column.name: _TYPES.get(type(column.type), "VARCHAR") for column in columns}
    told = [one.name for one in columns if not one.nullable and types[one.name] == "VARCHAR"]
    computed = {
        **{one: f"coalesce({one}, [NULL])" for one in dimensions},
        **_OF_DATES[snapshots],
        # A figure that isn't exactly known; where there is none, it says nothing.
        **{f"{one}_bounds": f"({one}_low = {one}_high) IS NOT TRUE" for one in _figures(types)},
    }
    listed = ", ".join(f"{expression} AS {name}" for name, expression in computed.items())
    # What is current lies together, since nearly every question is about it alone.
    duck.execute(
        f"CREATE TABLE {snapshots.__tablename__} AS SELECT rows.*, {listed}"
        f" FROM {_rows_of(file, types, told)} AS rows LEFT JOIN listed USING (snapshot_id)"
        " ORDER BY known_to IS NOT NULL, snapshot_id"
    )
    file.unlink()


def _columns_of(table: type[SQLModel]) -> Iterable[Column[Any]]:
    columns: Iterable[Column[Any]] = table.__table__.columns  # type: ignore[attr-defined]  # SQLModel hides it
    return columns


def _figures(names: Collection[str]) -> Iterable[str]:
    return (name for name in names if f"{name}_low" in names)


def _view_of_tags(
    snapshots: type[SnapshotTable], tags: type[TagTable], dimensions: Iterable[str]
) -> str:
    parts = (
        f"SELECT snapshot_id, '{one}' AS dimension, word AS value"
        f" FROM (SELECT snapshot_id, unnest({one}) AS code FROM {snapshots.__tablename__})"
        f" LEFT JOIN {words_of(tags, one)} USING (code)"
        for one in dimensions
    )
    return f"CREATE VIEW {tags.__tablename__} AS {' UNION ALL '.join(parts)}"


def _written(connection: Connection, statement: Select[Any], file: Path) -> Path:
    """Write rows into a CSV file, which DuckDB reads many times faster than it takes rows of Python."""
    rows = connection.execute(statement, execution_options={"yield_per": _FETCHED_ROWS})
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        for part in rows.partitions():
            writer.writerows(part)
    return file


def _rows_of(file: Path, types: Mapping[str, str], told: Iterable[str] = ()) -> str:
    """Read rows from a file; an empty cell is null, except in the columns that are always told."""
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
    always = ", ".join(told)
    return (
        f"read_csv('{file}', auto_detect = false, header = false, delim = ',', quote = '\"',"
        f" escape = '\"', new_line = '\\r\\n', nullstr = '', columns = {{{columns}}},"
        f" max_line_size = 100000000{f', force_not_null = [{always}]' if always else ''})"
    )


def _store(connection: Connection, file: Path) -> None:
    """Store a file in chunks, under the hash of its content."""
    with file.open("rb") as stream:
        name = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        chunks = enumerate(iter(lambda: stream.read(_CHUNK_BYTES), b""))
        for some in chunked(chunks, _CHUNKS_AT_ONCE):
            rows = [{"name": name, "number": number, "content": one} for number, one in some]
            connection.execute(insert(ColumnChunkRow), rows)
