"""Pages that take too long at once: they are found in another way, and are the same."""

import random
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, delete

from app import database
from app.dataset.load import load
from app.settings import shipped
from app.tables import ColumnChunkRow
from tests.conftest import serving
from tests.test_seed import _query


@pytest.mark.parametrize("copied", [True, False], ids=["by the copy", "without a copy"])
@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_pages_that_take_too_long_at_once_are_the_same(
    new_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, engine_name: str, copied: bool
) -> None:
    """150 generated queries, their second pages too, where no query may take any time at once."""
    url = new_url(engine_name)
    load(shipped("seed_data"), url)
    chance = random.Random(15)
    paths = [_query(chance) for _ in range(150)]
    with serving(url, cache_bytes=0) as client:
        expected = {}
        for path in paths:
            answer = client.get(path)
            expected[path] = answer.content
            if "next" in answer.links:
                following = answer.links["next"]["url"]
                expected[following] = client.get(following).content
    if not copied:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(delete(ColumnChunkRow))
        engine.dispose()
    monkeypatch.setattr(database, "_SECONDS_AT_ONCE", -1.0)
    monkeypatch.setattr(database, "_STEPS_BETWEEN_LOOKS", 1)
    monkeypatch.setattr(database, "_SERVER_SECONDS_AT_ONCE", 0.001)
    with serving(url, cache_bytes=0) as client:
        for path, body in expected.items():
            assert client.get(path).content == body, path
