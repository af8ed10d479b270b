"""For developers: the requests that a view shows are those that it made, and run as they are copied."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from clients.blocks import ROOT
from clients.tests.explorer.conftest import Explorer


def _run(command: Sequence[str], folder: Path) -> str:
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{ran.stdout}{ran.stderr}"
    return ran.stdout


def _code(page: Page, way: str) -> str:
    page.get_by_role("button", name=way).click()
    code: str = page.locator("main .requests code").inner_text()
    return code


@pytest.fixture
def page(explorer: Explorer) -> Page:
    """A view with filters, whose panel is open."""
    opened = explorer.open("?view=rounds&country=CN&stage=series_b&q=moonshot")
    opened.locator("main .requests summary").click()
    return opened


def test_curl_gets_what_the_view_shows(page: Page, tmp_path: Path) -> None:
    """The line for a shell answers with the view's rounds."""
    [told] = json.loads(_run(["bash", "-c", _code(page, "curl")], tmp_path))["data"]
    expect(page.locator(".rows tbody th")).to_contain_text(told["company"]["name"])


def test_python_runs(page: Page, tmp_path: Path) -> None:
    """The program needs nothing but Python, and has no wrong type by mypy --strict."""
    program = tmp_path / "shown.py"
    program.write_text(_code(page, "Python"))
    _run([sys.executable, "-m", "mypy", "--strict", "--config-file=", str(program)], tmp_path)
    assert json.loads(_run([sys.executable, str(program)], tmp_path))["page"]["total"] == 1


def test_typescript_runs(page: Page, tmp_path: Path) -> None:
    """The program runs in Node, which has fetch, and has no wrong type by tsc's strict rules."""
    settings = json.loads((ROOT / "clients" / "tsconfig.json").read_text())
    settings["compilerOptions"] |= {"noEmit": True}
    (tmp_path / "tsconfig.json").write_text(json.dumps({**settings, "include": ["*.ts"]}))
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").symlink_to(ROOT / "clients" / "node_modules")
    (tmp_path / "shown.ts").write_text(f"{_code(page, 'TypeScript')}\nexport {{}};\n")
    _run(["tsc", "--project", "."], tmp_path)
    assert "moonshot-ai-2024-02-series-b" in _run(["node", "shown.ts"], tmp_path)


def test_copying_takes_the_code(page: Page) -> None:
    """The button puts the code that is shown on the clipboard, and says so."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = _code(page, "TypeScript")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == code


@pytest.mark.parametrize("address", ["", "?view=company&id=moonshot-ai", "?view=companies"])
def test_the_requests_are_those_of_the_view(explorer: Explorer, address: str) -> None:
    """All that a view asked is listed, each is of the public API, and links lead on to its reference."""
    made: list[str] = []
    page = explorer.open("?view=round&id=moonshot-ai-2026-05-series-d")
    page.on("request", lambda request: made.append(request.url))
    page.goto(f"http://{explorer.service}/{address}")
    expect(page.locator("main .requests")).to_have_count(1)
    shown = page.locator("main .requests option").all_text_contents()
    asked = [url.partition(explorer.service + "/")[2] for url in made if "/v1/" in url]
    assert sorted(set(asked) - {"v1/dataset"}) == sorted(set(shown) - {"v1/dataset"})
    assert all(urlsplit(one).path.startswith("v1/") for one in shown)
    page.locator("main .requests summary").click()
    page.get_by_role("link", name="Try it and read its parameters").click()
    expect(page).to_have_url(f"http://{explorer.service}/docs")
