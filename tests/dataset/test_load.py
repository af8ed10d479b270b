"""Loading: round trips, all or nothing, and a schema that migrations make."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlmodel import SQLModel

import app.tables
from app import sqlite
from app.dataset.changes import before
from app.dataset.check import InvalidDatasetError
from app.dataset.export import export
from app.dataset.load import load
from app.dataset.mentions import TAGS
from app.dataset.present import loaded
from app.dataset.records import FILES
from app.schema import in_metadata, migrate
from app.settings import shipped
from tests.builder import World
from tests.conftest import DOCUMENT, serving

NewUrl = Callable[[str], str]
COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


def test_export_gives_the_seed_back(engine: str, new_url: NewUrl, tmp_path: Path) -> None:
    """Byte for byte, since the seed is in normal form."""
    url = new_url(engine)
    load(shipped("seed_data"), url)
    export(url, tmp_path)
    for file in (*FILES, "datapackage.json"):
        assert (tmp_path / file).read_bytes() == (shipped("seed_data") / file).read_bytes()


def test_tags_lie_in_the_order_of_their_key(new_url: NewUrl) -> None:
    """They are put in order before they are inserted, so that a large table grows at its end alone."""
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    engine = create_engine(url)
    with engine.connect() as connection:
        for name in TAGS:
            stored = text(f"SELECT dimension, value, snapshot_id FROM {name} ORDER BY rowid")
            rows = list(map(tuple, connection.execute(stored)))
            assert rows == sorted(rows)
            assert len(rows) > len({row[:2] for row in rows})
    engine.dispose()


def test_order_and_quotes_do_not_change_the_version(new_url: NewUrl, tmp_path: Path) -> None:
    """The same facts are the same dataset."""
    shuffled = tmp_path / "shuffled"
    shuffled.mkdir()
    for file in FILES:
        header, *rows = (DOCUMENT / file).read_text(encoding="utf-8").splitlines()
        (shuffled / file).write_text("\r\n".join([header, *reversed(rows)]) + "\r\n")
    assert load(DOCUMENT, new_url("sqlite")) == load(shuffled, new_url("sqlite"))


def test_a_dataset_with_errors_changes_nothing(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """The dataset before is still served."""
    url = new_url(engine)
    version = load(DOCUMENT, url)
    broken = World().claim("arr", 1, company_id="nobody").write(tmp_path / "broken")
    with pytest.raises(InvalidDatasetError):
        load(broken, url)
    present = loaded(url)
    assert present is not None
    assert present[0] == version


def test_a_running_server_notices_a_new_dataset(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """Within two seconds of the load the new dataset answers."""
    url = new_url(engine)
    load(DOCUMENT, url)
    with serving(url) as client:
        assert client.get("/v1/companies/moonshot-ai").status_code == 200
        version = load(World().write(tmp_path / "world"), url)
        time.sleep(2)
        assert client.get("/v1/dataset").json()["version"] == version
        assert client.get("/v1/companies/acme").status_code == 200
        assert client.get("/v1/companies/moonshot-ai").status_code == 404


def test_readers_go_on_while_datasets_change(engine: str, new_url: NewUrl, tmp_path: Path) -> None:
    """During ten loads or more every answer is whole, of one dataset, and soon there.

    A server is asked once a second which dataset it has, so that loads go on until both were read.
    """
    url = new_url(engine)
    world = World().round("r1", announced_on="2025").write(tmp_path / "world")
    versions = {load(DOCUMENT, url), load(world, url)}
    answers: list[httpx.Response] = []
    read: set[str] = set()
    deadline = time.monotonic() + 60

    def change() -> list[str]:
        loads: list[str] = []
        while len(loads) < 10 or (read != versions and time.monotonic() < deadline):
            loads += [load(one, url) for one in (DOCUMENT, world)]
        return loads

    with serving(url) as client, ThreadPoolExecutor(1) as pool:
        loading = pool.submit(change)
        while not loading.done():
            for path in ("rounds", "rounds.ndjson"):
                answers.append(client.get(f"/v1/{path}", timeout=5))
                read.add(answers[-1].headers["dataset-version"])
        assert set(loading.result()) == versions
    assert {one.status_code for one in answers} == {200}
    assert read == versions
    for one in answers:
        named = [company for company in ("moonshot-ai", "acme") if f'"{company}"' in one.text]
        assert len(named) == 1, one.text


def test_migrations_make_the_schema_of_the_tables(engine: str, new_url: NewUrl) -> None:
    """Nothing in the tables is missing from the migrations."""
    assert app.tables.DatasetRow.__tablename__ == "dataset"
    url = new_url(engine)
    assert migrate(url) is True
    assert migrate(url) is False
    with create_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": in_metadata})
        assert compare_metadata(context, SQLModel.metadata) == []
    connection.engine.dispose()


def test_eight_migrations_at_once_all_succeed(engine: str, new_url: NewUrl) -> None:
    """One migrates, and the others find nothing to do."""
    environment = {**os.environ, "AIROUNDS_DATABASE_URL": new_url(engine)}
    running = [
        subprocess.Popen([*COMMAND, "migrate"], env=environment, stdout=subprocess.PIPE)
        for _ in range(8)
    ]
    told = [one.communicate(timeout=60)[0] for one in running]
    assert [one.returncode for one in running] == [0] * 8
    assert sum(b"Migrated" in one for one in told) == 1


def test_a_load_and_an_export_may_take_any_time(
    new_url: NewUrl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What bounds the queries of readers doesn't bound them: of a large dataset each takes minutes."""
    url, real, asked = new_url("sqlite"), time.monotonic, itertools.count()
    version = load(shipped("seed_data"), url)
    # The schema is read in fewer steps, the seed in many more.
    monkeypatch.setattr(sqlite, "_STEPS_BETWEEN_LOOKS", 5_000)
    monkeypatch.setattr(time, "monotonic", lambda: real() + 60 * next(asked))
    export(url, tmp_path / "exported")
    load(DOCUMENT, url)
    monkeypatch.undo()
    assert load(tmp_path / "exported", url) == version


def test_a_load_reads_a_server_for_as_long_as_it_takes(new_url: NewUrl) -> None:
    """The dataset before it, with which it compares."""
    url = new_url("postgresql")
    load(DOCUMENT, url)
    with before(url) as connection:
        assert connection is not None
        assert connection.scalar(text("SHOW statement_timeout")) == "0"
