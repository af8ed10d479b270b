"""An answer that is sent whole is the one that the server sends header by header."""

import re
import socket
from collections.abc import Callable, Iterator

import pytest
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from app.dataset.load import load
from app.delivery import cache
from app.delivery.whole import send_whole
from tests.conftest import DOCUMENT, serving
from tests.serving.conftest import Process, process, read_all

# What differs from one answer to the next, and how long what is computed took.
_OWN = re.compile(rb"(date|x-request-id|server-timing): .*?\r\n")
_ROUNDS = b"/v1/rounds?sort=-amount_usd&limit=3"
_ORIGIN = "https://example.com"
ASKED = {
    "identity": (b"GET", b"1.1", ()),
    "gzip": (b"GET", b"1.1", (b"Accept-Encoding: gzip",)),
    "br": (b"GET", b"1.1", (b"Accept-Encoding: br, gzip;q=0.5",)),
    "HEAD": (b"HEAD", b"1.1", ()),
    "HTTP/1.0": (b"GET", b"1.0", ()),
    "origin that may read": (b"GET", b"1.1", (b"Origin: " + _ORIGIN.encode(),)),
    "another origin": (b"GET", b"1.1", (b"Origin: https://example.org",)),
    "held": (b"GET", b"1.1", (b"If-None-Match: *",)),
    "held in gzip": (b"GET", b"1.1", (b"Accept-Encoding: gzip", b"If-None-Match: *")),
    "HEAD held": (b"HEAD", b"1.1", (b"If-None-Match: *",)),
}


@pytest.fixture(scope="module")
def url(new_url: Callable[[str], str]) -> str:
    """A database of the document's company."""
    made = new_url("sqlite")
    load(DOCUMENT, made)
    return made


@pytest.fixture(scope="module")
def services(url: str) -> Iterator[tuple[Process, Process]]:
    """A service that keeps answers, and one that keeps none."""
    told = {"cors_origins": _ORIGIN, "log_level": "warning"}
    with process(url, **told) as keeping, process(url, cache_bytes=0, **told) as keeping_none:
        yield keeping, keeping_none


def _request(method: bytes, version: bytes, lines: tuple[bytes, ...]) -> bytes:
    first = b"%b %b HTTP/%b" % (method, _ROUNDS, version)
    return b"\r\n".join([first, b"Host: localhost", *lines, b"", b""])


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_the_same_bytes_are_sent(
    services: tuple[Process, Process],
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    asked: tuple[bytes, bytes, tuple[bytes, ...]],
) -> None:
    """Computed, from memory, computed by a service that keeps nothing, and by messages to the server."""
    keeping, keeping_none = services
    method, version, lines = asked
    raw = _request(method, version, (*lines, b"Connection: close"))
    computed = keeping.ask(raw)
    again = [keeping.ask(raw) for _ in range(3)]
    assert computed.startswith((b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 304 Not Modified\r\n"))
    assert all(b"server-timing" not in one for one in again)
    own = [re.search(rb"x-request-id: (.*?)\r\n", one) for one in (computed, *again)]
    assert len({found.group(1) for found in own if found}) == 4
    assert {_OWN.sub(b"", one) for one in again} == {_OWN.sub(b"", computed)}
    assert _OWN.sub(b"", keeping_none.ask(raw)) == _OWN.sub(b"", computed)

    monkeypatch.setattr(cache, "cycle_of", lambda _: None)
    monkeypatch.delattr(cache, "send_whole")
    with serving(url, cors_origins=_ORIGIN) as client:
        address = client.base_url.host, client.base_url.port or 0
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(raw)
            by_messages = read_all(connection)
    assert _OWN.sub(b"", by_messages) == _OWN.sub(b"", computed)


def test_a_connection_is_kept_and_requests_are_answered_in_their_order(
    services: tuple[Process, Process],
) -> None:
    """Of several requests that are sent at once each has its answer, and the last one closes."""
    keeping, _ = services
    names = [b"one", b"two", b"three", b"four"]
    kept = [
        _request(b"HEAD" if name == b"two" else b"GET", b"1.1", (b"X-Request-ID: " + name,))
        for name in names
    ]
    keeping.ask(_request(b"GET", b"1.1", (b"Connection: close",)))
    answers = keeping.ask(b"".join(kept) + _request(b"HEAD", b"1.1", (b"Connection: close",)))
    assert re.findall(rb"x-request-id: (\w+)\r\n", answers) == names
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == 5
    assert answers.count(b"connection: close\r\n") == 1
    bodies = [one.partition(b"\r\n\r\n")[2] for one in answers.split(b"HTTP/1.1 ")[1:]]
    assert bodies[0] == bodies[2] == bodies[3]
    assert bodies[0].startswith(b'{"data":[')
    assert bodies[1] == bodies[4] == b""


def test_answers_go_whole(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those computed and those kept, problems too, through all that stands before delivery by default."""
    whole = []

    async def noted(cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> None:
        whole.append(status)
        await send_whole(cycle, status, head, body)

    monkeypatch.setattr(cache, "send_whole", noted)
    with serving(url) as client:
        first = client.get("/v1/rounds")
        again = client.get("/v1/rounds")
        held = client.get("/v1/rounds", headers={"If-None-Match": first.headers["etag"]})
        bad = client.get("/v1/rounds?limit=0")
    assert again.content == first.content
    assert (again.status_code, held.status_code, bad.status_code) == (200, 304, 422)
    assert whole == [200, 200, 304, 422]


def test_an_answer_that_something_stands_before_goes_as_messages(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rate limit adds headers to each answer."""
    monkeypatch.delattr(cache, "send_whole")
    with serving(url, rate_limit="100/minute") as client:
        answers = [client.get("/v1/rounds") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 200]
    assert all("ratelimit" in one.headers for one in answers)
