"""Which rows of two datasets, ours and theirs, are about one company, investor or source.

What can't be decided is kept apart and listed, never guessed. Rounds are in `matching_rounds`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.dataset.records import (
    CompanyRecord,
    InvestorRecord,
    Record,
    SourceRecord,
)
from app.likeness import letters, searchable, words

_COMPANIES = "companies.csv"
_EMPTY: tuple[Any, ...] = (None, [])
IF_ONE = "both are kept; if they are one, give B's the {} of A's and merge again"


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
    """Match companies where the name of one is, letter by letter, the name or an alias of the other."""
    ours, theirs = list(ours), list(theirs)
    named: dict[str, set[str]] = defaultdict(set)
    also_named: dict[str, set[str]] = defaultdict(set)
    for one in ours:
        named[_spelt(one.name)].add(one.id)
        for alias in one.aliases:
            also_named[_spelt(alias)].add(one.id)
    pairs, weak = set(), set()
    for other in theirs:
        name, aliases = _spelt(other.name), [_spelt(alias) for alias in other.aliases]
        found = named[name] | also_named[name] | {one for word in aliases for one in named[word]}
        pairs |= {(one, other.id) for one in found}
        weak |= {(one, other.id) for word in aliases for one in also_named[word] - found}
    matches = _one_to_one(_COMPANIES, pairs)
    matched = {*matches.same, *matches.same.values()}
    advice = IF_ONE.format("name")
    weak = {pair for pair in weak - pairs if not matched & {*pair}}
    reason = "they share an alias that names neither"
    matches.undecided += _listed(_COMPANIES, weak, reason, advice)
    longer = {pair for pair in _begun(ours, theirs) - pairs - weak if not matched & {*pair}}
    reason = "the name of one begins with that of the other"
    matches.undecided += _listed(_COMPANIES, longer, reason, advice)
    our_ids = {one.id for one in ours}
    twins = {(other.id, other.id) for other in theirs if other.id in our_ids}
    twins = {pair for pair in twins - pairs - weak - longer if not matched & {*pair}}
    reason = "they have one id, but no name in common"
    matches.undecided += _listed(_COMPANIES, twins, reason, advice)
    return matches


def _begun(ours: Iterable[CompanyRecord], theirs: Iterable[CompanyRecord]) -> set[tuple[str, str]]:
    """Find companies of which one's name is the beginning of the other's, as Moonshot of Moonshot AI."""
    starting = defaultdict(list)
    for one in ours:
        for name in (one.name, *one.aliases):
            starting["".join(words(name)[:1])].append((one.id, words(name)))
    return {
        (our_id, other.id)
        for other in theirs
        for name in (other.name, *other.aliases)
        for our_id, told in starting["".join(words(name)[:1])]
        if all(one == another for one, another in zip(told, words(name), strict=False))
    }


def _spelt(name: str) -> str:
    """Return a name by its letters; one of signs alone as it is."""
    return letters(name) or searchable(name)


def match_investors(ours: Iterable[InvestorRecord], theirs: Iterable[InvestorRecord]) -> Matches:
    """Match investors whose names have the same letters."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in ours:
        named[_spelt(one.name)].add(one.id)
    pairs = {(one, other.id) for other in theirs for one in named[_spelt(other.name)]}
    return _one_to_one("investors.csv", pairs)


def match_sources(ours: Iterable[SourceRecord], theirs: Iterable[SourceRecord]) -> Matches:
    """Match sources of one id, else of one address, whose other cells don't contradict each other.

    Two publishers at one address are two sources: one of them tells what the other wrote.
    """
    ours, theirs = list(ours), list(theirs)
    by_id, by_url = {one.id: one for one in ours}, defaultdict(list)
    for one in ours:
        by_url[one.url].append(one)
    matches = Matches()
    for other in theirs:
        if other.id in by_id and not _contradicted(by_id[other.id], other):
            matches.same[other.id] = other.id
    rows_at, given = Counter(one.url for one in theirs), set(matches.same)
    for other in theirs:
        near = by_url[other.url] if other.url and other.id not in matches.same else []
        agreeing = [one for one in near if one.id not in given and not _contradicted(one, other)]
        if agreeing:
            matches.same[other.id] = agreeing[0].id
            given.add(agreeing[0].id)
        # Where many rows have one address, as in a table of figures, it doesn't tell them apart.
        elif len(near) == rows_at[other.url] == 1:
            matches.undecided += _one_address(near[0], other)
    return matches


def _one_address(one: SourceRecord, other: SourceRecord) -> Iterator[Undecided]:
    cells = _contradicted(one, other)
    if cells and "publisher" not in cells:
        reason = f"they have one address, but differ in {', '.join(cells)}"
        yield Undecided("sources.csv", one.id, other.id, reason, IF_ONE.format(cells[0]))


def differing(one: Record, other: Record, columns: Iterable[str]) -> list[str]:
    """Return the columns in which both rows state something, and not the same."""
    return [
        column
        for column in columns
        if (stated := getattr(one, column)) not in _EMPTY
        and (told := getattr(other, column)) not in _EMPTY
        and _plain(stated) != _plain(told)
    ]


def contradicting(one: Record, other: Record, columns: Iterable[str]) -> list[str]:
    """Return the columns that differ by more than the precision of a date."""
    return [
        column
        for column in differing(one, other, columns)
        if not (column.endswith("_on") and _within(getattr(one, column), getattr(other, column)))
    ]


def _within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _contradicted(one: SourceRecord, other: SourceRecord) -> list[str]:
    return contradicting(one, other, ("publisher", "title", "url", "published_on", "kind"))


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
