"""A file that is deleted, damaged, foreign, dated oddly or without room: who serves, and who loads."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.dataset.load import load
from app.dataset.present import loaded
from app.settings import shipped
from tests.builder import World
from tests.conftest import DOCUMENT, serving
from tests.faults.service import PATHS, until
from tests.test_cli import run

NewUrl = Callable[[str], str]
_QUESTIONS = 25


def _file(url: str) -> Path:
    return Path(str(make_url(url).database))


def _delete(file: Path, _: bytes) -> None:
    file.unlink()


def _overwrite(file: Path, whole: bytes) -> None:
    file.write_bytes(b"garbage " * (len(whole) // 8))


def _copy_half(file: Path, whole: bytes) -> None:
    file.write_bytes(whole[: len(whole) // 2])


def _empty(file: Path, _: bytes) -> None:
    file.write_bytes(b"")


def _scratch(file: Path, whole: bytes) -> None:
    """Leave the first pages alone, and nothing of the others."""
    file.write_bytes(whole[:20_000] + bytes(len(whole) - 20_000))


@pytest.mark.parametrize("spoil", [_delete, _overwrite, _copy_half, _empty, _scratch])
def test_a_spoiled_file_is_not_ready_and_comes_back(
    new_url: NewUrl, spoil: Callable[[Path, bytes], None]
) -> None:
    """Every answer is right or 503, the process lives, and a whole file is served without a restart."""
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    file = _file(url)
    whole = file.read_bytes()
    with serving(url) as client:
        good = {path: client.get(path).content for path in PATHS}
        spoil(file, whole)
        until(lambda: client.get("/readyz").status_code == 503)
        asked = [(path, client.get(path)) for path in PATHS for _ in range(_QUESTIONS)]
        assert {one.status_code for _, one in asked} <= {200, 503}
        for path, one in asked:
            assert one.status_code == 503 or one.content == good[path], path
            assert one.status_code == 200 or one.headers["retry-after"], path
        assert client.get("/healthz").status_code == 200
        beside = file.with_name("whole")
        beside.write_bytes(whole)
        beside.replace(file)
        until(lambda: client.get("/readyz").status_code == 200)
        assert {path: client.get(path).content for path in PATHS} == good


@pytest.mark.parametrize("spoil", [_delete, _copy_half, _empty, _scratch])
def test_a_damaged_file_of_ours_is_replaced(
    new_url: NewUrl, spoil: Callable[[Path, bytes], None]
) -> None:
    """By a load, with nothing to compare with."""
    url = new_url("sqlite")
    load(World().company("globex").write(_file(url).parent / "world"), url)
    spoil(_file(url), _file(url).read_bytes())
    version = load(DOCUMENT, url)
    present = loaded(url)
    assert present is not None
    assert present[0] == version


@pytest.mark.parametrize("kind", ["letter", "database"])
def test_a_file_of_others_is_left_alone(tmp_path: Path, kind: str) -> None:
    """Neither load nor migrate nor serve changes a byte of it, and each says what to do."""
    file = tmp_path / "mine"
    if kind == "letter":
        file.write_bytes(b"Dear reader, " * 1_000)
    else:
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE photos (id integer)")
        connection.close()
    before = file.read_bytes()
    for command in ("load", "migrate", "serve"):
        ran = run(command, AIROUNDS_DATABASE_URL=f"sqlite:///{file}", AIROUNDS_PORT="0")
        assert ran.returncode == 1
        [line] = ran.stderr.splitlines()
        assert line.startswith(str(file))
        assert line.endswith("set AIROUNDS_DATABASE_URL to another path")
        assert file.read_bytes() == before


def test_a_full_disk_leaves_the_dataset_before(new_url: NewUrl, tmp_path: Path) -> None:
    """A load that may write so many bytes and no more: it says so in a line, and leaves nothing behind."""
    url = new_url("sqlite")
    version = load(DOCUMENT, url)
    file = _file(url)
    before = file.read_bytes()
    for most in (0, 4_096, 100_000, 1_000_000):
        ran = _load_within(url, most)
        assert ran.returncode == 1, ran.stderr
        [line] = ran.stderr.splitlines()
        assert str(file) in line or str(file.parent) in line, line
        assert file.read_bytes() == before
        assert [one.name for one in file.parent.glob("*.building*")] == []
    present = loaded(url)
    assert present is not None
    assert present[0] == version


def _load_within(url: str, most_bytes: int) -> "subprocess.CompletedProcess[str]":
    limited = (
        "import resource; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {most_bytes})); "
        "from app.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", limited, "load"],
        env={**os.environ, "AIROUNDS_DATABASE_URL": url, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone may mount")
def test_a_disk_without_room_leaves_the_dataset_before(tmp_path: Path) -> None:
    """A small one: the load that fails says so, and with room the next one succeeds."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("nothing may be mounted here")
    try:
        url = f"sqlite:///{disk / 'airounds.db'}"
        version = load(DOCUMENT, url)
        ran = run("load", AIROUNDS_DATABASE_URL=url)
        assert ran.returncode == 1
        [line] = ran.stderr.splitlines()
        assert str(disk) in line
        assert sorted(one.name for one in disk.iterdir()) == ["airounds.db", "airounds.db.lock"]
        present = loaded(url)
        assert present is not None
        assert present[0] == version
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
        assert run("load", AIROUNDS_DATABASE_URL=url).returncode == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("moment", [0, 1_000_000_000, 4_000_000_000])
def test_the_time_of_a_file_may_be_any(new_url: NewUrl, moment: int, tmp_path: Path) -> None:
    """What is served is noticed by the file itself, however its clock went."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    with serving(url) as client:
        assert client.get("/v1/companies/moonshot-ai").status_code == 200
        version = load(World().write(tmp_path / "world"), url)
        os.utime(_file(url), (moment, moment))
        until(lambda: client.get("/v1/companies/moonshot-ai").status_code == 404)
        assert client.get("/v1/companies/acme").headers["dataset-version"] == version
