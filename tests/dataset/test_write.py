"""Writing a new dataset: whole or not at all; and the ids that its rows are given."""

from pathlib import Path

import pytest

from app.dataset.check import InvalidDatasetError, read_checked
from app.dataset.ids import free_id, stands_for, told_apart
from app.dataset.records import CompanyRecord
from app.dataset.write import FolderTakenError, write_new
from app.likeness import slug
from tests.builder import World


def test_a_dataset_with_errors_does_not_appear(tmp_path: Path) -> None:
    """Nothing is left behind, and a folder that was there before stays empty."""
    dataset = read_checked(World().write(tmp_path / "given"))
    broken = {"companies.csv": dataset.companies, "sources.csv": []}
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        with pytest.raises(InvalidDatasetError):
            write_new(tmp_path / name, broken, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "given"]
    assert list((tmp_path / "empty").iterdir()) == []


def test_a_refused_dataset_is_named_and_leaves_no_folder(tmp_path: Path) -> None:
    """Folders above it are made when all is well."""
    with pytest.raises(InvalidDatasetError, match=r"deep/down has 1 errors"):
        write_new(tmp_path / "deep" / "down", {"companies.csv": [broken_company()]}, None)
    assert list(tmp_path.iterdir()) == []
    write_new(tmp_path / "deep" / "down", {}, None)
    assert read_checked(tmp_path / "deep" / "down").companies == []


def broken_company() -> CompanyRecord:
    """A company of a source that isn't there."""
    cells = dict.fromkeys(CompanyRecord.model_fields, "")
    told = {"id": "acme", "name": "Acme", "status": "private", "source_id": "nobody"}
    return CompanyRecord.model_validate({**cells, **told})


def test_what_stands_there_is_not_replaced(tmp_path: Path) -> None:
    """Neither a file nor a folder with something in it."""
    given = World().write(tmp_path / "given")
    companies = read_checked(given).companies
    for taken in (given, given / "rounds.csv"):
        with pytest.raises(FolderTakenError, match="name a new one"):
            write_new(taken, {}, None)
    assert read_checked(given).companies == companies


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Acmé  Labs, Inc.", "acme-labs-inc"), ("01.AI", "01-ai"), ("月之暗面", None), ("", None)],
)
def test_a_name_makes_a_slug(text: str, expected: str | None) -> None:
    """Without accents; a name in another script makes none."""
    assert slug(text) == expected


def test_a_taken_id_gets_a_number(tmp_path: Path) -> None:
    """The first that is free, and no id is longer than it may be."""
    assert free_id("acme", {"acme", "acme-2"}) == "acme-3"
    long = free_id("a" * 300, set())
    assert len(long) <= 120
    assert free_id("a" * 300, {long}) == f"{long}-2"
    assert stands_for(f"{long}-2", "a" * 300)
    assert not stands_for("acme-labs", "acme")


def test_rows_that_want_one_id_are_told_apart() -> None:
    """By the first tail that differs in all of them, else by the last."""
    wanted, labels = ["a", "b", "a", "b", "c"], ["one", "x", "two", "x", "x"]
    hashes = ["1", "2", "3", "4", "5"]
    assert told_apart(wanted, labels, hashes) == ["a-one", "b-2", "a-two", "b-4", "c"]
    [long, _] = told_apart(["a" * 200] * 2, ["b" * 200, "c" * 200])
    assert len(long) <= 120
