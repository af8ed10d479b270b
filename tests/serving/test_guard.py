"""What a client can do to a connection, each against a server process: too much, too slow, too many."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from app.dataset.load import load
from app.routes.exports import LONG_EXPORTS
from app.serving.guard import LONGEST_ADDRESS, MOST_HEAD_BYTES, MOST_HEADERS, MOST_PIPELINED
from tests.builder import World
from tests.serving.conftest import MOST_CONNECTIONS, PATIENCE_S, Process, process, read_all

PLAIN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
_LENGTH = 9_000_000
CLOSING = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def _parsed(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split(" ")[1]), headers, body


def _head(*lines: bytes, address: bytes = b"/healthz") -> bytes:
    return b"\r\n".join([b"GET " + address + b" HTTP/1.1", b"Host: localhost", *lines, b"", b""])


TOO_LARGE = [
    pytest.param(431, _head(b"X: " + b"x" * MOST_HEAD_BYTES), id="a long header"),
    pytest.param(431, _head(b"X: " + b"x" * 1_000_000), id="a header of a megabyte"),
    pytest.param(431, _head(*[b"X: x"] * MOST_HEADERS), id="a header too many"),
    pytest.param(431, _head(*[b"X: x"] * 5_000), id="5,000 headers"),
    pytest.param(414, _head(address=b"/" + b"x" * LONGEST_ADDRESS), id="a long path"),
    pytest.param(414, _head(address=b"/v1/rounds?q=" + b"x" * LONGEST_ADDRESS), id="a long query"),
    pytest.param(414, _head(address=b"/" + b"x" * 2 * MOST_HEAD_BYTES), id="a longer path"),
    pytest.param(400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="TLS"),
    pytest.param(400, _head(b"Content-Length: 1", b"Transfer-Encoding: chunked"), id="two lengths"),
    pytest.param(400, _head(b"Content-Length: 1", b"Content-Length: 2"), id="lengths that differ"),
    pytest.param(400, _head(b"Content-Length: -1"), id="a negative length"),
    pytest.param(400, _head(b"X: a\0b"), id="a NUL in a header"),
    pytest.param(400, _head(b" folded: x"), id="a folded header"),
    pytest.param(400, _head(address=b"/\xff\xfe"), id="bytes in the path"),
    pytest.param(400, b"CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", id="CONNECT"),
    pytest.param(400, b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n", id="no address"),
]


@pytest.mark.parametrize("in_pieces", [False, True], ids=["at once", "in pieces"])
@pytest.mark.parametrize(("status", "raw"), TOO_LARGE)
def test_what_cannot_be_read_is_refused_and_closed(
    guarded: Process, status: int, raw: bytes, in_pieces: bool
) -> None:
    """Each gets a problem that says why, and no more of it is read."""
    with guarded.connect() as connection:
        try:
            size = 3_000 if in_pieces else len(raw)
            for start in range(0, len(raw), size):
                connection.sendall(raw[start : start + size])
                time.sleep(0.002)
        except (BrokenPipeError, ConnectionResetError):
            assert len(raw) > MOST_HEAD_BYTES  # closed before all was sent, its answer may be lost
            return
        answer = read_all(connection)
    if not answer:
        assert len(raw) > 2 * MOST_HEAD_BYTES
        return
    got, headers, body = _parsed(answer)
    assert got == status
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["type"] == "/problems/unreadable-request"


def test_as_much_as_is_allowed_is_read(guarded: Process) -> None:
    """The bounds themselves are inside."""
    most = [b"X: x"] * (MOST_HEADERS - 2) + [b"Connection: close"]
    assert _parsed(guarded.ask(_head(*most)))[0] == 200
    long = _head(b"X: " + b"x" * (MOST_HEAD_BYTES - 200), b"Connection: close")
    assert _parsed(guarded.ask(long))[0] == 200
    address = b"/healthz?" + b"x" * (LONGEST_ADDRESS - 9)
    assert _parsed(guarded.ask(_head(b"Connection: close", address=address)))[0] == 422


HALVES = {
    "nothing": b"",
    "half a line": b"GET /hea",
    "half a head": PLAIN[:-2],
    "a request and half of one": PLAIN + b"GET /",
    "half a body": b"GET /healthz HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc",
    "one request and no other": PLAIN,
}


def test_a_connection_that_waits_for_its_client_is_closed(guarded: Process) -> None:
    """Nothing that is half sent keeps a connection: each read ends, where it would wait forever."""
    with ExitStack() as stack:
        waiting = {name: stack.enter_context(guarded.connect()) for name in HALVES}
        for name, connection in waiting.items():
            connection.sendall(HALVES[name])
        ends = {name: read_all(connection)[:12] for name, connection in waiting.items()}
    assert ends == {
        "nothing": b"",
        "half a line": b"HTTP/1.1 408",
        "half a head": b"HTTP/1.1 408",
        "a request and half of one": b"HTTP/1.1 200",
        "half a body": b"HTTP/1.1 200",
        "one request and no other": b"HTTP/1.1 200",
    }


def test_a_head_that_comes_byte_by_byte_is_closed(guarded: Process) -> None:
    """It is told that it was too slow, though it never paused."""
    with guarded.connect() as connection:
        connection.settimeout(0.1)
        answer = b""
        for byte in _head(*[b"X: x"] * 50):
            try:
                connection.sendall(bytes([byte]))
                answer = connection.recv(65_536)
            except TimeoutError:
                continue
            except (BrokenPipeError, ConnectionResetError):
                pass
            break
        assert _parsed(answer)[0] == 408


def test_half_open_connections_keep_nobody_out(guarded: Process) -> None:
    """More of them than are held: the oldest give way, and each request is answered."""
    with ExitStack() as stack:
        for _ in range(MOST_CONNECTIONS + 20):
            half = stack.enter_context(guarded.connect())
            half.sendall(PLAIN[:-2])
        statuses = [_parsed(guarded.ask(CLOSING))[0] for _ in range(20)]
    assert statuses == [200] * 20


def test_requests_that_are_sent_ahead_are_answered_in_order(guarded: Process) -> None:
    """As many as are taken on, in one piece that is larger than one head may be."""
    count = MOST_PIPELINED
    padded = _head(b"X: " + b"x" * 400)
    answers = guarded.ask(padded * count + CLOSING)
    assert answers.count(b"HTTP/1.1 200 OK") == count + 1


def test_more_sent_ahead_than_is_taken_on_is_closed(guarded: Process) -> None:
    """Nobody queues requests without end on one connection."""
    answers = guarded.ask(PLAIN * 5_000)
    assert answers.count(b"HTTP/1.1 200 OK") < 5_000
    assert _parsed(guarded.ask(CLOSING))[0] == 200


def test_a_body_that_nobody_reads_does_not_go_on_for_ever(guarded: Process) -> None:
    """The connection ends before a client has sent what it announced."""
    with guarded.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n")
        connection.settimeout(PATIENCE_S)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            _send_for_ever(connection)


def test_a_client_that_stops_reading_is_dropped(
    new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """An export that nobody reads ends, and gives up its place among the long ones."""
    url = new_url("sqlite")
    load(_longer_than_buffers().write(tmp_path / "world"), url)
    with process(url, client_timeout=1, log_level="warning") as server, ExitStack() as stack:
        stuck = []
        for _ in range(LONG_EXPORTS + 2):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            connection.settimeout(PATIENCE_S)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(b"GET /v1/claims.ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n")
            stuck.append(connection)
        begun = [connection.recv(12, socket.MSG_PEEK) for connection in stuck]
        assert begun.count(b"HTTP/1.1 200") >= LONG_EXPORTS
        # Looks are counted and not seconds, which pass too where nobody has the CPU.
        for _ in range(300):
            if _open_sockets(server.running.pid) == 1:  # the one that listens
                break
            time.sleep(0.2)
        assert _open_sockets(server.running.pid) == 1
        assert all(len(read_all(connection)) < _LENGTH for connection in stuck)
        whole = httpx.get(f"{server.base}/v1/claims.ndjson", timeout=PATIENCE_S)
        assert (whole.status_code, len(whole.content) > _LENGTH) == (200, True)


def _longer_than_buffers() -> World:
    """Make a world whose claims are more than the system takes off a server before they are read."""
    world = World()
    for year in range(100):
        named = {"as_of": f"{1920 + year}", "locator": "x" * (_LENGTH // 100)}
        world.claim("arr", 1 + year, **named)
    return world


def _send_for_ever(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x" * 100_000)


def _open_sockets(pid: int) -> int:
    """Count the sockets of TCP over IPv4 that a process holds."""
    table = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    inodes = {line.split()[9] for line in table}
    held = 0
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(entry.readlink())
        except OSError:
            continue
        held += target.startswith("socket:[") and target[8:-1] in inodes
    return held
