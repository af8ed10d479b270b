"""Who may write: serving can't, by either engine, and PostgreSQL's roles keep it so."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from app.database import Reader
from app.dataset.load import load
from app.roles import may_write, separate_roles
from app.tables import CompanyRow
from tests.builder import World
from tests.conftest import DOCUMENT, serving
from tests.test_cli import run

NewUrl = Callable[[str], str]
_numbers = count(1)
_WRITES = (
    "DELETE FROM companies",
    "UPDATE dataset SET version = 'forged'",
    "INSERT INTO alembic_version VALUES ('forged')",
    "DROP TABLE companies",
    "CREATE TABLE beside (id integer)",
)


@dataclass(frozen=True)
class Roles:
    """The URLs of one PostgreSQL database, by who connects."""

    admin: str
    owner: str
    reader: str

    def settings(self) -> dict[str, str]:
        """Name all three to a command."""
        return {
            "AIROUNDS_DATABASE_URL": self.reader,
            "AIROUNDS_OWNER_URL": self.owner,
            "AIROUNDS_ADMIN_URL": self.admin,
        }


@pytest.fixture
def roles(new_url: NewUrl) -> Iterator[Roles]:
    """An empty database, and the URLs of two roles that aren't there yet."""
    admin, number = make_url(new_url("postgresql")), next(_numbers)
    # Neither is a name that could stand unquoted.
    names = [f'airounds-{os.getpid()}-{number} "{name}"' for name in ("owner", "reader")]
    secret = [admin.set(username=name, password="it's \\ 100% s3cret") for name in names]
    made = Roles(*(url.render_as_string(hide_password=False) for url in (admin, *secret)))
    yield made
    engine = create_engine(made.admin, poolclass=NullPool)
    for name in map(engine.dialect.identifier_preparer.quote, names):
        with suppress(DBAPIError), engine.begin() as connection:
            connection.exec_driver_sql(f"DROP OWNED BY {name} CASCADE")
            connection.exec_driver_sql(f"DROP ROLE {name}")


def _refused(url: str, statement: str) -> str:
    """Try to write through serving's own connection, and return why it isn't done."""
    reader = Reader(url)
    with reader.connect() as connection:
        if not reader.is_file:
            connection.execute(text("SET TRANSACTION READ WRITE"))
        with pytest.raises(DBAPIError) as refusal:
            connection.execute(text(statement))
    reader.close()
    return str(refusal.value.orig)


@pytest.mark.parametrize("statement", _WRITES)
def test_a_file_is_not_written_by_serving(new_url: NewUrl, statement: str) -> None:
    """It is opened read-only, and no byte of it changes."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    file = Path(url.removeprefix("sqlite:///"))
    before = file.read_bytes()
    assert "readonly" in _refused(url, statement)
    assert file.read_bytes() == before


def test_postgresql_is_not_written_by_serving(roles: Roles) -> None:
    """Not even where a transaction is told that it may write: the role has no right to."""
    assert run("migrate", **roles.settings()).returncode == 0
    load(DOCUMENT, roles.owner)
    for statement in _WRITES:
        reason = _refused(roles.reader, statement)
        assert "permission denied" in reason or "must be owner" in reason, statement
    reader = Reader(roles.reader)
    with reader.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM companies")) == 1
        assert connection.scalar(text("SELECT version FROM dataset")) != "forged"
    reader.close()


def test_migrate_makes_both_roles_once(roles: Roles) -> None:
    """It says which, and finds them there the second time, then without the admin."""
    first = run("migrate", **roles.settings())
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("Made the role") == 2
    assert "s3cret" not in first.stdout + first.stderr
    settings = {**roles.settings(), "AIROUNDS_ADMIN_URL": roles.owner}
    again = run("migrate", **settings)
    assert (again.returncode, again.stdout) == (0, "The schema is the newest\n")
    assert may_write(roles.owner)
    assert not may_write(roles.reader)


def test_tables_of_one_role_get_an_owner_and_a_reader(roles: Roles, tmp_path: Path) -> None:
    """What the admin loaded before is the owner's then, whose next load the reader sees."""
    load(DOCUMENT, roles.admin)
    separate_roles(roles.reader, roles.owner, roles.admin)
    with serving(roles.reader) as client:
        assert client.get("/v1/companies/moonshot-ai").status_code == 200
    load(World().company("globex").write(tmp_path / "world"), roles.owner)
    with serving(roles.reader) as client:
        assert client.get("/v1/companies/globex").status_code == 200


def test_a_reader_answers_everything(roles: Roles) -> None:
    """Lists, searches, statistics, exports and changes need no more than SELECT."""
    separate_roles(roles.reader, roles.owner, roles.admin)
    load(DOCUMENT, roles.owner)
    with serving(roles.reader) as client:
        for path in (
            "/v1/companies?q=moonshot&count=true",
            "/v1/search?q=monshot",
            "/v1/rounds/stats?group_by=year",
            "/v1/claims.csv",
            "/v1/changes",
            "/v1/feed.atom",
            "/readyz",
        ):
            assert client.get(path).status_code == 200, path


def test_serving_as_one_that_may_write_is_refused(roles: Roles) -> None:
    """In one line with what to do, before anything is done."""
    separate_roles(roles.reader, roles.owner, roles.admin)
    ran = run("serve", AIROUNDS_DATABASE_URL=roles.owner, AIROUNDS_PORT="0")
    assert ran.returncode == 1
    [line] = ran.stderr.splitlines()
    assert "may write" in line
    assert "AIROUNDS_SERVE_AS_OWNER=true" in line
    engine = create_engine(roles.owner, poolclass=NullPool)
    with engine.connect() as connection:
        tables = text("SELECT to_regclass(:name)")
        assert connection.scalar(tables, {"name": CompanyRow.__tablename__}) is None


def test_roles_are_those_of_postgresql(new_url: NewUrl) -> None:
    """An owner of a file is refused as a setting."""
    settings = {"AIROUNDS_DATABASE_URL": new_url("sqlite")}
    ran = run("migrate", AIROUNDS_OWNER_URL="postgresql://owner@localhost/airounds", **settings)
    assert ran.returncode == 2
    assert ran.stderr.startswith("AIROUNDS_OWNER_URL: ")
