"""Hostile requests to the service of the seed: each gets an answer that tells nothing of what is inside.

AIROUNDS_HOSTILE_REQUESTS says how many are sent to each engine: `make hostile-test` sends 10,000.
"""

import json
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import httpx
import pytest

from app.dataset.load import load
from app.settings import shipped
from tests.hostile import EVIL, requests
from tests.serving.conftest import Process, process

COUNT = int(os.environ.get("AIROUNDS_HOSTILE_REQUESTS", "500"))
SEED = 20_261_127
MOST_MB = 500
CHECKOUT = str(Path(__file__).parent.parent)
LEAKS = (
    *(
        "Traceback",
        "site-packages",
        'File "',
        "sqlalchemy",
        "sqlite3",
        "psycopg",
        "pydantic",
        "duckdb",
    ),
    *(
        "SELECT ",
        "WHERE ",
        "INSERT ",
        "OperationalError",
        "DataError",
        ".py",
        "root:",
        CHECKOUT,
        "/tmp/",
    ),
)


def _cursors(base: str) -> list[str]:
    asked = (
        "companies",
        "rounds?sort=-amount_usd",
        "metrics",
        "claims",
        "rounds/stats?group_by=year",
    )
    pages = (httpx.get(f"{base}/v1/{one}", params={"limit": 1}) for one in asked)
    return [str(page.json()["page"]["next_cursor"]) for page in pages]


def _faults(raw: bytes, answer: bytes) -> list[str]:
    """Say what is wrong with an answer."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head[9:12] or 0)
    if not status:
        return ["no answer"]
    faults = [f"status {status}"] if status >= 500 else []
    said = (head + body).decode("utf-8", "replace")
    if EVIL in head.decode("latin-1"):
        faults.append("the host of the request in a header")
    if status < 400:
        return faults
    if raw.startswith(b"HEAD "):
        return faults
    faults += [f"tells {leak!r}" for leak in LEAKS if leak in said and leak.encode() not in raw]
    if b"application/problem+json" not in head:
        faults.append("no problem")
    elif b"content-encoding" not in head:
        told = json.loads(body)
        if told["status"] != status:
            faults.append("a problem of another status")
    return faults


def _memory_mb(server: Process) -> float:
    status = Path(f"/proc/{server.running.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


@pytest.mark.parametrize("path", ["/v1/rounds", "/v1/companies/moonshot-ai", "/docs", "/x/", "/"])
def test_the_host_of_a_request_is_in_no_answer(seed: httpx.Client, path: str) -> None:
    """No link, redirect or error repeats a name that the client chose."""
    named = {"Host": EVIL, "X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}"}
    answer = seed.get(path, headers=named)
    assert EVIL not in answer.text
    assert EVIL not in str(answer.headers)


def test_no_hostile_request_gets_more_than_an_answer(
    engine: str, new_url: Callable[[str], str]
) -> None:
    """Never a 5xx, a trace, a path or SQL; each refusal is a problem, and memory stays bounded."""
    url = new_url(engine)
    load(shipped("seed_data"), url)
    with process(url, log_level="error", serve_as_owner=True) as server:
        document = httpx.get(f"{server.base}/openapi.json").json()
        drawn = islice(requests(document, _cursors(server.base), SEED), COUNT)
        answered = ((raw, server.ask(raw)) for raw in drawn)
        faulty = [
            f"{faults}: {raw[:300]!r} got {answer[:600]!r}"
            for raw, answer in answered
            if (faults := _faults(raw, answer))
        ]
        assert not faulty, "\n".join([f"{len(faulty)} of {COUNT}", *faulty[:20]])
        assert _memory_mb(server) < MOST_MB
        assert httpx.get(f"{server.base}/readyz").status_code == 200
