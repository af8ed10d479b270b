"""Adding rows: all files or none, and nothing but the rows."""

from pathlib import Path

import pytest

from app.dataset.check import InvalidDatasetError
from app.dataset.new_fact.append import append, replace_files
from app.dataset.records import ClaimRecord, CompanyRecord, Record
from tests.builder import World

NEW: dict[str, Record] = {
    "companies.csv": CompanyRecord.model_validate(
        dict.fromkeys(CompanyRecord.model_fields, "")
        | {"id": "aaa", "name": "Aaa", "status": "private", "source_id": "registry"}
    ),
    "claims.csv": ClaimRecord.model_validate(
        dict.fromkeys(ClaimRecord.model_fields, "")
        | {"company_id": "aaa", "metric": "users", "value": "7", "qualifier": "exact"}
        | {"status": "stated", "source_id": "registry"}
    ),
}


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company with a claim, in normal form."""
    return World().claim("arr", 20).write(tmp_path / "world")


def test_rows_stand_where_the_order_has_them(folder: Path) -> None:
    """The rows before are as they were, and nothing is left beside the files."""
    before = _contents(folder)
    append(folder, NEW)
    after = _contents(folder)
    assert after.keys() == before.keys()
    assert after["claims.csv"].splitlines()[1] == b"aaa,,users,7,,,exact,,stated,,registry,"
    assert {line for file in after.values() for line in file.splitlines()} >= {
        line for file in before.values() for line in file.splitlines()
    }
    assert [file for file in after if after[file] != before[file]] == [
        file for file in after if file in NEW
    ]


def test_what_was_written_during_the_conversation_stays(folder: Path) -> None:
    """The files are read again before they are written."""
    path = folder / "investors.csv"
    path.write_bytes(path.read_bytes() + b"fund,Fund,vc,\n")
    path = folder / "claims.csv"
    path.write_bytes(path.read_bytes() + b"acme,,arr,21,,USD,exact,,stated,,registry,\n")
    append(folder, NEW)
    assert b"fund,Fund" in (folder / "investors.csv").read_bytes()
    assert b"acme,,arr,21" in (folder / "claims.csv").read_bytes()


def test_rows_that_the_checks_refuse_are_not_written(folder: Path) -> None:
    """A claim on a company that isn't there changes no file."""
    before = _contents(folder)
    with pytest.raises(InvalidDatasetError) as refused:
        append(folder, {"claims.csv": NEW["claims.csv"]})
    assert [one.reason for one in refused.value.findings] == ["is not in companies.csv"]
    assert str(folder) in str(refused.value)
    assert _contents(folder) == before


def test_a_file_that_cannot_be_replaced_leaves_all_as_they_were(folder: Path) -> None:
    """The first of two files is put back where the second fails."""
    before = _contents(folder)
    beside = folder.parent / "beside"
    beside.mkdir()
    (beside / "companies.csv").write_bytes(b"new")
    with pytest.raises(FileNotFoundError):
        replace_files(folder, beside, ["companies.csv", "claims.csv"])
    assert _contents(folder) == before
