"""Loading, measured: how long `airounds load` takes, and the most memory that its processes hold."""

import os
import re
import subprocess
import time
from pathlib import Path

from bench.servers import CHECKOUT, airounds_command

_STEP_S = 0.1


def timed_load(folder: Path, url: str) -> tuple[float, float]:
    """Load a dataset into a database; return seconds and megabytes.

    Raises CalledProcessError where it can't be loaded.
    """
    command = airounds_command("load", str(folder))
    started = time.monotonic()
    # In a session of its own, so that processes it starts are found, and their memory counted.
    process = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env={**os.environ, "AIROUNDS_DATABASE_URL": url},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
    )
    most = 0.0
    while process.poll() is None:
        most = max(most, _held_mb(process.pid))
        time.sleep(_STEP_S)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.monotonic() - started, most


def _held_mb(session: int) -> float:
    """Sum the memory of a session's processes, where what they share counts once."""
    kilobytes = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # The name of a program may hold spaces; what follows its bracket doesn't.
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[3]) != session:
                continue
            found = re.search(
                r"^Pss:\s+(\d+)", (folder / "smaps_rollup").read_text(encoding="ascii"), re.M
            )
        except (OSError, ValueError, IndexError):
            continue  # It ended meanwhile.
        kilobytes += int(found.group(1)) if found else 0
    return kilobytes / 1024
