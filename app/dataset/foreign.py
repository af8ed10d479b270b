"""Read a CSV file of somebody else: columns may be missing or new, and a cell that can't be read is noted.

What makes a file unreadable as a whole (its encoding, its quotes, its shape) is an error with its place.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from app.dataset.characters import hides_something, one_line
from app.dataset.findings import Finding, shorten, warning
from app.dataset.lines import MOST_COLUMNS, Rows, open_file
from app.dataset.records import LARGEST_VALUE, MOST_DECIMALS
from app.dates import parse_partial_date
from app.likeness import nearest, searchable

_NUMBER = re.compile(
    r"(?:US\$|USD|\$)?\s?(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?(e\+?\d{1,2})?", re.ASCII | re.I
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = r"(?P<name>[a-z]{3,9})\.?"
_DATES = [
    re.compile(shape, re.ASCII)
    for shape in (
        r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?:[t ]\d\d:\d\d.*)?",
        r"(?P<year>\d{4})/(?P<month>\d\d?)(?:/(?P<day>\d\d?))?",
        r"(?P<month>\d\d?)/(?:(?P<day>\d\d?)/)?(?P<year>\d{4})",
        rf"{_MONTH} (?:(?P<day>\d\d?),? )?(?P<year>\d{{4}})",
        rf"(?P<day>\d\d?) {_MONTH} (?P<year>\d{{4}})",
    )
]
"""ISO dates, dates with slashes (years first, else months first as in the USA), and named months."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with cells on one line each; what it can't say is added to the notes of its table."""

    file: str
    line: int
    cells: dict[str, str]
    notes: list[Finding]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def note(self, column: str | None, reason: str) -> None:
        """Note what isn't taken over as it stands; a missing column is noted once, by its table."""
        if column is not None and column not in self.cells:
            return
        value = self[column] if column else None
        self.notes.append(warning(self.file, self.line, column, value, reason))

    def number(self, column: str) -> Decimal | None:
        """Read a number that isn't negative; another text is noted and left out."""
        if not self[column]:
            return None
        match = _NUMBER.fullmatch(self[column])
        if match is None:
            negative = _NUMBER.fullmatch(self[column].removeprefix("-"))
            fault = "is negative" if negative else "isn't a number"
            self.note(column, f"{fault}: left out")
            return None
        whole, fraction, power = match.groups("")
        number = Decimal(whole.replace(",", "") + fraction + power)
        if number > LARGEST_VALUE:
            self.note(column, f"is too large, more than {LARGEST_VALUE}: left out")
            return None
        rounded = round(number, MOST_DECIMALS)
        if rounded != number:
            self.note(column, f"has more than {MOST_DECIMALS} decimal places: rounded")
        return Decimal(int(rounded)) if rounded == int(rounded) else rounded.normalize()

    def date(self, column: str) -> str | None:
        """Read a date with its own precision; another text is noted and left out."""
        if not self[column]:
            return None
        for shape in _DATES:
            if match := shape.fullmatch(self[column].lower()):
                try:
                    return _partial_date(**match.groupdict())
                except ValueError:
                    break
        self.note(column, "isn't a date: left out")
        return None


@dataclass(slots=True)
class Table:
    """What a file gives: rows, notes on what isn't taken over, and errors that make it useless."""

    file: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)


def read_table(path: Path, columns: Sequence[str], extra: Sequence[str] = ()) -> Table:
    """Read a file that has `columns`, whose absence is noted, and perhaps some `extra` ones."""
    table = Table(path.name)
    names = {searchable(column): column for column in (*columns, *extra)}
    try:
        with open_file(path) as stream:
            _read_rows(table, stream, names)
    except OSError as error:
        _fail(table, 1, f"can't be read: {error.strerror}")
    if table.columns:
        _note_columns(table, columns, names.values())
    return table


def _read_rows(table: Table, stream: TextIO, names: Mapping[str, str]) -> None:
    reader = Rows(stream)
    line = 1
    try:
        for cells in reader:
            if cells and not table.columns and len(cells) > MOST_COLUMNS:
                _fail(table, 1, f"has {len(cells)} columns, more than {MOST_COLUMNS}")
                return
            if cells and not table.columns:
                table.columns = [names.get(searchable(cell), one_line(cell)) for cell in cells]
                table.errors += _not_text(table.file, line, zip(table.columns, cells, strict=True))
            elif cells:
                _read_row(table, line, cells)
            line = reader.line_num + 1
    except csv.Error as error:
        _fail(table, line, f"not well-formed CSV: {error}")
    if not table.columns and not table.errors:
        _fail(table, 1, "the file is empty")


def _read_row(table: Table, line: int, cells: list[str]) -> None:
    if len(cells) != len(table.columns):
        _fail(table, line, f"has {len(cells)} cells where the header has {len(table.columns)}")
        return
    named = list(zip(table.columns, cells, strict=True))
    table.errors += _not_text(table.file, line, named)
    if any(cells):
        flat = {column: one_line(cell) for column, cell in named}
        table.notes += (
            warning(table.file, line, column, cell, "has invisible characters: read without them")
            for column, cell in named
            if hides_something(cell)
        )
        table.rows.append(Row(table.file, line, flat, table.notes))


def _note_columns(table: Table, columns: Sequence[str], known: Collection[str]) -> None:
    missing = [column for column in columns if column not in table.columns]
    table.notes += (
        warning(table.file, 1, column, None, "this column is missing: read as empty")
        for column in missing
    )
    for position, name in enumerate(table.columns):
        if name in table.columns[:position]:
            table.errors.append(Finding(table.file, 1, name, None, "this column stands twice"))
        elif name not in known:
            guess, reason = _nearest_column(name, missing), "this column isn't known: it isn't read"
            table.notes.append(warning(table.file, 1, name, None, reason, suggestion=guess))


def _nearest_column(name: str, missing: Sequence[str]) -> str | None:
    folded = {searchable(column): column for column in missing}
    guess = nearest(searchable(name), folded)
    return folded[guess] if guess else None


def _not_text(file: str, line: int, named: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    for column, cell in named:
        if any("\udc80" <= char <= "\udcff" for char in cell):
            place = column.encode("utf-8", "backslashreplace").decode()
            shown = shorten(cell.encode("utf-8", "backslashreplace").decode())
            yield Finding(file, line, place, shown, "not UTF-8 text")


def _fail(table: Table, line: int, reason: str) -> None:
    table.errors.append(Finding(table.file, line, None, None, reason))


def _partial_date(
    year: str, month: str | None = None, day: str | None = None, name: str | None = None
) -> str:
    if name:
        numbers = (number for number, one in enumerate(_MONTHS, 1) if one.startswith(name))
        month = str(next(numbers, 0))
    parts = [year, *(f"{int(part):02}" for part in (month, day) if part)]
    return parse_partial_date("-".join(parts))
