"""Take the pictures of the explorer that docs/ and README show, of the seed: `make screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from clients.blocks import ROOT
from clients.service import serving
from clients.tests.conftest import chromium_of_this_machine

FOLDER = ROOT / "docs" / "explorer"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PICTURES = {
    "overview": ("", WIDE, "light"),
    "company": ("?view=company&id=moonshot-ai", {"width": 1280, "height": 1080}, "light"),
    "claims": ("?view=company&id=moonshot-ai&claims=arr.moonshot-ai.2026-04", WIDE, "dark"),
    "phone": ("?view=rounds&country=CN&stage=series_b", NARROW, "light"),
}


def _take(browser: Browser, address: str, name: str) -> None:
    view, size, scheme = PICTURES[name]
    page = browser.new_page(viewport=size, color_scheme=scheme, locale="en-US")
    page.goto(f"http://{address}/{view}")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def main() -> None:
    """Write them."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = chromium_of_this_machine(playwright)
        for name in PICTURES:
            _take(browser, address, name)
        browser.close()


if __name__ == "__main__":
    main()
