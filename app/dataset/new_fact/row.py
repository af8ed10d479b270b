"""A new row, asked for cell by cell.

An answer is right where the reader and the checks of a dataset take the row that it stands in: nothing
is judged here a second time.
"""

from collections.abc import Collection
from dataclasses import dataclass

from app.dataset.check import check_rows
from app.dataset.findings import Finding
from app.dataset.new_fact.append import added
from app.dataset.new_fact.options import Option, column_options
from app.dataset.new_fact.questions import Question, Terminal, ask
from app.dataset.read import Dataset, read_row
from app.dataset.records import FILES, Record

_LISTS = frozenset({"aliases", "founders", "categories"})

# What stands in cells that aren't asked yet, so that a row can be read before it is complete.
_STAND_INS: dict[str, dict[str, str]] = {
    "sources.csv": {"id": "new", "kind": "news"},
    "companies.csv": {"id": "new", "name": "New", "status": "private"},
    "rounds.csv": {"id": "new", "stage": "unknown", "status": "closed", "instrument": "equity"},
    "claims.csv": {"metric": "arr", "value": "0", "qualifier": "exact", "status": "stated"},
}


@dataclass(slots=True)
class NewRow:
    """A row of a file with the cells that are known so far."""

    dataset: Dataset
    terminal: Terminal
    file: str
    cells: dict[str, str]

    def ask(
        self,
        column: str,
        text: str,
        default: str = "",
        *,
        options: tuple[Option, ...] = (),
        only: Collection[str] | None = None,
    ) -> None:
        """Ask for a cell; what completes an answer is its column's, but for `options` and `only`."""
        offered = options or column_options(self.dataset, self.file, column)
        if only is not None:
            offered = tuple(option for option in offered if option.word in only)
        may_be_empty = not default and self._refusal(column, "") is None
        question = Question(
            f"{text} (Enter: not said)" if may_be_empty else text,
            lambda answer: self._refusal(column, answer),
            default,
            offered,
            column in _LISTS,
        )
        self.cells[column] = ask(self.terminal, question)

    def keep(self) -> Record:
        """Add the row to the dataset, now that all its cells are known."""
        record, findings = self._read(self.cells)
        if record is None:
            raise ValueError("; ".join(map(str, findings)))
        self.dataset.rows[self.file].append((self._line, record))
        return record

    def _refusal(self, column: str, answer: str) -> str | None:
        """Return what the reader and the checks say against an answer, given those before it."""
        told = self.cells | {column: answer}
        record, findings = self._read(_STAND_INS[self.file] | told)
        if record is not None:
            place = (self.file, self._line, column)
            checked = check_rows(added(self.dataset, {self.file: record}))
            findings = [one for one in checked if (one.file, one.line, one.column) == place]
        for found in findings:
            if found.column == column:
                return found.advice
            if found.column in told:
                return f"{found.column}: {found.advice}"
        return None

    def _read(self, cells: dict[str, str]) -> tuple[Record | None, list[Finding]]:
        empty = dict.fromkeys(FILES[self.file].model_fields, "")
        return read_row(self.file, self._line, empty | cells)

    @property
    def _line(self) -> int:
        return len(self.dataset.rows[self.file]) + 2
