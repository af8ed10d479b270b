"""A database that can't be used: every command says why and what to do in one line, and exits with 1."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from app.dataset.load import load
from tests.conftest import DOCUMENT, STRANGERS
from tests.test_cli import run

NewUrl = Callable[[str], str]
_PASSWORD = "s3cret"


def _told(url: str, folder: Path, *commands: str) -> set[str]:
    """Run every command that uses the database, and return what they say."""
    said = set()
    for command in commands or ("serve", "load", "migrate", "export"):
        arguments = [command, str(folder / "out")] if command == "export" else [command]
        ran = run(*arguments, AIROUNDS_DATABASE_URL=url, AIROUNDS_PORT="0")
        assert ran.returncode == 1, (command, ran.stderr)
        assert "Traceback" not in ran.stderr
        assert _PASSWORD not in ran.stderr
        [line] = ran.stderr.splitlines()
        said.add(line)
    return said


def test_a_server_out_of_reach(tmp_path: Path) -> None:
    """Its address is named."""
    [line] = _told(f"postgresql://airounds:{_PASSWORD}@127.0.0.1:1/airounds", tmp_path)
    assert '"127.0.0.1", port 1' in line
    assert "see that it runs" in line


def test_a_wrong_password(postgres: str, tmp_path: Path) -> None:
    """The role is named, the password isn't."""
    name = f"{STRANGERS}_1"
    with psycopg.connect(postgres, autocommit=True) as connection:
        if not connection.execute(
            "SELECT 1 FROM pg_roles WHERE rolname = %s", [STRANGERS]
        ).rowcount:
            pytest.skip("the PostgreSQL that was given may ask nobody for a password")
        connection.execute(
            f"CREATE ROLE {name} LOGIN PASSWORD 'other' IN ROLE {STRANGERS}".encode()
        )
    try:
        url = make_url(postgres).set(username=name, password=_PASSWORD)
        [line] = _told(url.render_as_string(hide_password=False), tmp_path)
    finally:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"DROP ROLE {name}".encode())
    assert f'password authentication failed for user "{name}"' in line
    assert "AIROUNDS_DATABASE_URL" in line


def test_a_database_that_is_not_there(postgres: str, tmp_path: Path) -> None:
    """It is named."""
    url = make_url(postgres).set(database="airounds_nowhere", password=_PASSWORD)
    [line] = _told(url.render_as_string(hide_password=False), tmp_path)
    assert '"airounds_nowhere" does not exist' in line


@pytest.mark.parametrize("folder", ["/proc/airounds", "/dev/null"])
def test_a_folder_that_cant_be_written(folder: str, tmp_path: Path) -> None:
    """Neither one in which nobody may make a file, nor one that is none."""
    for line in _told(f"sqlite:///{folder}/airounds.db", tmp_path, "serve", "load", "migrate"):
        assert line.startswith(f"{folder}")
        assert line.endswith("set AIROUNDS_DATABASE_URL to another path")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """It stays as it is, and is told so."""
    file = tmp_path / "letter.txt"
    file.write_bytes(b"Dear reader, " * 1_000)
    [line] = _told(f"sqlite:///{file}", tmp_path, "serve", "migrate", "export")
    assert line.startswith(f"{file} is no database")
    assert file.read_bytes() == b"Dear reader, " * 1_000


def test_a_schema_of_a_newer_release(engine: str, new_url: NewUrl, tmp_path: Path) -> None:
    """No command touches it."""
    url = new_url(engine)
    load(DOCUMENT, url)
    opened = create_engine(url, poolclass=NullPool)
    with opened.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    [line] = _told(url, tmp_path, "load", "migrate", "export")
    assert "newer release (revision 9999)" in line
    with opened.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_a_role_that_may_not_write(postgres: str, new_url: NewUrl, tmp_path: Path) -> None:
    """Who could is named."""
    name = f"{STRANGERS}_2"
    url = make_url(new_url("postgresql"))
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN".encode())
    try:
        given = url.set(username=name).render_as_string(hide_password=False)
        [line] = _told(given, tmp_path, "load", "migrate")
    finally:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"DROP ROLE {name}".encode())
    assert "permission denied" in line
    assert "AIROUNDS_OWNER_URL" in line


def test_a_url_that_is_wrong_tells_no_password() -> None:
    """The setting is shown without it; exit 2, since it is wrong use."""
    ran = run("migrate", AIROUNDS_DATABASE_URL=f"mysql://airounds:{_PASSWORD}@db/airounds")
    assert ran.returncode == 2
    assert "mysql://airounds:***@db/airounds" in ran.stderr
    assert _PASSWORD not in ran.stderr


@pytest.mark.parametrize("place", ["db:port/airounds", "/airounds?host=db1:5432&host=db2:port"])
def test_a_port_that_is_no_number_is_told(place: str) -> None:
    """Of one host as of several."""
    told = f"postgresql://airounds:{_PASSWORD}@{place}"
    ran = run("serve", AIROUNDS_DATABASE_URL=told)
    assert ran.returncode == 2
    [line] = ran.stderr.splitlines()
    assert line.startswith("AIROUNDS_DATABASE_URL: 'postgresql://airounds:***@")
    assert "write sqlite:///path or postgresql://user@host/name" in line
