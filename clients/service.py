"""A service on the seed, started by its own command as whoever runs it does."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).parent.parent
SECONDS = 60


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """Serve from a folder, by default a database in it, and give the address, `localhost:PORT`."""
    port = free_port()
    own = {
        "AIROUNDS_DATABASE_URL": f"sqlite:///{folder / 'airounds.db'}",
        "AIROUNDS_PORT": str(port),
    }
    log = folder / "log"
    command = [str(ROOT / ".venv" / "bin" / "airounds"), "serve"]
    with log.open("w") as written:
        server = subprocess.Popen(
            command, env={**os.environ, **own, **settings}, stdout=written, stderr=written
        )
    address = f"localhost:{port}"
    try:
        _wait(f"http://{address}/readyz", server, log)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(SECONDS * 10):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url):
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"the service isn't ready: {log.read_text()}")
