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
def serving(folder: Path, *, dataset: Path | None = None, **settings: str) -> Iterator[str]:
    """Serve a dataset, by default the seed, and give the address, `localhost:PORT`.

    The database lies in the folder unless the settings say otherwise.
    """
    port = free_port()
    own = {
        "AIROUNDS_DATABASE_URL": f"sqlite:///{folder / 'airounds.db'}",
        "AIROUNDS_PORT": str(port),
    }
    log = folder / "log"
    command = str(ROOT / ".venv" / "bin" / "airounds")
    environment = {**os.environ, **own, **settings}
    with log.open("w") as written:
        if dataset is not None:
            load = [command, "load", str(dataset)]
            subprocess.run(load, env=environment, stdout=written, stderr=written, check=True)
        server = subprocess.Popen(
            [command, "serve"], env=environment, stdout=written, stderr=written
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
