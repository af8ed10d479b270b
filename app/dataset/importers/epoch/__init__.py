"""The importer of Epoch AI's "AI companies" hub, https://epoch.ai/data/ai-companies (CC BY 4.0).

Epoch's figures are in USD, and as precise as its cells. Nothing is added up, averaged or converted.
"""

from pathlib import Path

from app.dataset.findings import Finding, warning
from app.dataset.foreign import Table, read_table
from app.dataset.imported import Imported, UnusableInputError
from app.dataset.importers.epoch import funding, revenue
from app.dataset.importers.epoch.draft import COMPANY, HUB, Draft

_LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def read(folder: Path, retrieved_on: str) -> Imported:
    """Turn the hub's tables of funding rounds and of revenue into records; either may be missing."""
    tables = {
        source.FILE: _table(folder / source.FILE, source.COLUMNS, source.EXTRA, source.NUMBERS)
        for source in (funding, revenue)
        if (folder / source.FILE).exists()
    }
    if errors := _errors(tables):
        raise UnusableInputError(folder, errors)
    imported = Imported(_datapackage(retrieved_on))
    rows = [row for table in tables.values() for row in table.rows]
    draft = Draft(imported, rows, retrieved_on)
    add = {funding.FILE: funding.add_rounds, revenue.FILE: revenue.add_revenue}
    for file, add_rows in add.items():
        if file in tables:
            add_rows(tables[file].rows, draft)
            imported.notes += tables[file].notes
        else:
            imported.notes.append(_note(file, "the file is missing: the rest is imported"))
    imported.notes += (
        _note(path.name, "isn't read: the importer knows funding rounds and revenue reports")
        for path in sorted(folder.glob("*.csv"))
        if path.name not in add
    )
    return imported


def _table(
    path: Path, columns: tuple[str, ...], extra: tuple[str, ...], numbers: tuple[str, ...]
) -> Table:
    table = read_table(path, columns, extra)
    if table.errors:
        return table
    if COMPANY not in table.columns:
        reason = "this column is missing: no row tells whom it is about"
        table.errors.append(Finding(path.name, 1, COMPANY, None, reason))
    if not {*numbers} & {*table.columns}:
        reason = f"has none of the columns {', '.join(numbers)}"
        table.errors.append(Finding(path.name, 1, None, None, reason))
    return table


def _errors(tables: dict[str, Table]) -> list[Finding]:
    if not tables:
        reason = f"neither this file nor {revenue.FILE} is there"
        return [Finding(funding.FILE, 1, None, None, reason)]
    errors = [error for table in tables.values() for error in table.errors]
    if not errors and not any(table.rows for table in tables.values()):
        return [Finding(file, 1, None, None, "has no row below its header") for file in tables]
    return errors


def _datapackage(retrieved_on: str) -> dict[str, object]:
    return {
        "name": "epoch-ai-companies",
        "title": "Funding rounds and revenue of AI companies, by Epoch AI",
        "description": f"Epoch AI's data on AI companies as read on {retrieved_on}, in the format of "
        "airounds. Each row of Epoch's tables is a source here.",
        "licenses": [_LICENCE],
        "attribution": f"Epoch AI, “Data on AI Companies”, {HUB}, CC BY 4.0, read on {retrieved_on}. "
        "Changed: turned into the format of airounds, and notes shortened.",
        "contributors": [{"title": "Epoch AI", "path": "https://epoch.ai", "role": "author"}],
        "sources": [{"title": "Epoch AI, Data on AI Companies", "path": HUB}],
    }


def _note(file: str, reason: str) -> Finding:
    return warning(file, 1, None, None, reason)
