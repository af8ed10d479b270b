"""docs/promises.md: each promise names tests that show it, and they are there."""

import ast
import re
from pathlib import Path

import pytest

from clients.blocks import ROOT

PAGE = ROOT / "docs" / "promises.md"
_TEST = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")


def promises(page: str) -> list[str]:
    """Return the promises of a page: its lists' items."""
    return re.findall(r"^- .*\n(?: {2}.*\n)*", page, re.MULTILINE)


def missing(page: str, folder: Path) -> list[str]:
    """Return the promises without a test, and the tests that aren't in a folder."""
    found = [promise for promise in promises(page) if not _TEST.search(promise)]
    for file, name in _TEST.findall(page):
        path = folder / file
        tree = ast.parse(path.read_text(encoding="utf-8") if path.exists() else "")
        if name not in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}:
            found.append(f"{file}::{name}")
    return found


def test_each_promise_names_tests_that_there_are() -> None:
    """None is only words."""
    page = PAGE.read_text(encoding="utf-8")
    assert missing(page, ROOT / "tests") == []
    told = [line for line in page.splitlines() if "::" in line]
    assert len(told) == len(_TEST.findall(page)), "one test a line, each of them read"
    assert len(promises(page)) > 20


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("- It flies.\n", ["- It flies.\n"]),
        ("- It flies.\n  `test_promises.py::test_it_flies`\n", ["test_promises.py::test_it_flies"]),
        ("- It flies.\n  `test_wings.py::test_it_flies`\n", ["test_wings.py::test_it_flies"]),
        ("- It.\n  `test_promises.py::test_what_is_missing_is_found`\n", []),
    ],
)
def test_what_is_missing_is_found(page: str, found: list[str]) -> None:
    """A promise without a test, a test without its function, one without its file."""
    assert missing(page, Path(__file__).parent) == found
