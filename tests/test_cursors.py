"""Cursors name a place in an order, and no state of the service."""

from collections.abc import Callable
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path

from app.dataset.load import load
from tests.builder import World
from tests.conftest import serving

NewUrl = Callable[[str], str]
NAMES = [f"company-{letter}" for letter in "abcdefghijkl"]


def _world(names: list[str]) -> World:
    world = World()
    for name in names:
        world.company(name)
    return world


def test_a_walk_goes_on_through_loads_and_processes(
    engine: str, new_url: NewUrl, tmp_path: Path
) -> None:
    """Each page by another service, the dataset another each time: what is in all of them is met once."""
    url = new_url(engine)
    datasets = cycle(
        [
            _world(NAMES[::2] + NAMES[1::4]).write(tmp_path / "some"),
            _world(NAMES).write(tmp_path / "all"),
        ]
    )
    met: list[str] = []
    versions = set()
    first = asked = "/v1/companies?sort=name&limit=2"
    with ExitStack() as stack:
        while asked:
            load(next(datasets), url)
            page = stack.enter_context(serving(url)).get(asked).json()
            met += [one["id"] for one in page["data"]]
            versions.add(page["dataset"])
            cursor = page["page"]["next_cursor"]
            asked = f"{first}&cursor={cursor}" if cursor else ""
    assert len(versions) == 2
    assert met == sorted(met)
    assert len(met) == len(set(met))
    assert set(NAMES[::2] + NAMES[1::4]) <= set(met)
