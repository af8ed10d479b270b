"""The reader: hostile text is refused and shown harmlessly, and one mistake is told once."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.dataset.check import check_rows
from app.dataset.findings import Finding
from app.dataset.read import read_dataset
from tests.builder import World


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company with a round and two claims."""
    world = World().round("a").claim("arr", 20).claim("amount_raised", 300, round_id="a")
    return world.write(tmp_path / "world")


def _findings(folder: Path) -> list[Finding]:
    dataset, found = read_dataset(folder)
    return found + check_rows(dataset)


def _replace(path: Path, old: str, new: str) -> None:
    content = path.read_bytes()
    assert old.encode() in content
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))


@pytest.mark.parametrize("char", ["\x1b[31m", "\x9b2J", "\x07", "\u202e"])
def test_a_header_cannot_command_the_terminal(folder: Path, char: str) -> None:
    """A control character in a column's name is printed as an escape, as text and as JSON."""
    _replace(folder / "rounds.csv", "stage", f"st{char}age")
    command = [sys.executable, "-c", "from app.cli import main; main()", "check", str(folder)]
    for option in ([], ["--json"]):
        ran = subprocess.run([*command, *option], capture_output=True, text=True, check=False)
        assert ran.returncode == 1
        assert char[0] not in ran.stdout
        assert char[0].encode("unicode_escape").decode() in ran.stdout.replace("\\\\", "\\")


@pytest.mark.parametrize(
    "char", [*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]
)
def test_text_that_turns_its_direction_is_refused(folder: Path, char: str) -> None:
    """A name can't be made to read as another, and the message shows the character as an escape."""
    _replace(folder / "companies.csv", "Acme", f"Ac{char}me")
    [found] = _findings(folder)
    assert (found.file, found.line, found.column) == ("companies.csv", 2, "name")
    assert "direction" in found.reason
    assert char not in str(found)


# What is done to a row, and the one line that is told.
MISTAKES: list[tuple[str, str, str, int]] = [
    ("companies.csv", "private", "privat", 2),
    ("companies.csv", "acme,Acme", "acme, Acme", 2),
    ("companies.csv", "acme,Acme,", "acme,Acme", 2),
    ("companies.csv", "acme,Acme", "Acme,Acme", 2),
    ("companies.csv", "acme,Acme", 'acme,"Ac"me', 2),
    ("companies.csv", "status", "state", 1),
    ("sources.csv", "document", "dokument", 2),
    ("rounds.csv", "unknown", "unknwon", 2),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one[0]}-{one[2]}")
def test_a_row_that_cannot_be_read_isnt_missed_by_others(
    folder: Path, mistake: tuple[str, str, str, int]
) -> None:
    """Rows that refer to an id of an unreadable row, or of a file cut short, aren't errors too."""
    file, old, new, line = mistake
    _replace(folder / file, old, new)
    assert {(one.file, one.line) for one in _findings(folder)} == {(file, line)}


def test_an_id_that_stands_nowhere_is_told_beside_an_unreadable_row(folder: Path) -> None:
    """Only the unreadable row's own id is excused."""
    _replace(folder / "companies.csv", "private", "privat")
    _replace(folder / "rounds.csv", "a,acme", "a,acne")
    found = {(one.file, one.line, one.column) for one in _findings(folder)}
    assert {("companies.csv", 2, "status"), ("rounds.csv", 2, "company_id")} <= found


def test_a_wrong_item_of_a_list_is_named_alone(folder: Path) -> None:
    """Value and suggestion are the item's, since the rest of the list is right."""
    _replace(folder / "companies.csv", "private,", "private,robotics|Home Robots")
    [found] = _findings(folder)
    assert (found.column, found.value, found.suggestion) == (
        "categories",
        "Home Robots",
        "home-robots",
    )


@pytest.mark.parametrize(
    "site", ["acme.com", "www.acme.ai/about", "https://acme.ai", "例え.jp", "acme.xn--p1ai"]
)
def test_a_website_may_be_a_hosts_name(folder: Path, site: str) -> None:
    """With or without a scheme, in any script, with or without a path."""
    _replace(folder / "companies.csv", "private,,", f"private,,{site}")
    assert _findings(folder) == []


@pytest.mark.parametrize("value", ["0.123456", "20.5", "0"])
def test_up_to_six_decimal_places_are_a_number(folder: Path, value: str) -> None:
    """No currency needs more."""
    _replace(folder / "claims.csv", "arr,20", f"arr,{value}")
    assert _findings(folder) == []


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", r'"\ud800"'])
def test_a_datapackage_that_other_readers_refuse_is_refused(folder: Path, value: str) -> None:
    """Python alone takes these for JSON, as a value or inside one."""
    (folder / "datapackage.json").write_text(f'{{"a": [{value}]}}', encoding="utf-8")
    [found] = _findings(folder)
    assert (found.file, found.line) == ("datapackage.json", 1)
    str(found).encode()


def test_a_header_that_is_only_a_broken_quote_is_told_once(tmp_path: Path) -> None:
    """It isn't called empty too."""
    folder = World().write(tmp_path / "world")
    (folder / "rounds.csv").write_text('"id', encoding="utf-8")
    [found] = _findings(folder)
    assert "not well-formed CSV" in found.reason
