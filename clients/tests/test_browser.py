"""A frontend on another origin, in a real browser: what it may ask, and which headers it can read."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from clients.blocks import ROOT
from clients.service import serving

PACKAGE = ROOT / "build" / "sdk" / "typescript" / "dist"

TO_THE_END = """async (address) => {
  const found = []
  let total
  while (address) {
    const answer = await fetch(address)
    const { data, page } = await answer.json()
    found.push(...data.map((one) => one.id))
    total = page.total
    const next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('Link') ?? '')
    address = next && new URL(next[1], answer.url).href
  }
  return { found, total }
}"""

ONCE_AND_AGAIN = """async (address) => {
  const first = await fetch(address)
  const { dataset } = await first.json()
  const etag = first.headers.get('ETag')
  const again = await fetch(address, { headers: { 'If-None-Match': etag }, cache: 'no-store' })
  return {
    dataset,
    etag,
    version: first.headers.get('Dataset-Version'),
    again: [again.status, again.headers.get('ETag'), await again.text()],
  }
}"""

WITH_THE_CLIENT = """async (baseUrl) => {
  const { client, listRounds, getCompany } = await import('/index.js')
  client.setConfig({ baseUrl })
  const rounds = await listRounds({ query: { country: ['CN'], stage: ['series_d'], min_amount_usd: 1e9 } })
  const missing = await getCompany({ path: { company_id: 'moonshot' } })
  return {
    names: rounds.data.data.map((one) => one.company.name),
    missing: [missing.response.status, missing.error.errors[0].suggestion],
  }
}"""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the files of a folder without a word."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="session")
def page(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """An empty page of another origin, which has the TypeScript client beside it."""
    folder = tmp_path_factory.mktemp("frontend") / "files"
    shutil.copytree(PACKAGE, folder)
    folder.joinpath("page.html").write_text("<!doctype html><title>A frontend</title>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as files:
        threading.Thread(target=files.serve_forever, daemon=True).start()
        opened = chromium.new_page()
        opened.goto(f"http://127.0.0.1:{files.server_port}/page.html")
        yield opened
        opened.close()
        files.shutdown()


def _run(page: Page, script: str, address: str) -> Any:
    return page.evaluate(script, f"http://{address}")


def test_a_list_is_read_to_its_end_by_link(page: Page, service: str) -> None:
    """The page reads `Link` of each answer, and finds all items once."""
    told = _run(page, TO_THE_END, f"{service}/v1/rounds?country=CN&limit=20&count=true")
    assert len(told["found"]) == len(set(told["found"])) == told["total"] > 20


def test_an_answer_is_asked_for_again_by_its_etag(page: Page, service: str) -> None:
    """`If-None-Match` passes the preflight; `ETag` and `Dataset-Version` can be read, of the 304 too."""
    told = _run(page, ONCE_AND_AGAIN, f"{service}/v1/rounds?country=CN")
    assert told["version"] == told["dataset"]
    assert told["etag"].startswith('"')
    assert told["again"] == [304, told["etag"], ""]


def test_the_typescript_client_asks_from_a_page(page: Page, service: str) -> None:
    """The package runs in a browser as it is, and reads problems there too."""
    told = _run(page, WITH_THE_CLIENT, service)
    assert told == {"names": ["Moonshot AI"], "missing": [404, "moonshot-ai"]}


@pytest.mark.parametrize("script", [TO_THE_END, ONCE_AND_AGAIN])
def test_a_page_that_is_not_let_in_reads_nothing(page: Page, tmp_path: Path, script: str) -> None:
    """Where the service names other origins, the same requests fail: it is its headers that let in."""
    with (
        serving(tmp_path, AIROUNDS_CORS_ORIGINS="https://app.example") as address,
        pytest.raises(Error, match="Failed to fetch"),
    ):
        _run(page, script, f"{address}/v1/rounds?country=CN")
