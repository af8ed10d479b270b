"""What CONTRIBUTING shows is true: its example stands in the seed, and its message is what is printed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from app.settings import shipped

PAGE = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROUND = "quantum-systems-2023-10-series-b"


def _block(language: str) -> list[str]:
    match = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert match
    return match[1].splitlines()


def test_the_round_that_is_shown_stands_in_the_seed() -> None:
    """Each row of the example is one of its file, so that it shows the columns of today."""
    lines: list[str] = []
    for line in _block("diff"):
        if line.startswith("--- "):
            path = shipped(line.removeprefix("--- ").split("/")[0]) / line.split("/")[1]
            lines = path.read_text(encoding="utf-8").splitlines()
        else:
            assert line.removeprefix("+") in lines


# File, the beginning of a row, and what is changed in it.
WRONG = [
    ("rounds.csv", f"{ROUND},quantum-systems,series_b,closed,", ",closed,", ",close,"),
    ("claims.csv", f"quantum-systems,{ROUND},amount_raised,63600000,", ",63600000,", ",63.6M,"),
]


def test_the_message_that_is_shown_is_what_check_prints(tmp_path: Path) -> None:
    """The two cells that the page speaks of are made wrong; lines move as the seed grows."""
    folder = Path(shutil.copytree(shipped("seed_data"), tmp_path / "seed_data"))
    for file, row, right, wrong in WRONG:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(row) == 1
        text = text.replace(row, row.replace(right, wrong))
        (folder / file).write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", "from app.cli import main; main()", "check", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    told, shown = (
        re.sub(r"csv:\d+", "csv:line", text) for text in (ran.stdout, "\n".join(_block("text")))
    )
    assert told.strip() == shown
