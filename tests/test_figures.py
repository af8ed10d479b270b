"""Bounds: an interval of a derived value contains every value that its inputs allow."""

from hypothesis import given
from hypothesis import strategies as st

from app.figures import Bounds, overlap, qualifier_of, total
from app.vocabulary import DerivedQualifier

AMOUNTS = st.integers(min_value=1, max_value=10**12)


@st.composite
def within(draw: st.DrawFn) -> tuple[Bounds, int]:
    """Bounds, each side of which may be open, and a number inside them."""
    number = draw(AMOUNTS)
    low = draw(st.none() | st.integers(min_value=1, max_value=number))
    high = draw(st.none() | st.integers(min_value=number, max_value=10**13))
    return Bounds(low, high), number


def _holds(bounds: Bounds, number: float) -> bool:
    slack = 1e-9 * max(abs(number), 1e-12)
    above = bounds.low is None or bounds.low <= number + slack
    return above and (bounds.high is None or number - slack <= bounds.high)


@given(within(), within())
def test_a_sum_holds_every_sum(one: tuple[Bounds, int], other: tuple[Bounds, int]) -> None:
    """[a + c, b + d]."""
    assert _holds(one[0] + other[0], one[1] + other[1])


@given(within(), within())
def test_a_difference_holds_every_difference(
    one: tuple[Bounds, int], other: tuple[Bounds, int]
) -> None:
    """[a - d, b - c], of amounts that never fall below zero."""
    assert _holds(one[0] - other[0], max(one[1] - other[1], 0))


@given(within(), within())
def test_a_quotient_holds_every_quotient(
    one: tuple[Bounds, int], other: tuple[Bounds, int]
) -> None:
    """[a / d, b / c]."""
    assert _holds(one[0] / other[0], one[1] / other[1])


@given(st.lists(within(), min_size=1, max_size=6))
def test_a_total_holds_every_total(parts: list[tuple[Bounds, int]]) -> None:
    """Open parts included."""
    assert _holds(total(bounds for bounds, _ in parts), sum(number for _, number in parts))


@given(within(), within())
def test_an_open_side_stays_open(one: tuple[Bounds, int], other: tuple[Bounds, int]) -> None:
    """A quotient is closed above only where both inputs close it."""
    quotient = one[0] / other[0]
    assert (quotient.high is None) == (one[0].high is None or other[0].low is None)
    assert (quotient.low is None) == (one[0].low is None or other[0].high is None)


def test_bounds_are_named_by_what_they_leave_open() -> None:
    """Five shapes, and a point that was computed from an approximate number."""
    named = {
        (None, None): DerivedQualifier.UNBOUNDED,
        (1, None): DerivedQualifier.AT_LEAST,
        (None, 1): DerivedQualifier.AT_MOST,
        (1, 2): DerivedQualifier.RANGE,
        (1, 1): DerivedQualifier.EXACT,
    }
    for (low, high), name in named.items():
        assert qualifier_of(Bounds(low, high), approximate=False) is name
    assert qualifier_of(Bounds(1, 1), approximate=True) is DerivedQualifier.APPROX


def test_a_gap_of_five_percent_overlaps_where_one_is_approximate() -> None:
    """105 may be about 100; 106 may not, and exact numbers must meet."""
    hundred = Bounds(100, 100)
    assert overlap(hundred, Bounds(105, 105), approximate=True)
    assert not overlap(hundred, Bounds(106, 106), approximate=True)
    assert not overlap(hundred, Bounds(101, 101), approximate=False)
    assert overlap(Bounds(100, None), Bounds(500, 500), approximate=False)
