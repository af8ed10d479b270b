"""What a reader does: find a company, see who says what, filter, share, go back and look into the past."""

import json
import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.tests.explorer.conftest import Explorer, whole

MOONSHOT = "?view=company&id=moonshot-ai"


def _answer(explorer: Explorer, path: str) -> Any:
    with urllib.request.urlopen(f"http://{explorer.service}/v1/{path}") as answer:
        return json.load(answer)


def _names(page: Page) -> list[str]:
    names: list[str] = page.locator(".rows tbody th > a").all_inner_texts()
    return names


def test_overview_tells_totals_with_what_is_not_known(explorer: Explorer) -> None:
    """The sum says how many rounds are in none and how many numbers are bounds."""
    page = explorer.open()
    [all_rounds] = _answer(explorer, "rounds/stats")["data"]
    totals = page.locator(".totals")
    expect(totals).to_contain_text("$553B stated")
    expect(totals).to_contain_text(f"{all_rounds['undisclosed']} rounds")
    expect(totals).to_contain_text(f"{all_rounds['amount_usd']['bounds']} of these only bound it")
    for title in ("Capital raised by quarter", "Largest rounds", "Newest rounds"):
        expect(page.get_by_role("heading", name=title)).to_be_visible()


def test_bars_lead_to_their_rounds_and_stack_by_stage(explorer: Explorer) -> None:
    """A bar tells what it is made of and leads to the rounds that count in it; a link stacks by stage."""
    page = explorer.open()
    bar = page.get_by_role("link", name="Q1 2026: $211B")
    expect(bar).to_contain_text("United States: $200B")
    page.get_by_role("link", name="by stage").click()
    whole(page)
    expect(page).to_have_url(re.compile(r"\?stack=stage$"))
    expect(page.get_by_role("link", name="Q1 2026: $211B")).to_contain_text("Series H: ")
    page.get_by_role("link", name="Q1 2026: $211B").click()
    whole(page)
    [quarter] = [
        group
        for group in _answer(explorer, "rounds/stats?group_by=quarter&limit=200")["data"]
        if group["key"]["quarter"] == "2026-Q1"
    ]
    expect(page.locator(".told")).to_contain_text(f"{quarter['count']} rounds")


def test_scatter_draws_a_bound_as_an_arrow(explorer: Explorer) -> None:
    """Moonshot AI, at least on both axes, is two arrows without a dot; OpenAI, exact, is a dot."""
    page = explorer.open()
    plot = page.get_by_role("group", name="Valuation against annual recurring revenue")
    bound = plot.get_by_role(
        "link", name="Moonshot AI: at least $20B on ARR of at least $200M, 100x"
    )
    assert bound.locator(".shaft").count() == 3  # two arrows, and where they begin
    assert bound.locator("circle:not(.target)").count() == 0
    exact = plot.get_by_role("link", name="OpenAI: $852B on ARR of $20B")
    assert exact.locator(".shaft").count() == 0
    assert exact.locator("circle:not(.target)").count() == 1
    expect(plot.locator("text.multiple")).to_have_text(["10x", "50x", "100x"])


def test_a_slip_finds_the_company_its_arr_and_its_claims(explorer: Explorer) -> None:
    """From "moonshoot" to Moonshot AI, and to those who say that its ARR was at least $200M."""
    page = explorer.open()
    page.get_by_role("combobox").fill("moonshoot")
    expect(page.get_by_role("option").first).to_contain_text("Moonshot AI")
    page.get_by_role("option").first.click()
    whole(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Moonshot AI")
    figures = page.locator(".figures")
    multiple = figures.locator("div", has_text="Valuation / ARR")
    expect(multiple).to_contain_text("100x")
    expect(multiple).to_contain_text("unbounded: neither a least nor a most follows")
    expect(multiple).to_contain_text("at least $20B (May 2026) ÷ at least $200M (Apr 2026)")
    expect(multiple).to_contain_text("30 days apart")
    figures.get_by_role("link", name="at least $200M").first.click()
    sheet = page.get_by_role("dialog", name="ARR of Moonshot AI, Apr 2026")
    expect(sheet.locator(".claim")).to_have_count(7)
    chosen = sheet.locator(".claim.is-chosen")
    expect(chosen).to_have_count(1)
    expect(chosen).to_contain_text("at least $200M")
    expect(chosen).to_contain_text("AI Market Watch")
    expect(sheet.locator(".claim", has_text="stated as exact")).to_contain_text(
        "published May 28, 2026"
    )
    assert sheet.get_by_role("link", name="Competitors Going Public").get_attribute("href") == (
        "https://www.htx.com/en-in/news/Industry%20News-b6J28KH4/"
    )


@pytest.mark.parametrize("company", ["moonshot-ai", "openai", "anthropic"])
def test_every_number_opens_its_claims(explorer: Explorer, company: str) -> None:
    """Each number of a company leads to as many claims as it says, of which one is chosen."""
    page = explorer.open(f"?view=company&id={company}")
    links = page.locator("main a[data-claims][aria-label*=' claim']")
    told = dict(
        zip(
            links.evaluate_all("links => links.map((one) => one.dataset.claims)"),
            links.evaluate_all(
                "links => links.map((one) => /: ([\\d,]+) claim/.exec(one.ariaLabel)[1])"
            ),
            strict=True,
        )
    )
    assert len(told) > 10
    for quantity, number in told.items():
        page.evaluate(
            f"history.replaceState(null, '', '?view=company&id={company}&claims={quantity}')"
        )
        page.evaluate("dispatchEvent(new Event('navigate'))")
        whole(page)
        claims = page.locator("dialog .claim")
        assert (claims.count(), claims.locator("> .stated .chosen").count()) == (int(number), 1), (
            quantity
        )


def test_a_disagreement_is_marked_and_told(explorer: Explorer) -> None:
    """A number that a source contradicts has a mark, and its sheet says who disagrees."""
    page = explorer.open(MOONSHOT)
    page.locator("#rounds ~ .part a.contested", has_text="$4.3B").click()
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("9 claims state this number. One disagrees")
    expect(sheet.locator(".claim .rival")).to_have_count(1)


def test_company_has_series_and_investors_with_roles(explorer: Explorer) -> None:
    """ARR and run rate are series of their own, leads are named as such, multiples have a gap in days."""
    page = explorer.open("?view=company&id=openai")
    timeline = page.get_by_role("group", name="OpenAI in time")
    assert timeline.locator("path.line").count() == 3
    expect(page.locator("#timeline ~ .part .key")).to_contain_text("Run rate")
    expect(page.get_by_role("table", name="Rounds")).to_contain_text("Microsoft (lead)")
    expect(page.get_by_role("table", name="Multiples")).to_contain_text(
        "30 days$852B (Mar 31, 2026) ÷ at least $15B (Mar 2026)"
    )


def test_growth_is_told_as_it_was_seen(explorer: Explorer) -> None:
    """ARR that doubled in a month isn't told as the thousandfold of a year, but beside it."""
    page = explorer.open(MOONSHOT)
    growth = page.locator(".figures > div", has_text="Growth of ARR")
    expect(growth.locator("strong")).to_have_text("2x in 31 days")
    expect(growth).to_contain_text("at least 2x: at least $200M (Apr 2026) after about $100M")
    expect(growth).to_contain_text("3,500x a year, annualised from 31 days")
    page = explorer.open("?view=company&id=windsurf")
    expect(page.locator(".figures")).to_contain_text("-18% in 70 days")


def test_filters_are_in_the_address_and_the_back_button_takes_them_away(explorer: Explorer) -> None:
    """Rounds of China at Series B: the address is shared, and the button goes back a filter a time."""
    page = explorer.open("?view=rounds")
    for facet, value in (("Country", "China"), ("Stage", "Series B")):
        page.locator("summary", has_text=facet).click()
        page.get_by_role("checkbox", name=value).check()
        page.keyboard.press("Escape")
        whole(page)
    expect(page).to_have_url(re.compile(r"\?view=rounds&country=CN&stage=series_b$"))
    rounds = _answer(explorer, "rounds?country=CN&stage=series_b")["data"]
    expected = [one["company"]["name"] for one in rounds]
    assert _names(page) == expected
    shared = explorer.open(f"?{page.url.partition('?')[2]}")
    assert _names(shared) == expected
    page.go_back()
    whole(page)
    expect(page).to_have_url(re.compile(r"\?view=rounds&country=CN$"))
    expect(page.locator(".chip")).to_have_text(["Country: China ×"])
    expect(page.locator("summary.is-set")).to_have_text(["Country (1)"])
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)


def test_a_table_is_sorted_and_taken_as_csv(explorer: Explorer) -> None:
    """A heading sorts, and the file is that of the API with the same filters and order."""
    page = explorer.open("?view=companies&country=CN")
    page.get_by_role("link", name="ARR", exact=True).click()
    whole(page)
    expect(page.locator("[aria-sort=descending]")).to_have_text("ARR")
    assert (
        _names(page)[0]
        == _answer(explorer, "companies?country=CN&sort=-arr_usd")["data"][0]["name"]
    )
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    asked = "companies.csv?country=CN&sort=-arr_usd"
    with urllib.request.urlopen(f"http://{explorer.service}/v1/{asked}") as answer:
        assert download.value.path().read_bytes() == answer.read()


def test_a_day_in_the_past(explorer: Explorer) -> None:
    """With a day every view shows what was known then, and says so; the link back drops it."""
    page = explorer.open(MOONSHOT)
    page.get_by_label("As known on").fill("2025-12-31")
    whole(page)
    expect(page).to_have_url(re.compile("known_on=2025-12-31"))
    expect(page.get_by_role("complementary")).to_contain_text("As it was known on Dec 31, 2025")
    expect(page.locator(".figures")).to_contain_text("$3.3B")
    expect(page.locator(".figures")).not_to_contain_text("$20B")
    page.get_by_role("link", name="Rounds", exact=True).click()
    whole(page)
    assert "May 2026" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Show what is known today").click()
    whole(page)
    expect(page.get_by_role("complementary")).to_be_hidden()


def test_a_search_for_a_round_and_for_an_investor(explorer: Explorer) -> None:
    """A round has a view, and an investor leads to the rounds that it took part in."""
    page = explorer.open()
    page.get_by_role("combobox").fill("moonshot series d")
    page.get_by_role("option", name="Moonshot AI Series D").click()
    whole(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Moonshot AI, Series D")
    expect(page.locator(".figures")).to_contain_text("at most 10%")
    page.get_by_role("link", name="Tencent", exact=True).click()
    whole(page)
    expect(page).to_have_url(re.compile(r"\?view=rounds&investor=tencent$"))
    total = _answer(explorer, "rounds?investor=tencent&count=true")["page"]["total"]
    expect(page.locator(".told")).to_contain_text(f"{total} rounds")


def test_a_computed_number_leads_to_what_it_is_computed_from(explorer: Explorer) -> None:
    """Totals lead to the rounds that they sum, and ratios to their inputs, whose claims open."""
    page = explorer.open("?view=company&id=openai")
    page.locator(".figures").get_by_role("link", name="$179B").click()
    whole(page)
    equity = _answer(explorer, "companies/openai")["raised"]["equity"]
    expect(page.locator(".told")).to_contain_text(f"{equity['rounds']} rounds")
    page.go_back()
    whole(page)
    page.get_by_role("table", name="Rounds").get_by_role("link", name="2.4x").click()
    whole(page)
    step_up = page.locator(".figures > div", has_text="Step up")
    expect(step_up).to_contain_text("from exact inputs: valuation $852B (Mar 31, 2026), ")
    step_up.get_by_role("link", name="Valuation, $852B").click()
    whole(page)
    expect(page.get_by_role("dialog").locator(".claim.is-chosen")).to_have_count(1)
    page = explorer.open()
    for number in page.locator(".totals strong").all():
        expect(number.get_by_role("link")).to_have_count(1)


def test_a_multiple_says_whether_it_compares(explorer: Explorer) -> None:
    """An undated input and inputs that lie far apart are told in words, and such rows are dim."""
    page = explorer.open("?view=company&id=openai")
    multiple = page.locator(".figures > div", has_text="Valuation / ARR")
    expect(multiple).to_contain_text("from exact inputs: $852B (Mar 31, 2026) ÷ $20B (undated)")
    expect(multiple).to_contain_text("gap unknown, as an input is undated: may not be comparable")
    page = explorer.open(MOONSHOT)
    apart = page.get_by_role("table", name="Multiples").locator("tr", has_text="not comparable")
    assert apart.count() > 0
    assert all("dim" in (row.get_attribute("class") or "") for row in apart.all())


def test_companies_show_of_when_numbers_are(explorer: Explorer) -> None:
    """Valuation, ARR and run rate stand above the days that they are of."""
    page = explorer.open("?view=companies")
    row = page.locator("tbody tr", has_text="OpenAI").first
    expect(row).to_contain_text("$852BMar 31, 2026")
    expect(row).to_contain_text("$20Bundated")
    expect(page.get_by_role("columnheader", name="Run rate")).to_be_visible()


def test_a_filter_that_takes_an_id_shows_the_name(explorer: Explorer) -> None:
    """The chip of an investor and of a company says who that is."""
    page = explorer.open("?view=rounds&investor=andreessen-horowitz&company=openai")
    expect(page.locator(".chip")).to_have_text(
        ["Investor: Andreessen Horowitz ×", "Company: OpenAI ×"]
    )
