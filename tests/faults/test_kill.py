"""Commands that are killed: the old or the new dataset and schema are there, and the next run succeeds."""

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import NullPool, create_engine, make_url, text

from app.dataset.load import load
from app.dataset.present import loaded
from app.schema import is_newest, revision
from tests.builder import World
from tests.faults.service import finish, start
from tests.schemas import take_back

NewUrl = Callable[[str], str]
KILLED_LOADS = int(os.environ.get("KILLED_LOADS", "5"))
KILLED_MIGRATIONS = int(os.environ.get("KILLED_MIGRATIONS", "4"))
"""How many times on each engine; `make kill-test` kills more."""


def _killed(told: str, url: str, seconds: float) -> bool:
    """Kill a command after a while, and tell whether it was still running."""
    running = start(told, url)
    time.sleep(seconds)
    running.kill()
    running.communicate()
    return running.returncode < 0


def _lasts(told: str, url: str) -> float:
    started = time.monotonic()
    finish(told, url)
    return time.monotonic() - started


def _is_sound(url: str) -> bool:
    """Ask a file whether it is whole; what a server shows is its own to keep."""
    if make_url(url).get_backend_name() != "sqlite":
        return True
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return bool(connection.scalar(text("PRAGMA integrity_check")) == "ok")


def _beside(url: str) -> list[str]:
    """Return what builds have left beside a file."""
    file = make_url(url)
    if file.get_backend_name() != "sqlite":
        return []
    path = Path(str(file.database))
    return [one.name for one in path.parent.glob(f"{path.name}.*.building*")]


def test_a_killed_load_leaves_the_old_or_the_new_dataset(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """At random moments of loads in turn of two datasets; the load after it does what it should."""
    chance, url = random.Random(20261124), new_url(engine)
    folders = [
        World().company(name).round("r1", announced_on="2025").write(tmp_path / name)
        for name in ("globex", "initech")
    ]
    versions = [load(folder, url) for folder in folders]
    lasts = _lasts(f"load {folders[0]}", url)
    seen: Counter[str] = Counter()
    present = 0
    for _ in range(KILLED_LOADS):
        other = 1 - present
        killed = _killed(f"load {folders[other]}", url, chance.uniform(0.3, 1.0) * lasts)
        found = loaded(url)
        assert found is not None
        assert found[0] in versions
        assert _is_sound(url)
        was = "new" if found[0] == versions[other] else "old"
        seen[f"{'killed' if killed else 'finished'}, {was}"] += 1
        assert killed or was == "new"
        # The machine is busier at one time than at another: the last one tells how long it takes.
        lasts = _lasts(f"load {folders[other]}", url)
        found = loaded(url)
        assert found is not None
        assert found[0] == versions[other]
        assert _beside(url) == []
        present = other
    print(f"loads on {engine}: {dict(seen)}")
    assert any(one.startswith("killed") for one in seen)


def test_a_killed_migration_leaves_the_old_or_the_new_schema(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """At random moments of migrations of a database that holds a dataset; the next one finishes."""
    chance, earlier = random.Random(20261127), new_url(engine)
    version = load(World().write(tmp_path / "world"), earlier)
    take_back(earlier)
    old = revision(earlier)
    lasts = _lasts("migrate", _copy(earlier, new_url(engine)))
    seen: Counter[str] = Counter()
    for _ in range(KILLED_MIGRATIONS):
        url = _copy(earlier, new_url(engine))
        killed = _killed("migrate", url, chance.uniform(0.3, 1.0) * lasts)
        assert _is_sound(url)
        was = "new" if is_newest(url) else "old"
        assert was == "new" or revision(url) == old
        seen[f"{'killed' if killed else 'finished'}, {was}"] += 1
        assert killed or was == "new"
        again = _lasts("migrate", url)
        # One that finds nothing to do tells nothing of how long it takes.
        lasts = again if was == "old" else lasts
        assert is_newest(url)
        found = loaded(url)
        assert found is not None
        assert found[0] == version
        assert _beside(url) == []
    print(f"migrations on {engine}: {dict(seen)}")
    assert any(one.startswith("killed") for one in seen)


def _copy(url: str, other: str) -> str:
    """Copy a database over an empty one."""
    source, target = make_url(url), make_url(other)
    if source.get_backend_name() == "sqlite":
        shutil.copyfile(str(source.database), str(target.database))
        return other
    admin = source.set(drivername="postgresql", database="postgres")
    with psycopg.connect(
        admin.render_as_string(hide_password=False), autocommit=True
    ) as connection:
        connection.execute(f"DROP DATABASE {target.database}".encode())
        connection.execute(f"CREATE DATABASE {target.database} TEMPLATE {source.database}".encode())
    return other
