"""The explorer in a browser that is watched: what goes wrong unseen fails the test at its end.

That is: errors on the console, violations of the content security policy, requests to other hosts,
and scripts that fail.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

VIOLATIONS = """
globalThis.violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  violations.push(violatedDirective + " " + blockedURI));
"""
_FAILED = "Failed to load resource: the server responded with a status of "


@dataclass
class Explorer:
    """Opens the explorer of a service, and notes what a reader wouldn't see."""

    chromium: Browser
    service: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, address: str = "", script: str | None = None, **settings: object) -> Page:
        """Open a view in a browser of its own, and wait until it is whole.

        An answer whose status is in `expected` may be an error, which browsers note on the console.
        """
        given = {"locale": "en-US", "viewport": {"width": 1280, "height": 900}, **settings}
        context = self.chromium.new_context(**given)
        self.contexts.append(context)
        context.add_init_script(VIOLATIONS)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"a script failed: {error}"))
        page.on("request", self._request)
        page.goto(f"http://{self.service}/{address}")
        whole(page)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        told = message.text
        known = any(told.startswith(f"{_FAILED}{status}") for status in self.expected)
        if message.type in ("error", "warning") and not known:
            self.faults.append(f"on the console: {told}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.service:
            self.faults.append(f"asked of another host: {request.url}")

    def close(self) -> None:
        """Close all browsers, and fail where anything went wrong in them."""
        for context in self.contexts:
            for page in context.pages:
                self.faults += page.evaluate("violations")
            context.close()
        assert self.faults == []


def whole(page: Page) -> None:
    """Wait until nothing of a view is still to come."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy], .skeleton, .waits")).to_have_count(0)


def unfold(page: Page) -> None:
    """Open all that is folded, of the sheet alone where that is open."""
    sheet = page.locator("dialog[open]")
    folded = (sheet if sheet.count() else page.locator("main")).locator("details:not([open])")
    for place in reversed(range(folded.count())):
        folded.nth(place).evaluate("one => (one.open = true)")
    whole(page)


@pytest.fixture
def explorer(chromium: Browser, service: str) -> Iterator[Explorer]:
    """The explorer of a service: of the seed, unless a module has one of its own."""
    opened = Explorer(chromium, service)
    yield opened
    opened.close()
