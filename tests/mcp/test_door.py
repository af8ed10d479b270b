"""The way in over HTTP: by which methods, hosts and origins, and up to which size."""

import socket
from collections.abc import Callable

import httpx
import pytest

from app.dataset.load import load
from app.settings import Settings
from tests.conftest import DOCUMENT, serving
from tests.mcp.conftest import LEGACY, message, problem


def test_any_process_answers_anymessage(client: httpx.Client) -> None:
    """A call is answered without a handshake, so that no session ties a client to one process."""
    answer = client.post("/mcp", content=message(), headers=LEGACY)
    assert answer.json()["result"]["isError"] is False
    assert "mcp-session-id" not in answer.headers
    assert answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_message_is_refused_before_it_is_read(client: httpx.Client, chunked: bool) -> None:
    """With 413 as a problem, whether or not it says how large it is."""
    parts = [b"x" * 1_000] * 200
    answer = client.post(
        "/mcp", content=iter(parts) if chunked else b"".join(parts), headers=LEGACY
    )
    assert answer.status_code == 413
    assert problem(answer)["type"] == "/problems/bad-message"


def test_a_client_that_goes_away_is_no_fault(
    client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Half a message is forgotten without a word in the log."""
    head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    address = (client.base_url.host, client.base_url.port)
    with socket.create_connection(address) as connection:
        connection.sendall(f"{head}Content-Length: 500\r\n\r\n{{".encode())
    assert client.post("/mcp", content=message(), headers=LEGACY).status_code == 200
    assert not caplog.records


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_post_is_answered(client: httpx.Client, method: str) -> None:
    """There are no sessions to listen to or to end; Allow says what there is."""
    answer = client.request(method, "/mcp", headers=LEGACY)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST, OPTIONS"
    if method != "HEAD":
        assert "by POST" in problem(answer)["detail"]


def test_the_api_itself_still_reads_only(client: httpx.Client) -> None:
    """POST is answered at /mcp and nowhere else."""
    for path in ("/v1/rounds", "/", "/mcp/"):
        assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 400),
        ({"Host": "evil.example"}, 421),
        ({"Host": "[::"}, 421),
        ({"Host": "localhost:1"}, 200),
        ({"Origin": "https://any.example"}, 200),
    ],
)
def test_a_private_service_answers_by_its_own_names(
    client: httpx.Client, headers: dict[str, str], status: int
) -> None:
    """A page that leads a name of its own here is refused; a page that may read answers may ask."""
    answer = client.post("/mcp", content=message(), headers={**LEGACY, **headers})
    assert answer.status_code == status
    if status != 200:
        assert problem(answer)["status"] == status


def test_hosts_and_origins_are_those_of_the_settings(new_url: Callable[[str], str]) -> None:
    """A public service answers by the names that it is told, and pages of the origins that may read."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    named = {"mcp_hosts": ["airounds.example"], "cors_origins": ["https://app.example"]}
    with serving(url, **named) as client:

        def ask(**headers: str) -> int:
            return client.post("/mcp", content=message(), headers={**LEGACY, **headers}).status_code

        assert ask(Host="airounds.example") == 200
        assert ask(Host="localhost") == 421
        assert ask(Host="airounds.example", Origin="https://app.example") == 200
        assert ask(Host="airounds.example", Origin="https://other.example") == 403


def test_names_are_any_where_the_service_is_public() -> None:
    """Nobody can tell by which names a service is reached that listens on all addresses."""
    assert Settings(host="0.0.0.0").names_of_mcp == ["*"]
    assert "localhost" in Settings(host="127.0.0.1").names_of_mcp
    assert Settings(host="127.0.0.1", mcp_hosts=["x.example"]).names_of_mcp == ["x.example"]


def test_a_page_may_ask_from_another_origin(client: httpx.Client) -> None:
    """A preflight allows POST with the headers of the protocol."""
    asked = "content-type,mcp-protocol-version,mcp-method,mcp-name"
    preflight = client.options(
        "/mcp",
        headers={
            "Origin": "https://app.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": asked,
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-headers"] == asked
    answer = client.post(
        "/mcp", content=message(), headers={**LEGACY, "Origin": "https://app.example"}
    )
    assert answer.headers["access-control-allow-origin"] == "*"
