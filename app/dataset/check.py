"""Check what a single row can't tell: ids that repeat, references that lead nowhere, repeated rows."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.dataset.findings import Finding, in_order
from app.dataset.read import FILES_WITH_IDS, Dataset, read_dataset
from app.dataset.records import REFERENCES
from app.likeness import nearest

# Beyond this many ids a suggestion costs more than it helps.
_SEARCHED_IDS = 20_000


class InvalidDatasetError(Exception):
    """A dataset has errors; nothing of it was loaded."""

    def __init__(self, folder: Path, findings: list[Finding]) -> None:
        super().__init__(f"{folder} has {len(findings)} errors")
        self.findings = findings


def read_checked(folder: Path) -> Dataset:
    """Read a dataset that has no errors.

    Raises InvalidDatasetError with every error found.
    """
    dataset, findings = read_dataset(folder)
    findings += check_rows(dataset)
    if findings:
        raise InvalidDatasetError(folder, in_order(findings))
    return dataset


def check_rows(dataset: Dataset) -> list[Finding]:
    """Return the errors that show only when rows are held against each other."""
    return [*_repeats(dataset), *_references(dataset), *_round_links(dataset)]


def _repeats(dataset: Dataset) -> Iterator[Finding]:
    keys: dict[str, tuple[str, Callable[[Any], Any]]] = {
        file: ("id", lambda row: row.id) for file in FILES_WITH_IDS
    }
    keys["participations.csv"] = (
        "round_id",
        lambda row: (row.round_id, row.investor_id, row.role, row.source_id),
    )
    keys["claims.csv"] = ("company_id", lambda row: row.id)
    for file, (column, key) in keys.items():
        first: dict[Any, int] = {}
        for line, row in dataset.rows[file]:
            seen = first.setdefault(key(row), line)
            if seen != line:
                reason = f"repeats line {seen}: ids and stated facts stand once"
                yield Finding(file, line, column, getattr(row, column), reason)


def _references(dataset: Dataset) -> Iterator[Finding]:
    known = {target: {row.id for row in dataset.records(target)} for target in FILES_WITH_IDS}
    listed = {target: sorted(ids) for target, ids in known.items() if len(ids) <= _SEARCHED_IDS}
    guess = cache(lambda target, value: nearest(value, listed.get(target, ())))
    for file, rows in dataset.rows.items():
        for line, row in rows:
            for column, target in REFERENCES.items():
                value, ids = getattr(row, column, None), known[target]
                if value is None or value in ids or dataset.may_hold(target, value):
                    continue
                yield Finding(
                    file, line, column, value, f"is not in {target}", guess(target, value)
                )


def _round_links(dataset: Dataset) -> Iterator[Finding]:
    company_of = {row.id: row.company_id for row in dataset.rounds}
    circles = circular({row.id: row.extends for row in dataset.rounds})
    for line, row in dataset.rows["claims.csv"]:
        owner = company_of.get(row.round_id, row.company_id)
        if owner != row.company_id:
            reason = f"is a round of {owner}, not of {row.company_id}"
            yield Finding("claims.csv", line, "round_id", row.round_id, reason)
    for line, row in dataset.rows["rounds.csv"]:
        owner = company_of.get(row.extends, row.company_id)
        if owner != row.company_id:
            reason = f"is a round of {owner}, not of {row.company_id}"
            yield Finding("rounds.csv", line, "extends", row.extends, reason)
        elif row.id in circles:
            reason = "leads back to this round: a round can't extend itself"
            yield Finding("rounds.csv", line, "extends", row.extends, reason)


def circular(parent_of: Mapping[str, str | None]) -> set[str]:
    """Return the rounds that extend themselves by way of others, each round looked at once."""
    walked: dict[str, int] = {}
    circles: set[str] = set()
    for number, start in enumerate(parent_of):
        path = []
        step: str | None = start
        while step is not None and step not in walked:
            walked[step] = number
            path.append(step)
            step = parent_of.get(step)
        if step is not None and walked[step] == number:
            circles.update(path[path.index(step) :])
    return circles
