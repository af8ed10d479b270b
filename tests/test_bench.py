"""The benchmarks ask what there is to ask: a filter that is added is measured without being named there."""

from typing import Any

import httpx
import pytest

from app.query.rounds import RoundFilter
from bench.questions import rounds
from bench.sampling import groups_of, sampled_rounds, values_of
from bench.stopwatch import percentile


def test_every_filter_is_asked_with_values_that_the_api_takes(seed: httpx.Client) -> None:
    """Values are found for each filter of rounds, and none of them is refused."""

    def read(target: str) -> Any:
        return seed.get(target).raise_for_status().json()

    values = values_of(sampled_rounds(read), groups_of(read))
    assert values.keys() == RoundFilter.model_fields.keys()
    for name, listed in values.items():
        for value in listed:
            read(rounds({name: value, "limit": "1"}))


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1, 100)])
def test_a_percentile_is_the_time_within_which_so_many_came(share: float, expected: int) -> None:
    """Of a hundred times, 99 lie within the 99th percentile."""
    assert percentile(range(100, 0, -1), share) == expected
