"""SIGTERM under load: what is being answered is answered whole, and the process ends in ten seconds."""

import http.client
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from app.dataset.load import load
from app.settings import shipped
from bench.growth import workers
from tests.faults.service import PATHS, answers, service, until

NewUrl = Callable[[str], str]
_PATHS = (*PATHS, "/v1/claims.csv", "/v1/companies?limit=200", "/v1/metrics.ndjson")
_CLIENTS = 8
_MOST_SECONDS = 10


class _Asking:
    """Clients each of whose answers is whole, or was never begun."""

    def __init__(self, address: str) -> None:
        self._place = urlsplit(address)
        self.seen: Counter[str] = Counter()
        self._threads = [threading.Thread(target=self._ask) for _ in range(_CLIENTS)]
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Wait until the service is gone for all of them."""
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        place = (str(self._place.hostname), self._place.port)
        with closing(http.client.HTTPConnection(*place, timeout=30)) as connection:
            self._ask_by(connection)

    def _ask_by(self, connection: http.client.HTTPConnection) -> None:
        while True:
            for path in _PATHS:
                try:
                    connection.request("GET", path)
                    begun = bool(connection.sock.recv(1, socket.MSG_PEEK))
                except OSError:
                    begun = False
                if not begun:
                    # No byte of an answer came: it is safe to ask another server.
                    self.seen["not begun"] += 1
                    return
                try:
                    answer = connection.getresponse()
                    answer.read()
                except (OSError, http.client.HTTPException):
                    self.seen["broken"] += 1
                    return
                self.seen[f"{answer.status}"] += 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_no_answer_is_broken_by_the_end(engine: str, new_url: NewUrl, workers: str) -> None:
    """Eight clients ask without a pause, exports among it."""
    url = new_url(engine)
    load(shipped("seed_data"), url)
    told = {"AIROUNDS_SERVE_AS_OWNER": "true", "AIROUNDS_WORKERS": workers}
    with service(url, **told) as served:
        asking = _Asking(served.address)
        time.sleep(1.5)
        started = time.monotonic()
        served.running.send_signal(signal.SIGTERM)
        served.running.wait(2 * _MOST_SECONDS)
        took = time.monotonic() - started
        asking.wait()
    print(f"stopped {workers} on {engine} after {took:.1f} s: {dict(asking.seen)}")
    assert took < _MOST_SECONDS
    assert asking.seen["broken"] == 0
    assert set(asking.seen) <= {"200", "broken", "not begun", "503"}
    assert asking.seen["200"] > _CLIENTS


def test_a_reader_that_never_ends_is_not_waited_for(new_url: NewUrl) -> None:
    """An export that nobody reads doesn't keep a process from ending."""
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    with service(url, AIROUNDS_CLIENT_TIMEOUT="600") as served:
        place = urlsplit(served.address)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=30)
        connection.request("GET", "/v1/claims.ndjson")
        answer = connection.getresponse()
        assert answer.status == 200
        started = time.monotonic()
        served.running.send_signal(signal.SIGTERM)
        served.running.wait(3 * _MOST_SECONDS)
        assert time.monotonic() - started < _MOST_SECONDS
        connection.close()


def test_a_process_that_dies_is_replaced(new_url: NewUrl) -> None:
    """Killed by the system as it serves: the others answer, and soon there are as many as before."""
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    with service(url, AIROUNDS_WORKERS="2") as served:
        first = workers(served.running.pid)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        until(lambda: len(set(workers(served.running.pid)) - {first[0]}) == 2)
        assert first[1] in workers(served.running.pid)
        for _ in range(20):
            assert answers(f"{served.address}/v1/companies/moonshot-ai")
