"""The clients of a soak: what they ask, what they do wrong, and what they look at in answers."""

import http.client
import json
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from urllib.parse import quote, urlsplit

from app.dataset.read import read_dataset
from app.dataset.records import FILES, Record
from app.dataset.write import write_new
from app.settings import shipped
from bench.background import Background

_PATIENCE_S = 60
_RESET = struct.pack(
    "ii", 1, 0
)  # of SO_LINGER: what is unread is thrown away, and the other side told
_GROUPS = ("year", "stage", "country", "category", "investor", "country,quarter")
_SORTS = ("-amount_usd", "announced_on", "name", "-valuation_usd")
_ROUNDS = "/v1/rounds?limit=1&count=true"
_PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})


@dataclass
class Seen:
    """Answers by their status, what clients gave up themselves, and what was wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    datasets: Counter[str] = field(default_factory=Counter)
    left: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Count them."""
        return (
            f"{sum(self.statuses.values())} answers {dict(sorted(self.statuses.items()))} of "
            f"{len(self.datasets)} datasets, {self.left} left unread, {len(self.wrong)} wrong"
        )


def prepared(top: Path) -> dict[int, Path]:
    """Write two datasets: the seed, and the seed without its last rounds; return them by their rounds."""
    dataset, _ = read_dataset(shipped("seed_data"))
    records: dict[str, list[Record]] = {
        file: list(getattr(dataset, Path(file).stem)) for file in FILES
    }
    gone = {one.id for one in dataset.rounds[-20:]}
    fewer = {
        file: [
            one
            for one in rows
            if not {getattr(one, "round_id", None), getattr(one, "extends", None)} & gone
            and not (file == "rounds.csv" and getattr(one, "id", None) in gone)
        ]
        for file, rows in records.items()
    }
    folders = {}
    for name, rows in (("all", records), ("fewer", fewer)):
        write_new(top / name, rows, None)
        folders[len(rows["rounds.csv"])] = top / name
    return folders


class Clients(Background):
    """Threads that ask one thing after another, at half of what they could."""

    def __init__(self, base: str, rounds: Sequence[int], number: int) -> None:
        super().__init__(self._run, number)
        self.seen = Seen()
        self._place = urlsplit(base)
        self._rounds = set(rounds)
        self._rounds_of: dict[str, int] = {}
        self._bodies: dict[tuple[str, str], int] = {}
        self._lock = Lock()

    def _run(self, number: int) -> None:
        chance = random.Random(number)
        connection = self._connect()
        actions: list[tuple[Callable[[http.client.HTTPConnection, random.Random], None], int]]
        actions = [
            (self._read, 60),
            (self._hold, 12),
            (self._count, 10),
            (self._export, 6),
            (self._err, 4),
            (self._speak, 3),
            (self._leave, 5),
        ]
        doing, weights = zip(*actions, strict=True)
        while not self.stopped.is_set():
            started = time.monotonic()
            [action] = chance.choices(doing, weights)
            try:
                action(connection, chance)
            except Exception as error:  # whatever ends a client would end it in silence
                self._tell(f"{action.__name__}: {error!r}")
                connection = self._connect()
            self.stopped.wait(time.monotonic() - started)
        connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            str(self._place.hostname), self._place.port, timeout=_PATIENCE_S
        )

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        target: str,
        expected: Sequence[int] = (200,),
        method: str = "GET",
        body: str | None = None,
        **headers: str,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, body, named)
        answer = connection.getresponse()
        read = answer.read()
        version = answer.headers.get("Dataset-Version")
        with self._lock:
            self.seen.statuses[answer.status] += 1
            if version:
                self.seen.datasets[version] += 1
            if answer.status not in expected:
                self.seen.wrong.append(f"{target}: {answer.status} {read[:200]!r}")
            etag = answer.headers.get("ETag")
            # A tag is strong: it names bytes.
            if answer.status == 200 and etag and method == "GET":
                key = (etag, target)
                if self._bodies.setdefault(key, hash(read)) != hash(read):
                    self.seen.wrong.append(f"{target}: two answers have the tag {etag}")
                if len(self._bodies) > 10_000:
                    self._bodies.clear()
        return answer, read

    def _read(self, connection: http.client.HTTPConnection, chance: random.Random) -> None:
        """Ask for a list, a search, statistics, or a page that hardly anybody asks for."""
        least = chance.randrange(1_000_000, 50_000_000)
        target = chance.choice(
            (
                f"/v1/rounds?min_amount_usd={least}&sort={chance.choice(_SORTS[:2])}",
                f"/v1/companies?sort={chance.choice(_SORTS[2:])}&limit={chance.randint(1, 200)}",
                f"/v1/rounds/stats?group_by={chance.choice(_GROUPS)}&min_amount_usd={least}",
                f"/v1/search?q={quote(chance.choice('abcdefghijklmnoprstuvwxyzé智'))}{chance.choice('aeiou')}",
                "/v1/companies/moonshot-ai",
                "/v1/feed.atom",
                "/v1/changes",
                f"/v1/metrics?kind=arr_multiple&limit={chance.randint(1, 50)}",
                f"/v1/claims?q=funding&limit={chance.randint(1, 50)}",
                "/",
                "/docs",
                "/openapi.json",
                "/healthz",
            )
        )
        coding = chance.choice(("identity", "gzip", "br", "zstd"))
        self._ask(connection, target, Accept_Encoding=coding)

    def _hold(self, connection: http.client.HTTPConnection, chance: random.Random) -> None:
        """Ask again for what is held, by its tag, and by HEAD."""
        target = f"/v1/rounds?limit={chance.randint(1, 20)}"
        answer, _ = self._ask(connection, target)
        held = str(answer.headers["ETag"])
        # A load may come between.
        self._ask(connection, target, (200, 304), If_None_Match=held)
        self._ask(connection, target, method="HEAD")

    def _count(self, connection: http.client.HTTPConnection, _: random.Random) -> None:
        """See that an answer is of one dataset: its version goes with its number of rounds."""
        answer, body = self._ask(connection, _ROUNDS)
        if answer.status == 200:
            told = json.loads(body)
            self._belongs(told["dataset"], told["page"]["total"], _ROUNDS)
            self._belongs(answer.headers["Dataset-Version"], told["page"]["total"], _ROUNDS)

    def _export(self, connection: http.client.HTTPConnection, chance: random.Random) -> None:
        """See that an export is whole, and of one dataset."""
        kind = chance.choice(("csv", "ndjson", "parquet"))
        target = f"/v1/rounds.{kind}" + chance.choice(("", "?fields=id,amount_usd"))
        answer, body = self._ask(connection, target)
        if answer.status == 200 and kind == "ndjson":
            rows = len(body.splitlines())
            self._belongs(answer.headers["Dataset-Version"], rows, target)

    def _err(self, connection: http.client.HTTPConnection, _: random.Random) -> None:
        """Ask for what isn't there."""
        self._ask(connection, "/v1/companies/nobody", (404,))
        self._ask(connection, "/v1/rounds?contry=CN", (422,))
        self._ask(connection, "/v1/rounds", (405,), method="DELETE")

    def _speak(self, connection: http.client.HTTPConnection, _: random.Random) -> None:
        """Ask as a model does."""
        accepted = "application/json, text/event-stream"
        self._ask(
            connection,
            "/mcp",
            method="POST",
            body=_PING,
            Accept=accepted,
            Content_Type="application/json",
        )

    def _leave(self, _: http.client.HTTPConnection, chance: random.Random) -> None:
        """Go away in the middle of a request or of an answer, or go on without reading."""
        place = (str(self._place.hostname), self._place.port or 80)
        whole = f"GET /v1/claims.ndjson HTTP/1.1\r\nHost: {place[0]}\r\n\r\n".encode()
        with suppress(OSError), socket.create_connection(place, _PATIENCE_S) as leaving:
            leaving.sendall(whole[: chance.choice((5, 30, len(whole)))])
            if chance.random() < 0.5:
                leaving.settimeout(1)
                with suppress(TimeoutError):
                    leaving.recv(chance.choice((1, 1_000, 100_000)))
            if chance.random() < 0.7:
                leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        with self._lock:
            self.seen.left += 1

    def _belongs(self, version: str, rounds: int, target: str) -> None:
        """See that a dataset has the rounds that it had, and is one of those that are loaded."""
        with self._lock:
            if rounds not in self._rounds or self._rounds_of.setdefault(version, rounds) != rounds:
                self.seen.wrong.append(f"{target}: {rounds} rounds of {version}")

    def _tell(self, what: str) -> None:
        with self._lock:
            self.seen.wrong.append(what)
