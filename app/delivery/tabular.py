"""Tables written as CSV, NDJSON and Parquet.

Rows come in one by one and go out in chunks, so that a table of any length needs the memory of a chunk.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from more_itertools import chunked
from pydantic_core import to_json

from app.delivery.columns import Column, ColumnType, Row

CHUNK_ROWS = 100
ROW_GROUP_CHUNKS = 50
# A spreadsheet would run a cell that begins with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TableFormat(StrEnum):
    """The formats that a table is written in."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


def csv_chunks(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write CSV (RFC 4180) with a header; nothing in it is a formula to a spreadsheet."""
    writers = [_CSV_CELLS[column.type] for column in columns]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for chunk in chunked(rows, CHUNK_ROWS):
        writer.writerows(
            [
                None if value is None else write(value)
                for write, value in zip(writers, row, strict=True)
            ]
            for row in chunk
        )
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    if text.tell():
        yield text.getvalue().encode()


def ndjson_chunks(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write one JSON object a line."""
    names = [column.name for column in columns]
    for chunk in chunked(rows, CHUNK_ROWS):
        yield b"".join(to_json(dict(zip(names, row, strict=True))) + b"\n" for row in chunk)


def parquet_chunks(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """Write Parquet, a row group at a time.

    Raises ImportError where pyarrow isn't installed.
    """
    import pyarrow  # noqa: PLC0415  # heavy, and an optional extra
    from pyarrow import parquet  # noqa: PLC0415

    types = {
        ColumnType.TEXT: pyarrow.string(),
        ColumnType.TEXTS: pyarrow.list_(pyarrow.string()),
        ColumnType.NUMBER: pyarrow.float64(),
        ColumnType.INTEGER: pyarrow.int64(),
        ColumnType.FLAG: pyarrow.bool_(),
        ColumnType.JSON: pyarrow.string(),
    }
    schema = pyarrow.schema([(column.name, types[column.type]) for column in columns])
    sink = _Sink()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        batches = (
            pyarrow.record_batch(
                [
                    pyarrow.array(_packed(column, values), types[column.type])
                    for column, values in zip(columns, zip(*chunk, strict=True), strict=True)
                ],
                schema=schema,
            )
            for chunk in chunked(rows, CHUNK_ROWS)
        )
        for group in chunked(batches, ROW_GROUP_CHUNKS):
            writer.write_table(pyarrow.Table.from_batches(group))
            yield sink.drain()
    yield sink.drain()


def _packed(column: Column, values: Sequence[Any]) -> Sequence[Any]:
    """Return a column's values as Parquet keeps them: what is nested becomes JSON."""
    if column.type is ColumnType.NUMBER:  # a whole number may be too large to be taken for a float
        return [None if value is None else float(value) for value in values]
    if column.type is ColumnType.JSON:
        return [None if value is None else _compact(value) for value in values]
    return values


class _Sink(io.RawIOBase):
    """A file that is handed on as it is written, and still knows how far it has come."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Take what the writer gives."""
        taken = bytes(data)
        self._waiting.append(taken)
        self._position += len(taken)
        return len(taken)

    def tell(self) -> int:
        """Tell how much was written, handed on or not."""
        return self._position

    def drain(self) -> bytes:
        """Hand on what was written since the last time."""
        written = b"".join(self._waiting)
        self._waiting.clear()
        return written


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running a text, by the apostrophe that marks text in one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_CSV_CELLS: Mapping[ColumnType, Callable[[Any], Any]] = {
    ColumnType.TEXT: _harmless,
    ColumnType.TEXTS: lambda value: _harmless("|".join(value)),
    ColumnType.NUMBER: repr,
    ColumnType.INTEGER: repr,
    ColumnType.FLAG: lambda value: "true" if value else "false",
    ColumnType.JSON: _compact,
}
WRITERS: Mapping[TableFormat, tuple[Callable[..., Iterator[bytes]], str]] = {
    TableFormat.CSV: (csv_chunks, "text/csv; charset=utf-8; header=present"),
    TableFormat.NDJSON: (ndjson_chunks, "application/x-ndjson"),
    TableFormat.PARQUET: (parquet_chunks, "application/vnd.apache.parquet"),
}
"""How each format is written, and its media type."""
