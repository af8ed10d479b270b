"""Exports over HTTP: whole tables in three formats, read as the tools of those who use them do."""

import csv
import io
import json
import re
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.request import urlretrieve

import httpx
import pytest
from pyarrow import parquet

from app.dataset.load import load
from tests.builder import World
from tests.conftest import Served, serving, walk

NOUNS = ("companies", "rounds", "investors", "metrics", "claims", "sources")
STATS = ("rounds/stats.{}?group_by=year,country", "companies/stats.{}?group_by=category")
TABLES = (*(noun + ".{}" for noun in NOUNS), *STATS)


@pytest.mark.parametrize("table", TABLES)
def test_the_formats_hold_the_same_rows(seed: httpx.Client, table: str) -> None:
    """CSV, NDJSON and Parquet have the same columns in the same order, and the same values."""
    path = f"/v1/{table}"
    lines = [json.loads(line) for line in seed.get(path.format("ndjson")).text.splitlines()]
    rows = list(csv.reader(io.StringIO(seed.get(path.format("csv")).text, newline="")))
    stored = parquet.read_table(io.BytesIO(seed.get(path.format("parquet")).content))
    assert rows[0] == stored.column_names == list(lines[0])
    assert len(rows) - 1 == stored.num_rows == len(lines)
    for row, line, kept in zip(rows[1:], lines, stored.to_pylist(), strict=True):
        for name, cell in zip(rows[0], row, strict=True):
            value, packed = line[name], kept[name]
            if isinstance(value, list) and isinstance(packed, str):
                assert json.loads(cell) == json.loads(packed) == value
            else:
                assert packed == value
                assert cell == _cell(value)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case list():
            return _cell("|".join(value))
        case str():
            return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value
    return repr(value)


@pytest.mark.parametrize("noun", NOUNS)
def test_an_export_has_every_item_of_the_list(seed: httpx.Client, noun: str) -> None:
    """Without a limit, in order of id, with the figures of the list."""
    listed = walk(seed, noun, {"sort": "id", "limit": "200"})
    exported = [json.loads(line) for line in seed.get(f"/v1/{noun}.ndjson").text.splitlines()]
    assert [one["id"] for one in exported] == [one["id"] for one in listed]
    for one, row in zip(listed, exported, strict=True):
        for name, value in one.items():
            if not isinstance(value, dict) and value is not None:
                assert row[name] == value


def test_figures_are_flat(document: httpx.Client) -> None:
    """A column is named by the way to its value."""
    columns = (
        "amount_usd,amount_low_usd,amount_qualifier,amount_source_id,valuation_basis,company_name"
    )
    text = document.get(f"/v1/rounds.csv?fields={columns}").text
    assert text == (
        f"{columns}\r\n2000000000,2000000000,exact,seed-document,unspecified,Moonshot AI\r\n"
    )


def test_pandas_duckdb_and_polars_read_an_export(
    seed: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by the lines that README shows, with the address of the test's server in them."""
    monkeypatch.chdir(tmp_path)
    shown = Path(__file__).parent.parent.joinpath("README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (?:pandas|polars|DuckDB) \| `(.+)` \|$", shown, re.MULTILINE)
    names = {name: import_module(name) for name in ("pandas", "polars", "duckdb")}
    base = str(seed.base_url).rstrip("/")
    told = [
        float(
            eval(line.replace("http://localhost:8000", base), {**names, "urlretrieve": urlretrieve})
        )
        for line in lines
    ]
    amounts = [
        one["amount"]["usd"]
        for one in walk(seed, "rounds", {"sort": "id", "limit": "200"})
        if (one["company"]["country"], one["status"], one["instrument"])
        == ("CN", "closed", "equity")
        and one["amount"]
    ]
    expected = sum(amount for amount in amounts if amount is not None)
    assert told == [pytest.approx(expected)] * 3


def test_a_part_of_a_short_export_can_be_fetched(client: httpx.Client) -> None:
    """By one range of bytes, as readers of Parquet do; another version's range gets all of it."""
    path = "/v1/rounds.csv"
    plain = {"Accept-Encoding": "identity"}  # what is compressed is sent whole
    whole = client.get(path, headers=plain)
    size = len(whole.content)
    assert whole.headers["accept-ranges"] == "bytes"
    for asked, start, end in (
        ("bytes=0-9", 0, 9),
        ("bytes=5-", 5, size - 1),
        ("bytes=-4", size - 4, size - 1),
        (f"bytes=0-{size * 2}", 0, size - 1),
    ):
        part = client.get(
            path, headers={**plain, "Range": asked, "If-Range": whole.headers["etag"]}
        )
        assert part.status_code == 206
        assert part.content == whole.content[start : end + 1]
        assert part.headers["content-range"] == f"bytes {start}-{end}/{size}"
        assert part.headers["etag"] == whole.headers["etag"]
    for headers in (
        {"Range": "bytes=0-1,4-5"},
        {"Range": f"bytes={size}-"},
        {"Range": "bytes=9-2"},
        {"Range": "bytes=-0"},
        {"Range": "bytes=-"},
        {"Range": "pages=1-2"},
        {"Range": "bytes=0-1", "If-Range": '"other"'},
    ):
        answer = client.get(path, headers={**plain, **headers})
        assert (answer.status_code, answer.content) == (200, whole.content), headers


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_is_a_formula(served: Served, sign: str) -> None:
    """A text that a spreadsheet would run begins with an apostrophe; a negative number stays one."""
    name = f'{sign}HYPERLINK("http://evil.example","x")'
    world = World().company("evil", name=name, aliases=f"{sign}1|b")
    world.claim("arr", 200, as_of="2024-01").claim("arr", 100, as_of="2025-01")
    client = served(world)
    text = client.get("/v1/companies.csv?fields=id,name,aliases,arr_growth_nominal").text
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(text, newline=""))}
    assert rows["evil"] == [f"'{name}", f"'{sign}1|b", ""]
    assert float(rows["acme"][2]) < 0
    kept = client.get("/v1/companies.ndjson?id=evil&fields=name").json()
    assert kept == {"name": name}


def test_an_export_is_named_and_revalidated(client: httpx.Client) -> None:
    """A file name with the dataset's version, a strong ETag for each format, 304, and HEAD."""
    version = client.get("/v1/dataset").json()["version"]
    etags = set()
    for kind, media_type in (
        ("csv", "text/csv; charset=utf-8; header=present"),
        ("ndjson", "application/x-ndjson"),
        ("parquet", "application/vnd.apache.parquet"),
    ):
        path = f"/v1/rounds.{kind}"
        answer = client.get(path)
        assert answer.headers["content-type"] == media_type
        assert answer.headers["dataset-version"] == version
        named = f'attachment; filename="airounds-rounds-{version}.{kind}"'
        assert answer.headers["content-disposition"] == named
        etags.add(answer.headers["etag"])
        again = client.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == answer.headers["etag"]
    assert len(etags) == 3
    stats = client.get("/v1/companies/stats.csv").headers["content-disposition"]
    assert stats == f'attachment; filename="airounds-companies-stats-{version}.csv"'


def test_every_column_can_be_picked(document: httpx.Client) -> None:
    """Alone, in each export; a column is named once."""
    for table in TABLES:
        path = f"/v1/{table.format('csv')}"
        joint = "&" if "?" in path else "?"
        for column in document.get(path).text.partition("\r\n")[0].split(","):
            lines = document.get(f"{path}{joint}fields={column}").text.splitlines()
            assert lines[0] == column
    assert document.get("/v1/rounds.csv?fields=id,id").status_code == 422


def test_without_its_library_a_format_is_not_there(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A problem that names the others; these go on."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = client.get("/v1/rounds.parquet?company=moonshot-ai")
    assert answer.status_code == 501
    assert answer.json()["type"] == "/problems/not-installed"
    assert client.get("/v1/rounds.csv").status_code == 200


def test_a_head_is_not_of_a_part(client: httpx.Client) -> None:
    """A range is of GET alone."""
    assert client.head("/v1/rounds.csv", headers={"Range": "bytes=0-9"}).status_code == 200


@pytest.fixture(scope="module")
def many(
    engine: str, new_url: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """A database whose rounds don't fit into one piece."""
    world = World().source("press", title="t" * 3000, url="https://press.example/")
    for company in range(40):
        world.company(f"company-{company}")
        for number in range(25):
            round_id = f"company-{company}-{number}"
            world.round(round_id, company_id=f"company-{company}", source_id="press")
            world.claim(
                "amount_raised",
                8_000_000_000_000_000,
                "press",
                company_id=f"company-{company}",
                round_id=round_id,
                currency="GBP",
            )
    url = new_url(engine)
    load(world.write(tmp_path_factory.mktemp("many") / "world"), url)
    return url


def test_a_long_export_is_streamed_whole(many: str) -> None:
    """Without a length, every row once; Parquet takes numbers that are too large for exact floats."""
    with serving(many) as client:
        listed = [one["id"] for one in walk(client, "rounds", {"sort": "id", "limit": "200"})]
        answer = client.get("/v1/rounds.ndjson")
        assert len(answer.content) > 2_000_000
        assert "content-length" not in answer.headers
        assert [json.loads(line)["id"] for line in answer.text.splitlines()] == listed
        rows = csv.reader(io.StringIO(client.get("/v1/rounds.csv").text, newline=""))
        assert [row[0] for row in rows][1:] == listed
        stored = client.get("/v1/rounds.parquet").content
        assert parquet.read_table(io.BytesIO(stored))["id"].to_pylist() == listed
        head = client.head("/v1/rounds.ndjson")
        assert (head.status_code, head.content) == (200, b"")


def test_clients_that_leave_or_stall_do_not_stop_the_service(many: str) -> None:
    """Long exports are given to a few at once; others are asked to wait, and the rest is answered."""
    with serving(many) as client, ExitStack() as stack:
        address = (client.base_url.host, client.base_url.port)
        stalled = [stack.enter_context(socket.socket()) for _ in range(14)]
        for one in stalled:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(address)
            one.sendall(b"GET /v1/rounds.ndjson HTTP/1.1\r\nHost: airounds\r\n\r\n")
        answers = sorted(one.recv(12) for one in stalled)
        assert answers == [b"HTTP/1.1 200"] * 10 + [b"HTTP/1.1 503"] * 4
        assert client.get("/v1/companies?limit=1", timeout=2).status_code == 200
        refused = client.get("/v1/rounds.ndjson")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        assert client.get("/v1/rounds.ndjson?limit=1").status_code == 422
        stack.close()
        until = time.monotonic() + 10
        while client.head("/v1/rounds.ndjson").status_code == 503:
            assert time.monotonic() < until
            time.sleep(0.1)
        for _ in range(30):
            assert client.head("/v1/rounds.ndjson").status_code == 200


def test_an_empty_export_still_has_its_columns(client: httpx.Client) -> None:
    """So that a program reads a table without rows."""
    assert client.get("/v1/rounds.csv?country=FR&fields=id,stage").text == "id,stage\r\n"
    assert client.get("/v1/rounds.ndjson?country=FR").content == b""
    stored = client.get("/v1/rounds.parquet?country=FR&fields=id,stage").content
    assert parquet.read_table(io.BytesIO(stored)).column_names == ["id", "stage"]


def test_what_cannot_be_exported_is_refused(client: httpx.Client) -> None:
    """An unknown column, parameter or format, with what was meant."""
    answer = client.get("/v1/rounds.csv?fields=id,amount_us")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["suggestion"] == "amount_usd"
    assert client.get("/v1/rounds.csv?limit=5").status_code == 422
    missing = client.get("/v1/rounds.cvs")
    assert missing.status_code == 404
    assert missing.json()["errors"][0]["suggestion"] == "csv"
