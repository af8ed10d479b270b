"""A clock that is set while the service runs: back by days, ahead by a year, and to and fro."""

import json
import socket
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app.dataset.load import load
from tests.builder import World
from tests.conftest import DOCUMENT, serving
from tests.faults.service import PATHS, Clients, service, until

NewUrl = Callable[[str], str]
DAY = 86_400
FAKE = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


@pytest.mark.skipif(FAKE is None, reason="libfaketime isn't installed")
def test_answers_go_on_whatever_the_clock_says(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """None fails, a new dataset is noticed, and who keeps a connection waiting is let go."""
    clock, url = tmp_path / "clock", new_url(engine)
    folders = {name: World().company(name).write(tmp_path / name) for name in ("globex", "initech")}
    versions = {load(folder, url): name for name, folder in folders.items()}
    clock.write_text("+0d")
    told = {**_faked(clock), "AIROUNDS_SERVE_AS_OWNER": "true", "AIROUNDS_CLIENT_TIMEOUT": "2"}
    with (
        service(url, **told) as served,
        httpx.Client(base_url=served.address) as kept,
        Clients(served.address, versions, number=2, pause_seconds=0.02) as clients,
    ):
        for days, name in ((-2, "globex"), (400, "initech"), (-4_000, "globex"), (0, "initech")):
            with _half_open(served.address) as half:
                clock.write_text(f"{days:+}d")
                until(partial(_is_set, kept, days))
                etag = kept.get("/v1/companies").headers["etag"]
                held = kept.get("/v1/companies", headers={"If-None-Match": etag})
                assert held.status_code == 304
                version = load(folders[name], url)
                seen = clients.tally.versions[version]
                until(partial(_has_seen, clients, version, seen + 20))
                assert half.recv(1_000)[:12] in (b"", b"HTTP/1.1 408")
    print(f"clock set four times on {engine}: {clients.tally}")
    assert clients.tally.failed == clients.tally.mixed == []
    assert set(clients.tally.statuses) == {200}


def _faked(clock: Path) -> dict[str, str]:
    """Let a process take its time from a file, but for what nobody sets."""
    monotonic = ("FAKETIME_DONT_FAKE_MONOTONIC", "DONT_FAKE_MONOTONIC")
    return {
        "LD_PRELOAD": str(FAKE),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "NO_FAKE_STAT": "1",
        **dict.fromkeys(monotonic, "1"),
    }


def _half_open(address: str) -> socket.socket:
    place = urlsplit(address)
    half = socket.create_connection((str(place.hostname), place.port or 80), 30)
    half.sendall(b"GET / HTTP/1.1\r\n")
    return half


def _is_set(client: httpx.Client, days: int) -> bool:
    told = parsedate_to_datetime(client.get("/healthz").headers["date"]).timestamp()
    return abs(told - time.time() - days * DAY) < DAY


def _has_seen(clients: Clients, version: str, answers: int) -> bool:
    return clients.tally.versions[version] >= answers


def test_a_limit_of_requests_holds_for_its_time_at_most(
    new_url: NewUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that is set back locks nobody out for longer than the limit says."""
    url, real, days = new_url("sqlite"), time.time, [0]
    load(DOCUMENT, url)
    monkeypatch.setattr(time, "time", lambda: real() + days[0] * DAY)
    with serving(url, rate_limit="2/hour") as client:
        for day in (0, -2, 400, -4_000):
            days[0] = day
            answers = [client.get("/v1/rounds") for _ in range(3)]
            assert [one.status_code for one in answers] == [200, 200, 429]
            assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
            for one in answers:
                assert 0 < int(one.headers["ratelimit"].rpartition("t=")[2]) <= 3600


def test_lines_of_the_log_have_the_time_of_the_clock(
    new_url: NewUrl, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is set, and none takes less than no time."""
    url, real, days = new_url("sqlite"), time.time, [0]
    load(DOCUMENT, url)
    monkeypatch.setattr(time, "time", lambda: real() + days[0] * DAY)
    with serving(url, access_log=True, log_format="json") as client:
        for day in (0, -2, 400):
            days[0] = day
            for path in PATHS:
                client.get(path)
    lines = [
        json.loads(line) for line in capfd.readouterr().out.splitlines() if '"request"' in line
    ]
    assert len(lines) == 3 * len(PATHS)
    assert all(one["ms"] is None or one["ms"] >= 0 for one in lines)
