"""Over HTTP: the documentation pages hold their policy, their validators and their allow-list."""

import base64
import hashlib
import json
import re

import httpx
import pytest

from app.problems import PROBLEM_TYPES
from app.routes.documentation import OUR_ASSETS, PACKAGED_ASSETS, SCROLLBAR_STYLE

PAGES = ["/docs", "/redoc", "/problems", *(f"/problems/{slug}" for slug in PROBLEM_TYPES)]
ASSETS = [f"/docs/assets/{name}" for name in (*OUR_ASSETS, *PACKAGED_ASSETS)]


@pytest.mark.parametrize("path", PAGES)
def test_page_obeys_a_policy_without_inline_code_or_foreign_hosts(
    client: httpx.Client, path: str
) -> None:
    """A page allows nothing unsafe, holds nothing inline and loads nothing by an absolute address."""
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"unsafe|\*|https?:|blob:|nonce", policy)
    assert not re.search(r"<style|<script>|\sstyle=|\son\w+=", answer.text)
    assert not re.search(r"(?:src=|<link[^>]*href=)\"(?:https?:|/)", answer.text)


@pytest.mark.parametrize("path", [*PAGES, *ASSETS])
def test_document_is_revalidated_by_its_etag(client: httpx.Client, path: str) -> None:
    """A client that holds the document is told so in 304, and one that holds another gets it."""
    first = client.get(path)
    etag = first.headers["etag"]
    assert re.fullmatch(r'"[\w-]+"', etag)
    assert first.headers["cache-control"].startswith("public, max-age=")
    again = client.get(path, headers={"If-None-Match": f'"other", W/{etag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("page", ["docs", "redoc", "problems", "problems/invalid-request"])
def test_every_address_on_a_page_is_relative_and_answers(client: httpx.Client, page: str) -> None:
    """Pages work behind a path prefix, since they name their assets from where they lie."""
    for address in re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', client.get(f"/{page}").text):
        assert client.get(str(client.base_url.join(f"/{page}").join(address))).status_code == 200


@pytest.mark.parametrize(
    "name", ["core.py", "favicon.png", "..%2fdocumentation.py", "%2e%2e%2fdocs.html", "docs.html"]
)
def test_only_listed_assets_are_served(client: httpx.Client, name: str) -> None:
    """A name that isn't listed is not found, whatever files lie around."""
    assert client.get(f"/docs/assets/{name}").status_code == 404


def test_unlisted_problem_suggests_its_neighbours(client: httpx.Client) -> None:
    """A misspelt problem type is 404 with the name that was meant."""
    answer = client.get("/problems/invalid-reqest")
    assert answer.status_code == 404
    assert "invalid-request" in answer.text


def test_redoc_asks_no_foreign_host_for_a_logo(client: httpx.Client) -> None:
    """The bundle is served without the address of the logo that its maker hosts."""
    assert b"logo-mini.svg" not in client.get("/docs/assets/redoc.standalone.js").content


def test_redoc_policy_admits_the_scrollbar_sheet_of_the_installed_release(
    client: httpx.Client,
) -> None:
    """The hash in the policy is that of the one style sheet which the bundle inserts as text."""
    bundle = client.get("/docs/assets/redoc.standalone.js").text
    found = re.search(r'\.push\(\[e\.id,("(?:[^"\\]|\\.)*"),"",(\{version:3,.*?\})\]\)', bundle)
    assert found
    keys = "version|sources|names|mappings|sourcesContent|sourceRoot"
    source_map = json.loads(re.sub(rf"(?<=[{{,])({keys}):", r'"\1":', found[2]))
    compact = json.dumps(source_map, separators=(",", ":"), ensure_ascii=False).encode()
    encoded = base64.b64encode(compact).decode()
    sheet = (
        json.loads(found[1]) + f"\n/*# sourceMappingURL=data:application/json;base64,{encoded} */"
    )
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == SCROLLBAR_STYLE
