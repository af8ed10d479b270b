"""What a process holds, sample by sample, and whether that grows."""

import re
import statistics
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

_PARTS = 4
# Of memory, of which the allocator gives back some now and then, and of what comes with clients.
_SHARE = 0.10
_SOME = 8
_MOST_PAIRED = 300


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process holds at a moment, in seconds from the start."""

    process: int
    at: float
    memory_mb: float
    files: int
    threads: int
    sockets: int


@dataclass(frozen=True, slots=True)
class Growth:
    """How much of something a process held.

    In the first quarter by the median, and in the last the least, since what comes and goes is gone at
    some moment of a quarter, and what leaks never is.
    """

    process: int
    what: str
    first: float
    last: float
    most: float
    an_hour: float

    @property
    def is_too_much(self) -> bool:
        """Whether there is more of it than a process may take that has served for longer."""
        allowed = self.first * _SHARE if self.what == "memory MB" else _SOME
        return self.last - self.first > allowed

    def __str__(self) -> str:
        """Name it."""
        return f"{self.what} of process {self.process}: {self.first:.0f} to {self.last:.0f}"


def workers(parent: int) -> list[int]:
    """Return the processes that serve: what the first process has started and what runs our code."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return [int(one) for one in children if "spawn_main" in _command(one)]


def sample(process: int, at: float) -> Sample:
    """Look at a process."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    held = list(_files(process))
    return Sample(
        process,
        at,
        _number(status, "VmRSS") / 1024,
        len(held),
        _number(status, "Threads"),
        sum(one.startswith("socket:") for one in held),
    )


def grew(samples: Sequence[Sample]) -> list[Growth]:
    """Tell of memory, files, threads and sockets how much there was first and last."""
    quarter = max(len(samples) // _PARTS, 1)
    growths = []
    for name in ("memory_mb", "files", "threads", "sockets"):
        held = [float(getattr(one, name)) for one in samples]
        growths.append(
            Growth(
                samples[0].process,
                name.replace("_mb", " MB"),
                statistics.median(held[:quarter]),
                min(held[-quarter:]),
                max(held),
                _slope([one.at for one in samples], held) * 3600,
            )
        )
    return growths


def _files(process: int) -> Iterator[str]:
    for one in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # It was closed meanwhile.
            yield str(one.readlink())


def _slope(times: Sequence[float], held: Sequence[float]) -> float:
    """Return the median of the slopes between any two samples, which no outlier moves."""
    step = max(len(times) // _MOST_PAIRED, 1)
    pairs = combinations(list(zip(times, held, strict=True))[::step], 2)
    slopes = [(two[1] - one[1]) / (two[0] - one[0]) for one, two in pairs]
    return statistics.median(slopes) if slopes else 0.0


def _number(status: str, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
    return int(found[1]) if found else 0


def _command(process: str) -> str:
    return Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8")
