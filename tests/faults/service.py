"""The service as its users run it: processes of the command, and clients that ask them without a pause."""

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from bench.background import Background

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]
PATIENCE_SECONDS = 60
PATHS = (
    "/v1/companies",
    "/v1/rounds?count=true",
    "/v1/companies?sort=-valuation_usd&limit=5",
    "/v1/search?q=ac",
    "/v1/rounds/stats?group_by=stage",
    "/v1/claims",
    "/v1/metrics?limit=3",
    "/v1/dataset",
)
_ATTEMPTS = 6


def start(command: str, url: str, **variables: str) -> "subprocess.Popen[str]":
    """Start a command of airounds on a database."""
    environment = {**os.environ, "AIROUNDS_DATABASE_URL": url, **variables}
    return subprocess.Popen(
        [*COMMAND, *command.split()],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(command: str, url: str, **variables: str) -> str:
    """Run a command of airounds to its end, which has to be a good one."""
    running = start(command, url, **variables)
    told, errors = running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode == 0, errors
    return told


@dataclass(frozen=True)
class Service:
    """A running service."""

    address: str
    running: "subprocess.Popen[bytes]"


@contextmanager
def service(url: str, **variables: str) -> Iterator[Service]:
    """Run `airounds serve` on a free port until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "AIROUNDS_DATABASE_URL": url,
        "AIROUNDS_PORT": str(port),
        "AIROUNDS_LOG_LEVEL": "warning",
        **variables,
    }
    running = subprocess.Popen([*COMMAND, "serve"], env=environment, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{address}/readyz"))
        yield Service(address, running)
    finally:
        running.terminate()
        running.wait(PATIENCE_SECONDS)


def answers(address: str, status: int = 200) -> bool:
    """Tell whether an address answers with a status."""
    try:
        return httpx.get(address, timeout=PATIENCE_SECONDS).status_code == status
    except httpx.TransportError:
        return False


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, for a minute at most."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, holds
        time.sleep(0.05)


@dataclass
class Tally:
    """What clients saw: answers by their status, and what must not be."""

    statuses: Counter[int] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    asked_again: int = 0
    failed: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{sum(self.statuses.values())} answers {dict(self.statuses)}, {len(self.versions)} datasets, "
            f"{self.asked_again} asked again, {len(self.failed)} failed, {len(self.mixed)} mixed"
        )


class Clients(Background):
    """Threads that ask for this and that, until they are told to stop.

    Each does what a careful client does: it asks again where it is told to come back, or where its
    connection breaks. `of` names a word that is in each dataset's answers alone, by its version.
    """

    def __init__(
        self,
        address: str,
        of: dict[str, str],
        *,
        number: int = 4,
        paths: Sequence[str] = PATHS,
        pause_seconds: float = 0.0,
    ) -> None:
        super().__init__(self._ask, number)
        self.tally = Tally()
        self._address = address
        self._of = of
        self._paths = paths
        self._pause_seconds = pause_seconds
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], int] = {}

    def wait_for(self, answered: int) -> None:
        """Wait until so many more answers have come."""
        enough = sum(self.tally.statuses.values()) + answered
        until(lambda: sum(self.tally.statuses.values()) >= enough)

    def _ask(self, number: int) -> None:
        chance = random.Random(number)
        with httpx.Client(base_url=self._address, timeout=PATIENCE_SECONDS) as client:
            while not self.stopped.is_set():
                self._ask_until_answered(client, chance.choice(self._paths))
                self.stopped.wait(self._pause_seconds)

    def _ask_until_answered(self, client: httpx.Client, path: str) -> None:
        reason = ""
        for _ in range(_ATTEMPTS):
            try:
                answer = client.get(path)
            except httpx.TransportError as error:
                reason = repr(error)
                pause = 0.5
            else:
                with self._lock:
                    self.tally.statuses[answer.status_code] += 1
                if answer.status_code == 200:
                    self._look_at(path, answer)
                    return
                reason = f"{answer.status_code} {answer.text}"
                if answer.status_code != 503:
                    break
                pause = float(answer.headers["retry-after"])
            with self._lock:
                self.tally.asked_again += 1
            if self.stopped.wait(pause):
                return
        with self._lock:
            self.tally.failed.append(f"{path}: {reason}")

    def _look_at(self, path: str, answer: httpx.Response) -> None:
        """See that an answer is of one dataset, and the only one that its validator names."""
        version = answer.headers["dataset-version"]
        words = [word for word in self._of.values() if f'"{word}"' in answer.text]
        told = answer.json().get("dataset", version) if path != "/v1/dataset" else version
        right = told == version and set(words) <= {self._of[version]}
        key = (answer.headers["etag"], path)
        with self._lock:
            same = self._seen.setdefault(key, hash(answer.content)) == hash(answer.content)
            self.tally.versions[version] += 1
            if not (right and same):
                self.tally.mixed.append(f"{path}: {version} {words} {told}")
