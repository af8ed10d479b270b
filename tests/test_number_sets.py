"""Sets of numbers give what sets of Python give."""

from collections import Counter
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from app.number_sets import most_met, numbers_of, packed, set_of, unpacked

_NUMBERS = st.lists(st.integers(0, 3_000))


@given(_NUMBERS)
def test_a_set_has_the_numbers_that_it_is_made_of(numbers: list[int]) -> None:
    """Each once, the lowest first, also after it was kept."""
    some = set_of(numbers)
    assert list(numbers_of(some)) == sorted(set(numbers))
    assert unpacked(packed(some)) == some


@given(st.lists(st.lists(st.integers(0, 60)), max_size=20))
def test_numbers_of_most_sets_come_first(sets: list[list[int]]) -> None:
    """Parted by the count of the sets that they are in, and none of no set."""
    counts = Counter(chain.from_iterable(map(set, sets)))
    parts = [set(numbers_of(part)) for part in most_met(map(set_of, sets))]
    expected = [
        {number for number, count in counts.items() if count == met}
        for met in sorted(set(counts.values()), reverse=True)
    ]
    assert parts == expected
