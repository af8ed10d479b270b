"""Export: whatever text and numbers a dataset has, it comes back as it went in."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.dataset.export import export
from app.dataset.load import load
from app.dataset.normal import normal_text
from app.dataset.read import read_dataset
from app.dataset.records import FILES, cells
from tests.builder import World

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=30
)
NUMBERS = st.decimals(min_value=0, max_value=10**12, places=2)


@settings(max_examples=12, deadline=None)
@given(
    locators=st.lists(TEXT, min_size=1, max_size=4),
    values=st.lists(NUMBERS, min_size=4, max_size=4),
)
def test_a_dataset_comes_back_in_normal_form(
    new_url: Callable[[str], str], locators: list[str], values: list[object]
) -> None:
    """Quotes, commas, any script and decimal places included; loading it again changes nothing."""
    world = World()
    for number, locator in enumerate(locators):
        world.source(f"s{number}", publisher=locator, title=locator[::-1])
        world.claim("arr", 0, f"s{number}", locator=locator)
        world.rows["claims.csv"][-1]["value"] = str(values[number])
    with tempfile.TemporaryDirectory() as folder:
        given_folder, first, second = (Path(folder) / name for name in ("given", "first", "second"))
        world.write(given_folder)
        url = new_url("sqlite")
        version = load(given_folder, url)
        export(url, first)
        dataset, findings = read_dataset(given_folder)
        assert findings == []
        for file in FILES:
            normal = normal_text(file, map(cells, dataset.records(file)))
            assert (first / file).read_text(encoding="utf-8") == normal
        assert load(first, url) == version
        export(url, second)
        for file in FILES:
            assert (second / file).read_bytes() == (first / file).read_bytes()
