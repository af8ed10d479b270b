"""What the machine leaves a process."""

import os

import pytest

from app.machine import usable_cpus


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="it keeps no process to a CPU")
def test_only_the_cpus_that_a_process_is_kept_to_count() -> None:
    """As taskset does, and a container with a cpuset."""
    usual = os.sched_getaffinity(0)
    assert usable_cpus() == len(usual)
    os.sched_setaffinity(0, {min(usual)})
    try:
        assert usable_cpus() == 1
    finally:
        os.sched_setaffinity(0, usual)
