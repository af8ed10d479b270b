"""What MCP costs where nobody uses it, where its extra is missing, and what the command prints."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
from sqlalchemy import create_engine, text

from app.dataset.load import load
from tests.builder import World
from tests.mcp.conftest import LEGACY, message, problem

IMPORTED = """
import sys
import app.cli
from app.main import create_app
from app.settings import Settings

create_app(Settings())
print({"mcp", "httpx2", "app.mcp.server"} & {*sys.modules})
"""
WITHOUT_SDK = "import sys; sys.modules['mcp'] = None; from app.cli import main; main()"


def test_nothing_of_it_is_imported_until_it_is_asked() -> None:
    """A service whose clients don't use MCP pays nothing for it."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            IMPORTED,
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.strip() == "set()"


def test_the_command_says_what_to_install(new_url: Callable[[str], str]) -> None:
    """In one line, with exit code 1, where the extra is missing."""
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT_SDK, "mcp"],
        env={**os.environ, "AIROUNDS_DATABASE_URL": new_url("sqlite")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    [line] = ran.stderr.splitlines()
    assert "pip install 'airounds[mcp]'" in line


def test_a_service_without_the_extra_says_so(new_url: Callable[[str], str], tmp_path: Path) -> None:
    """As a problem at /mcp, and answers all else."""
    url = new_url("sqlite")
    load(World().write(tmp_path / "world"), url)
    for client in _served_without_sdk(url):
        answer = client.post("/mcp", content=message(), headers=LEGACY)
        assert answer.status_code == 501
        assert "airounds[mcp]" in problem(answer)["detail"]
        assert client.get("/v1/companies").status_code == 200


def _served_without_sdk(url: str) -> Iterator[httpx.Client]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "AIROUNDS_PORT": str(port), "AIROUNDS_DATABASE_URL": url}
    command = [sys.executable, "-c", WITHOUT_SDK, "serve"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(200):
                with suppress(httpx.TransportError):
                    assert client.get("/healthz").status_code == 200
                    break
                time.sleep(0.1)
            yield client
    finally:
        server.terminate()
        server.wait(20)


def test_standard_output_is_the_clients_alone(
    new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """What is migrated or rendered before is told elsewhere."""
    url = new_url("sqlite")
    load(World().write(tmp_path / "world"), url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE dataset SET rendering = 'older'"))
    engine.dispose()
    ran = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "mcp"],
        env={**os.environ, "AIROUNDS_DATABASE_URL": url},
        input=message().decode() + "\n",
        check=True,
        capture_output=True,
        text=True,
    )
    assert "rendering it anew" in ran.stderr
    [line] = ran.stdout.splitlines()
    assert json.loads(line)["id"] == 1
