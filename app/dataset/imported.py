"""An import: what an importer gives, how one is found by its name, and how it becomes a dataset.

What an importer looks like is told in `app.dataset.importers`.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.dataset import importers
from app.dataset.datapackage import describe
from app.dataset.findings import Finding, in_order
from app.dataset.records import FILES
from app.dataset.write import write_new


class UnusableInputError(Exception):
    """A folder has nothing that an importer can turn into a dataset; nothing was written."""

    def __init__(self, folder: Path, findings: list[Finding]) -> None:
        super().__init__(f"{folder} can't be imported")
        self.findings = in_order(findings)


@dataclass(slots=True)
class Imported:
    """The records that an importer makes, the terms of use, and notes on what it couldn't take over."""

    datapackage: dict[str, Any]
    records: dict[str, list[Any]] = field(default_factory=lambda: {file: [] for file in FILES})
    notes: list[Finding] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write a new dataset, checked before it appears."""
        write_new(folder, self.records, describe(self.datapackage))


Importer = Callable[[Path, str], Imported]
"""Reads a folder, on the day given, or raises UnusableInputError."""


def importer_names() -> list[str]:
    """Return the names of all importers: those of the modules beside each other."""
    return sorted(module.name for module in pkgutil.iter_modules(importers.__path__))


def importer(name: str) -> Importer:
    """Return an importer by its name."""
    read: Importer = importlib.import_module(f"{importers.__name__}.{name}").read
    return read
