"""Imports of imperfect folders: what is missing, new or broken is told with its place."""

import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.dataset import importers
from app.dataset.imported import UnusableInputError, importer, importer_names
from app.dataset.importers.epoch import read
from tests.dataset.importers.hub import FUNDING, REVENUE, without_column, write_hub
from tests.dataset.importers.test_epoch import DAY, imported, noted

COMMAND = [sys.executable, "-c", "from app.cli import main; main()", "import"]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command; no message of it may be a trace."""
    command = [*COMMAND, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in ran.stdout + ran.stderr
    return ran


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A folder with both files, without a fault."""
    return write_hub(tmp_path / "hub", [{}, {"Id": "Series C", "Close date": "2025"}], [{}])


def test_the_command_writes_a_dataset_that_passes_its_check(hub: Path, tmp_path: Path) -> None:
    """It says on stderr what it couldn't take over, and on stdout what it wrote."""
    (hub / "ai_companies_staff_reports.csv").write_text("Company\n")
    ran = run("epoch", hub, "--out", tmp_path / "new" / "dataset", "--retrieved-on", "2026-11")
    assert ran.returncode == 0
    assert ran.stderr.startswith("note: ai_companies_staff_reports.csv:1: isn't read")
    assert "4 sources, 1 companies" in ran.stdout
    assert "2026-11" in (tmp_path / "new" / "dataset" / "sources.csv").read_text()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["dataset"]
    command = [*COMMAND[:-1], "check", str(tmp_path / "new" / "dataset")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "0 errors, 0 warnings\n")


def test_an_importer_is_found_by_its_name(hub: Path, tmp_path: Path) -> None:
    """A wrong name lists those that there are, as wrong use."""
    assert importer_names() == ["epoch"]
    ran = run("epic", hub, "--out", tmp_path / "dataset")
    assert ran.returncode == 2
    assert "there are: epoch" in ran.stderr
    assert run("epoch", hub, "--out", tmp_path / "x", "--retrieved-on", "soon").returncode == 2


def test_one_file_makes_an_importer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module beside the others is found by its name."""
    (tmp_path / "ledger.py").write_text(
        "from app.dataset.imported import Imported\n"
        "def read(folder, retrieved_on):\n    return Imported({'title': retrieved_on})\n"
    )
    monkeypatch.setattr(importers, "__path__", [*importers.__path__, str(tmp_path)])
    assert importer_names() == ["epoch", "ledger"]
    assert importer("ledger")(tmp_path, DAY).datapackage == {"title": DAY}


@pytest.mark.parametrize("missing", [FUNDING, REVENUE])
def test_one_file_may_be_missing(hub: Path, missing: str) -> None:
    """It is said, and the other one is imported."""
    (hub / missing).unlink()
    made = read(hub, DAY)
    assert [(note.file, note.reason.split(":")[0]) for note in made.notes] == [
        (missing, "the file is missing")
    ]
    assert made.records["claims.csv"]


@pytest.mark.parametrize(
    "column",
    ["Id", "Close date", "Status", "Type", "Notes", "Confidence", "Report date", "Source 1"],
)
def test_a_missing_column_is_said_once(hub: Path, column: str, tmp_path: Path) -> None:
    """The import goes on, and its dataset has no error."""
    without_column(hub / FUNDING, column)
    made = read(hub, DAY)
    notes = [(note.file, note.line, note.column) for note in made.notes]
    assert notes == [(FUNDING, 1, column)]
    made.write(tmp_path / "dataset")


def test_a_new_column_is_said(tmp_path: Path) -> None:
    """With the column that it may have been, where one is missing."""
    folder = write_hub(tmp_path / "hub", [{"Mood": "good", "Types": "Primary"}])
    without_column(folder / FUNDING, "Type")
    notes = {note.column: note.suggestion for note in read(folder, DAY).notes if note.column}
    assert notes == {"Type": None, "Mood": None, "Types": "Type"}


@pytest.mark.parametrize("cell", ["a lot", "-5", "1.000,5", "NaN", "1e99", "1E+999999999", "٣"])
def test_text_in_a_number_column_is_noted(tmp_path: Path, cell: str) -> None:
    """The round stays, with its other numbers."""
    dataset, made = imported(tmp_path, [{"Funding (equity)": cell}])
    assert [claim.metric for claim in dataset.claims] == ["valuation"]
    assert [(note.line, note.value) for note in made.notes if note.column] == [(2, cell)]


@pytest.mark.parametrize(
    ("cell", "number", "reason"),
    [
        ("90000000.12345678", "90000000.123457", "has more than 6 decimal places: rounded"),
        ("-5.5", None, "is negative: left out"),
    ],
)
def test_a_number_that_is_changed_is_noted(
    tmp_path: Path, cell: str, number: str | None, reason: str
) -> None:
    """A spreadsheet writes more decimals than it means; less than nothing was never raised."""
    dataset, made = imported(tmp_path, [{"Funding (equity)": cell}])
    told = [str(claim.value) for claim in dataset.claims if claim.metric == "amount_raised"]
    assert told == ([number] if number else [])
    assert noted(made, "Funding (equity)") == [reason]


@pytest.mark.parametrize(
    "cell", ["https://", "https://a.example:99999/x", "https://[news.example/x", "a letter"]
)
def test_an_address_that_is_none_is_noted(tmp_path: Path, cell: str) -> None:
    """The hub's is taken, and the cell stands in the locator."""
    dataset, made = imported(tmp_path, [{"Source 1": cell}])
    assert {source.url for source in dataset.sources} == {"https://epoch.ai/data/ai-companies"}
    assert len(noted(made, "Source 1")) == 1
    assert all(f"also: {cell}" in (claim.locator or "") for claim in dataset.claims)


def test_invisible_characters_are_dropped_and_noted(tmp_path: Path) -> None:
    """Line breaks are not worth a note."""
    cells = {"Company": "Borealis\u202e Labs", "Notes": "one\ntwo", "Id": "A\x00"}
    dataset, made = imported(tmp_path, [cells])
    assert [company.name for company in dataset.companies] == ["Borealis Labs"]
    assert {note.column for note in made.notes if "invisible" in note.reason} == {"Company", "Id"}


def test_a_row_without_a_company_is_noted(tmp_path: Path) -> None:
    """Nobody is guessed."""
    dataset, made = imported(tmp_path, [{"Company": ""}, {}])
    assert len(dataset.rounds) == 1
    assert [note.line for note in made.notes if note.column == "Company"] == [2]


BROKEN: list[tuple[Callable[[bytes], bytes], int, str | None]] = [
    (lambda content: b"", 1, None),
    (lambda content: b"\r\n\r\n", 1, None),
    (lambda content: content.replace(b"Series C", b"S\xe9ries C"), 3, "Id"),
    (lambda content: content[: content.rindex(b",https")], 3, None),
    (lambda content: content.replace(b"Series C", b'"Series C'), 3, None),
    (lambda content: content.replace(b"Series C", b'"Ser"ies C'), 3, None),
    (lambda content: content.replace(b"Series C", b"C" * 200_000), 3, None),
    (lambda content: content.replace(b"Company", b"Firm"), 1, "Company"),
    (lambda content: content.replace(b"Funding (", b"F (").replace(b"Valua", b"V"), 1, None),
    (lambda content: content.replace(b"Notes", b"Type"), 1, "Type"),
    (lambda content: content.replace(b"Notes", b"N\xffotes"), 1, r"N\udcffotes"),
]


@pytest.mark.parametrize("broken", BROKEN, ids=map(str, range(len(BROKEN))))
def test_a_broken_file_is_refused_with_its_place(
    hub: Path, broken: tuple[Callable[[bytes], bytes], int, str | None], tmp_path: Path
) -> None:
    """File, line and, where one cell is meant, its column are told."""
    change, line, column = broken
    path = hub / FUNDING
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(UnusableInputError) as refused:
        read(hub, DAY)
    assert (FUNDING, line, column) in {
        (error.file, error.line, error.column) for error in refused.value.findings
    }


def test_the_command_names_what_is_broken_and_writes_nothing(hub: Path, tmp_path: Path) -> None:
    """Exit code 1, and no trace."""
    (hub / REVENUE).write_bytes(b"\xff\xfe")
    ran = run("epoch", hub, "--out", tmp_path / "dataset")
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"error: {REVENUE}:1: ")
    assert ran.stderr.endswith("hub can't be imported: nothing was written\n")
    assert not (tmp_path / "dataset").exists()


def test_a_folder_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    """An empty folder, and files with a header alone."""
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", write_hub(tmp_path / "headers", [], [])):
        with pytest.raises(UnusableInputError):
            read(folder, DAY)


def test_a_folder_with_something_in_it_is_refused(hub: Path, tmp_path: Path) -> None:
    """An empty one is filled."""
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "letter.txt").write_text("mine")
    ran = run("epoch", hub, "--out", taken)
    assert (ran.returncode, [path.name for path in taken.iterdir()]) == (1, ["letter.txt"])
    assert "name a new one" in ran.stderr
    (taken / "letter.txt").unlink()
    assert run("epoch", hub, "--out", taken).returncode == 0
    if os.name == "posix" and os.geteuid() != 0:
        tmp_path.chmod(0o500)
        assert run("epoch", hub, "--out", tmp_path / "refused").returncode == 1
        tmp_path.chmod(0o700)


WORDS = st.sampled_from(
    [
        *("", "Closed", "Primary,Debt", "Series A", "1/2/2024", "2024", "0", "5e9", "ARR"),
        *("0.000001", "Full company", "Year", "Figure (AI)", "Figure (robotics)"),
        *("https://", "https://a:99999", "https://[a.example/x", "\u202ax\u202c"),
    ]
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=140)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_cell_makes_an_error(data: st.DataObject) -> None:
    """Whatever words, numbers and characters the cells have, the dataset passes its check."""
    with tempfile.TemporaryDirectory() as name:
        folder = write_hub(Path(name) / "hub", [{}], [{}])
        for file in (FUNDING, REVENUE):
            with (folder / file).open(encoding="utf-8", newline="") as stream:
                header, plain = csv.reader(stream)
            cells = st.one_of(WORDS, TEXT, st.sampled_from(plain))
            row = st.tuples(*(cells for _ in header))
            with (folder / file).open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([header, plain, *data.draw(st.lists(row, max_size=4))])
        read(folder, DAY).write(Path(name) / "dataset")
