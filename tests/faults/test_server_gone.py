"""PostgreSQL that is gone, starts again or hangs: 503 soon, a process that lives, and no restart of it."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from app.dataset.load import load
from tests.builder import World
from tests.conftest import serving
from tests.faults.cluster import Cluster, cluster
from tests.faults.service import PATHS, Clients, service, until

_OWN = {"AIROUNDS_SERVE_AS_OWNER": "true"}
_AT_ONCE = 60


@pytest.fixture(scope="module")
def alone() -> Iterator[Cluster]:
    """A server without replicas."""
    with cluster(replicas=0) as made:
        yield made


def test_a_server_that_is_gone_is_told_and_comes_back(alone: Cluster, tmp_path: Path) -> None:
    """No answer is anything but right or 503; liveness stays green, readiness follows."""
    url = alone.primary.url
    version = load(World().write(tmp_path / "world"), url)
    with (
        service(url, AIROUNDS_CACHE_BYTES="0", **_OWN) as served,
        httpx.Client(timeout=30) as client,
    ):
        with Clients(served.address, {version: "acme"}) as clients:
            clients.wait_for(20)
            alone.primary.stop()
            try:
                until(lambda: client.get(f"{served.address}/readyz").status_code == 503)
                for path in PATHS * 3:
                    answer = client.get(f"{served.address}{path}")
                    assert answer.status_code == 503
                    assert answer.json()["type"] == "/problems/not-ready"
                    assert int(answer.headers["retry-after"]) <= 5
                    assert str(alone.primary.port) not in answer.text
                assert client.get(f"{served.address}/healthz").status_code == 200
            finally:
                alone.primary.start()
            until(lambda: client.get(f"{served.address}/readyz").status_code == 200)
            clients.wait_for(20)
        print(f"one server stopped and started: {clients.tally}")
        assert clients.tally.failed == []
        assert clients.tally.mixed == []
        assert set(clients.tally.statuses) <= {200, 503}


def test_a_server_that_hangs_leaves_the_process_alive(alone: Cluster, tmp_path: Path) -> None:
    """All its connections wait for what doesn't come; what needs none of them is answered."""
    url = alone.primary.url
    load(World().write(tmp_path / "world"), url)
    main = int((alone.primary.folder / "postmaster.pid").read_text().split()[0])
    with serving(url, cache_bytes=0) as client, ThreadPoolExecutor(_AT_ONCE) as pool:
        assert client.get("/readyz").status_code == 200
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        processes = [main, *map(int, children)]
        for one in processes:
            os.kill(one, signal.SIGSTOP)
        try:
            asked = [
                pool.submit(client.get, f"/v1/companies?limit={n + 1}", timeout=60)
                for n in range(_AT_ONCE)
            ]
            time.sleep(0.5)
            for _ in range(10):
                assert client.get("/healthz", timeout=5).status_code == 200
        finally:
            for one in processes:
                os.kill(one, signal.SIGCONT)
        statuses = {one.result().status_code for one in asked}
    assert statuses <= {200, 503}
