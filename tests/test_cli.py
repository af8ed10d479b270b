"""The command itself: what it says and how it exits where settings, ports or older data are wrong."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from app.dataset.load import load
from tests.builder import World
from tests.conftest import NOTICED_SECONDS

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command with these variables."""
    environment = {**os.environ, **variables}
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("AIROUNDS_PORT", "abc", "valid integer"),
        ("AIROUNDS_DATABASE_URL", "mysql://x", "mysql isn't served"),
        ("AIROUNDS_MCP_HOSTS", "localhost:80", "leave out scheme and port"),
        ("AIROUNDS_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str, reason: str) -> None:
    """In one line with the variable, without a traceback; exit 2."""
    ran = run("serve", **{variable: value})
    assert ran.returncode == 2
    [line] = ran.stderr.splitlines()
    assert line.startswith(f"{variable}: '{value}': ")
    assert reason in line


def test_a_port_in_use_is_told_before_anything_is_done(new_url: Callable[[str], str]) -> None:
    """With the variable that names another; exit 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = run("serve", AIROUNDS_PORT=port, AIROUNDS_DATABASE_URL=new_url("sqlite"))
    assert ran.returncode == 1
    assert "can't be listened on" in ran.stderr
    assert "AIROUNDS_HOST or _PORT" in ran.stderr
    assert "Serving" not in ran.stdout


def test_the_version_is_told() -> None:
    """As the distribution has it."""
    assert run("--version").stdout.strip() == "0.1.0"


def test_data_that_is_no_longer_accepted_is_named_at_an_upgrade(
    new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """With its errors and the way to mend it, not with a traceback; nothing is lost."""
    url = new_url("sqlite")
    load(World().write(tmp_path / "world"), url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE companies SET website = 'example.com (archived)'"))
        connection.execute(text("UPDATE dataset SET rendering = 'older'"))
    engine.dispose()
    ran = run("serve", AIROUNDS_PORT="0", AIROUNDS_DATABASE_URL=url)
    assert ran.returncode == 1
    assert "website" in ran.stderr
    assert "airounds export DIR" in ran.stderr
    exported = run("export", str(tmp_path / "mended"), AIROUNDS_DATABASE_URL=url)
    assert exported.returncode == 0, exported.stderr


def test_a_killed_build_leaves_nothing_behind(
    new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """Its file and its journal go with the next load."""
    url = new_url("sqlite")
    served = Path(url.removeprefix("sqlite:///"))
    left = [served.with_name(f"{served.name}.1.building{end}") for end in ("", "-journal")]
    for file in left:
        file.write_bytes(b"half of one")
    load(World().write(tmp_path / "world"), url)
    assert not any(file.exists() for file in left)
    assert sorted(path.name for path in served.parent.iterdir()) == [
        served.name,
        f"{served.name}.lock",
    ]


def test_several_processes_serve_and_all_notice_a_new_dataset(
    new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """Two workers on one port; after a load each answer is of the new dataset."""
    url = new_url("sqlite")
    load(World().write(tmp_path / "before"), url)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"AIROUNDS_PORT": str(port), "AIROUNDS_DATABASE_URL": url}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--workers", "2"]
    server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/v1/companies"
        for _ in range(200):
            with suppress(httpx.TransportError):
                assert httpx.get(address).status_code == 200
                break
            time.sleep(0.1)
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        assert len(children) >= 2
        version = load(World().company("globex").write(tmp_path / "after"), url)
        time.sleep(NOTICED_SECONDS)
        assert {httpx.get(address).json()["dataset"] for _ in range(40)} == {version}
    finally:
        server.terminate()
        server.wait(20)


def test_what_stays_for_good_is_kept_from_the_garbage_collector() -> None:
    """It would look through all modules and models again and again while answers are made."""
    code = "import gc; from app.serving.process import create_app; create_app(); print(gc.get_freeze_count())"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert int(ran.stdout) > 100_000
