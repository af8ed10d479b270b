"""A service on the seed for clients to ask.

These tests run where the service isn't installed, as its users are: `make sdk-test` brings the packages.
"""

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from clients.service import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

BROWSERS = ("chromium", "google-chrome")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service."""
    with serving(tmp_path_factory.mktemp("service")) as address:
        yield address


def chromium_of_this_machine(playwright: "Playwright") -> "Browser":
    """Start the browser that is installed. Raises RuntimeError where there is none."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise RuntimeError("no Chromium: install it (apt-get install chromium)")
    # Its sandbox wants a user of its own, which a container hasn't.
    return playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A browser of this machine."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # most tests need no browser

    with sync_playwright() as playwright:
        launched = chromium_of_this_machine(playwright)
        yield launched
        launched.close()
