"""Processes that share out the work of a large load; the results come in the order of the jobs.

A small dataset is worked on in this process: to start others takes longer than its work.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Protocol, TypeVar

from app.machine import usable_cpus

_WORTH_BYTES = 16_000_000
_GARBAGE = 100_000
_AHEAD = 2  # jobs for each process that wait for it, or for their result to be taken

_Job = TypeVar("_Job")
_Done = TypeVar("_Done")


class Work(Protocol):
    """Does the same to every job, and returns the results in order."""

    def __call__(self, do: Callable[[_Job], _Done], jobs: Iterable[_Job]) -> Iterator[_Done]:
        """Work on jobs, which are taken a few at a time."""


def processes_for(size: int) -> int:
    """Return how many processes a dataset of so many bytes is worth: one for each CPU, or this one."""
    return usable_cpus() if size > _WORTH_BYTES else 1


def working(processes: int) -> AbstractContextManager[Work]:
    """Start as many processes, where it is more than one, and stop them in the end."""
    return _pool(processes) if processes > 1 else nullcontext(_at_once)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for garbage seldom: a batch makes many objects, and nearly all go with it without a search."""
    usual = gc.get_threshold()
    gc.set_threshold(_GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _pool(processes: int) -> Iterator[Work]:
    # A process that is forked while threads run, such as those of a progress bar, may never go on.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield partial(_in_order, pool, processes * _AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Prepare a process that works."""
    gc.set_threshold(_GARBAGE)
    Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    """End where the process that shares out work was killed: without it, this one would wait for ever."""
    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _at_once(do: Callable[[_Job], _Done], jobs: Iterable[_Job]) -> Iterator[_Done]:
    return map(do, jobs)


def _in_order(
    pool: ProcessPoolExecutor, most: int, do: Callable[[_Job], _Done], jobs: Iterable[_Job]
) -> Iterator[_Done]:
    """Keep a bounded number of jobs going, so that neither jobs nor results pile up."""
    going: deque[Future[_Done]] = deque()
    for job in jobs:
        going.append(pool.submit(do, job))
        if len(going) >= most:
            yield going.popleft().result()
    while going:
        yield going.popleft().result()
