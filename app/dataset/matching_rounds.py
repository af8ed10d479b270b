"""Which rounds of two datasets are one, and which look so much alike that a person should decide."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.dataset.matching import IF_ONE, Matches, Undecided, contradicting, differing
from app.dataset.records import ClaimRecord, RoundRecord
from app.dates import days_between, first_day, last_day
from app.vocabulary import ClaimMetric, Instrument, Stage

_NEAR_DAYS, _A_YEAR = 31, 365
# A company closes one of each, though months may lie between its announcement and its close.
_RAISED_ONCE = ("pre_seed", "seed", "series_")
_CELLS = ("stage", "status", "instrument", "announced_on", "closed_on", "extends")


def match_rounds(
    ours: Sequence[RoundRecord],
    theirs: Sequence[RoundRecord],
    claims: Iterable[ClaimRecord],
    their_claims: Iterable[ClaimRecord],
) -> Matches:
    """Match rounds of one id whose cells don't contradict each other, and list those that look alike.

    The companies of `theirs` have our ids already.
    """
    by_id = {one.id: one for one in ours}
    matches = Matches()
    for other in theirs:
        one = by_id.get(other.id)
        if one and one.company_id == other.company_id and _agree(one, other):
            matches.same[other.id] = other.id
    amounts, their_amounts = _amounts(claims), _amounts(their_claims)
    left: dict[str, list[RoundRecord]] = defaultdict(list)
    for one in ours:
        if one.id not in matches.same:
            left[one.company_id].append(one)
    for other in theirs:
        for one in left[other.company_id] if other.id not in matches.same else ():
            equal = bool(amounts[one.id] & their_amounts[other.id])
            if reason := _likeness(one, other, equal_amount=equal):
                cells = contradicting(one, other, ("id", *_CELLS))
                advice = IF_ONE.format(" and the ".join(cells))
                matches.undecided.append(Undecided("rounds.csv", one.id, other.id, reason, advice))
    return matches


def _agree(one: RoundRecord, other: RoundRecord) -> bool:
    """Tell whether rounds of one id are one; without a stage, their dates must be equal to be sure."""
    if one.stage is Stage.UNKNOWN:
        return not differing(one, other, _CELLS)
    return not contradicting(one, other, _CELLS)


def _amounts(claims: Iterable[ClaimRecord]) -> dict[str | None, set[tuple[str | None, Decimal]]]:
    amounts: dict[str | None, set[tuple[str | None, Decimal]]] = defaultdict(set)
    for claim in claims:
        if claim.metric is ClaimMetric.AMOUNT_RAISED:
            amounts[claim.round_id].add((claim.currency, claim.value))
    return amounts


def _likeness(one: RoundRecord, other: RoundRecord, *, equal_amount: bool) -> str | None:
    """Say why two rounds of a company look like one: never where one is equity and one is debt."""
    if one.id == other.id:
        return "they have one id, but differ"
    instruments = {one.instrument, other.instrument}
    if len(instruments) > 1 and Instrument.MIXED not in instruments:
        return None
    apart = _days_apart(one, other)
    stages = {one.stage, other.stage}
    if len(stages) == 1 and one.stage.startswith(_RAISED_ONCE):
        if apart is None or apart <= _A_YEAR:
            return f"both are {one.stage}"
    elif apart is not None and apart <= _NEAR_DAYS:
        if equal_amount:
            return f"their amounts are equal, and they lie within {_NEAR_DAYS} days"
        if len(stages - {Stage.UNKNOWN}) <= 1:
            return f"they lie within {_NEAR_DAYS} days, and no stage tells them apart"
    return None


def _days_apart(one: RoundRecord, other: RoundRecord) -> int | None:
    """Count the days between what the dates of two rounds may mean, 0 where they overlap."""
    spans = []
    for each in (one, other):
        dates = [day for day in (each.announced_on, each.closed_on) if day]
        if not dates:
            return None
        spans.append((min(map(first_day, dates)), max(map(last_day, dates))))
    earlier, later = sorted(spans)
    return max(0, days_between(earlier[1], later[0]))
