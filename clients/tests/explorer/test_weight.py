"""Weight and speed, as the browser measures them: the best of several, since others use the machine."""

import pytest

from clients.tests.explorer.conftest import Explorer, whole

MOST_BYTES = 250_000
MOST_LCP_MS = 1000
TIMES = 5
PAINT = """
globalThis.painted = 0;
new PerformanceObserver((list) => {
  painted = list.getEntries().at(-1).startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
"""


@pytest.mark.parametrize(
    "view", ["", "?view=companies", "?view=rounds", "?view=company&id=moonshot-ai"]
)
def test_the_first_view_is_light_and_quick(explorer: Explorer, view: str) -> None:
    """All that comes over the wire is at most 250 kB, and the largest part is painted within a second."""
    loads = [_loaded(explorer, view) for _ in range(TIMES)]
    print(f"{view or 'overview'}: bytes and ms until painted {loads}")
    assert all(20_000 < received <= MOST_BYTES for received, _ in loads)
    assert min(painted for _, painted in loads) < MOST_LCP_MS


def _loaded(explorer: Explorer, view: str) -> tuple[int, float]:
    """Load a view of which nothing is kept; tell its bytes on the wire, and when it was painted in ms."""
    page = explorer.open("docs/assets/icon.svg")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.add_init_script(PAINT)
    page.goto(f"http://{explorer.service}/{view}")
    whole(page)
    return sum(received), page.evaluate("painted")
