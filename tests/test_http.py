"""HTTP manners: methods, validators, CORS, request ids, and errors in one shape."""

import httpx
import pytest

PATHS = ["/v1/companies", "/v1/companies/moonshot-ai", "/v1/dataset", "/v1/rounds?limit=1"]


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_is_revalidated_by_its_etag(client: httpx.Client, path: str) -> None:
    """A strong ETag; a client that holds it gets 304 without a body."""
    first = client.get(path)
    assert first.headers["etag"].startswith('"')
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_head_has_the_headers_of_get(client: httpx.Client, path: str) -> None:
    """HEAD is GET without the body."""
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-length", "content-type", "dataset-version"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_writes_are_refused(client: httpx.Client, method: str) -> None:
    """405 as a problem, with what is allowed."""
    answer = client.request(method, "/v1/companies")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.json()["type"] == "/problems/method-not-allowed"


def test_a_page_of_another_origin_may_send_a_validator(client: httpx.Client) -> None:
    """The preflight lets If-None-Match through."""
    answer = client.options(
        "/v1/rounds",
        headers={
            "Origin": "https://app.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "asked", "reason"),
    [
        ("/v1/rounds", {"Method": "DELETE"}, "method"),
        ("/v1/rounds", {"Method": "GET", "Headers": "x-evil"}, "headers"),
        ("/v1/rounds", {"Method": "PUT", "Headers": "x-evil"}, "method, headers"),
        ("/mcp", {"Method": "DELETE"}, "method"),
    ],
)
def test_a_page_that_asks_for_more_is_told_by_a_problem(
    client: httpx.Client, path: str, asked: dict[str, str], reason: str
) -> None:
    """With what it may ask for in the headers that its browser reads."""
    named = {f"Access-Control-Request-{name}": value for name, value in asked.items()}
    answer = client.options(path, headers={"Origin": "https://app.example", **named})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    allowed = answer.headers["access-control-allow-methods"].split(", ")
    assert (asked["Method"] in allowed) == ("method" not in reason)
    told = answer.json()
    assert told["type"] == "/problems/not-shared"
    assert told["detail"].endswith(f"their {reason}")
    assert told["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/v1/rounds?contry=CN", "/v1/companies/nobody", "/v1/nothing"])
def test_errors_carry_cors_and_the_request_id(client: httpx.Client, path: str) -> None:
    """A page of another origin can read what went wrong."""
    answer = client.get(path, headers={"Origin": "https://app.example", "X-Request-ID": "abc-1"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "abc-1"
    assert client.get(answer.json()["type"]).status_code == 200
