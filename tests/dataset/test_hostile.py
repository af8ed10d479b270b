"""Hostile datasets: each is refused with its place, in bounded memory, and what was loaded stays."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from app.dataset.check import InvalidDatasetError
from app.dataset.lines import LARGEST_CELL, LONGEST_ROW
from app.dataset.load import load
from app.dataset.present import loaded
from app.dataset.read import DATAPACKAGE
from app.dataset.records import FILES
from tests.conftest import DOCUMENT

COUNT = 100
MOST_MB = 400
# The process tells by itself: what the system counts of a child begins with the size of its parent.
_CHECKING = (
    "import atexit, pathlib, sys; "
    "atexit.register(lambda: sys.stderr.write(pathlib.Path('/proc/self/status').read_text())); "
    "from app.cli import main; main()"
)
GIGABYTE = 1_000_000_000

Mutation = Callable[[Random, Path], None]


def _nul(random: Random, path: Path) -> None:
    _insert(random, path, b"\0")


def _not_utf8(random: Random, path: Path) -> None:
    _insert(
        random, path, random.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"))
    )


def _quote(random: Random, path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'x,"x')


def _direction(random: Random, path: Path) -> None:
    _insert(random, path, "\u202e".encode())


def _insert(random: Random, path: Path, what: bytes) -> None:
    raw = path.read_bytes()
    at = random.randint(raw.index(b"\n") + 1, len(raw))
    while b"\x80" <= raw[at : at + 1] < b"\xc0":
        at -= 1  # not inside a character
    path.write_bytes(raw[:at] + what + raw[at:])


def _large_cell(random: Random, path: Path) -> None:
    _insert(random, path, b"x" * (LARGEST_CELL + 1))


def _long_row(random: Random, path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'"\n",' * (LONGEST_ROW // 3))


def _cells_too_many(random: Random, path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"," * 1_000_000 + b"\n")


def _columns_too_many(random: Random, path: Path) -> None:
    path.write_bytes(b"a," * 1_000_000 + b"a\n" + path.read_bytes())


def _columns_twice(random: Random, path: Path) -> None:
    head, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(head + b"," + head.split(b",")[-1] + b"\n" + rest)


def _truncated(random: Random, path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: random.randrange(raw.index(b"\n"))])


def _link_out(random: Random, path: Path) -> None:
    path.unlink()
    path.symlink_to(random.choice(("/etc/passwd", "/dev/zero", "../../etc/passwd", path)))


def _pipe(random: Random, path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(random: Random, path: Path) -> None:
    path.unlink()
    path.mkdir()


def _row_twice(random: Random, path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines) + lines[-1])


def _archive(random: Random, path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + random.randbytes(5_000))


def _packed(random: Random, path: Path) -> None:
    path.write_bytes(b"\x1f\x8b\x08" + b"\0" * 5_000)


MUTATIONS: dict[str, Mutation] = {
    mutation.__name__[1:]: mutation
    for mutation in (
        *(_nul, _not_utf8, _quote, _direction, _large_cell, _long_row, _cells_too_many),
        *(_columns_too_many, _columns_twice, _truncated, _link_out, _pipe, _folder, _row_twice),
        *(_archive, _packed),
    )
}


def _described_badly(random: Random, folder: Path) -> None:
    raw = random.choice(
        (b"{", b"[" * 100_000, b'{"a": NaN}', b'{"a": "\\ud800"}', b"\xff", b" " * 2_000_000)
    )
    (folder / DATAPACKAGE).write_bytes(raw)


def test_each_of_a_hundred_hostile_datasets_is_refused_with_its_place(
    engine: str, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """None is loaded in part, and none fails in another way than by saying file and line."""
    url, random = new_url(engine), Random(20_261_127)
    version = load(DOCUMENT, url)
    for number in range(COUNT):
        folder = tmp_path / "hostile"
        shutil.copytree(DOCUMENT, folder)
        name = random.choice([*MUTATIONS, "described badly"])
        file = random.choice(list(FILES))
        if name == "described badly":
            file = DATAPACKAGE
            _described_badly(random, folder)
        else:
            MUTATIONS[name](random, folder / file)
        with pytest.raises(InvalidDatasetError) as refused:
            load(folder, url)
        found = refused.value.findings
        assert found, (number, name, file)
        assert all(one.line >= 1 and one.file for one in found), (number, name, file)
        assert file in {one.file for one in found}, (number, name, file)
        assert not any("root:" in str(one) for one in found), (number, name, file)
        shutil.rmtree(folder)
    present = loaded(url)
    assert present is not None
    assert present[0] == version


@pytest.mark.parametrize("opening", [b"", b'"', b"x,"], ids=["a line", "a quoted cell", "a cell"])
def test_a_cell_of_a_gigabyte_is_named_in_little_memory(tmp_path: Path, opening: bytes) -> None:
    """The file takes no space on the disk, and is read no further than a row may go."""
    folder = tmp_path / "hostile"
    shutil.copytree(DOCUMENT, folder)
    path = folder / "companies.csv"
    with path.open("ab") as file:
        file.write(opening)
    lines = path.read_bytes().count(b"\n")
    os.truncate(path, GIGABYTE)
    command = [sys.executable, "-c", _CHECKING, "check", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert f"companies.csv:{lines + 1}: not well-formed CSV" in ran.stdout
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", ran.stderr, re.MULTILINE)
    assert peak is not None
    assert int(peak[1]) / 1024 < MOST_MB


def test_a_link_inside_a_dataset_is_read(new_url: Callable[[str], str], tmp_path: Path) -> None:
    """As datasets lie that are mounted into containers: each file is a link to one beside it."""
    folder = tmp_path / "linked"
    shutil.copytree(DOCUMENT, folder / "..data")
    for path in (folder / "..data").iterdir():
        (folder / path.name).symlink_to(Path("..data") / path.name)
    assert load(folder, new_url("sqlite")) == load(DOCUMENT, new_url("sqlite"))
