"""Which rows of two datasets, ours and theirs, are about one company, investor, source or round.

What can't be decided is kept apart and listed, never guessed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.dataset.records import (
    ClaimRecord,
    CompanyRecord,
    InvestorRecord,
    Record,
    RoundRecord,
    SourceRecord,
)
from app.dates import days_between, first_day, last_day
from app.tables import searchable
from app.vocabulary import ClaimMetric, Instrument, Stage

_NEAR_DAYS = 31
_ROUND_CELLS = ("stage", "status", "instrument", "announced_on", "closed_on", "extends")
_EMPTY: tuple[Any, ...] = (None, [])
_SOURCES, _COMPANIES, _ROUNDS = "sources.csv", "companies.csv", "rounds.csv"
_IF_ONE = "both are kept; if they are one, give B's the {} of A's and merge again"


@dataclass(frozen=True, slots=True)
class Undecided:
    """A row of each dataset that a person should look at, and what to do then."""

    file: str
    ours: str
    theirs: str
    reason: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}: A {self.ours} | B {self.theirs}: {self.reason}; {self.advice}"


@dataclass(slots=True)
class Matches:
    """Their ids with ours of the same thing, and the pairs left undecided."""

    same: dict[str, str] = field(default_factory=dict)
    undecided: list[Undecided] = field(default_factory=list)


def match_companies(ours: Iterable[CompanyRecord], theirs: Iterable[CompanyRecord]) -> Matches:
    """Match companies where the name of one is, folded, the name or an alias of the other."""
    ours, theirs = list(ours), list(theirs)
    named: dict[str, set[str]] = defaultdict(set)
    also_named: dict[str, set[str]] = defaultdict(set)
    for one in ours:
        named[searchable(one.name)].add(one.id)
        for alias in one.aliases:
            also_named[searchable(alias)].add(one.id)
    pairs, weak = set(), set()
    for other in theirs:
        name, aliases = searchable(other.name), [searchable(alias) for alias in other.aliases]
        found = named[name] | also_named[name] | {one for word in aliases for one in named[word]}
        pairs |= {(one, other.id) for one in found}
        weak |= {(one, other.id) for word in aliases for one in also_named[word] - found}
    matches = _one_to_one(_COMPANIES, pairs)
    apart = {
        (one.id, other.id)
        for one in ours
        if one.id not in matches.same.values()
        for other in theirs
        if other.id not in matches.same and (one.id, other.id) not in pairs
    }
    advice = _IF_ONE.format("name")
    reason = "they share an alias that names neither"
    matches.undecided += _listed(_COMPANIES, weak & apart, reason, advice)
    one_id = {pair for pair in apart - weak if pair[0] == pair[1]}
    reason = "they have one id, but no name in common"
    matches.undecided += _listed(_COMPANIES, one_id, reason, advice)
    return matches


def match_investors(ours: Iterable[InvestorRecord], theirs: Iterable[InvestorRecord]) -> Matches:
    """Match investors of one folded name."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in ours:
        named[searchable(one.name)].add(one.id)
    pairs = {(one, other.id) for other in theirs for one in named[searchable(other.name)]}
    return _one_to_one("investors.csv", pairs)


def match_sources(ours: Iterable[SourceRecord], theirs: Iterable[SourceRecord]) -> Matches:
    """Match sources of one id, else of one address, whose other cells don't contradict each other.

    Two publishers at one address are two sources: one of them tells what the other wrote.
    """
    ours, theirs = list(ours), list(theirs)
    by_id, by_url = {one.id: one for one in ours}, defaultdict(list)
    for one in ours:
        by_url[one.url].append(one)
    rows_at = Counter(one.url for one in theirs)
    matches = Matches()
    for other in theirs:
        at_address = by_url[other.url] if other.url else []
        near = [by_id[other.id], *at_address] if other.id in by_id else at_address
        given = {*matches.same.values()}
        agreeing = [one for one in near if one.id not in given and not _contradicted(one, other)]
        if agreeing:
            matches.same[other.id] = agreeing[0].id
        # Where many rows have one address, as in a table of figures, it doesn't tell them apart.
        elif len(at_address) == 1 and rows_at[other.url] == 1:
            [one] = at_address
            cells = _contradicted(one, other)
            if cells and "publisher" not in cells:
                reason = f"they have one address, but differ in {', '.join(cells)}"
                advice = _IF_ONE.format(cells[0])
                matches.undecided.append(Undecided(_SOURCES, one.id, other.id, reason, advice))
    return matches


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
        if one and one.company_id == other.company_id and not differing(one, other, _ROUND_CELLS):
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
                cells = differing(one, other, ("id", *_ROUND_CELLS))
                advice = _IF_ONE.format(" and the ".join(cells))
                matches.undecided.append(Undecided(_ROUNDS, one.id, other.id, reason, advice))
    return matches


def differing(one: Record, other: Record, columns: Iterable[str]) -> list[str]:
    """Return the columns in which both rows state something, and not the same."""
    return [
        column
        for column in columns
        if (stated := getattr(one, column)) not in _EMPTY
        and (told := getattr(other, column)) not in _EMPTY
        and _plain(stated) != _plain(told)
    ]


def _contradicted(one: SourceRecord, other: SourceRecord) -> list[str]:
    return differing(one, other, ("publisher", "title", "url", "published_on", "kind"))


def _plain(cell: Any) -> Any:
    return sorted(cell) if isinstance(cell, list) else cell


def _one_to_one(file: str, pairs: set[tuple[str, str]]) -> Matches:
    """Match the pairs whose sides have no other match; the rest is undecided."""
    our_pairs, their_pairs = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    alone = {pair for pair in pairs if our_pairs[pair[0]] == their_pairs[pair[1]] == 1}
    matches = Matches({other: one for one, other in alone})
    reason = "they share a name, but so does a third row"
    advice = (
        "all are kept; join the rows of one dataset that are one, or rename one, and merge again"
    )
    matches.undecided += _listed(file, pairs - alone, reason, advice)
    return matches


def _listed(
    file: str, pairs: Iterable[tuple[str, str]], reason: str, advice: str
) -> list[Undecided]:
    return [Undecided(file, one, other, reason, advice) for one, other in sorted(pairs)]


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
    dated_or_named = apart is not None or one.stage is not Stage.UNKNOWN
    if one.stage is other.stage and not apart and dated_or_named:
        return f"both are {one.stage}, and their dates don't tell them apart"
    if equal_amount and apart is not None and apart <= _NEAR_DAYS:
        return f"their amounts are equal, and they lie within {_NEAR_DAYS} days"
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
