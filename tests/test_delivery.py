"""Delivery over HTTP: compressed, kept and coalesced answers are those that the service gives anyway."""

import asyncio
import gzip
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import brotli
import httpx
import pytest
import zstandard
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.database import Reader
from app.dataset.load import load
from app.delivery.admission import Admission
from app.delivery.cache import Cache
from app.delivery.gate import Gate
from app.delivery.ledger import HIT, UNKNOWN_ROUTE, Ledger
from app.delivery.watch import Watch
from app.problems import NotReady
from app.query.cursor import encode_cursor
from app.settings import shipped
from tests.builder import World
from tests.conftest import DOCUMENT, NOTICED_SECONDS, serving
from tests.test_seed import _query, _question

NewUrl = Callable[[str], str]
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}
OWN = ("date", "server-timing", "x-request-id")  # each answer has its own


def _raw(client: httpx.Client, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """An answer as it came over the wire."""
    sent = {"Accept-Encoding": "identity", **{k.replace("_", "-"): v for k, v in headers.items()}}
    with client.stream("GET", path, headers=sent) as answer:
        body = b"".join(answer.iter_raw())
    kept = {name: value for name, value in answer.headers.items() if name not in OWN}
    return answer.status_code, kept, body


@pytest.fixture(scope="module")
def url(engine: str, new_url: NewUrl) -> str:
    """A database with the seed."""
    made = new_url(engine)
    load(shipped("seed_data"), made)
    return made


@contextmanager
def _both(url: str) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    with serving(url) as keeping, serving(url, cache_bytes=0) as keeping_none:
        yield keeping, keeping_none


def test_kept_answers_are_those_of_a_service_that_keeps_none(url: str) -> None:
    """500 generated requests, each in a coding by chance: first, again, and revalidated."""
    chance = random.Random(64)
    makers = (_query, _question)
    with _both(url) as (keeping, keeping_none):
        for _ in range(500):
            path = chance.choice(makers)(chance)
            coding = chance.choice(["identity", "gzip", "br", "zstd"])
            plain = _raw(keeping_none, path, Accept_Encoding=coding)
            assert plain[0] == 200, path
            for _ in range(2):
                assert _raw(keeping, path, Accept_Encoding=coding) == plain, (path, coding)
            etag = plain[1]["etag"]
            held = _raw(keeping, path, Accept_Encoding=coding, If_None_Match=etag)
            assert held == _raw(keeping_none, path, Accept_Encoding=coding, If_None_Match=etag), (
                path
            )
            assert (held[0], held[1]["etag"], held[2]) == (304, etag, b"")


def test_the_order_of_parameters_is_no_other_question(url: str) -> None:
    """Addresses in answers, validators and bodies are the same, kept or not."""
    orders = (
        "country=CN&limit=2&country=US&stage=seed&sort=-amount_usd",
        "sort=-amount_usd&stage=seed&country=US&country=CN&limit=2",
        "limit=2&country=US&country=CN&sort=-amount_usd&stage=seed",
    )
    with _both(url) as (keeping, keeping_none):
        for path in ("/v1/rounds", "/v1/rounds/stats", "/v1/feed.atom"):
            asked = [one.replace("-amount_usd", "-amount_usd_sum") for one in orders]
            if not path.endswith("stats"):
                asked = list(orders)
            if path.endswith("atom"):
                asked = [
                    "&".join(part for part in one.split("&") if "sort" not in part)
                    for one in orders
                ]
            answers = [
                _raw(client, f"{path}?{query}")
                for query in asked
                for client in (keeping, keeping_none)
            ]
            assert answers[0][0] == 200, answers[0][2]
            assert all(one == answers[0] for one in answers)


@pytest.mark.parametrize("path", ["/v1/rounds?limit=200", "/v1/rounds.csv", "/v1/feed.atom"])
def test_each_coding_is_a_representation_of_its_own(url: str, path: str) -> None:
    """The same text, a strong ETag of its own, and Vary; one's validator isn't another's."""
    with serving(url) as client:
        status, headers, text = _raw(client, path)
        assert (status, "content-encoding" in headers) == (200, False)
        tags = {headers["etag"]}
        for coding, decode in DECODERS.items():
            status, encoded, body = _raw(client, path, Accept_Encoding=coding)
            assert encoded["content-encoding"] == coding
            assert "Accept-Encoding" in encoded["vary"]
            assert decode(body) == text
            assert len(body) < len(text) / 2
            for tag in tags:
                other = _raw(client, path, Accept_Encoding=coding, If_None_Match=tag)
                assert other[0] == 200
            tags.add(encoded["etag"])
        assert len(tags) == 4


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, *", "zstd"),
        ("deflate", None),
        ("", None),
        ("identity;q=1, gzip;q=0.2", None),
        ("gzip;q=x, zstd", "zstd"),
    ],
)
def test_a_coding_is_chosen_by_the_clients_weights(
    client: httpx.Client, accepted: str, coding: str | None
) -> None:
    """As RFC 9110 has it."""
    _, headers, _ = _raw(client, "/v1/companies", Accept_Encoding=accepted)
    assert headers.get("content-encoding") == coding


def test_errors_are_each_ones_own(client: httpx.Client) -> None:
    """Two requests that fail alike have ids of their own, also at one moment."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.get("/v1/rounds?contry=CN"), range(16)))
    assert {one.status_code for one in answers} == {422}
    assert len({one.json()["request_id"] for one in answers}) == 16


def test_a_new_dataset_drops_the_answers_of_the_old(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """While many ask for the same, each answer is of one dataset, and soon of the new one."""
    url = new_url(engine)
    versions = [load(DOCUMENT, url)]
    with serving(url) as client, ThreadPoolExecutor(4) as pool:
        done = threading.Event()

        def ask() -> list[tuple[str, str]]:
            told = []
            while not done.is_set():
                answer = client.get("/v1/companies")
                told.append((answer.headers["dataset-version"], answer.json()["dataset"]))
            return told

        asking = [pool.submit(ask) for _ in range(4)]
        for number in range(5):
            world = World().company(f"globex-{number}").write(tmp_path / str(number))
            versions.append(load(world, url))
            threading.Event().wait(1.5)
            assert client.get("/v1/companies").json()["dataset"] == versions[-1]
        done.set()
        told = [pair for one in asking for pair in one.result()]
    assert all(header == body for header, body in told)
    assert {body for _, body in told} <= set(versions)


def test_a_flood_of_addresses_keeps_its_bounds(url: str) -> None:
    """Answers beyond the bytes that may be kept push out those not asked for longest."""
    with serving(url, cache_bytes=300_000) as client:
        plain = _raw(client, "/v1/companies?limit=3")
        for number in range(300):
            assert client.get(f"/v1/rounds?limit=20&min_amount_usd={number}").status_code == 200
        assert _raw(client, "/v1/companies?limit=3") == plain


class _Slow:
    """An application that names the dataset that it began with, and answers when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.dataset = "first"
        self.go_on: asyncio.Event | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        body = self.dataset.encode()
        if self.go_on is not None and scope["path"] == "/v1/slow":
            await self.go_on.wait()
        headers = [(b"etag", b'"%b"' % body), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _asked(cache: Cache, path: str, method: str = "GET", **headers: str) -> bytes:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": given}
    await cache(scope, receive, send)
    for start in sent[:1]:
        told = dict(start["headers"])
        assert method == "HEAD" or int(told[b"content-length"]) == len(sent[1]["body"])
    return b"".join(message.get("body", b"") for message in sent)


def test_an_answer_begun_on_the_dataset_before_isnt_kept(new_url: NewUrl, tmp_path: Path) -> None:
    """It is sent to who waits for it, and the next one gets an answer of the new dataset."""
    url, app = new_url("sqlite"), _Slow()
    load(DOCUMENT, url)
    cache = Cache(Admission(app, 16, 50, ["*"]), Watch(Reader(url)), 1_000_000, Ledger())

    async def story() -> None:
        app.go_on = asyncio.Event()
        begun = asyncio.create_task(_asked(cache, "/v1/slow"))
        await asyncio.sleep(0)
        load(World().write(tmp_path / "world"), url)
        await asyncio.sleep(NOTICED_SECONDS)
        app.dataset = "second"
        assert await _asked(cache, "/v1/other") == b"second"
        app.go_on.set()
        assert await begun == b"first"
        assert [await _asked(cache, "/v1/slow") for _ in range(2)] == [b"second"] * 2

    asyncio.run(story())
    assert app.asked == 3


def _cache(
    url: str, app: ASGIApp, most_bytes: int = 1_000_000, origins: Sequence[str] = ()
) -> Cache:
    return Cache(Admission(app, 16, 50, ["*"]), Watch(Reader(url)), most_bytes, Ledger(), origins)


@pytest.fixture
def document_url(new_url: NewUrl) -> str:
    """A file with the document's example."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    return url


def test_what_a_client_writes_at_length_isnt_kept(document_url: str) -> None:
    """Memory is bounded however long the headers are that tell answers apart."""
    app = _Slow()
    cache = _cache(document_url, app)

    async def story() -> None:
        for _ in range(2):
            assert await _asked(cache, "/v1/it", accept_encoding="x" * 3_000) == b"first"
        assert app.asked == 2
        for _ in range(2):
            assert await _asked(cache, "/v1/it", accept_encoding="x") == b"first"
        assert app.asked == 3

    asyncio.run(story())


def test_origins_that_read_alike_share_an_answer(document_url: str) -> None:
    """Those that are named in the settings have one each, all others one, and no origin one."""
    app = _Slow()
    cache = _cache(document_url, app, origins=["https://app.example", "https://other.example"])

    async def story() -> None:
        for number in range(20):
            await _asked(cache, "/v1/it", origin=f"https://{number}.example")
        assert app.asked == 1
        for _ in range(2):
            for origin in ("https://app.example", "https://other.example"):
                await _asked(cache, "/v1/it", origin=origin)
            await _asked(cache, "/v1/it")
        assert app.asked == 4

    asyncio.run(story())


@pytest.mark.parametrize("most_bytes", [0, 20_000])
def test_addresses_are_within_the_bytes_too(document_url: str, most_bytes: int) -> None:
    """However many lead to one answer, or to none that is kept."""
    app = _Slow()
    cache = _cache(document_url, app, most_bytes)

    async def story() -> None:
        for number in range(200):
            await _asked(cache, f"/v1/{number}")
        before = app.asked
        assert await _asked(cache, "/v1/199") == b"first"
        assert app.asked == before + (most_bytes == 0)
        assert await _asked(cache, "/v1/0") == b"first"
        assert app.asked == before + 1 + (most_bytes == 0)

    asyncio.run(story())
    tracked = len(cache._store.places)  # what it takes isn't seen from outside
    assert tracked <= most_bytes // 4 // 500


@pytest.mark.parametrize("given", ["own", "t", "503", "status", "request_id"])
def test_a_failure_is_shared_by_those_who_wait_for_it(document_url: str, given: str) -> None:
    """It isn't begun anew by each, and names the request of each, whatever the first one was called."""
    go_on, begun = asyncio.Event(), 0

    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal begun
        begun += 1
        await go_on.wait()
        raise NotReady("no dataset is loaded")

    cache = _cache(document_url, Gate(fail))

    async def story() -> list[bytes]:
        names = [given, *(f"other-{number}" for number in range(9))]
        waiting = [
            asyncio.create_task(_asked(cache, "/v1/slow", x_request_id=name)) for name in names
        ]
        await asyncio.sleep(0.1)
        go_on.set()
        return [await one for one in waiting]

    first, *others = map(json.loads, asyncio.run(story()))
    assert begun == 1
    assert first["status"] == 503
    assert first.pop("request_id") == given
    for number, other in enumerate(others):
        assert other.pop("request_id") == f"other-{number}"
        assert other == first


def test_an_answer_too_large_to_be_kept_leaves_the_others(document_url: str) -> None:
    """It takes the room of none, however often it is asked for."""
    app = _Slow()
    cache = _cache(document_url, app, 100_000)

    async def story() -> None:
        await _asked(cache, "/v1/small")
        app.dataset = "x" * 90_000
        for _ in range(2):
            await _asked(cache, "/v1/large")
        assert await _asked(cache, "/v1/small") == b"first"
        assert app.asked == 3

    asyncio.run(story())


def test_validators_in_several_lines_count_all(url: str) -> None:
    """As if they stood in one (RFC 9110, section 5.3), in memory or not."""
    with _both(url) as services:
        for client in services:
            etag = client.get("/v1/rounds?limit=2").headers["etag"]
            for lines in ([etag, '"other"'], ['"other"', etag]):
                headers = [("If-None-Match", line) for line in lines]
                assert client.get("/v1/rounds?limit=2", headers=headers).status_code == 304


@pytest.mark.parametrize(
    ("path", "sort", "named"),
    [
        ("/v1/search?q=a", "", ["round", "of-nobody"]),
        ("/v1/rounds/stats?group_by=stage", "key", ["of-nobody"]),
    ],
)
def test_a_cursor_that_names_nothing_has_no_validator(
    url: str, path: str, sort: str, named: list[str]
) -> None:
    """Not even that of whatever there is."""
    with serving(url) as client:
        anything = {"If-None-Match": "*"}
        at_nothing = f"{path}&cursor={encode_cursor(sort, named)}"
        assert client.get(at_nothing, headers=anything).status_code == 422
        assert client.get(path, headers=anything).status_code == 304


def test_what_is_kept_is_sent_however_rarely_it_is_asked_for(url: str) -> None:
    """Also after longer than a look at the database holds: what memory gives has no timing."""
    with serving(url) as client:
        asked = []
        for _ in range(3):
            asked.append(client.get("/v1/rounds?limit=3"))
            time.sleep(NOTICED_SECONDS)
    assert ["server-timing" in one.headers for one in asked] == [True, False, False]


def test_a_head_from_memory_counts_no_bytes(document_url: str) -> None:
    """Its body isn't sent."""
    app, ledger = _Slow(), Ledger()
    cache = Cache(Admission(app, 16, 50, ["*"]), Watch(Reader(document_url)), 10_000, ledger)

    async def story() -> None:
        for method in ("GET", "HEAD", "GET"):
            await _asked(cache, "/v1/it", method)

    asyncio.run(story())
    kept = ledger.tally(UNKNOWN_ROUTE, 200, HIT)
    assert (kept.count, kept.bytes) == (2, len(b"first"))
