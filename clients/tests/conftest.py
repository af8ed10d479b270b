"""A service on the seed for clients to ask, started by its own command as whoever runs it does.

These tests run where the service isn't installed, as its users are: `make sdk-test` brings the packages.
"""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest

from clients.blocks import ROOT

SECONDS = 60


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("service")
    settings = {
        "AIROUNDS_DATABASE_URL": f"sqlite:///{folder / 'airounds.db'}",
        "AIROUNDS_PORT": str(port),
    }
    command = [str(ROOT / ".venv" / "bin" / "airounds"), "serve"]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
    address = f"localhost:{port}"
    try:
        _wait(f"http://{address}/readyz", server, folder / "log")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(SECONDS * 10):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url):
                return
        except URLError:
            time.sleep(0.1)
    pytest.fail(f"the service isn't ready: {log.read_text()}")
