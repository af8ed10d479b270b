"""Which rounds of two datasets are one, and which look so much alike that a person should decide."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.dataset.ids import stands_for
from app.dataset.matching import IF_ONE, Matches, Undecided, contradicting, differing
from app.dataset.records import ClaimRecord, RoundRecord, cells
from app.dates import days_between, first_day, last_day
from app.vocabulary import ClaimMetric, Instrument, Stage

_NEAR_DAYS, _A_YEAR = 31, 365
# A company closes one of each, though months may lie between its announcement and its close.
_RAISED_ONCE = ("pre_seed", "seed", "series_")
_DATES = ("announced_on", "closed_on")
_CELLS = ("stage", "status", "instrument", *_DATES)
_NONE_OF_OURS = "?"  # no id reads so


class _Told(NamedTuple):
    """A round, and the amounts that are claimed to have been raised in it."""

    row: RoundRecord
    amounts: frozenset[tuple[str | None, Decimal]]

    @property
    def facts(self) -> tuple[object, ...]:
        """All that is told of the round, but its id."""
        return (*cells(self.row)[1:], self.amounts)


def match_rounds(
    ours: Sequence[RoundRecord],
    theirs: Sequence[RoundRecord],
    claims: Iterable[ClaimRecord],
    their_claims: Iterable[ClaimRecord],
) -> Matches:
    """Match rounds that are one for sure, and list those that look alike.

    For sure are, in this order: a round of ours that repeats theirs, under its id or one that a merge
    gave it; the one of its id, if no cell contradicts; and the only one, dated and with an amount,
    that repeats it under an id which theirs don't have. The companies and sources of `theirs` have
    our ids already.
    """
    near: dict[str, list[_Told]] = defaultdict(list)
    for one in _with_amounts(ours, claims):
        near[one.row.company_id].append(one)
    others = _with_amounts(theirs, their_claims)
    alike = Counter(other.facts for other in others)
    matches, used = Matches(), {row.id for row in theirs}
    for told in _parents_first(others):
        other = _after(told, matches.same)
        found = _found(other, near[other.row.company_id], used, alone=alike[told.facts] == 1)
        if found:
            matches.same[other.row.id] = found
            used.add(found)
    matches.undecided += _look_alikes(near, others, matches)
    return matches


def _found(other: _Told, near: list[_Told], used: set[str], *, alone: bool) -> str | None:
    """Return the id of our round that theirs is for sure; `used` are ids that other rounds have."""
    own = next((one for one in near if one.row.id == other.row.id), None)
    free = [one for one in near if one.facts == other.facts and one.row.id not in used]
    given = next((one for one in free if stands_for(one.row.id, other.row.id)), None)
    if own and (own.facts == other.facts or (not given and _agree(own, other))):
        return own.row.id
    if given:
        return given.row.id
    if alone and len(free) == 1 and other.row.date and other.amounts:
        return free[0].row.id
    return None


def _with_amounts(rounds: Iterable[RoundRecord], claims: Iterable[ClaimRecord]) -> list[_Told]:
    amounts = defaultdict(set)
    for claim in claims:
        if claim.metric is ClaimMetric.AMOUNT_RAISED:
            amounts[claim.round_id].add((claim.currency, claim.value))
    return [_Told(row, frozenset(amounts[row.id])) for row in rounds]


def _parents_first(rounds: Sequence[_Told]) -> list[_Told]:
    """Sort rounds so that each comes after the one that it extends."""
    extended = {told.row.id: told.row.extends for told in rounds}

    def depth(told: _Told) -> int:
        steps, parent = 0, told.row.extends
        while parent:
            steps, parent = steps + 1, extended[parent]
        return steps

    return sorted(rounds, key=depth)


def _after(told: _Told, same: dict[str, str]) -> _Told:
    """Let a round extend ours, where that of theirs is one of ours."""
    if told.row.extends is None:
        return told
    extends = same.get(told.row.extends, _NONE_OF_OURS)
    return told._replace(row=told.row.model_copy(update={"extends": extends}))


def _agree(one: _Told, other: _Told) -> bool:
    """Tell whether rounds of one id are one.

    Ids of rounds without a stage are made of company and month, so that two may have one: here a
    date has to be equal, and an amount or the source.
    """
    if one.row.stage is not Stage.UNKNOWN:
        return not contradicting(one.row, other.row, _CELLS)
    dated = any(
        getattr(one.row, date) and getattr(one.row, date) == getattr(other.row, date)
        for date in _DATES
    )
    paid = one.row.source_id == other.row.source_id or one.amounts & other.amounts
    return bool(dated and paid) and not differing(one.row, other.row, _CELLS)


def _look_alikes(
    near: dict[str, list[_Told]], others: Iterable[_Told], matches: Matches
) -> Iterator[Undecided]:
    matched = {*matches.same.values()}
    for other in others:
        for one in near[other.row.company_id] if other.row.id not in matches.same else ():
            if one.row.id not in matched and (reason := _likeness(one, other)):
                columns = contradicting(one.row, other.row, ("id", *_CELLS))
                advice = IF_ONE.format(" and the ".join(columns or ["date and source"]))
                yield Undecided("rounds.csv", one.row.id, other.row.id, reason, advice)


def _likeness(told: _Told, told_too: _Told) -> str | None:
    """Say why two rounds of a company look like one: never where one is equity and one is debt."""
    one, other = told.row, told_too.row
    if one.id == other.id:
        sure = contradicting(one, other, _CELLS)
        return f"they have one id, but {'differ' if sure else 'not enough else in common'}"
    instruments = {one.instrument, other.instrument}
    if len(instruments) > 1 and Instrument.MIXED not in instruments:
        return None
    apart = _days_apart(one, other)
    stages = {one.stage, other.stage}
    if len(stages) == 1 and one.stage.startswith(_RAISED_ONCE):
        if apart is None or apart <= _A_YEAR:
            return f"both are {one.stage}"
    elif apart is not None and apart <= _NEAR_DAYS:
        if told.amounts & told_too.amounts:
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
