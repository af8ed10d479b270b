"""What pages show is true: their commands and programs are run, and print what is said.

Those of docs/clients.md need generated clients: `make sdk-test` runs them. Those of docs/deploy.md need
hosts of PostgreSQL: tests/test_deploy.py runs them.
"""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from clients.blocks import (
    CLIENTS_PAGE,
    CODE,
    DEPLOY_PAGE,
    NOT_RUN,
    PAGES,
    ROOT,
    SHELL,
    SHOWN_ADDRESS,
    alike,
    blocks,
    check_commands,
    infos,
)

DATA = ("text", "json", "diff")  # what is printed, and what tests of their own compare
OURS = [page for page in PAGES if page not in (CLIENTS_PAGE, DEPLOY_PAGE)]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", [page for page in OURS if blocks(page, *SHELL)], ids=_name)
def test_commands(seed: httpx.Client, page: Path, tmp_path: Path) -> None:
    """A service on the seed answers each as the page shows."""
    address = f"{seed.base_url.host}:{seed.base_url.port}"
    check_commands(blocks(page, *SHELL), tmp_path, {SHOWN_ADDRESS: address})


@pytest.mark.parametrize("page", [page for page in OURS if blocks(page, "python")], ids=_name)
def test_python(page: Path) -> None:
    """The blocks of a page are one program, which runs in a checkout."""
    shown = blocks(page, "python")
    program = "\n".join(block.code for block in shown)
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert alike("".join(block.printed for block in shown), ran.stdout)


def test_what_is_not_run_says_so() -> None:
    """A block is of a language that is run, or data; few are commands that no test could run."""
    left_out = []
    for page in PAGES:
        for info, code in infos(page):
            language, _, mark = info.partition(" ")
            where = f"{_name(page)}: {code}"
            drawing = info == "" and " -> " in code
            assert drawing or language in (*CODE, *DATA), f"fence it, and name it: {where}"
            assert mark in ("", NOT_RUN), where
            assert language != "typescript" or page == CLIENTS_PAGE, f"nothing runs it: {where}"
            if mark:
                left_out.append((_name(page), code.split()[1]))
    assert left_out == [
        ("CONTRIBUTING.md", "bench-scale"),
        ("README.md", "serve"),
        ("README.md", "test"),
        # They change the machine: its users, /opt and what systemd starts.
        ("docs/deploy.md", "--system"),
        ("docs/deploy.md", "-u"),
    ]


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ("```console\n$ echo 10 of 12\n10 of 13\n```\n", "prints 10 of 12"),
        ("```console\n$ echo 10 |\n    cat\n```\n", "prints 10"),
        ("```sh\nfalse\n```\n", "fails"),
        ("```sh\nexit\n```\n", None),
    ],
)
def test_a_page_that_is_wrong_is_found(tmp_path: Path, shown: str, reason: str | None) -> None:
    """Whether a command prints something else, fails, or is never reached."""
    page = tmp_path / "page.md"
    page.write_text(shown, encoding="utf-8")
    with pytest.raises(AssertionError, match=reason):
        check_commands(blocks(page, *SHELL), tmp_path, {SHOWN_ADDRESS: "localhost"})


@pytest.mark.parametrize(
    ("told", "printed", "same"),
    [
        ("10 of …\n", "10 of 12\n", True),
        ("10 of …\n", "10 of 12\nmore\n", False),
        ("first\n…\nlast\n", "first\na\nb\nlast\n", True),
        ("first\n…\nlast\n", "first\nlast\n", True),
        ("first\n…\n", "first\na\nb\n", True),
        ("first\n…\n", "other\na\n", False),
        ("a.c\n", "abc\n", False),
    ],
)
def test_what_a_page_leaves_out(told: str, printed: str, same: bool) -> None:
    """`…` stands for the rest of a line, or for any lines."""
    assert alike(told, printed) is same
