"""The last look at new rows: how they will stand in their files, and what is doubtful about them."""

from collections.abc import Mapping

from app.dataset.check import check_rows
from app.dataset.doubts import doubts
from app.dataset.findings import Finding
from app.dataset.new_fact.append import added
from app.dataset.new_fact.questions import Terminal, agreed
from app.dataset.normal import normal_text
from app.dataset.read import Dataset
from app.dataset.records import Record, cells


def confirmed(dataset: Dataset, rows: Mapping[str, Record], terminal: Terminal) -> bool:
    """Show the new rows as they will stand in their files, and ask whether they may be added."""
    terminal.say("")
    for file, record in rows.items():
        terminal.say(file)
        _, row, _ = normal_text(file, [cells(record)]).split("\n")
        terminal.say(f"+{row}")
    for doubt in _new_doubts(dataset, rows):
        terminal.refuse(f"warning: {doubt}")
    return agreed(terminal, f"Add these rows to {dataset.folder}?")


def _new_doubts(dataset: Dataset, rows: Mapping[str, Record]) -> list[Finding]:
    """Return what would look wrong with the rows, and doesn't without them."""
    grown = added(dataset, rows)
    if check_rows(grown):
        return []  # only a dataset without errors can be doubted
    known = {(doubt.file, doubt.value, doubt.reason) for doubt in doubts(dataset)}
    return [one for one in doubts(grown) if (one.file, one.value, one.reason) not in known]
