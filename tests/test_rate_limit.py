"""The limit of requests: who is counted, what answers tell of it, and what happens beyond it."""

from collections.abc import Callable

import httpx
import pytest

from app.dataset.load import load
from app.delivery.rate_limit import MOST_ADDRESSES
from tests.conftest import DOCUMENT, serving

NewUrl = Callable[[str], str]


@pytest.fixture
def url(new_url: NewUrl) -> str:
    """A database of the document's company."""
    made = new_url("sqlite")
    load(DOCUMENT, made)
    return made


def test_the_request_after_the_last_is_refused(url: str) -> None:
    """Kept and computed answers, 304 and errors all count, and each tells what is left."""
    with serving(url, rate_limit="5/hour") as client:
        etag = client.get("/v1/rounds").headers["etag"]
        got = [
            client.get("/v1/rounds"),
            client.get("/v1/rounds", headers={"If-None-Match": etag}),
            client.get("/v1/nothing"),
            client.get("/v1/rounds?limit=1"),
            client.get("/v1/rounds?limit=2", headers={"Origin": "https://app.example"}),
        ]
        assert [answer.status_code for answer in got] == [200, 304, 404, 200, 429]
        left = [answer.headers["ratelimit"].split(";")[1] for answer in got]
        assert left == ["r=3", "r=2", "r=1", "r=0", "r=0"]
        assert {answer.headers["ratelimit-policy"] for answer in got} == {'"default";q=5;w=3600'}
        refused = got[-1]
        assert refused.json()["type"] == "/problems/too-many-requests"
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert refused.headers["access-control-allow-origin"] == "*"
        assert "RateLimit" in refused.headers["access-control-expose-headers"]
        assert client.get("/healthz").status_code == 200


def test_without_a_limit_nothing_is_told_of_one(client: httpx.Client) -> None:
    """By default there is none."""
    assert "ratelimit" not in client.get("/v1/rounds").headers


def test_a_forwarded_address_is_believed_from_a_proxy_alone(url: str) -> None:
    """Whoever isn't one can't take another name for each request, nor exhaust another's limit."""
    names = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(4)]
    with serving(url, rate_limit="2/hour") as client:
        statuses = [client.get("/v1/rounds", headers=name).status_code for name in names]
        assert statuses == [200, 200, 429, 429]
    with serving(url, rate_limit="2/hour", trusted_proxies=["127.0.0.0/8"]) as client:
        assert {client.get("/v1/rounds", headers=name).status_code for name in names} == {200}
        forged = {"X-Forwarded-For": "198.51.100.7, 192.0.2.0"}
        statuses = [client.get("/v1/rounds", headers=forged).status_code for _ in range(2)]
        assert statuses == [200, 429]


def test_a_network_of_ipv6_is_one_address(url: str) -> None:
    """Its owner has more addresses in it than any limit can count."""
    with serving(url, rate_limit="2/hour", trusted_proxies=["*"]) as client:
        asked = [f"2001:db8::{number:x}" for number in range(3)] + ["2001:db8:0:1::1"]
        statuses = [
            client.get("/v1/rounds", headers={"X-Forwarded-For": name}).status_code
            for name in asked
        ]
    assert statuses == [200, 200, 429, 200]


def test_so_many_addresses_are_remembered_and_no_more(url: str) -> None:
    """Memory is bounded whoever asks."""
    with serving(url, rate_limit="1/hour", trusted_proxies=["*"]) as client:
        first = {"X-Forwarded-For": "192.0.2.1"}
        assert [client.get("/v1/rounds", headers=first).status_code for _ in range(2)] == [200, 429]
        for number in range(MOST_ADDRESSES + 1):
            name = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
            client.head("/v1/rounds", headers={"X-Forwarded-For": name})
        assert client.get("/v1/rounds", headers=first).status_code == 200


def test_a_storage_that_is_away_limits_nobody(url: str) -> None:
    """The service goes on: a limit is no reason to fail."""
    away = "redis://127.0.0.1:1/0"
    with serving(url, rate_limit="1/hour", rate_limit_storage=away) as client:
        assert {client.get("/v1/rounds").status_code for _ in range(5)} == {200}
