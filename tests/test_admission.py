"""Admission: how many requests are let in, how many wait, and what the others are told."""

import asyncio
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.dataset.load import load
from app.delivery.admission import Admission
from app.settings import shipped
from bench.flood import Answers, Flood, never_asked_before
from tests.conftest import DOCUMENT, serving

CONNECTIONS = 60


async def _flooded(port: int, connections: int, seconds: float) -> Answers:
    flood = Flood("127.0.0.1", port, never_asked_before())
    await flood.open(connections)
    await flood.as_fast_as_answered(connections, seconds)
    flood.close()
    return flood.answers


def test_what_is_too_much_gets_503_and_the_rest_its_answer(
    engine: str, new_url: Callable[[str], str]
) -> None:
    """Each request has one of both, each refusal says when to come again, and afterwards all is well."""
    url = new_url(engine)
    load(shipped("seed_data"), url)
    with serving(url, max_running=2, max_waiting=3) as client:
        answers = asyncio.run(_flooded(client.base_url.port or 0, CONNECTIONS, 2))
        assert set(answers.seconds) == {200, 503}
        assert (answers.lost, answers.without_retry) == (0, 0)
        after = [client.get(f"/v1/rounds?min_amount_usd={number}") for number in range(20)]
        assert {answer.status_code for answer in after} == {200}


def test_the_usual_crowd_is_answered(new_url: Callable[[str], str]) -> None:
    """Fifty who ask again and again at once are within the bounds of the default settings."""
    url = new_url("sqlite")
    load(shipped("seed_data"), url)
    with serving(url) as client:
        answers = asyncio.run(_flooded(client.base_url.port or 0, 50, 2))
    assert set(answers.seconds) == {200}


class _Held:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.begun = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun += 1
        await self.may_end.wait()
        await Response("held")(scope, receive, send)


async def _status(app: ASGIApp, path: str, method: str) -> int:
    statuses = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request"}

    await app({"type": "http", "method": method, "path": path, "headers": []}, receive, send)
    return int(statuses[0])


async def _statuses(
    app: ASGIApp, count: int, path: str = "/v1/rounds", method: str = "GET"
) -> list["asyncio.Task[int]"]:
    """Ask so many times at once, and let each go as far as it can."""
    tasks = [asyncio.create_task(_status(app, path, method)) for _ in range(count)]
    for _ in range(50):
        await asyncio.sleep(0)
    return tasks


def test_so_many_run_and_so_many_wait() -> None:
    """The others are refused before any of these is answered; who waits is answered in the end."""

    async def story() -> None:
        app = _Held()
        admission = Admission(app, 3, 4, ["*"])
        tasks = await _statuses(admission, 10)
        assert (app.begun, admission.running, admission.waiting) == (3, 3, 4)
        assert [task.result() for task in tasks if task.done()] == [503] * 3
        app.may_end.set()
        assert Counter(await asyncio.gather(*tasks)) == {200: 7, 503: 3}
        assert (admission.running, admission.waiting) == (0, 0)

    asyncio.run(story())


def test_few_begin_in_a_turn_where_many_wait() -> None:
    """So that who comes meanwhile is refused between them, and not after as many as may run."""

    async def story() -> None:
        app = _Held()
        admission = Admission(app, 10, 40, ["*"])
        tasks = await _statuses(admission, 50)
        assert (app.begun, admission.waiting) == (10, 40)
        app.may_end.set()
        begun = {}
        while admission.waiting:
            begun[admission.waiting] = app.begun
            await asyncio.sleep(0)
        of_a_turn = [later - earlier for earlier, later in pairwise(begun.values())]
        assert max(of_a_turn[: len([one for one in begun if one > 20])]) == 4
        assert Counter(await asyncio.gather(*tasks)) == {200: 50}

    asyncio.run(story())


def test_who_waits_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting ends by itself, whatever those do that run."""
    monkeypatch.setattr("app.delivery.admission._LONGEST_WAIT_S", 0.05)

    async def story() -> None:
        app = _Held()
        admission = Admission(app, 1, 5, ["*"])
        tasks = await _statuses(admission, 4)
        done, _ = await asyncio.wait(tasks, timeout=5, return_when=asyncio.ALL_COMPLETED)
        assert [task.result() for task in done] == [503] * 3
        app.may_end.set()
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_who_goes_away_gives_up_the_place() -> None:
    """Requests that are cancelled, running or waiting, leave room for others."""

    async def story() -> None:
        app = _Held()
        admission = Admission(app, 2, 2, ["*"])
        for task in await _statuses(admission, 4):
            task.cancel()
        for _ in range(50):
            await asyncio.sleep(0)
        assert (admission.running, admission.waiting) == (0, 0)
        app.may_end.set()
        assert await asyncio.gather(*await _statuses(admission, 4)) == [200] * 4

    asyncio.run(story())


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_let_in_whatever_runs(path: str) -> None:
    """A service that is busy lives."""

    async def story() -> None:
        app = _Held()
        admission = Admission(app, 1, 1, ["*"])
        tasks = await _statuses(admission, 5)
        probes = await _statuses(admission, 3, path)
        preflights = await _statuses(admission, 3, method="OPTIONS")
        app.may_end.set()
        assert await asyncio.gather(*probes, *preflights) == [200] * 6
        await asyncio.gather(*tasks)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("allowed", "seen"),
    [("*", "*"), ("https://app.example", "https://app.example"), ("https://b", None)],
)
def test_a_refusal_is_a_problem_that_pages_can_read(allowed: str, seen: str | None) -> None:
    """It has the shape, the id and the origin of every other problem."""

    async def story() -> httpx.Response:
        admission = Admission(_Held(), 1, 1, [allowed])
        tasks = await _statuses(admission, 2)
        transport = httpx.ASGITransport(admission)
        asked = {"Origin": "https://app.example", "X-Request-ID": "abc-1"}
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            refused = await client.get('/v1/"rounds', headers=asked)
        for task in tasks:
            task.cancel()
        return refused

    refused = asyncio.run(story())
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "1"
    assert refused.headers.get("access-control-allow-origin") == seen
    told = refused.json()
    assert (told["type"], told["instance"]) == ("/problems/overloaded", '/v1/"rounds')
    assert told["request_id"] == refused.headers["x-request-id"] == "abc-1"


def test_what_is_kept_is_answered_whatever_runs(new_url: Callable[[str], str]) -> None:
    """An answer from memory needs no place, nor does a client that has it."""
    url = new_url("sqlite")
    load(DOCUMENT, url)
    with serving(url, max_running=1, max_waiting=1) as client:
        etag = client.get("/v1/rounds").headers["etag"]

        async def crowd() -> Counter[int]:
            limits = httpx.Limits(max_connections=40)
            async with httpx.AsyncClient(base_url=client.base_url, limits=limits) as many:
                held = [many.get("/v1/rounds", headers={"If-None-Match": etag}) for _ in range(20)]
                answers = await asyncio.gather(*[many.get("/v1/rounds") for _ in range(20)], *held)
                return Counter(answer.status_code for answer in answers)

        assert asyncio.run(crowd()) == {200: 20, 304: 20}
