"""Statements are written once for each shape: whatever was asked before, they are those of the question."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection

from app.query.prepared import Statement, Statements, _compiled
from tests.conftest import serving
from tests.test_seed import _query

_PAIRS = [
    ("/v1/rounds?company=openai", "/v1/companies/openai/rounds"),
    ("/v1/rounds?investor=sequoia-capital", "/v1/investors/sequoia-capital/rounds"),
    (
        "/v1/rounds?stage=seed&investor=sequoia-capital",
        "/v1/investors/sequoia-capital/rounds?stage=seed",
    ),
    ("/v1/claims?company=openai", "/v1/companies/openai/claims"),
    ("/v1/metrics?company=openai", "/v1/companies/openai/metrics"),
]


@pytest.mark.parametrize("pair", [*_PAIRS, *((second, first) for first, second in _PAIRS)])
def test_a_part_of_a_list_is_the_list_filtered_by_its_owner(
    seed_url: str, pair: tuple[str, str]
) -> None:
    """Whichever is asked for first."""
    with serving(seed_url, cache_bytes=0) as client:
        first, second = (client.get(path) for path in pair)
    assert first.status_code == second.status_code == 200
    assert first.json()["data"] == second.json()["data"]


def test_a_statement_that_is_known_is_what_would_be_written(
    seed_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 300 generated queries and of the pages after them, in one process."""
    known: dict[Any, Statement] = {}
    again = 0

    def rows(
        self: Statements, connection: Connection, shape: Any, write: Any, values: Mapping[str, Any]
    ) -> Any:
        nonlocal again
        statement = _compiled(write(), connection, values)
        again += shape in known
        assert known.setdefault(shape, statement) == statement, shape
        return read(self, connection, shape, write, values)

    read = Statements.rows
    monkeypatch.setattr(Statements, "rows", rows)
    chance = random.Random(18)
    paths = [*(path for pair in _PAIRS for path in pair), *(_query(chance) for _ in range(300))]
    with serving(seed_url, cache_bytes=0) as client:
        for path in paths:
            answer = client.get(path)
            assert answer.status_code == 200, path
            if "next" in answer.links:
                client.get(answer.links["next"]["url"]).raise_for_status()
    assert again > 20
