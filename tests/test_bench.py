"""The benchmarks ask what there is to ask: a filter that is added is measured without being named there."""

from typing import Any

import httpx
import pytest

from app.query.rounds import RoundFilter
from bench.growth import Sample, grew
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


@pytest.mark.parametrize(
    ("memory", "files", "grown"),
    [
        ((200, 200), (30, 30), set()),
        ((200, 215), (30, 35), set()),
        ((200, 240), (30, 30), {"memory MB"}),
        ((200, 200), (30, 60), {"files"}),
    ],
)
def test_what_grows_in_a_soak_is_told(
    memory: tuple[int, int], files: tuple[int, int], grown: set[str]
) -> None:
    """Whatever comes and goes between, and however much more of it there is in the end."""
    samples = [
        Sample(1, at, memory[at >= 50] + 40 * (at % 10 > (8, 2)[at >= 50]), files[at >= 50], 10, 8)
        for at in range(100)
    ]
    told = grew(samples)
    assert {one.what for one in told if one.is_too_much} == grown
    steady = [Sample(1, at, 100 + at / 36, 30, 10, 8) for at in range(0, 360, 2)]
    assert grew(steady)[0].an_hour == pytest.approx(100)
