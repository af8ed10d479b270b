"""The limit of requests that services count together, in a Redis that is installed."""

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from app.dataset.load import load
from bench.servers import free_port
from tests.conftest import DOCUMENT, serving
from tests.faults.service import until

NewUrl = Callable[[str], str]
SERVER = shutil.which("redis-server") or shutil.which("valkey-server")
pytestmark = pytest.mark.skipif(SERVER is None, reason="neither Redis nor Valkey is installed")


@dataclass
class Redis:
    """A Redis that keeps nothing on the disk."""

    folder: Path
    port: int
    running: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it."""
        told = f"--port {self.port} --bind 127.0.0.1 --appendonly no --daemonize no --dir"
        command = [str(SERVER), *told.split(), str(self.folder), "--save", ""]
        self.running = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """Stop it, with all that it knows."""
        if self.running is not None:
            self.running.kill()
            self.running.wait()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis that runs."""
    made = Redis(tmp_path, free_port())
    made.start()
    yield made
    made.stop()


@contextmanager
def _two(new_url: NewUrl, redis: Redis, limit: str) -> Iterator[list[httpx.Client]]:
    """Two services that count together, from when they can."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    with ExitStack() as stack:
        told = {"rate_limit": limit, "rate_limit_storage": redis.url}
        clients = [stack.enter_context(serving(url, **told)) for _ in range(2)]
        for client in clients:
            until(partial(_is_counted, client))
        yield clients


def _is_counted(client: httpx.Client) -> bool:
    return "ratelimit" in client.get("/v1/companies").headers


def test_two_services_count_together(new_url: NewUrl, redis: Redis) -> None:
    """Whichever is asked, the limit is one; each tells what is left of it."""
    with _two(new_url, redis, "1000/hour") as clients:
        answers = [clients[number % 2].get("/v1/rounds") for number in range(6)]
        left = [int(one.headers["ratelimit"].split(";")[1].removeprefix("r=")) for one in answers]
        assert left == list(range(left[0], left[0] - 6, -1))
        for number in range(left[-1]):
            clients[number % 2].head("/v1/rounds")
        refused = [client.get("/v1/rounds") for client in clients]
        assert [one.status_code for one in refused] == [429, 429]
        assert all(0 < int(one.headers["retry-after"]) <= 3600 for one in refused)


def test_without_it_nobody_is_limited_and_nobody_waits(new_url: NewUrl, redis: Redis) -> None:
    """Gone or hanging, answers come without a word of a limit; when it is back they are counted."""
    with _two(new_url, redis, "1000/hour") as clients:
        for client in clients:
            assert redis.running is not None
            redis.running.send_signal(signal.SIGSTOP)
            try:
                answers = [client.get("/v1/rounds", timeout=5) for _ in range(50)]
            finally:
                redis.running.send_signal(signal.SIGCONT)
            assert {one.status_code for one in answers} == {200}
            assert not any("ratelimit" in one.headers for one in answers)
            until(partial(_is_counted, client))
            redis.stop()
            answers = [client.get("/v1/rounds") for _ in range(50)]
            assert {one.status_code for one in answers} == {200}
            redis.start()
            until(partial(_is_counted, client))
