"""Connections: none waits for another's query, none is closed under its reader, and each stops in time."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, make_url, text

from app import sqlite
from app.columnar import Columns
from app.database import Reader, TooLongError, waiting_for_disk
from app.dataset.load import load
from app.dataset.present import loaded
from app.routes import pages
from app.routes.ways import way_of
from app.settings import shipped
from app.sqlite import uncounted
from tests.builder import World
from tests.conftest import DOCUMENT, serving

NewUrl = Callable[[str], str]
_SLOW = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) "
    "SELECT count(*) FROM n"
)


def _locking(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Lock what every answer reads, until it is closed."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    locking = psycopg.connect(plain)
    locking.execute("LOCK TABLE company_snapshots, dataset IN ACCESS EXCLUSIVE MODE")
    return locking


def test_a_query_that_waits_blocks_no_other_request(new_url: NewUrl) -> None:
    """PostgreSQL is asked in a thread: meanwhile others are answered."""
    url = new_url("postgresql")
    load(DOCUMENT, url)
    with serving(url, cache_bytes=0) as client, ThreadPoolExecutor(1) as pool:
        assert client.get("/v1/companies").status_code == 200
        with _locking(url) as locking:
            waiting = pool.submit(client.get, "/v1/companies?limit=1", timeout=30)
            for _ in range(20):
                assert client.get("/healthz", timeout=5).status_code == 200
            assert not waiting.done()
            locking.rollback()
        assert waiting.result().status_code == 200


def test_a_query_is_given_up_in_time(engine: str, new_url: NewUrl) -> None:
    """By either engine; what asks which dataset there is takes it as one that can't be read."""
    url = new_url(engine)
    load(DOCUMENT, url)
    reader = Reader(url, timeout_seconds=0.2)
    with pytest.raises(TooLongError), reader.connect() as connection:
        connection.execute(text(_SLOW)).all()
    with reader.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    reader.close()


def test_a_locked_database_is_not_ready(new_url: NewUrl) -> None:
    """503 as a problem, whoever finds out that it takes too long."""
    url = new_url("postgresql")
    load(DOCUMENT, url)
    with serving(url, query_timeout=0.3) as client, _locking(url):
        answer = client.get("/v1/companies", timeout=30)
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/not-ready"


@contextmanager
def _after_the_version(act: Callable[[Connection], None]) -> Iterator[None]:
    """Act once between two statements of an answer: when it knows its dataset's version."""
    waiting = [act]

    def look(connection: Connection, _: object, statement: str, *__: object) -> None:
        if waiting and statement.startswith("SELECT dataset.version, dataset.rendering"):
            waiting.pop()(connection)

    event.listen(Engine, "after_cursor_execute", look)
    yield
    event.remove(Engine, "after_cursor_execute", look)
    assert not waiting


def _wait_for_long(connection: Connection) -> None:
    connection.execute(text(_SLOW)).all()


@pytest.mark.parametrize("path", ["/v1/search?q=a", "/v1/feed.atom", "/v1/rounds/stats"])
def test_what_takes_a_thread_is_given_up_in_time_too(new_url: NewUrl, path: str) -> None:
    """Exports alone take as long as their readers do."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    with serving(url, query_timeout=0.3, cache_bytes=0) as client:
        with _after_the_version(_wait_for_long):
            answer = client.get(path, timeout=60)
        assert answer.status_code == 503
        assert "took longer than" in answer.json()["detail"]
        assert client.get(path).status_code == 200


def test_an_answer_is_of_one_dataset(new_url: NewUrl, tmp_path: Path) -> None:
    """A load that ends between two statements of an answer changes nothing in it."""
    url = new_url("postgresql")
    before = load(World().write(tmp_path / "before"), url)
    folder = World().company("globex").write(tmp_path / "after")
    versions = []

    def swap(_: Connection) -> None:
        with ThreadPoolExecutor(1) as pool:
            versions.append(pool.submit(load, folder, url).result())

    with serving(url, cache_bytes=0) as client:
        # Now it is known for a second which dataset is there, and an answer alone asks for it.
        assert client.get("/v1/companies?limit=10").status_code == 200
        with _after_the_version(swap):
            first = client.get("/v1/companies?limit=10", timeout=60)
        second = client.get("/v1/companies?limit=10", timeout=60)
    assert first.json()["dataset"] == first.headers["dataset-version"] == before
    assert [one["id"] for one in first.json()["data"]] == ["acme"]
    assert second.json()["dataset"] == versions[0] != before
    assert len(second.json()["data"]) == 2


def test_a_read_on_a_lost_connection_is_repeated(postgres: str, new_url: NewUrl) -> None:
    """Once, on a connection that is new; the client notices nothing."""
    url = new_url("postgresql")
    load(DOCUMENT, url)

    def terminate(connection: Connection) -> None:
        opened: Any = connection.connection.dbapi_connection
        with psycopg.connect(postgres, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [opened.info.backend_pid])

    with serving(url, cache_bytes=0) as client:
        assert client.get("/readyz").status_code == 200
        with _after_the_version(terminate):
            assert client.get("/v1/companies", timeout=30).status_code == 200


def test_a_new_file_closes_no_connection_that_is_being_read(
    new_url: NewUrl, tmp_path: Path
) -> None:
    """A thread that notices it first leaves the connection at hand to the one that reads by it."""
    url = new_url("sqlite")
    load(World().write(tmp_path / "before"), url)
    reader = Reader(url)
    with reader.connect(at_once=True) as connection:
        load(World().company("globex").write(tmp_path / "after"), url)

        def look() -> int:
            with reader.connect() as other:
                return int(other.scalar(text("SELECT count(*) FROM companies")))

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(look).result() == 2
        assert connection.scalar(text("SELECT count(*) FROM companies")) == 1
    with reader.connect(at_once=True) as connection:
        assert connection.scalar(text("SELECT count(*) FROM companies")) == 2
    reader.close()


def test_what_cant_be_read_has_no_dataset(tmp_path: Path) -> None:
    """Nothing is loaded where there is no file."""
    assert loaded(f"sqlite:///{tmp_path / 'nothing.db'}") is None


def _take_cpu(seconds: float = 0.02) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_writing_a_statement_takes_none_of_its_time(new_url: NewUrl) -> None:
    """What is asked for the first time isn't given up for how long its SQL took to write."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    reader = Reader(url)
    many = text(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000) SELECT max(i) FROM n"
    )
    with reader.connect(at_once=True) as connection:
        with uncounted(connection):
            _take_cpu()
        assert connection.scalar(many) == 3000

    def late() -> None:
        with reader.connect(at_once=True) as connection:
            _take_cpu()
            connection.scalar(many)

    with pytest.raises(TooLongError):
        late()
    reader.close()


def test_what_is_short_has_no_other_processes_work_on_it(new_url: NewUrl) -> None:
    """To start them would take PostgreSQL longer than the answer."""
    url = new_url("postgresql")
    load(DOCUMENT, url)
    asked = text("SHOW max_parallel_workers_per_gather")
    with closing(Reader(url)) as reader:
        with reader.connect(at_once=True) as connection:
            assert connection.scalar(asked) == "0"
        with reader.connect() as connection:
            assert connection.scalar(asked) != "0"


def test_a_thread_waits_for_a_disk_and_not_for_work(
    new_url: NewUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is given the time that at once it isn't; what computes is not."""
    monkeypatch.setattr(sqlite, "_STEPS_BETWEEN_LOOKS", 1)
    url = new_url("sqlite")
    load(DOCUMENT, url)
    waits = text(
        "WITH RECURSIVE n(i) AS (SELECT nap() UNION ALL SELECT i + nap() FROM n WHERE i < 5) "
        "SELECT max(i) FROM n"
    )
    with closing(Reader(url)) as reader:
        with pytest.raises(TooLongError), reader.connect(at_once=True) as connection:
            _napping(connection).scalar(waits)
        with reader.connect() as connection, waiting_for_disk(connection):
            assert _napping(connection).scalar(waits) == 5
        with reader.connect() as connection:
            with pytest.raises(TooLongError), waiting_for_disk(connection):
                connection.scalar(text(_SLOW))
            # It goes on as before.
            assert _napping(connection).scalar(waits) == 5


def _napping(connection: Connection) -> Connection:
    """Give a connection a function that waits as a slow disk does, and is 1."""

    def nap() -> int:
        time.sleep(0.02)
        return 1

    opened: Any = connection.connection.dbapi_connection
    opened.create_function("nap", 0, nap)
    return connection


def test_a_slow_disk_takes_no_copy_out(new_url: NewUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rows could not be read at once, but are found soon in their order."""
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    path = "/v1/rounds?sort=-amount_usd&status=closed"
    with serving(url, cache_bytes=0) as client:
        expected = client.get(path).content
    taken_out = []

    def choose(present: Any, asked: Any, *, at_once: bool) -> Any:
        if at_once:
            raise TooLongError
        return way_of(present, asked, at_once=at_once)

    def begin(self: Columns, connection: Connection) -> Any:
        taken_out.append(self)
        return begun(self, connection)

    begun = Columns._begin
    monkeypatch.setattr(pages, "way_of", choose)
    monkeypatch.setattr(Columns, "_begin", begin)
    with serving(url, cache_bytes=0) as client:
        assert client.get(path).content == expected
        assert taken_out == []
        client.get("/v1/rounds/stats").raise_for_status()
        assert client.get(path).content == expected
    assert len(taken_out) == 2
