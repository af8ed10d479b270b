"""What a reader sees where there is nothing, or where something is wrong, and where it leads."""

import re

from playwright.sync_api import Page, expect

from clients.tests.explorer.conftest import Explorer, whole


def _follow(page: Page, text: str) -> None:
    page.get_by_role("link", name=text).click()
    whole(page)


def test_suggestions_of_a_refusal_are_links(explorer: Explorer) -> None:
    """A parameter, a word and a sort that were misspelt are each put right by a click."""
    explorer.expected = {422}
    page = explorer.open("?view=rounds&contry=CN&stage=seed&stage=serie_b&sort=-amout_usd")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("did you mean series_b?")
    _follow(page, "Show series_b")
    _follow(page, "Show country")
    _follow(page, "Show amount_usd")
    expect(page).to_have_url(
        re.compile(r"\?view=rounds&stage=seed&stage=series_b&country=CN&sort=-amount_usd$")
    )
    expect(alert).to_have_count(0)
    assert page.locator(".rows tbody tr").count() > 5


def test_what_has_no_suggestion_can_be_left_out(explorer: Explorer) -> None:
    """A day that isn't in the calendar is refused, and the view without it is a click away."""
    explorer.expected = {422}
    page = explorer.open("?view=companies&known_on=2025-13")
    expect(page.get_by_role("alert")).to_contain_text("is no such day in the calendar")
    _follow(page, "Leave known_on out")
    expect(page.locator(".told")).to_contain_text("211 companies")


def test_an_unknown_id_leads_to_the_one_that_is_near(explorer: Explorer) -> None:
    """A company that isn't there is told as such."""
    explorer.expected = {404}
    page = explorer.open("?view=company&id=moonshot")
    expect(page.get_by_role("alert")).to_contain_text("did you mean moonshot-ai?")
    _follow(page, "Show moonshot-ai")
    expect(page.get_by_role("heading", level=1)).to_have_text("Moonshot AI")


def test_an_unknown_view_says_so(explorer: Explorer) -> None:
    """An address of no view leads to the overview."""
    page = explorer.open("?view=nowhere")
    expect(page.get_by_role("alert")).to_contain_text("There is no view nowhere")
    _follow(page, "go to the overview")
    expect(page.locator(".totals")).to_be_visible()


def test_nothing_that_matches(explorer: Explorer) -> None:
    """An empty table says so, and takes the filters away."""
    page = explorer.open("?view=rounds&country=ZA&stage=series_h")
    expect(page.locator(".empty")).to_contain_text("No rounds match.")
    _follow(page, "Take all filters away.")
    expect(page.locator(".told")).to_contain_text("493 rounds")


def test_a_service_out_of_reach_is_asked_again(explorer: Explorer) -> None:
    """Without a network each part says so, and works again when it is back."""
    page = explorer.open()
    page.context.set_offline(True)
    page.get_by_role("link", name="All rounds by date").click()
    expect(page.get_by_role("alert")).to_contain_text("The service can't be reached")
    explorer.faults.clear()
    page.context.set_offline(False)
    _follow(page, "Try again")
    expect(page.locator(".told")).to_contain_text("493 rounds")


def test_a_failing_service_is_told_with_the_number_of_the_request(explorer: Explorer) -> None:
    """A 503 is shown as its problem says."""
    explorer.expected = {503}
    page = explorer.open()
    told = {
        "title": "Too busy",
        "status": 503,
        "detail": "Come again.",
        "errors": [],
        "request_id": "abc-1",
    }
    page.route("**/v1/companies?*", lambda route: route.fulfill(status=503, json=told))
    page.get_by_role("link", name="Companies", exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Too busy")
    expect(alert).to_contain_text("abc-1")
