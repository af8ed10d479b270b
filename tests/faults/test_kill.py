"""Commands that are killed: the old or the new dataset and schema are there, and the next run succeeds."""

import os
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
from sqlalchemy import NullPool, create_engine, make_url, text

from app.dataset.load import load
from app.dataset.present import loaded
from app.schema import is_newest, revision
from tests.builder import World
from tests.faults.killing import Killer, Met, beside, lasts
from tests.schemas import earlier_revisions, take_back

NewUrl = Callable[[str], str]
KILLED_LOADS = int(os.environ.get("KILLED_LOADS", "5"))
KILLED_MIGRATIONS = int(os.environ.get("KILLED_MIGRATIONS", "4"))
"""How many on each engine; `make kill-test` kills more."""
ENOUGH = 20
"""Of so many kills some meet a command that writes, however busy the machine is."""


def test_a_killed_load_leaves_the_old_or_the_new_dataset(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """At random moments of loads in turn of two datasets; the load after it does what it should."""
    url = new_url(engine)
    folders = [
        World().company(name).round("r1", announced_on="2025").write(tmp_path / name)
        for name in ("globex", "initech")
    ]
    old, new = [(load(folder, url), f"load {folder}") for folder in folders]
    killer = Killer(url, KILLED_LOADS, random.Random(20261124), lasts(old[1], url))
    while killer.goes_on:
        met = killer.kill(new[1], partial(_holds, url, new[0]))
        present = _version(url)
        assert present in (old[0], new[0])
        assert met is not Met.ENDED or present == new[0]
        assert _is_sound(url)
        lasts(new[1], url)
        assert _version(url) == new[0]
        assert beside(url) == []
        old, new = new, old
    print(f"loads on {engine}: {killer}")
    assert killer.met[Met.WRITING] or KILLED_LOADS < ENOUGH


def test_a_killed_migration_leaves_the_old_or_the_new_schema(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """At random moments of all migrations of a database that holds a dataset; the next run finishes."""
    earlier, url = new_url(engine), new_url(engine)
    version = load(World().write(tmp_path / "world"), earlier)
    first = earlier_revisions()[-1]
    take_back(earlier, first)
    _copy(earlier, url)
    killer = Killer(url, KILLED_MIGRATIONS, random.Random(20261127), lasts("migrate", url))
    while killer.goes_on:
        _copy(earlier, url)
        met = killer.kill("migrate", lambda: is_newest(url))
        assert _is_sound(url)
        assert is_newest(url) or (met is not Met.ENDED and revision(url) == first)
        lasts("migrate", url)
        assert is_newest(url)
        assert _version(url) == version
        assert beside(url) == []
    print(f"migrations on {engine}: {killer}")
    assert killer.met[Met.WRITING] or KILLED_MIGRATIONS < ENOUGH


def _holds(url: str, version: str) -> bool:
    return _version(url) == version


def _version(url: str) -> str:
    present = loaded(url)
    assert present is not None
    return present[0]


def _is_sound(url: str) -> bool:
    """Ask a file whether it is whole; what a server shows is its own to keep."""
    if make_url(url).get_backend_name() != "sqlite":
        return True
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return bool(connection.scalar(text("PRAGMA integrity_check")) == "ok")


def _copy(url: str, other: str) -> None:
    """Copy a database over another."""
    source, target = make_url(url), make_url(other)
    if source.get_backend_name() == "sqlite":
        shutil.copyfile(str(source.database), str(target.database))
        return
    admin = source.set(drivername="postgresql", database="postgres")
    with psycopg.connect(
        admin.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f"DROP DATABASE {target.database}".encode())
        connection.execute(f"CREATE DATABASE {target.database} TEMPLATE {source.database}".encode())
