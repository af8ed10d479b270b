"""Measuring: load a server with wrk from another core, and read how fast it answered."""

import shutil
import statistics
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.servers import cores, pinned

CONNECTIONS = 32
MISSING = "wrk isn't installed: on Debian and Ubuntu apt-get install wrk brings it"
_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and the file of targets to send it to in turn where it isn't one alone."""

    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: str = ""
    sequence: Path | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """What one run measured."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one request."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def installed() -> bool:
    """Tell whether wrk is here."""
    return shutil.which("wrk") is not None


def ask(base: str, request: Request) -> Reply:
    """Send a request once."""
    sent = urllib.request.Request(
        base + request.target,
        data=request.body.encode() or None,
        headers=dict(request.headers),
        method=request.method,
    )
    try:
        with urllib.request.urlopen(sent, timeout=120) as answer:
            return Reply(answer.status, _lowered(answer.headers.items()), answer.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, _lowered(error.headers.items()), error.read())


def measure(base: str, request: Request, seconds: int) -> Rate:
    """Load a server with a request for some seconds.

    Raises RuntimeError where wrk fails, and where nothing was answered.
    """
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    for name, value in request.headers.items():
        command += ["-H", f"{name}: {value}"]
    sequence = [str(request.sequence)] if request.sequence else []
    command += ["-s", str(_SCRIPT), base + request.target, "--", request.method, request.body]
    ran = subprocess.run(
        pinned([*command, *sequence], cores().load), capture_output=True, text=True, check=False
    )
    lines = [line for line in ran.stdout.splitlines() if line.startswith("measured ")]
    if not lines:
        raise RuntimeError(f"wrk failed: {ran.stdout}{ran.stderr}")
    requests, microseconds, _, p50, p99, errors = map(float, lines[0].split()[1:])
    if not requests:
        raise RuntimeError(f"{base}{request.target} answered nothing in {seconds} s")
    return Rate(requests / (microseconds / 1e6), p50 / 1e3, p99 / 1e3, int(errors))


def median_of(rates: Sequence[Rate]) -> Rate:
    """Return the median of each number, and all errors."""
    return Rate(
        statistics.median(rate.per_second for rate in rates),
        statistics.median(rate.p50_ms for rate in rates),
        statistics.median(rate.p99_ms for rate in rates),
        sum(rate.errors for rate in rates),
    )


def spread_of(rates: Sequence[Rate]) -> float:
    """Return how far the fastest and the slowest run lie apart, as a share of the median."""
    speeds = [rate.per_second for rate in rates]
    return (max(speeds) - min(speeds)) / statistics.median(speeds)


def _lowered(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}
