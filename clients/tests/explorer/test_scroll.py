"""A list of thousands of rounds: read to its end, scrolled, searched by the browser and printed.

Smoothness is judged by what the browser has to do in a frame, which a busy machine doesn't change; how
long frames took is printed. EXPLORER_ROUNDS makes the list shorter; a scroll from the middle of fewer than
a thousand rows would come to their end.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.blocks import ROOT
from clients.service import serving
from clients.tests.explorer.conftest import Explorer

ROUNDS = max(1_000, int(os.environ.get("EXPLORER_ROUNDS", "10000")))
FIRST_PAGE, NEXT_PAGES, GROUP = 50, 200, 25  # rows, as endless.js has them
ROWS = "document.querySelectorAll('.rows tbody tr').length"
STEP, FAR = 100, 15_000  # pixels a frame (6,000 a second), and pixels of one scroll
MOST_FRAMES = 3_000  # of a scroll that waits for a busy machine
# A row is some 30 boxes. A frame may lay out and style those of two groups: one leaves room for the next.
MOST_BOXES = 2 * GROUP * 30
FLING = """async (most) => {
  const more = document.querySelector('.more');
  for (let frame = 0; frame < most && !more.hidden; frame += 1) {
    await new Promise(requestAnimationFrame);
    scrollTo(0, document.documentElement.scrollHeight);
  }
}"""
# A scroll by so many pixels a frame, as far as that: how long each frame took in ms, and how many rows came.
SCROLL = """async ([step, far, most]) => {
  let came = 0;
  const observer = new MutationObserver((list) => {
    for (const { addedNodes } of list) for (const one of addedNodes) came += one.rows?.length ?? 0;
  });
  observer.observe(document.querySelector('.rows'), { childList: true });
  const found = [];
  const end = scrollY + far;
  let last = performance.now();
  while (scrollY < end && found.length < most) {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    found.push({ ms: now - last, came });
    [last, came] = [now, 0];
    scrollBy(0, step);
  }
  observer.disconnect();
  // The event of a layout tells how many boxes there are.
  document.body.style.borderTop = "1px solid";
  document.body.getBoundingClientRect();
  document.body.style.borderTop = "";
  return found;
}"""
# A busy browser tells of several changes at once, of which the last one holds.
TELLS_LATE = """
globalThis.IntersectionObserver = class extends IntersectionObserver {
  constructor(callback, options) {
    const late = (entries) => [{ isIntersecting: !entries.at(-1).isIntersecting }, ...entries];
    super((entries, observer) => callback(late(entries), observer), options);
  }
};
"""


@dataclass(frozen=True)
class Work:
    """What the browser did in a scroll: the most that any frame had to, in rows, boxes and elements."""

    rows_built: int
    boxes_laid_out: int
    elements_styled: int
    boxes_there: int


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of that many rounds."""
    folder = tmp_path_factory.mktemp("many")
    python = ROOT / ".venv" / "bin" / "python"
    made = folder / "dataset"
    subprocess.run([python, "-m", "bench.generate", str(ROUNDS), made], cwd=ROOT, check=True)
    with serving(folder, dataset=made) as address:
        yield address


def _scroll(page: Page) -> tuple[Work, list[Any]]:
    """Scroll as a reader does who is in a hurry; tell the work of it, and its frames."""
    browser = page.context.browser
    assert browser is not None
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    frames = page.evaluate(SCROLL, [STEP, FAR, MOST_FRAMES])
    events = json.loads(browser.stop_tracing())["traceEvents"]
    layouts = [
        event["args"]["beginData"]
        for event in events
        if event["name"] == "Layout" and "beginData" in event.get("args", {})
    ]
    styled = [
        event["args"]["elementCount"]
        for event in events
        if event["name"] == "UpdateLayoutTree" and "elementCount" in event.get("args", {})
    ]
    work = Work(
        rows_built=max(frame["came"] for frame in frames),
        boxes_laid_out=max(layout["dirtyObjects"] for layout in layouts),
        elements_styled=max(styled),
        boxes_there=max(layout["totalObjects"] for layout in layouts),
    )
    return work, frames


def _told(what: str, work: Work, frames: list[Any]) -> None:
    lasted = sorted(frame["ms"] for frame in frames)
    median, late = lasted[len(lasted) // 2], sum(ms > 34 for ms in lasted)
    print(
        f"{what}: {work}; median frame {median:.0f} ms, {late} of {len(lasted)} longer than two frames"
    )


def test_ten_thousand_rounds_scroll(explorer: Explorer) -> None:
    """The list is read to its end, each round once; no frame has more to do for the rows that are there.

    That is so while rows come, among all of them, and back at the top.
    """
    page = explorer.open("?view=rounds")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.locator(".told")).to_contain_text(f"{ROUNDS:,} rounds")
    works = {"while rows come": _scroll(page)}
    rows_came = page.evaluate(ROWS)
    assert rows_came > FIRST_PAGE
    page.evaluate(FLING, ROUNDS)
    expect(page.locator(".more")).to_be_hidden()
    assert page.evaluate(ROWS) == ROUNDS
    assert len(asked) == -(-(ROUNDS - FIRST_PAGE) // NEXT_PAGES)
    rounds = page.locator(".rows tbody a[href*='view=round&']").evaluate_all(
        "links => new Set(links.map((one) => one.search)).size"
    )
    assert rounds == ROUNDS
    for what, top in (
        ("among all", "document.documentElement.scrollHeight / 2"),
        ("above all", "0"),
    ):
        page.evaluate(f"scrollTo(0, {top})")
        works[what] = _scroll(page)
    for what, (work, frames) in works.items():
        _told(what, work, frames)
        assert len(frames) < MOST_FRAMES, f"it came to a stop {what}"
        assert work.rows_built <= GROUP, what
        assert work.boxes_laid_out <= MOST_BOXES, what
        assert work.elements_styled <= MOST_BOXES, what
    # What has a layout is what is near, however many rows there are.
    few, all_of_them = works["while rows come"][0], works["among all"][0]
    assert all_of_them.boxes_there < 2 * few.boxes_there


def test_a_busy_browser_reads_on(explorer: Explorer) -> None:
    """Where changes are told late and together, the list is read on all the same."""
    page = explorer.open("?view=rounds", TELLS_LATE)
    for pages in (1, 2):
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        rows = FIRST_PAGE + pages * NEXT_PAGES
        expect(page.locator(".rows tbody tr")).to_have_count(rows)


def test_a_browser_finds_and_prints_rows_that_are_far_away(explorer: Explorer) -> None:
    """All rows that were read are the browser's to search, and on paper; paper has them as a table."""
    page = explorer.open("?view=rounds")
    few = _sheets(page)
    rows = FIRST_PAGE + NEXT_PAGES
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(page.locator(".rows tbody tr")).to_have_count(rows)
    last = page.locator(".rows tbody th a").last.text_content()
    page.evaluate("scrollTo(0, 0)")
    assert page.evaluate("name => find(name)", last)
    assert page.evaluate("getSelection().anchorNode.parentElement.closest('tbody') !== null")
    assert _sheets(page) > few * rows / FIRST_PAGE / 2
    page.emulate_media(media="print")
    assert page.locator(".rows").evaluate("one => getComputedStyle(one).display") == "table"


def test_rows_are_those_of_a_table_to_whoever_hears_them(explorer: Explorer) -> None:
    """The browser tells assistive software of a table with rows, cells and headings."""
    page = explorer.open("?view=rounds")
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert roles.count("table") == 1
    assert roles.count("row") == FIRST_PAGE + 1
    assert roles.count("rowheader") == FIRST_PAGE
    assert roles.count("columnheader") == 8


def _sheets(page: Page) -> int:
    printed: bytes = page.pdf()
    return printed.count(b"/Type /Page\n")
