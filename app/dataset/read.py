"""Read a dataset: CSV files to records, with every unreadable cell named at once."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from pydantic import ValidationError

from app.dataset.characters import all_clean, unclean
from app.dataset.findings import Finding, explain, visible
from app.dataset.lines import MOST_COLUMNS, Rows, open_file, require_own
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
from app.likeness import nearest, slug

DATAPACKAGE = "datapackage.json"
_LARGEST_DESCRIPTION = 1_000_000
FILES_WITH_IDS = tuple(file for file, model in FILES.items() if "id" in model.model_fields)


@dataclass(slots=True)
class Dataset:
    """The records of a dataset, by file, each with the line that it stands on."""

    folder: Path
    datapackage: str | None = None
    rows: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    unread_ids: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unfinished: set[str] = field(default_factory=set)

    def records(self, file: str) -> list[Any]:
        """Return the records of a file."""
        return [record for _, record in self.rows.get(file, [])]

    def may_hold(self, file: str, record_id: str) -> bool:
        """Tell whether a row that couldn't be read may have this id: its own error says enough."""
        return file in self.unfinished or record_id in self.unread_ids.get(file, ())

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
    dataset = Dataset(folder)
    findings = [found for file in FILES for found in _read_file(dataset, file)]
    package, problem = read_datapackage(folder / DATAPACKAGE)
    dataset.datapackage = package
    return dataset, findings + problem


def read_datapackage(path: Path) -> tuple[str | None, list[Finding]]:
    """Read the description of a dataset, None where it has none, and say what is wrong with it."""
    try:
        require_own(path)
        if path.stat().st_size > _LARGEST_DESCRIPTION:
            raise ValueError(f"more than {_LARGEST_DESCRIPTION} bytes")
        text = path.read_text(encoding="utf-8")
        described = json.loads(text)
        if not isinstance(described, dict):
            raise ValueError("not a JSON object")
        # Python reads NaN, Infinity and halves of surrogate pairs; other readers of JSON don't.
        json.dumps(described, ensure_ascii=False, allow_nan=False).encode()
    except FileNotFoundError:
        return None, []
    except json.JSONDecodeError as error:
        reason = f"not JSON: {error.msg} at column {error.colno}"
        return None, [Finding(path.name, error.lineno, None, None, reason)]
    except (OSError, ValueError, RecursionError) as error:
        return None, [Finding(path.name, 1, None, None, f"can't be read: {error}")]
    return text, []


def _read_file(dataset: Dataset, file: str) -> Iterator[Finding]:
    dataset.rows[file] = []
    dataset.unfinished.add(file)
    try:
        path = dataset.folder / file
        with open_file(path) as stream:
            yield from _read_rows(dataset, file, stream)
    except FileNotFoundError:
        reason = f"the file is missing; it starts with {','.join(FILES[file].model_fields)}"
        yield Finding(file, 1, None, None, reason)
    except OSError as error:
        yield Finding(file, 1, None, None, f"can't be read: {error.strerror}")


def _read_rows(dataset: Dataset, file: str, stream: TextIO) -> Iterator[Finding]:
    reader = Rows(stream)
    columns = list(FILES[file].model_fields)
    header: list[str] | None = None
    line = 1
    try:
        for row in reader:
            if header is None:
                header = row
                if problems := check_header(file, header):
                    yield from problems
                    return
            else:
                yield from _keep_row(dataset, file, line, header, row)
            line = reader.line_num + 1
    except csv.Error as error:
        yield Finding(file, line, None, None, f"not well-formed CSV: {error}")
        return
    if header is None:
        reason = f"the file is empty; it starts with {','.join(columns)}"
        yield Finding(file, 1, None, None, reason)
        return
    dataset.unfinished.discard(file)


def check_header(file: str, header: list[str]) -> list[Finding]:
    """Return what is wrong with the columns of a file."""
    columns = list(FILES[file].model_fields)
    if len(header) > MOST_COLUMNS:
        reason = f"has {len(header)} columns; it starts with {','.join(columns)}"
        return [Finding(file, 1, None, None, reason)]
    missing = [column for column in columns if column not in header]
    findings = []
    for position, name in enumerate(header):
        if name not in columns:
            guess = nearest(name, missing)
            reason = unclean(name) or "not a column of this file"
            findings.append(Finding(file, 1, visible(name), None, reason, guess))
        elif name in header[:position]:
            findings.append(Finding(file, 1, name, None, "this column stands twice"))
    return findings + [Finding(file, 1, name, None, "this column is missing") for name in missing]


def _keep_row(
    dataset: Dataset, file: str, line: int, header: list[str], row: list[str]
) -> list[Finding]:
    """Add a row to the dataset, or at least the id that it may have, and return what is wrong."""
    if len(row) == len(header):
        record, findings = read_row(file, line, dict(zip(header, row, strict=True)))
    else:
        reason = f"has {len(row)} cells where the header has {len(header)}"
        record, findings = None, [Finding(file, line, None, visible(",".join(row)[:80]), reason)]
    if record is not None:
        dataset.rows[file].append((line, record))
    elif file in FILES_WITH_IDS and header.index("id") < len(row):
        written = row[header.index("id")]
        dataset.unread_ids[file] |= {written, slug(written) or written}
    return findings


def read_row(file: str, line: int, row: dict[str, str]) -> tuple[Record | None, list[Finding]]:
    """Read the cells of a row, by column: to a record, or to what is wrong with them."""
    if not all_clean(row.values()):
        return None, [
            Finding(file, line, column, visible(cell), reason)
            for column, cell in row.items()
            if (reason := unclean(cell))
        ]
    try:
        return FILES[file].model_validate(row), []
    except ValidationError as error:
        return None, list(explain(file, line, row, error))
