"""Processes that share a load's work: they change nothing in what is loaded."""

import gc
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlmodel import SQLModel

from app.dataset.load import load
from app.dataset.workers import processes_for, seldom_collecting, working
from bench.generate import generate
from bench.growth import workers
from tests.faults.service import until

# The moment of the load, and a file of DuckDB whose bytes differ from one writing to the next.
_APART = {"loads", "column_chunks"}
_WORKING = """
from app.dataset.workers import working
with working(2) as work:
    print(list(work(abs, range(8))), flush=True)
    input()
"""


def _stored(url: str) -> dict[str, list[Any]]:
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            table.name: sorted(map(str, connection.execute(select(table))))
            for table in SQLModel.metadata.sorted_tables
            if table.name not in _APART
        }
    engine.dispose()
    return rows


def test_two_processes_load_what_one_does(new_url: Callable[[str], str], tmp_path: Path) -> None:
    """Every table has the same rows, their numbers included."""
    generate(400, tmp_path / "dataset")
    alone, shared = new_url("sqlite"), new_url("sqlite")
    load(tmp_path / "dataset", alone, processes=1)
    load(tmp_path / "dataset", shared, processes=2)
    assert _stored(alone) == _stored(shared)


def test_a_small_dataset_is_worth_one_process() -> None:
    """To start others would take longer than its work."""
    assert processes_for(1_000_000) == 1


def test_garbage_is_looked_for_as_often_afterwards() -> None:
    """A process that loads may be one that serves."""
    usual = gc.get_threshold()
    with seldom_collecting():
        assert gc.get_threshold() != usual
    assert gc.get_threshold() == usual


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_jobs(processes: int) -> None:
    """However long each of them takes."""
    with working(processes) as work:
        assert list(work(abs, range(-20, 0))) == list(range(20, 0, -1))


def test_processes_end_where_the_first_is_killed() -> None:
    """Nothing is left of a load that was killed, however many worked on it."""
    command = [sys.executable, "-c", _WORKING]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        assert first.stdout.readline()
        started = workers(first.pid)
        assert started
        first.kill()
    until(lambda: not any(map(_runs, started)))


def _runs(process: int) -> bool:
    """Tell whether a process is there and not only its end, which nobody has asked for."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except (FileNotFoundError, ProcessLookupError):
        return False
