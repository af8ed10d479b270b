"""The image that deploy/build_image.sh built: what it says of itself, what it holds, and that it serves."""

import json
import os
import re
import socket
import stat
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ["AIROUNDS_IMAGE_FOLDER"])
_BUILDAH = ["buildah", "--storage-driver", "vfs", "--root", f"{FOLDER}/images"]
_BUILDAH += ["--runroot", f"{FOLDER}/run"]
_MOST_BYTES = 250_000_000
_USER = 10001
_PATIENCE_S = 60


def buildah(*arguments: str) -> str:
    """Run buildah on the built images, and return what it prints."""
    ran = subprocess.run([*_BUILDAH, *arguments], check=True, capture_output=True, text=True)
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def container() -> Iterator[str]:
    """A container of the image."""
    name = buildah("from", "--pull-never", "localhost/airounds")
    yield name
    buildah("rm", name)


@pytest.fixture(scope="module")
def root(container: str) -> Iterator[Path]:
    """The files of the container."""
    yield Path(buildah("mount", container))
    buildah("umount", container)


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    """What the image says of itself."""
    inspected = json.loads(buildah("inspect", "--type", "image", "localhost/airounds"))
    described: dict[str, Any] = inspected["Docker"]["config"]
    return described


@contextmanager
def _serving(container: str, **variables: str) -> Iterator[str]:
    """Serve in the container, by the command and the user of the image, on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    given = {"AIROUNDS_PORT": str(port), "AIROUNDS_HOST": "127.0.0.1", **variables}
    options = [part for name, value in given.items() for part in ("--env", f"{name}={value}")]
    command = [*_BUILDAH, "run", "--isolation", "chroot", *options, container, "--"]
    running = subprocess.Popen([*command, "airounds", "serve"])
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(30)


def _ask(url: str) -> bytes:
    """Return the answer as soon as there is one."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def test_it_serves_the_seed(container: str, root: Path) -> None:
    """With its health check, and with nothing written but to /data and /tmp."""
    before = _written(root)
    with _serving(container) as base:
        company = json.loads(_ask(f"{base}/v1/companies/moonshot-ai"))
        assert company["id"] == "moonshot-ai"
        assert json.loads(_ask(f"{base}/readyz"))["status"] == "ok"
        assert _ask(f"{base}/v1/rounds.parquet?company=moonshot-ai")[:4] == b"PAR1"
        assert b"<html" in _ask(f"{base}/docs")
        explorer = _ask(f"{base}/").decode()
        files = re.findall(r'(?:src|href)="(explorer/[^"]+)"', explorer)
        assert {name.rpartition(".")[2] for name in files} >= {"css", "js"}
        assert all(_ask(f"{base}/{name}") for name in files)
    new = _written(root) - before
    assert {path.parts[0] for path in new} <= {"data", "tmp"}, new


def test_its_health_check_is_what_it_says(config: dict[str, Any], container: str) -> None:
    """It fails while nothing is served, and passes when the service is ready."""
    kind, *check = config["Healthcheck"]["Test"]
    assert kind == "CMD"
    with _serving(container) as base:
        port = base.rpartition(":")[2]
        _ask(f"{base}/readyz")
        assert _run(container, port, check).returncode == 0
    assert _run(container, port, check).returncode != 0


def test_its_user_has_a_number_and_can_write_to_little(
    config: dict[str, Any], container: str, root: Path
) -> None:
    """To /data and /tmp alone; nothing raises its rights, and no compiler or pip is there."""
    assert config["User"] == f"{_USER}:{_USER}"
    assert config["StopSignal"] == "SIGTERM"
    assert "8000/tcp" in config["ExposedPorts"]
    assert _run(container, "8000", ["id", "-u"]).stdout.strip() == str(_USER)
    for folder in ("/", "/etc", "/opt/airounds", "/opt/airounds/bin", "/usr/bin", "/home"):
        assert _run(container, "8000", ["touch", f"{folder}/mine"]).returncode != 0, folder
    assert _run(container, "8000", ["touch", "/data/mine", "/tmp/mine"]).returncode == 0
    raising = [
        path for path, status in _files(root) if status.st_mode & (stat.S_ISUID | stat.S_ISGID)
    ]
    assert raising == []
    owned = [path for path, status in _files(root / "opt") if status.st_uid == _USER]
    assert owned == []
    names = {path.name for path, _ in _files(root / "opt" / "airounds" / "bin")}
    assert "airounds" in names
    assert not {"pip", "pip3", "gcc", "cc"} & names


def test_it_is_small(tmp_path: Path) -> None:
    """As a registry keeps it: all layers, compressed."""
    archive = tmp_path / "image"
    buildah("push", "localhost/airounds", f"oci:{archive}:airounds")
    size = sum(path.stat().st_size for path in (archive / "blobs").rglob("*") if path.is_file())
    assert size < _MOST_BYTES, f"{size / 1e6:.0f} MB"


def _run(container: str, port: str, command: list[str]) -> subprocess.CompletedProcess[str]:
    options = ["--isolation", "chroot", "--env", f"AIROUNDS_PORT={port}", container, "--"]
    return subprocess.run(
        [*_BUILDAH, "run", *options, *command], check=False, capture_output=True, text=True
    )


def _files(root: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for folder, _, files in os.walk(root):
        for name in files:
            path = Path(folder) / name
            yield path.relative_to(root), path.lstat()


def _written(root: Path) -> set[Path]:
    """Return all files but what buildah itself puts into a container that runs."""
    own = {Path("etc/hosts"), Path("etc/resolv.conf"), Path("run/.containerenv")}
    return {path for path, _ in _files(root)} - own
