"""Processes that share a load's work: they change nothing in what is loaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlmodel import SQLModel

from app.dataset.load import load
from app.dataset.workers import processes_for, working
from bench.generate import generate

# The moment of the load, and a file of DuckDB whose bytes differ from one writing to the next.
_APART = {"loads", "column_chunks"}


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


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_the_order_of_the_jobs(processes: int) -> None:
    """However long each of them takes."""
    with working(processes) as work:
        assert list(work(abs, range(-20, 0))) == list(range(20, 0, -1))
