"""The reader: every broken dataset is refused with the place of what is wrong."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.dataset.check import check_rows
from app.dataset.findings import Finding
from app.dataset.read import read_dataset
from app.dataset.records import FILES
from tests.builder import World

Change = Callable[[bytes], bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dataset without errors, with a row or more in each file."""
    world = (
        World().round("a", announced_on="2026-05").company("other").round("b", company_id="other")
    )
    world.claim("amount_raised", 300, round_id="a")
    world.claim("valuation", 900, round_id="a", basis="post_money")
    world.claim("arr", 20, as_of="2026-04")
    world.claim("employees", 7, currency="")
    world.rows["investors.csv"] = [{"id": "fund", "name": "Fund", "kind": "vc", "country": "US"}]
    world.rows["participations.csv"] = [
        {"round_id": "a", "investor_id": "fund", "role": "lead", "source_id": "registry"}
    ]
    return world.write(tmp_path / "world")


def findings(folder: Path) -> list[Finding]:
    """Everything that is wrong with a dataset."""
    dataset, found = read_dataset(folder)
    return found + check_rows(dataset)


def test_a_clean_dataset_has_no_errors(folder: Path) -> None:
    """What the mutations below start from is right."""
    assert findings(folder) == []


# File, line, column, and what the cell is changed to.
CELLS: list[tuple[str, int, str, str, str | None]] = [
    ("sources.csv", 2, "id", "Registry", "registry"),
    ("sources.csv", 2, "kind", "newz", "news"),
    ("sources.csv", 2, "kind", "", None),
    ("sources.csv", 2, "published_on", "2026-13", None),
    ("sources.csv", 2, "published_on", "2026-02-30", None),
    ("sources.csv", 2, "published_on", "26-01-01", None),
    ("sources.csv", 2, "published_on", "2026/01/01", None),
    ("sources.csv", 2, "retrieved_on", "today", None),
    ("sources.csv", 2, "url", "javascript:alert(1)", None),
    ("sources.csv", 2, "url", "https://a b", None),
    ("sources.csv", 2, "url", "https://", None),
    ("sources.csv", 2, "url", "https:///page", None),
    ("sources.csv", 2, "url", "https://?q=1", None),
    ("sources.csv", 2, "url", "https://[::1", None),
    ("sources.csv", 2, "url", "https://a.example:port/", None),
    ("sources.csv", 2, "publisher", " Reuters", None),
    ("companies.csv", 2, "name", "", None),
    ("companies.csv", 2, "country", "USA", "US"),
    ("companies.csv", 2, "country", "us", "US"),
    ("companies.csv", 2, "country", "XX", None),
    ("companies.csv", 2, "status", "privat", "private"),
    ("companies.csv", 2, "founded_on", "0000", None),
    ("companies.csv", 2, "aliases", "A||B", None),
    ("companies.csv", 2, "aliases", "A|A", None),
    ("companies.csv", 2, "categories", "Robotics", None),
    ("companies.csv", 2, "website", "javascript:x", None),
    ("companies.csv", 2, "website", "javascript.alert(1)", None),
    ("companies.csv", 2, "website", "acme", None),
    ("companies.csv", 2, "website", "acme.1", None),
    ("companies.csv", 2, "website", "-acme.com", None),
    ("companies.csv", 2, "website", "acme..com", None),
    ("companies.csv", 2, "website", "https://", None),
    ("companies.csv", 2, "source_id", "registri", "registry"),
    ("investors.csv", 2, "kind", "angel", None),
    ("investors.csv", 2, "country", "Germany", "DE"),
    ("rounds.csv", 2, "company_id", "acne", "acme"),
    ("rounds.csv", 2, "stage", "seriesb", "series_b"),
    ("rounds.csv", 2, "status", "close", "closed"),
    ("rounds.csv", 2, "instrument", "equities", "equity"),
    ("rounds.csv", 2, "announced_on", "May 2026", None),
    ("rounds.csv", 2, "closed_on", "2026-5", None),
    ("rounds.csv", 2, "extends", "nowhere", None),
    ("rounds.csv", 2, "extends", "a", None),
    ("rounds.csv", 2, "extends", "b", None),
    ("rounds.csv", 2, "source_id", "nobody", None),
    ("participations.csv", 2, "round_id", "c", None),
    ("participations.csv", 2, "investor_id", "funds", "fund"),
    ("participations.csv", 2, "role", "led", "lead"),
    ("participations.csv", 2, "source_id", "nobody", None),
    ("claims.csv", 2, "company_id", "acne", "acme"),
    ("claims.csv", 2, "round_id", "z", None),
    ("claims.csv", 2, "round_id", "b", None),
    ("claims.csv", 2, "round_id", "", None),
    ("claims.csv", 2, "metric", "valuations", "valuation"),
    ("claims.csv", 2, "value", "-1", None),
    ("claims.csv", 2, "value", "1e9", None),
    ("claims.csv", 2, "value", "1,000", None),
    ("claims.csv", 2, "value", "", None),
    ("claims.csv", 2, "value", "NaN", None),
    ("claims.csv", 2, "value", "9007199254740993", None),
    ("claims.csv", 2, "value", "300.0000001", None),
    ("claims.csv", 2, "value_high", "400", None),
    ("claims.csv", 2, "currency", "", None),
    ("claims.csv", 2, "currency", "usd", "USD"),
    ("claims.csv", 2, "currency", "DOL", None),
    ("claims.csv", 2, "qualifier", "atleast", "at_least"),
    ("claims.csv", 2, "basis", "post_money", None),
    ("claims.csv", 3, "basis", "", None),
    ("claims.csv", 3, "basis", "acquisition", None),
    ("claims.csv", 2, "status", "state", "stated"),
    ("claims.csv", 4, "as_of", "2026-00", None),
    ("claims.csv", 5, "currency", "USD", None),
    ("claims.csv", 2, "source_id", "registrie", "registry"),
]


@pytest.mark.parametrize("mutation", CELLS, ids=lambda one: "-".join(map(str, one[:4])))
def test_a_wrong_cell_is_named(
    folder: Path, mutation: tuple[str, int, str, str, str | None]
) -> None:
    """File, line, column and value are told, and for a misspelt word what was meant."""
    file, line, column, cell, suggestion = mutation
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    cells = lines[line - 1].split(",")
    cells[list(FILES[file].model_fields).index(column)] = f'"{cell}"'
    lines[line - 1] = ",".join(cells)
    (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = [
        one for one in findings(folder) if (one.file, one.line, one.column) == (file, line, column)
    ]
    assert found
    assert found[0].value == cell
    if suggestion is not None:
        assert found[0].suggestion == suggestion


def _line(number: int, change: Callable[[bytes], bytes]) -> Change:
    def changed(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[number - 1] = change(lines[number - 1])
        return b"\n".join(lines)

    return changed


FORMS: list[tuple[str, Change, int]] = [
    ("rounds.csv", lambda content: b"", 1),
    ("rounds.csv", _line(2, lambda line: line[:8]), 2),
    ("rounds.csv", _line(2, lambda line: line + b",more"), 2),
    ("rounds.csv", _line(1, lambda line: line.replace(b",extends", b"")), 1),
    ("rounds.csv", _line(1, lambda line: line + b",note"), 1),
    ("rounds.csv", _line(1, lambda line: line.replace(b"stage", b"stag")), 1),
    ("rounds.csv", _line(1, lambda line: line.replace(b"stage", b"status")), 1),
    ("rounds.csv", _line(2, lambda line: line + b"\n" + line), 3),
    ("claims.csv", _line(2, lambda line: line + b"\n" + line), 3),
    ("participations.csv", _line(2, lambda line: line + b"\n" + line), 3),
    ("companies.csv", _line(2, lambda line: line.replace(b"Acme", b"Acm\xff")), 2),
    ("companies.csv", _line(2, lambda line: line.replace(b"Acme", b"Ac\0me")), 2),
    ("companies.csv", _line(2, lambda line: line.replace(b"Acme", b"Ac\x1bme")), 2),
    ("companies.csv", _line(2, lambda line: line.replace(b"Acme", b'"Ac"me')), 2),
    ("companies.csv", _line(2, lambda line: line.replace(b"Acme", b"A" * 200_000)), 2),
    ("companies.csv", _line(3, lambda line: line.replace(b"Other", b'"Other')), 3),
    ("datapackage.json", lambda content: b"{", 1),
    ("datapackage.json", lambda content: b"[]", 1),
]


@pytest.mark.parametrize(("file", "change", "line"), FORMS, ids=map(str, range(len(FORMS))))
def test_a_malformed_file_is_named_with_its_line(
    folder: Path, file: str, change: Change, line: int
) -> None:
    """What isn't a table of the right shape is refused where it stops being one."""
    path = folder / file
    path.write_bytes(change(path.read_bytes() if path.exists() else b""))
    assert (file, line) in {(one.file, one.line) for one in findings(folder)}


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    """The message tells which header it starts with."""
    (folder / file).unlink()
    [found] = [one for one in findings(folder) if "missing; it starts" in one.reason]
    assert (found.file, found.line) == (file, 1)


def test_the_command_prints_every_error_and_no_trace(folder: Path) -> None:
    """Exit code 1 and JSON with places."""
    path = folder / "rounds.csv"
    path.write_bytes(path.read_bytes().replace(b"closed,equity", b"close,equities"))
    command = [sys.executable, "-c", "from app.cli import main; main()", "check", str(folder)]
    ran = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stdout + ran.stderr
    told = json.loads(ran.stdout)
    assert told["ok"] is False
    assert {(one["line"], one["column"]) for one in told["errors"]} >= {
        (2, "status"),
        (2, "instrument"),
        (3, "status"),
        (3, "instrument"),
    }
