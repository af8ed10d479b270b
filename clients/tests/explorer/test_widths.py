"""Every view at every width: nothing is wider than the page, nor any column too narrow for its words."""

from typing import Any

import pytest
from playwright.sync_api import Page

from clients.tests.explorer.conftest import Explorer

WIDTHS = [320, 480, 720, 900, 1000, 1200, 1600]
VIEWS = {
    "overview": "",
    "companies": "?view=companies",
    "rounds": "?view=rounds",
    "company": "?view=company&id=openai",
    "round": "?view=round&id=openai-2026-03-unknown",
}
LEAST_PX = 72
MOST_LINES = 10
LINE_PX = 24
CELLS = """
[...document.querySelectorAll(".rows :is(th, td)")]
  .filter((one) => one.checkVisibility() && one.textContent)
  .map((one) => ({
    text: one.innerText,
    width: one.getBoundingClientRect().width,
    row: one.parentNode.getBoundingClientRect().height,
    over: one.scrollWidth - one.clientWidth,
  }))
"""
LABELS = """
[...document.querySelectorAll("svg text.label")].map((one) => {
  const { left, right, top, bottom } = one.getBoundingClientRect();
  return { text: one.textContent, left, right, top, bottom };
})
"""


def _cells(page: Page) -> list[dict[str, Any]]:
    """What is shown of the page's tables, with the widths and heights that the browser gives it."""
    cells: list[dict[str, Any]] = page.evaluate(CELLS)
    return cells


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_holds_at_every_width(explorer: Explorer, view: str) -> None:
    """No page scrolls sideways, no cell is narrower than a word or runs into the next, no row is a page."""
    page = explorer.open(VIEWS[view])
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        cells = _cells(page)
        assert cells or view == "round"
        for cell in cells:
            assert cell["width"] >= LEAST_PX, (width, cell)
            assert cell["row"] <= MOST_LINES * LINE_PX, (width, cell)
            assert cell["over"] <= 0, (width, cell)


@pytest.mark.parametrize("width", [360, 900, 1300])
@pytest.mark.parametrize("view", ["", "?view=company&id=anthropic"])
def test_labels_of_charts_lie_apart(explorer: Explorer, view: str, width: int) -> None:
    """No name in a chart is written over another."""
    page = explorer.open(view, viewport={"width": width, "height": 900})
    labels: list[dict[str, Any]] = page.evaluate(LABELS)
    assert len(labels) > 2
    over = [
        (one["text"], other["text"])
        for place, one in enumerate(labels)
        for other in labels[place + 1 :]
        if one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] + 2 < other["bottom"]
        and other["top"] + 2 < one["bottom"]
    ]
    assert over == []


@pytest.mark.parametrize("company", ["tempus-ai", "anthropic", "moonshot-ai"])
def test_a_log_axis_has_several_marks(explorer: Explorer, company: str) -> None:
    """An axis within one decade is marked too."""
    page = explorer.open(f"?view=company&id={company}")
    assert page.locator("#timeline ~ .part svg text.tick.end").count() >= 3
