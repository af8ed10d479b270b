"""Manners: whoever reads by keyboard, ear, phone, in the dark, on paper or in another language is served."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.blocks import ROOT
from clients.tests.explorer.conftest import Explorer, unfold, whole

AXE = ROOT / "clients" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = {
    "overview": "",
    "companies": "?view=companies&min_valuation_usd=1000000000",
    "rounds": "?view=rounds&country=CN&stage=series_b",
    "company": "?view=company&id=moonshot-ai",
    "round": "?view=round&id=moonshot-ai-2026-05-series-d",
    "claims": "?view=company&id=moonshot-ai&claims=arr.moonshot-ai.2026-04",
    "past": "?view=company&id=moonshot-ai&known_on=2025-12-31",
    "empty": "?view=rounds&country=ZA&stage=series_h",
    "refused": "?view=rounds&contry=CN",
    "missing": "?view=company&id=moonshot",
}
WIDTH = "document.documentElement.scrollWidth"
PHONE = {"width": 390, "height": 844}
SHIFTS = """
globalThis.shifted = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) shifted += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def _violations(page: Page) -> list[str]:
    found: Any = page.evaluate("axe.run()")
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(explorer: Explorer, view: str, width: int) -> None:
    """Each view, in each state and colour, wide and narrow, has no violation; none is too wide."""
    explorer.expected = {404, 422}
    size = {"width": width, "height": 900}
    page = explorer.open(VIEWS[view], AXE.read_text(), viewport=size)
    assert page.evaluate(WIDTH) <= width
    unfold(page)
    assert page.evaluate(WIDTH) <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert _violations(page) == [], scheme


@pytest.mark.parametrize("view", ["overview", "companies", "rounds", "company", "round"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_it_loads(explorer: Explorer, view: str, width: int) -> None:
    """What comes later has its place from the beginning: the browser measures no shift that is seen."""
    page = explorer.open(VIEWS[view], SHIFTS, viewport={"width": width, "height": 900})
    assert page.evaluate("shifted") < 0.02


def test_dark_and_light(explorer: Explorer) -> None:
    """The page follows what the reader's system prefers, at once."""
    page = explorer.open()
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colours.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(255, 255, 255)", "rgb(20, 23, 27)"]


def test_a_phone_shows_what_matters(explorer: Explorer) -> None:
    """A narrow table keeps company and numbers, and has stage and date below the name."""
    page = explorer.open(VIEWS["rounds"], viewport=PHONE)
    assert page.locator("thead th:visible").all_inner_texts() == ["Company", "Amount", "Valuation"]
    expect(page.locator("tbody .until-3").first).to_have_text("Series B · May 19, 2026")
    page.locator("a.number", has_text="$719M").first.click()
    whole(page)
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["width"] == PHONE["width"]


def test_the_keyboard_does_all(explorer: Explorer) -> None:
    """Search, a number, its sheet and back: the focus goes where the reader goes."""
    page = explorer.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_role("combobox").focus()
    page.keyboard.type("moonshoot")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#hits [aria-selected=true]")).to_contain_text("Moonshot AI")
    page.keyboard.press("Enter")
    whole(page)
    expect(page.locator("main")).to_be_focused()
    number = page.locator(".figures a.number").first
    number.focus()
    page.keyboard.press("Enter")
    whole(page)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#claims-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(number).to_be_focused()
    assert "claims=" not in page.url


def test_enter_is_quicker_than_the_answer(explorer: Explorer) -> None:
    """Who types and presses Enter at once gets the likeliest name."""
    page = explorer.open()
    page.get_by_role("combobox").fill("moonshoot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Moonshot AI")


def test_numbers_and_dates_are_in_the_readers_language(explorer: Explorer) -> None:
    """German: billions are Mrd., and days have their own order."""
    page = explorer.open(locale="de-DE")
    expect(page.locator(".totals")).to_contain_text("553\xa0Mrd.\xa0$")
    expect(page.get_by_role("table", name="Largest rounds")).to_contain_text("31. März 2026")
    expect(page.locator(".key").first).to_contain_text("Vereinigte Staaten")


def test_what_waits_has_the_shape_of_what_comes(explorer: Explorer) -> None:
    """While answers are on their way there are skeletons, which are hidden from screen readers."""
    page = explorer.open()
    page.route("**/v1/companies?*", lambda _: None)
    page.get_by_role("link", name="Companies", exact=True).click()
    skeleton = page.locator(".skeleton")
    expect(skeleton).to_be_visible()
    assert skeleton.get_attribute("aria-hidden") == "true"
    assert page.locator(".frame").get_attribute("aria-busy") == "true"
    page.unroute_all(behavior="ignoreErrors")


def test_paper_has_the_content_alone(explorer: Explorer) -> None:
    """Printed, there are no controls, and ink on white also where the reader's system is dark."""
    page = explorer.open(VIEWS["rounds"], color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for control in (".search", ".known", ".filtering", ".requests", "header nav"):
        expect(page.locator(control)).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(23, 26, 31)"
    assert len(page.pdf()) > 10_000
