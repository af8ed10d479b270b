"""Varnish as deploy/varnish.vcl sets it up, in front of airounds: what it keeps, drops and lets through."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.dataset.load import load
from bench.servers import Server, airounds, free_port
from tests.builder import World
from tests.conftest import DOCUMENT
from tests.faults.service import answers, until

VCL = Path(__file__).parent.parent / "varnish.vcl"
VARNISHD = shutil.which("varnishd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(VARNISHD is None, reason="Varnish isn't installed")

LIST = "/v1/rounds?limit=3"
CODINGS = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Kept:
    """A Varnish, and what stands behind it."""

    base: str
    folder: Path
    url: str
    behind: Server

    def ask(self, path: str, **headers: str) -> httpx.Response:
        """Ask through Varnish."""
        return httpx.get(f"{self.base}{path}", headers={**CODINGS, **headers})

    def shows(self, version: str) -> bool:
        """Tell whether airounds itself shows a dataset."""
        answer = httpx.get(f"{self.behind.base}/v1/dataset")
        return answer.headers["dataset-version"] == version

    def drop_all_but(self, version: str) -> None:
        """Drop what is of other datasets, as the file says."""
        [told] = re.findall(r'varnishadm (ban) "(.+)"', VCL.read_text())
        command = ["varnishadm", "-n", str(self.folder), told[0], told[1]]
        subprocess.run([part.replace("$VERSION", version) for part in command], check=True)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """A Varnish in front of the document's company."""
    url, port = f"sqlite:///{tmp_path / 'airounds.db'}", free_port()
    load(DOCUMENT, url)
    with airounds(url) as behind:
        inner = behind.base.rpartition(":")[2]
        file, folder = tmp_path / "varnish.vcl", tmp_path / "varnish"
        file.write_text(VCL.read_text().replace('"8000"', f'"{inner}"'))
        options = ["-n", str(folder), "-a", f"127.0.0.1:{port}", "-s", "malloc,16m"]
        options += ["-j", "none"]  # Children of root would be users who can't get into the folder.
        running = subprocess.Popen(
            [str(VARNISHD), "-F", "-f", str(file), *options], stdout=subprocess.DEVNULL
        )
        try:
            until(lambda: answers(f"http://127.0.0.1:{port}/readyz"))
            yield Kept(f"http://127.0.0.1:{port}", folder, url, behind)
        finally:
            running.terminate()
            running.wait(20)


def test_it_keeps_answers_and_lets_validators_through(kept: Kept) -> None:
    """The second asker gets what the first got, and one who has it a 304."""
    first, second = kept.ask(LIST), kept.ask(LIST)
    assert [one.headers["x-cache"] for one in (first, second)] == ["MISS", "HIT"]
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    held = kept.ask(LIST, **{"If-None-Match": first.headers["etag"]})
    assert held.status_code == 304
    origin = kept.ask(LIST, Origin="https://app.example")
    assert origin.headers["access-control-allow-origin"] == "*"
    assert origin.content == first.content


def test_another_dataset_is_shown_at_once_where_the_old_one_is_dropped(
    kept: Kept, tmp_path: Path
) -> None:
    """What is of the new one stays."""
    old = kept.ask(LIST).headers["dataset-version"]
    new = load(World().write(tmp_path / "world"), kept.url)
    fresh = "/v1/companies"
    until(lambda: kept.shows(new))
    assert kept.ask(LIST).headers["dataset-version"] == old
    assert kept.ask(fresh).headers["dataset-version"] == new
    kept.drop_all_but(new)
    asked = [kept.ask(path) for path in (LIST, fresh)]
    assert [one.headers["dataset-version"] for one in asked] == [new, new]
    assert [one.headers["x-cache"] for one in asked] == ["MISS", "HIT"]


def test_errors_exports_and_messages_pass(kept: Kept) -> None:
    """And aren't kept."""
    for _ in range(2):
        wrong = kept.ask("/v1/rounds?contry=CN")
        assert (wrong.status_code, wrong.headers["x-cache"]) == (422, "MISS")
        assert wrong.headers["content-type"] == "application/problem+json"
        export = kept.ask("/v1/rounds/stats.csv?group_by=year")
        assert (export.status_code, export.headers["x-cache"]) == (200, "MISS")
    message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    headers = {"Accept": "application/json, text/event-stream"}
    told = httpx.post(f"{kept.base}/mcp", json=message, headers=headers)
    assert told.json() == {"jsonrpc": "2.0", "id": 1, "result": {}}
    refused = httpx.post(f"{kept.base}/v1/rounds", json=message)
    assert refused.status_code == 405


def test_it_goes_on_without_airounds(kept: Kept) -> None:
    """What it keeps is still answered."""
    assert kept.ask(LIST).status_code == 200
    kept.behind.process.terminate()
    kept.behind.process.wait(20)
    assert kept.ask(LIST).status_code == 200
    assert kept.ask("/v1/companies").status_code == 503
