"""The machine and the versions that a measurement was made on."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.measure import installed
from bench.peers import VERSIONS
from bench.servers import cores

_PACKAGES = ("fastapi", "starlette", "pydantic", "sqlmodel", "sqlalchemy", "uvicorn", "uvloop")


def machine() -> dict[str, str]:
    """Describe the machine, by what a reader has to know to compare."""
    kept = cores()
    return {
        "processor": _processor(),
        "cores": f"{os.cpu_count()}; server on {kept.server}, load on {kept.load}"
        if kept.server is not None
        else f"{os.cpu_count()}; nothing is pinned",
        "kernel": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "packages": ", ".join(
            f"{name} {version(name)}" for name in ("airounds", *_PACKAGES, "httptools")
        ),
        "peers": ", ".join(f"{name} {number}" for name, number in VERSIONS.items()),
        "Node": _first_line("node", "--version"),
        "load": _first_line("wrk", "--version") if installed() else "none",
    }


def today() -> str:
    """Return the day of a measurement."""
    return datetime.now(UTC).date().isoformat()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _first_line(*command: str) -> str:
    try:
        printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return "none"
    return printed.split("Copyright", maxsplit=1)[0].strip()
