"""The reader: further broken datasets, and what each is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.dataset.check import check_rows
from app.dataset.findings import Finding
from app.dataset.read import read_dataset
from tests.builder import World


def _world() -> World:
    world = World().round("a").company("other").round("b", company_id="other")
    return world.claim("arr", 20).claim("valuation", 900, round_id="a", basis="post_money")


def _findings(folder: Path) -> list[Finding]:
    dataset, found = read_dataset(folder)
    return found + check_rows(dataset)


# File, row, cells that change, and the column and a part of the reason that are told.
TOGETHER: list[tuple[str, int, dict[str, str], str, str]] = [
    ("claims.csv", 0, {"qualifier": "range"}, "value_high", "missing"),
    ("claims.csv", 0, {"qualifier": "range", "value_high": "19"}, "value_high", "below value"),
    ("claims.csv", 0, {"round_id": "a"}, "metric", "belongs to the company"),
    ("claims.csv", 0, {"basis": "post_money"}, "basis", "only a valuation"),
    ("claims.csv", 1, {"basis": ""}, "basis", "missing"),
    ("claims.csv", 1, {"basis": "tender"}, "basis", "never of a round"),
    ("claims.csv", 1, {"round_id": "b"}, "round_id", "is a round of other"),
    ("rounds.csv", 0, {"extends": "a"}, "extends", "can't extend itself"),
    ("rounds.csv", 0, {"extends": "b"}, "extends", "is a round of other"),
]


@pytest.mark.parametrize("case", TOGETHER, ids=lambda one: f"{one[3]}-{one[4]}")
def test_cells_that_disagree_are_told_why(
    tmp_path: Path, case: tuple[str, int, dict[str, str], str, str]
) -> None:
    """The reason says what to mend, not just where."""
    file, row, changed, column, reason = case
    world = _world()
    world.rows[file][row].update(changed)
    [found] = _findings(world.write(tmp_path / "world"))
    assert (found.file, found.line, found.column) == (file, row + 2, column)
    assert reason in found.reason


def test_rounds_that_extend_each_other_are_named(tmp_path: Path) -> None:
    """Each round of the circle is told."""
    world = World().round("a", extends="c").round("c", extends="a")
    found = _findings(world.write(tmp_path / "world"))
    assert [(one.line, one.column) for one in found] == [(2, "extends"), (3, "extends")]


@pytest.mark.parametrize("content", [b'{"a": "\xff"}', b"[" * 200_000], ids=["bytes", "deep"])
def test_a_datapackage_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    """Bytes that aren't UTF-8 and nesting without end are errors like any other."""
    folder = _world().write(tmp_path / "world")
    (folder / "datapackage.json").write_bytes(content)
    assert [(one.file, one.line) for one in _findings(folder)] == [("datapackage.json", 1)]


def test_a_short_row_of_bad_bytes_is_printed_without_a_trace(tmp_path: Path) -> None:
    """A terminal of strict UTF-8 gets the error too."""
    folder = _world().write(tmp_path / "world")
    path = folder / "companies.csv"
    path.write_bytes(path.read_bytes() + b"x,\xff\n")
    code = "from app.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", code, "check", str(folder), "--json"],
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr


def test_a_claim_repeats_whichever_way_its_number_is_written(tmp_path: Path) -> None:
    """5 and 5.0 of one source are one fact, which stands once."""
    world = World().claim("arr", 5).claim("arr", 5)
    world.rows["claims.csv"][1]["value"] = "5.0"
    [found] = _findings(world.write(tmp_path / "world"))
    assert (found.file, found.line, found.reason) == (
        "claims.csv",
        3,
        "repeats line 2: ids and stated facts stand once",
    )
