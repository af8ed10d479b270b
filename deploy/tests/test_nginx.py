"""nginx as deploy/nginx.conf sets it up, in front of airounds: what it keeps, and what it lets through."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.dataset.load import load
from tests.builder import World
from tests.faults.service import until

CONF = Path(__file__).parent.parent / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx isn't installed")

LIST = "/v1/rounds?limit=3"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _await(base: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if httpx.get(f"{base}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError(base)
        time.sleep(0.1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all that is written."""
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of nginx, and the process of airounds behind it."""
    inner, outer = _free_port(), _free_port()
    environment = {
        "AIROUNDS_DATABASE_URL": f"sqlite:///{folder}/airounds.db",
        "AIROUNDS_PORT": str(inner),
        "AIROUNDS_TRUSTED_PROXIES": "127.0.0.1",
        "AIROUNDS_RATE_LIMIT": "1000/hour",
        "AIROUNDS_MCP_HOSTS": "airounds.example",
        "PATH": "/usr/bin:/bin",
    }
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    airounds = subprocess.Popen(command, env=environment)
    _await(f"http://127.0.0.1:{inner}")
    conf = CONF.read_text().replace("airounds:8000", f"127.0.0.1:{inner}")
    conf = conf.replace("listen 8080", f"listen 127.0.0.1:{outer}")
    conf = conf.replace("/tmp/airounds-cache", f"{folder}/cache")
    # Workers of root would be nobody's, who can't get into the folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(f"{user}pid {folder}/pid;\ndaemon off;\n{conf}")
    files = ["-p", str(folder), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/errors"]
    subprocess.run([str(NGINX), "-t", *files], check=True)
    nginx = subprocess.Popen([str(NGINX), *files])
    try:
        _await(f"http://127.0.0.1:{outer}")
        yield f"http://127.0.0.1:{outer}", airounds
    finally:
        for process in (nginx, airounds):
            process.terminate()
            process.wait(20)


def test_it_keeps_answers_and_lets_validators_through(
    served: tuple[str, subprocess.Popen[bytes]],
) -> None:
    """The second asker of an answer gets it from nginx, and one who has it a 304, each in its coding."""
    base, _ = served
    with httpx.Client(base_url=base, headers={"Accept-Encoding": "gzip"}) as client:
        first, second = client.get(LIST), client.get(LIST)
        assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
        assert first.content == second.content
        assert second.headers["etag"] == first.headers["etag"]
        assert second.headers["dataset-version"] == first.headers["dataset-version"]
        held = {"If-None-Match": first.headers["etag"]}
        assert client.get(LIST, headers=held).status_code == 304
        plain = client.get(LIST, headers={"Accept-Encoding": "identity"})
        assert plain.headers["x-cache"] == "MISS"
        assert "content-encoding" not in plain.headers
        assert plain.json() == first.json()


def test_errors_come_as_they_are(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    """And aren't kept."""
    base, _ = served
    for _ in range(2):
        answer = httpx.get(f"{base}/v1/rounds?contry=CN")
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-cache"] == "MISS"


def test_clients_are_told_apart_behind_it(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    """By the address that nginx sees, whatever a client says of itself."""
    base, _ = served
    left: list[str] = []
    for address in ("127.0.0.2", "127.0.0.2", "127.0.0.3"):
        forged = {"X-Forwarded-For": f"192.0.2.{len(left)}"}
        with httpx.Client(transport=httpx.HTTPTransport(local_address=address)) as client:
            answer = client.get(f"{base}/v1/companies/nobody", headers=forged)
        left.append(answer.headers["ratelimit"].split(";")[1])
    assert left == ["r=999", "r=998", "r=999"]


def test_another_dataset_is_shown_at_once_where_the_folder_is_emptied(
    served: tuple[str, subprocess.Popen[bytes]], folder: Path, tmp_path: Path
) -> None:
    """What was kept is asked for again."""
    base, _ = served
    with httpx.Client(base_url=base) as client:
        old = client.get(LIST).headers["dataset-version"]
        new = load(World().write(tmp_path / "world"), f"sqlite:///{folder}/airounds.db")
        until(lambda: new in client.get("/readyz").text)
        assert client.get(LIST).headers["dataset-version"] == old
        for inside in (folder / "cache").iterdir():
            inside.unlink()
        assert client.get(LIST).headers["dataset-version"] == new


def test_tools_of_models_reach_it_by_its_name(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    """Where the settings name it."""
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    accepted = {"Accept": "application/json, text/event-stream", "Host": "airounds.example"}
    assert (
        httpx.post(f"{served[0]}/mcp", json=ping, headers=accepted, timeout=60).status_code == 200
    )


def test_it_goes_on_without_airounds(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    """What it keeps is still answered; what it doesn't is told to be unavailable."""
    base, airounds = served
    with httpx.Client(base_url=base) as client:
        assert client.get(LIST).status_code == 200
        airounds.terminate()
        airounds.wait(20)
        assert client.get(LIST).status_code == 200
        assert client.get("/v1/companies").status_code == 502
