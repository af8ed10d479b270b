"""The machine that a process runs on."""

import os


def usable_cpus() -> int:
    """Return how many CPUs this process may use, some of which taskset or a cpuset may keep from it."""
    # macOS and Windows keep none to some.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
