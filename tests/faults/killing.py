"""Commands that begin at once and are killed at a moment of their work.

Each is a process of its own, forked from one that has imported everything, so that what is killed is
work and not the start of Python.
"""

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from enum import StrEnum
from io import StringIO
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.cli import main
from tests.faults.service import PATIENCE_SECONDS

_IMPORTED = (
    "alembic.command",
    "app.console",
    "app.dataset.load",
    "app.dataset.present",
    "app.roles",
    "duckdb",
    "psycopg",
    "tests.faults.killing",
)
_STEP = 0.05
_processes = get_context("forkserver")
_processes.set_forkserver_preload(list(_IMPORTED))


class Met(StrEnum):
    """Where a kill met a command."""

    BEFORE = "before it wrote"
    WRITING = "while it wrote"
    SWAPPED = "after the new was in place"
    ENDED = "too late"


@dataclass
class Killer:
    """Kills a command again and again, until so many kills have met it running."""

    url: str
    kills: int
    chance: random.Random
    end: float
    """Seconds after which it is about to end, which each kill tells better."""
    met: Counter[Met] = field(default_factory=Counter)

    @property
    def goes_on(self) -> bool:
        """Whether there is more to kill; fails where kills come too late again and again."""
        assert self.met[Met.ENDED] <= 2 * self.kills + 10, self
        return self.met.total() - self.met[Met.ENDED] < self.kills

    def kill(self, command: str, is_new: Callable[[], bool]) -> Met:
        """Start a command, kill it, and tell where that met it; `is_new` asks what is there then."""
        # Of two one comes about the end, where the new takes the place of the old.
        at_end = self.chance.random() < 0.5
        share = self.chance.uniform(0.9, 1.1) if at_end else self.chance.random()
        running = _start(command, self.url)
        time.sleep(self.end * share)
        writes = _writes(self.url)
        running.kill()
        running.join()
        if running.exitcode == 0:
            met = Met.ENDED
            self.end *= 1 - _STEP
        else:
            assert running.exitcode == -signal.SIGKILL
            met = Met.SWAPPED if is_new() else Met.WRITING if writes else Met.BEFORE
            self.end *= 1 + _STEP * at_end
        self.met[met] += 1
        return met

    def __str__(self) -> str:
        """Count them."""
        told = ", ".join(f"{self.met[one]} {one}" for one in Met)
        return f"{self.met.total() - self.met[Met.ENDED]} killed: {told}"


def lasts(command: str, url: str) -> float:
    """Run a command to its end, which has to be a good one, and return how many seconds that took."""
    # By the end of one that does nothing the process that all are forked from has imported everything.
    nothing = _processes.Process(target=int)
    nothing.start()
    nothing.join()
    started = time.monotonic()
    running = _start(command, url)
    running.join(PATIENCE_SECONDS)
    assert running.exitcode == 0
    return time.monotonic() - started


def beside(url: str) -> list[str]:
    """Return what builds have left beside a file."""
    file = make_url(url)
    if file.get_backend_name() != "sqlite":
        return []
    path = Path(str(file.database))
    return [one.name for one in path.parent.glob(f"{path.name}.*.building*")]


def _start(command: str, url: str) -> ForkServerProcess:
    process = _processes.Process(target=_run, args=(command, url))
    process.start()
    return process


def _run(command: str, url: str) -> None:
    os.environ["AIROUNDS_DATABASE_URL"] = url
    sys.argv = ["airounds", *command.split()]
    with redirect_stdout(StringIO()):
        main()


def _writes(url: str) -> bool:
    """Tell whether something is being written: a file beside the file, or a transaction of a server."""
    asked = make_url(url)
    if asked.get_backend_name() == "sqlite":
        return bool(beside(url))
    server = asked.set(drivername="postgresql", database="postgres")
    with psycopg.connect(server.render_as_string(hide_password=False)) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND backend_xid IS NOT NULL",
            [asked.database],
        )
        return found.fetchone() is not None
