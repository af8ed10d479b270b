"""Replicas: reads are spread over them, none fails when hosts go, and none mixes what two of them show."""

import asyncio
import os
import time
from collections.abc import Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from psycopg.errors import SerializationFailure

from app.database import Loaded, Reader
from app.dataset.load import load
from app.delivery.watch import Watch
from app.tables import DatasetRow
from tests.builder import World
from tests.faults.cluster import Cluster, Host, cluster
from tests.faults.service import Clients, answers, finish, service, until

ANSWERS = int(os.environ.get("ANSWERS", "150"))
"""That are waited for in each state of the cluster; `make cluster-test` waits for more."""

_OWNER, _READER = "airounds_owner", "airounds_reader"


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    """A primary and two replicas, with the two roles and an empty schema."""
    with cluster() as made:
        finish("migrate", made.url(_READER, [made.primary]), **_writing(made))
        yield made


def _writing(made: Cluster) -> dict[str, str]:
    owner = made.primary.url.replace("postgres@", f"{_OWNER}@")
    return {"AIROUNDS_OWNER_URL": owner, "AIROUNDS_ADMIN_URL": made.primary.url}


@dataclass(frozen=True)
class Worlds:
    """Two datasets, the first of which is loaded."""

    folders: dict[str, Path]
    of: dict[str, str]
    """By version the company that is in that one alone."""


@pytest.fixture
def worlds(three: Cluster, tmp_path: Path) -> Worlds:
    """The first on all hosts."""
    folders = {}
    for name in ("globex", "initech"):
        world = World().company(name).round("r1", announced_on="2025")
        folders[name] = world.write(tmp_path / name)
    versions = {_load(three, folders[name]): name for name in ("initech", "globex")}
    three.wait_for_replicas()
    return Worlds(folders, versions)


def _load(made: Cluster, folder: Path) -> str:
    return load(folder, _writing(made)["AIROUNDS_OWNER_URL"])


def _connections(host: Host) -> int:
    asked = f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{_READER}'"
    return int(str(host.ask(asked)))


def test_no_read_fails_while_hosts_go_and_come(three: Cluster, worlds: Worlds) -> None:
    """One of two replicas is stopped under load, then the primary; both come back by themselves."""
    hosts = [three.primary, *three.replicas]
    url = three.url(_READER, hosts)
    with service(url, AIROUNDS_CACHE_BYTES="0", **_writing(three)) as served:
        # Each connection picks a host by chance, and few are needed: one of three may be left out.
        with Clients(served.address, worlds.of, number=16) as clients:
            clients.wait_for(ANSWERS)
            until(lambda: sum(_connections(host) > 0 for host in hosts) > 1)
            three.replicas[0].stop()
            clients.wait_for(ANSWERS)
            three.primary.stop()
            clients.wait_for(ANSWERS)
            # A second service starts meanwhile, since it has nothing to write.
            with service(url, **_writing(three)) as another:
                assert answers(f"{another.address}/v1/companies/globex")
            three.primary.start()
            three.replicas[0].start()
            clients.wait_for(ANSWERS)
            version = _load(three, worlds.folders["initech"])
            until(lambda: clients.tally.versions[version] >= ANSWERS)
        print(f"hosts stopped and started: {clients.tally}")
        assert clients.tally.failed == []
        assert clients.tally.mixed == []
        assert set(clients.tally.statuses) == {200}


def test_a_replica_that_lags_shows_whole_answers(three: Cluster, worlds: Worlds) -> None:
    """Those of the dataset before, which stay out of memory: what is kept doesn't go back and forth."""
    of = worlds.of
    lagging, fresh = three.replicas
    lagging.ask("SELECT pg_wal_replay_pause()")
    try:
        old, new = _shown(lagging), _load(three, worlds.folders["initech"])
        until(lambda: _shown(fresh) == new)
        assert _shown(lagging) == old
        url = three.url(_READER, three.replicas)
        with service(url, AIROUNDS_CACHE_BYTES="0") as served:
            with Clients(served.address, of) as clients:
                seen = clients.tally.versions
                until(lambda: min(seen[one] for one in of) >= 20 or _pick_anew(lagging, fresh))
            print(f"one replica lags, nothing kept: {clients.tally}")
            assert clients.tally.failed == clients.tally.mixed == []
        with service(url) as served:
            with Clients(served.address, of) as clients:
                seen = clients.tally.versions
                until(lambda: seen[new] >= 20 or _pick_anew(lagging, fresh))
                for _ in range(20):  # for each of which there is a minute
                    clients.wait_for(ANSWERS)
            print(f"one replica lags, answers kept: {clients.tally}")
            assert clients.tally.failed == clients.tally.mixed == []
            # What lags is computed each time that it is met; what is kept is of the latest load.
            assert clients.tally.versions[new] > clients.tally.versions[old]
            _resume(lagging)
            three.wait_for_replicas()
            with Clients(served.address, of) as clients:
                clients.wait_for(ANSWERS)
            assert set(clients.tally.versions) == {new}
    finally:
        _resume(lagging)


def test_a_look_at_a_replica_that_lags_is_followed_by_one_at_any_host(
    three: Cluster, worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The present dataset stays the latest for as long as any host shows it, though nothing is computed."""
    monkeypatch.setattr("app.delivery.watch._SECONDS_OF_SERVER", 0.02)
    monkeypatch.setattr("app.delivery.watch._SECONDS_OF_LAG", 1.0)
    lagging, fresh = three.replicas
    lagging.ask("SELECT pg_wal_replay_pause()")
    reader = Reader(three.url(_READER, three.replicas))
    try:
        new = _load(three, worlds.folders["initech"])
        until(lambda: _shown(fresh) == new)
        latest = _state_of(reader, new)
        while _state_of(reader) == latest:
            reader.look_elsewhere()
        told = asyncio.run(_told(reader, latest, 3))
        assert told == {latest}
    finally:
        reader.close()
        _resume(lagging)


async def _told(reader: Reader, latest: Loaded, seconds: float) -> set[Hashable]:
    """Return all that is told to be present for a while after the latest load was seen."""
    watch, told = Watch(reader), set[Hashable]()
    watch.saw(latest)
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        told.add(await watch())
        await asyncio.sleep(0.01)
    return told


def _state_of(reader: Reader, version: str | None = None) -> Loaded:
    """Return the load that a reader sees, of a version where one is named."""
    state = reader.state()
    while version and isinstance(state, Loaded) and state.version != version:
        reader.look_elsewhere()
        state = reader.state()
    assert isinstance(state, Loaded)
    return state


def _resume(host: Host) -> None:
    # What is replayed at once may cancel the very statement that has begun it.
    with suppress(SerializationFailure):
        host.ask("SELECT pg_wal_replay_resume()")


def _pick_anew(*hosts: Host) -> bool:
    """End the connections of a service, each of which picked a host by chance: all may be of one."""
    for host in hosts:
        host.ask(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            f"WHERE usename = '{_READER}'"
        )
    time.sleep(1)
    return False


def _shown(host: Host) -> str:
    return str(host.ask(f"SELECT version FROM {DatasetRow.__tablename__}"))
