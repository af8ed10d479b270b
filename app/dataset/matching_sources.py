"""Which sources of two datasets are one document."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from app.dataset.matching import IF_ONE, Matches, Undecided, contradicting, repeated, unequal
from app.dataset.records import SourceRecord

_CELLS = ("publisher", "title", "url", "published_on", "kind")


def match_sources(ours: Sequence[SourceRecord], theirs: Sequence[SourceRecord]) -> Matches:
    """Match sources of one id, else of one address, whose other cells don't contradict each other.

    Of several at one address, the one that is most alike is taken. Two publishers at one address are
    two sources: one of them tells what the other wrote.
    """
    by_id, by_url = {one.id: one for one in ours}, defaultdict(list)
    for one in ours:
        by_url[one.url].append(one)
    matches = Matches(repeated(ours, theirs))
    for other in theirs:
        near = by_id.get(other.id)
        if near and other.id not in matches.same and not _contradicted(near, other):
            matches.same[other.id] = near.id
    rows_at, given = Counter(one.url for one in theirs), {*matches.same.values()}
    for other in theirs:
        there = by_url[other.url] if other.url and other.id not in matches.same else []
        agreeing = [one for one in there if one.id not in given and not _contradicted(one, other)]
        if agreeing:
            likest = min(agreeing, key=lambda one: len(unequal(one, other, _CELLS)))
            matches.same[other.id] = likest.id
            given.add(likest.id)
        # Where many rows have one address, as in a table of figures, it doesn't tell them apart.
        elif len(there) == rows_at[other.url] == 1:
            matches.undecided += _one_address(there[0], other)
    return matches


def _one_address(one: SourceRecord, other: SourceRecord) -> Iterator[Undecided]:
    columns = _contradicted(one, other)
    if columns and "publisher" not in columns:
        reason = f"they have one address, but differ in {', '.join(columns)}"
        yield Undecided("sources.csv", one.id, other.id, reason, IF_ONE.format(columns[0]))


def _contradicted(one: SourceRecord, other: SourceRecord) -> list[str]:
    return contradicting(one, other, _CELLS)
