"""Read a dataset: CSV files to records, with every unreadable cell named at once."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.dataset.findings import Finding, explain, nearest
from app.dataset.records import (
    FILES,
    ClaimRecord,
    CompanyRecord,
    InvestorRecord,
    ParticipationRecord,
    Record,
    RoundRecord,
    SourceRecord,
)

DATAPACKAGE = "datapackage.json"
LARGEST_CELL = 100_000


@dataclass(slots=True)
class Dataset:
    """The records of a dataset, by file, each with the line that it stands on."""

    folder: Path
    datapackage: str | None = None
    rows: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)

    def records(self, file: str) -> list[Any]:
        """Return the records of a file."""
        return [record for _, record in self.rows.get(file, [])]

    @property
    def sources(self) -> list[SourceRecord]:
        """The records of sources.csv."""
        return self.records("sources.csv")

    @property
    def companies(self) -> list[CompanyRecord]:
        """The records of companies.csv."""
        return self.records("companies.csv")

    @property
    def investors(self) -> list[InvestorRecord]:
        """The records of investors.csv."""
        return self.records("investors.csv")

    @property
    def rounds(self) -> list[RoundRecord]:
        """The records of rounds.csv."""
        return self.records("rounds.csv")

    @property
    def participations(self) -> list[ParticipationRecord]:
        """The records of participations.csv."""
        return self.records("participations.csv")

    @property
    def claims(self) -> list[ClaimRecord]:
        """The records of claims.csv."""
        return self.records("claims.csv")


def read_dataset(folder: Path) -> tuple[Dataset, list[Finding]]:
    """Read every file of a dataset; rows that can't be read are left out and named."""
    dataset, findings = Dataset(folder), []
    for file, model in FILES.items():
        dataset.rows[file] = []
        for line, read in _read_file(folder / file, model):
            if isinstance(read, Record):
                dataset.rows[file].append((line, read))
            else:
                findings.append(read)
    package, problem = _read_datapackage(folder / DATAPACKAGE)
    dataset.datapackage = package
    return dataset, findings + problem


def _read_datapackage(path: Path) -> tuple[str | None, list[Finding]]:
    try:
        text = path.read_text(encoding="utf-8")
        if not isinstance(json.loads(text), dict):
            raise ValueError("not a JSON object")
    except FileNotFoundError:
        return None, []
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at column {error.colno}"
        return None, [Finding(path.name, error.lineno, None, None, reason)]
    except (OSError, ValueError, RecursionError) as error:
        return None, [Finding(path.name, 1, None, None, f"can't be read: {error}")]
    return text, []


def _read_file(path: Path, model: type[Record]) -> Iterator[tuple[int, Record | Finding]]:
    columns = list(model.model_fields)
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            yield from _read_rows(path.name, stream, columns, model)
    except FileNotFoundError:
        reason = f"the file is missing; it starts with {','.join(columns)}"
        yield 1, Finding(path.name, 1, None, None, reason)
    except OSError as error:
        yield 1, Finding(path.name, 1, None, None, f"can't be read: {error.strerror}")


def _read_rows(
    file: str, stream: Any, columns: list[str], model: type[Record]
) -> Iterator[tuple[int, Record | Finding]]:
    reader = csv.reader(stream, strict=True)
    csv.field_size_limit(LARGEST_CELL)
    header: list[str] | None = None
    line = 1
    try:
        for row in reader:
            if header is None:
                header = row
                problems = _check_header(file, header, columns)
                yield from ((1, problem) for problem in problems)
                if problems:
                    return
            elif len(row) != len(header):
                reason = f"has {len(row)} cells where the header has {len(header)}"
                yield line, Finding(file, line, None, _printable(",".join(row)[:80]), reason)
            else:
                for read in _read_row(file, line, dict(zip(header, row, strict=True)), model):
                    yield line, read
            line = reader.line_num + 1
    except csv.Error as error:
        yield line, Finding(file, line, None, None, f"not well-formed CSV: {error}")
    if header is None:
        reason = f"the file is empty; it starts with {','.join(columns)}"
        yield 1, Finding(file, 1, None, None, reason)


def _check_header(file: str, header: list[str], columns: list[str]) -> list[Finding]:
    missing = [column for column in columns if column not in header]
    findings = []
    for position, name in enumerate(header):
        if name not in columns:
            guess = nearest(name, missing)
            reason = "not a column of this file" if name.isprintable() else "not UTF-8 text"
            findings.append(Finding(file, 1, _printable(name), None, reason, guess))
        elif name in header[:position]:
            findings.append(Finding(file, 1, name, None, "this column stands twice"))
    return findings + [Finding(file, 1, name, None, "this column is missing") for name in missing]


def _read_row(
    file: str, line: int, row: dict[str, str], model: type[Record]
) -> Iterator[Record | Finding]:
    unclean = [
        Finding(file, line, column, _printable(cell), reason)
        for column, cell in row.items()
        if (reason := _unclean(cell))
    ]
    if unclean:
        yield from unclean
        return
    try:
        yield model.model_validate(row)
    except ValidationError as error:
        yield from explain(file, line, row, error)


def _unclean(cell: str) -> str | None:
    if any("\udc80" <= char <= "\udcff" for char in cell):
        return "not UTF-8 text"
    if any(char < " " or "\x7f" <= char <= "\x9f" for char in cell):
        return "has a control character or a line break"
    if cell != cell.strip():
        return "has spaces around it"
    return None


def _printable(cell: str) -> str:
    return cell.encode("utf-8", "backslashreplace").decode("utf-8")
