"""A dataset that attacks: its texts are shown as texts, and its addresses lead to the web or nowhere."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, Route, expect

from clients.blocks import ROOT
from clients.service import serving
from clients.tests.explorer.conftest import Explorer, unfold, whole

HOSTILE = ROOT / "tests" / "worlds" / "hostile"
IMAGE = "<img src=x onerror=\"document.title='run'\">"
SCRIPT = "</script><script>document.title='run'</script>"
ARABIC = "شركة الذكاء"
VIEWS = [
    "",
    "?stack=stage",
    "?view=companies",
    "?view=rounds",
    "?view=company&id=image",
    "?view=company&id=arabic",
    "?view=round&id=image-b",
    "?view=company&id=image&claims=arr.image.2025-12",
    "?view=rounds&claims=valuation.image-b",
]
RUNNING = "img, svg image, iframe, object, embed, [onerror], [onload], [onmouseover]"
PARAMETERS = ["view", "id", "country", "q", "sort", "claims", "known_on", "stack", "company"]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of that dataset."""
    with serving(tmp_path_factory.mktemp("hostile"), dataset=HOSTILE) as address:
        yield address


def _harmless(page: Page) -> None:
    """Nothing of the dataset is an element, has run, or is an address that runs."""
    assert page.title() != "run"
    assert page.locator(RUNNING).count() == 0
    assert page.locator("script").count() == 1
    addresses = page.locator("a").evaluate_all(
        "links => links.map((one) => one.href.baseVal ?? one.href)"
    )
    assert [
        one for one in addresses if one and not one.startswith(("http://", "https://", "?", "./"))
    ] == []


@pytest.mark.parametrize("address", VIEWS)
def test_texts_are_never_markup(explorer: Explorer, address: str) -> None:
    """Every view shows names, titles, aliases and locators as they are written."""
    page = explorer.open(address)
    unfold(page)
    _harmless(page)
    assert IMAGE in page.locator("body").inner_text() or ARABIC in page.locator("body").inner_text()


def test_search_shows_what_it_finds(explorer: Explorer) -> None:
    """Names in the list of hits are texts too, and lead to what they name."""
    page = explorer.open()
    page.get_by_role("combobox").fill("script")
    expect(page.get_by_role("option", name=SCRIPT).first).to_be_visible()
    _harmless(page)
    page.get_by_role("option", name=SCRIPT).first.click()
    whole(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(SCRIPT)
    _harmless(page)


def test_right_to_left_names_keep_what_is_around_them_in_order(explorer: Explorer) -> None:
    """An Arabic name stands in its own direction, and the number beside it stays where it was."""
    page = explorer.open("?view=company&id=arabic")
    assert page.locator("h1 bdi").evaluate("one => getComputedStyle(one).unicodeBidi") == "isolate"
    expect(page.get_by_role("table", name="Rounds")).to_contain_text("$9M–$12M")


def test_an_address_that_runs_is_no_link(explorer: Explorer) -> None:
    """The loader refuses `javascript:`; if an answer had it all the same, it would be shown as text."""
    explorer.expected = {404}
    page = explorer.open()

    def poison(route: Route) -> None:
        answer = route.fetch()
        text = answer.text().replace("https://evil.example", "javascript:document.title='run'//")
        route.fulfill(
            response=answer, body=text.replace("https://image.example", "javascript:alert(1)")
        )

    page.route("**/v1/**", poison)
    for address in VIEWS[2:]:
        page.evaluate(
            f"history.pushState(null, '', '{address}'); dispatchEvent(new Event('navigate'))"
        )
        whole(page)
        _harmless(page)
    assert page.locator("dialog .source span bdi").count() > 0


@pytest.mark.parametrize("value", [IMAGE, SCRIPT, "javascript:alert(1)", "__proto__", "\u202eabc"])
def test_an_address_that_attacks_is_refused_as_text(explorer: Explorer, value: str) -> None:
    """Whatever stands in the page's own address is shown as text, or not at all."""
    explorer.expected = {400, 404, 422}
    page = explorer.open()
    for parameter in PARAMETERS:
        view = {"id": "company", "stack": "overview"}.get(parameter, "rounds")
        page.evaluate(
            f"history.pushState(null, '', '?{urlencode({'view': view, parameter: value})}')"
        )
        page.evaluate("dispatchEvent(new Event('navigate'))")
        whole(page)
        _harmless(page)
