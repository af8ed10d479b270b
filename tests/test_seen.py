"""What operators see: lines of requests, metrics of all processes together, timings and spans."""

import http.server
import json
import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from app import logs
from app.dataset.load import load
from app.delivery.ledger import Lines
from bench.servers import free_port
from tests.conftest import DOCUMENT, serving
from tests.serving.conftest import PATIENCE_S

DOCS = Path(__file__).parent.parent / "docs"
NAME = re.compile(r"\bairounds_[a-z_]+")


@pytest.fixture
def url(new_url: Callable[[str], str]) -> str:
    """A database of the document's company."""
    made = new_url("sqlite")
    load(DOCUMENT, made)
    return made


@contextmanager
def _served(url: str, *arguments: str, **settings: object) -> Iterator[tuple[str, list[str]]]:
    """Run `airounds serve` as a process, and give its lines of standard output once it has ended."""
    port, lines = free_port(), list[str]()
    told = {f"AIROUNDS_{name}".upper(): str(value) for name, value in settings.items()}
    environment = {**os.environ, "AIROUNDS_DATABASE_URL": url, "AIROUNDS_PORT": str(port), **told}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve", *arguments]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    base = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{base}/healthz")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield base, lines
    finally:
        running.send_signal(signal.SIGTERM)
        said, _ = running.communicate(timeout=PATIENCE_S)
        lines += said.splitlines()


def test_each_request_has_a_line_that_tells_nothing_of_who_asked(url: str) -> None:
    """All of standard output is JSON; kept and computed answers and errors are told alike."""
    with (
        _served(url, access_log=True, log_format="json") as (base, lines),
        httpx.Client() as client,
    ):
        secret = f"{base}/v1/companies?q=secret-name"
        named = {"X-Request-ID": "mine-1", "User-Agent": "secret-agent"}
        client.get(secret, headers=named)
        etag = client.get(f"{base}/v1/rounds").headers["etag"]
        for _ in range(20):
            client.get(f"{base}/v1/rounds", headers={"X-Request-ID": "kept"})
            client.get(f"{base}/v1/rounds", headers={"If-None-Match": etag})
        client.get(f"{base}/v1/companies/nobody")
        client.post(f"{base}/v1/rounds")
    told = [json.loads(line) for line in lines]
    requests = [one for one in told if one["event"] == "request"]
    assert len(requests) >= 44
    first = next(one for one in requests if one["id"] == "mine-1")
    assert (first["route"], first["status"], first["cache"]) == ("/v1/companies", 200, "miss")
    assert first["ms"] > 0
    assert first["bytes"] > 0
    assert {"hit"} <= {one["cache"] for one in requests if one["id"] == "kept"}
    seen = {(one["method"], one["route"], one["status"]) for one in requests}
    assert {("GET", "/v1/rounds", 200), ("GET", "/v1/rounds", 304)} <= seen
    assert {("GET", "/v1/companies/{company_id}", 404), ("POST", "other", 405)} <= seen
    assert not any("secret" in line or "127.0.0.1" in line for line in lines if '"request"' in line)


def test_who_asked_is_told_where_the_settings_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    """Address, path and query stand in the line then."""
    lines = Lines("json", personal=True)
    scope = {"method": "GET", "path": "/v1/rounds", "query_string": b"q=x", "client": ("::1", 5)}
    lines.add(scope, b"id-1", route="/v1/rounds", status=200)
    lines.write()
    told = json.loads(capsys.readouterr().out)
    assert (told["address"], told["path"], told["query"]) == ("::1", "/v1/rounds", "q=x")


def test_a_failure_is_logged_with_the_id_of_its_answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line of JSON has the whole trace, and the answer none of it."""
    logs.configure("json", "info")
    try:
        raise RuntimeError("broken")
    except RuntimeError as error:
        logging.getLogger("app.problems").error("failed", exc_info=error, extra={"request_id": "x"})
    told = json.loads(capsys.readouterr().out)
    assert (told["event"], told["level"], told["request_id"]) == ("failed", "error", "x")
    assert "RuntimeError: broken" in told["exception"]


def test_metrics_of_all_processes_add_up(url: str) -> None:
    """On a port of their own, and not on that of the API."""
    port = free_port()
    with _served(url, "--workers", "2", metrics_port=port) as (base, _):
        for number in range(30):
            assert httpx.get(f"{base}/v1/rounds?limit={number % 3 + 1}").status_code == 200
        assert httpx.get(f"{base}/metrics").status_code == 404
        text, deadline = "", time.monotonic() + PATIENCE_S
        while (
            _sum(text, "airounds_requests_total", "/v1/rounds") < 30 and time.monotonic() < deadline
        ):
            time.sleep(0.2)
            text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
    assert _sum(text, "airounds_requests_total", "/v1/rounds") == 30
    assert _sum(text, "airounds_response_bytes_total", "/v1/rounds") > 10_000
    assert _sum(text, "airounds_connections") >= 0
    _known(text)


def _sum(text: str, name: str, label: str = "") -> float:
    lines = (line for line in text.splitlines() if line.startswith(name) and label in line)
    return sum(float(line.rpartition(" ")[2]) for line in lines)


def _known(text: str) -> None:
    """Hold the names in docs/ against those that are served."""
    served = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    served |= {f"{name}_bucket" for name in served}
    for path in (DOCS / "alerts.yaml", DOCS / "dashboard.json"):
        assert set(NAME.findall(path.read_text(encoding="utf-8"))) <= served


def test_the_alerts_and_the_dashboard_can_be_read() -> None:
    """Each alert says what it is about; each panel asks something."""
    alerts = yaml.safe_load((DOCS / "alerts.yaml").read_text(encoding="utf-8"))
    rules = alerts["groups"][0]["rules"]
    assert all(rule["expr"] and rule["annotations"]["summary"] for rule in rules)
    dashboard = json.loads((DOCS / "dashboard.json").read_text(encoding="utf-8"))
    assert all(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])


def test_an_answer_that_is_computed_tells_its_time(client: httpx.Client) -> None:
    """Server-Timing has waiting and all; one from memory took none, and has no such header."""
    answer = client.get("/v1/rounds?limit=7")
    assert re.fullmatch(r"wait;dur=[\d.]+, total;dur=[\d.]+", answer.headers["server-timing"])
    burst = [client.get("/v1/rounds?limit=7") for _ in range(20)]
    assert any("server-timing" not in one.headers for one in burst)


class _Collector(http.server.BaseHTTPRequestHandler):
    received: list[bytes]

    def do_POST(self) -> None:
        self.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_spans_reach_a_collector(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One names its route and its client's trace, and neither address nor query."""
    received: list[bytes] = []
    handler = type("Handler", (_Collector,), {"received": received})
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{collector.server_port}"
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        trace = "0af7651916cd43dd8448eb211c80319c"
        with serving(url, traces=True) as client:
            named = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
            assert client.get("/v1/rounds?country=CN", headers=named).status_code == 200
        collector.shutdown()
    sent = b"".join(received)
    assert b"GET /v1/rounds" in sent
    assert bytes.fromhex(trace) in sent
    assert b"country" not in sent
