"""A server process of its own, of the document's company, whose bounds are small enough to be met."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from app.dataset.load import load
from tests.conftest import DOCUMENT

MOST_CONNECTIONS = 40
PATIENCE_S = 30


@dataclass(frozen=True)
class Process:
    """A server process, and where it listens."""

    port: int
    running: subprocess.Popen[str]

    @property
    def base(self) -> str:
        """The address of the service."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)

    def ask(self, raw: bytes) -> bytes:
        """Send bytes over a connection of their own, and return all that comes back until it is closed."""
        with self.connect() as connection:
            connection.sendall(raw)
            return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    """Read until the other side closes."""
    pieces = []
    try:
        while piece := connection.recv(65_536):
            pieces.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(pieces)


@contextmanager
def process(url: str, **settings: object) -> Iterator[Process]:
    """Run `airounds serve` on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {f"AIROUNDS_{name}".upper(): str(value) for name, value in settings.items()}
    environment = {"AIROUNDS_DATABASE_URL": url, "AIROUNDS_PORT": str(port), **told}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    running = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE_S)
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield Process(port, running)
    finally:
        running.terminate()
        running.communicate(timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def guarded(new_url: Callable[[str], str]) -> Iterator[Process]:
    """A server that waits for a second and holds few connections."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    with process(
        url,
        client_timeout=1,
        keep_alive=1,
        max_connections=MOST_CONNECTIONS,
        log_level="warning",
    ) as one:
        yield one
