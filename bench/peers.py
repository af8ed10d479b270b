"""The peers: what a user could serve the same data with instead, each asked for the nearest equal.

They are installed under build/bench, in the versions named here, and none of them is a requirement of
airounds. Each gets flat rows in which the company is joined already, in the form that suits it best.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench.asking import Request
from bench.data import Data, write_json, write_parquet, write_sqlite
from bench.peer_requests import of_datasette, of_json_server, of_roapi, of_soul
from bench.servers import BUILD, Server, free_port, running
from bench.workloads import Sample, Workload

VERSIONS = {"datasette": "0.65.5", "roapi": "0.12.7", "json-server": "0.17.4", "soul-cli": "0.8.2"}
_PYTHON, _NODE = BUILD / "peers", BUILD / "npm"
_NATIVE = ("better-sqlite3", "bcrypt")


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer: how it is started, what it is asked, and what it was given."""

    name: str
    given: str
    start: Callable[[], AbstractContextManager[Server]]
    requests: Callable[[str, Sample], dict[Workload, Request]]

    @property
    def title(self) -> str:
        """Its name and version."""
        return f"{self.name} {VERSIONS[self.name]}"


def peers(data: Data) -> list[Peer]:
    """Give every peer the data."""
    tables, own = BUILD / "peers.db", BUILD / "soul.db"
    write_sqlite(data, tables)
    shutil.copyfile(tables, own)
    write_json(data, BUILD / "peers.json")
    write_parquet(data, BUILD)
    rows = "flat rows of all columns that airounds exports, the company in each round"
    return [
        Peer(
            "datasette",
            f"SQLite, {rows}, indexes, ANALYZE; opened immutable; asked without counts and facets; "
            "statistics by SQL, with window functions for the median",
            lambda: _datasette(tables),
            of_datasette,
        ),
        Peer(
            "roapi",
            f"Parquet, {rows}; kept in memory; statistics by SQL",
            _roapi,
            of_roapi,
        ),
        Peer(
            "json-server",
            f"JSON, {rows}; kept in memory; without its log; it has no statistics",
            lambda: _node(
                "json-server/lib/cli/bin.js", "--quiet", BUILD / "peers.json", ready="/companies"
            ),
            of_json_server,
        ),
        Peer(
            "soul-cli",
            f"SQLite, {rows}, indexes, ANALYZE; it has no statistics",
            lambda: _node("soul-cli/src/server.js", "--database", own, ready="/api/tables"),
            of_soul,
        ),
    ]


def install() -> list[str]:
    """Install the peers that aren't there yet; return the names of those that can't be."""
    missing = []
    if not (_PYTHON / "bin" / "roapi").exists():
        wanted = [f"{name}=={VERSIONS[name]}" for name in ("datasette", "roapi")]
        pip = [str(_PYTHON / "bin" / "python"), "-m", "pip", "install", "--quiet", *wanted]
        if not _ran([sys.executable, "-m", "venv", str(_PYTHON)], pip):
            missing += ["datasette", "roapi"]
    if not (_NODE / "node_modules" / "soul-cli").exists():
        _NODE.mkdir(parents=True, exist_ok=True)
        wanted = [f"{name}@{VERSIONS[name]}" for name in ("json-server", "soul-cli")]
        npm = ["npm", "--prefix", str(_NODE), "--silent"]
        if not _ran([*npm, "install", "--no-package-lock", "--ignore-scripts", *wanted]):
            missing += ["json-server", "soul-cli"]
        elif not _ran([*npm, "rebuild", *_NATIVE, *_headers()]):
            missing.append("soul-cli")
    return missing


def _headers() -> list[str]:
    """Name where Node's own headers lie, so that what has to be compiled needs no download."""
    node = shutil.which("node")
    prefix = Path(node).resolve().parent.parent if node else Path("/")
    return [f"--nodedir={prefix}"] if (prefix / "include" / "node").is_dir() else []


def _ran(*commands: list[str]) -> bool:
    try:
        for command in commands:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return False
    return True


def _datasette(tables: Path) -> AbstractContextManager[Server]:
    port = free_port()
    command = [_PYTHON / "bin" / "datasette", "serve", "--immutable", tables, "--port", port]
    return running(list(map(str, command)), port, ready="/-/versions.json")


def _roapi() -> AbstractContextManager[Server]:
    port = free_port()
    tables = [f"--table={name}={BUILD / name}.parquet" for name in ("rounds", "companies")]
    command = [str(_PYTHON / "bin" / "roapi"), f"--addr-http=127.0.0.1:{port}", *tables]
    return running(command, port, ready="/api/schema")


def _node(script: str, *arguments: str | Path, ready: str) -> AbstractContextManager[Server]:
    port = free_port()
    command = ["node", _NODE / "node_modules" / script, *arguments, "--port", port]
    return running(list(map(str, command)), port, ready=ready)
