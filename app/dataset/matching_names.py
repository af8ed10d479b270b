"""Which companies, and which investors, of two datasets are one by what they are called."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.dataset.matching import IF_ONE, Matches, Undecided, listed, one_to_one, repeated
from app.dataset.records import CompanyRecord, InvestorRecord
from app.likeness import letters, searchable, words

_COMPANIES, _INVESTORS = "companies.csv", "investors.csv"
_ADVICE = IF_ONE.format("name")
Pairs = set[tuple[str, str]]


def match_companies(ours: Sequence[CompanyRecord], theirs: Sequence[CompanyRecord]) -> Matches:
    """Match companies where the name of one is, letter by letter, the name or an alias of the other.

    A dataset whose name is another's alias is what aliases are for: Z.ai is Zhipu AI. But products
    and former names become aliases too, so that an alias tells less than a name. It decides nothing
    where a dataset has several companies that go by it, or where the countries of the two differ;
    nor does an alias that both have and neither is called by.
    """
    pairs, reasons = _by_name(ours, theirs)
    matches = one_to_one(_COMPANIES, repeated(ours, theirs), pairs)
    for pair in _begun(ours, theirs):
        reasons.setdefault(pair, "the name of one begins with that of the other")
    matches.undecided += [
        Undecided(_COMPANIES, one, other, reasons[one, other], _ADVICE)
        for one, other in sorted(matches.left(reasons.keys() - pairs))
    ]
    matches.undecided += _of_one_id(_COMPANIES, ours, theirs, matches, pairs | reasons.keys())
    return matches


def match_investors(ours: Sequence[InvestorRecord], theirs: Sequence[InvestorRecord]) -> Matches:
    """Match investors whose names have the same letters."""
    named = defaultdict(set)
    for one in ours:
        named[_spelt(one.name)].add(one.id)
    pairs = {(one, other.id) for other in theirs for one in named[_spelt(other.name)]}
    matches = one_to_one(_INVESTORS, repeated(ours, theirs), pairs)
    matches.undecided += _of_one_id(_INVESTORS, ours, theirs, matches, pairs)
    return matches


def _by_name(
    ours: Iterable[CompanyRecord], theirs: Iterable[CompanyRecord]
) -> tuple[Pairs, dict[tuple[str, str], str]]:
    """Find companies that share a name, and those that share one but may be two, with the reason."""
    bearers, their_bearers = _bearers(ours), _bearers(theirs)
    pairs: Pairs = set()
    reasons: dict[tuple[str, str], str] = {}
    for name, others in their_bearers.items():
        alone = len(others) == len(bearers[name]) == 1
        for one in bearers[name]:
            for other in others:
                pair = (one.id, other.id)
                called = {name == _spelt(one.name), name == _spelt(other.name)}
                if called == {True} or (called == {True, False} and alone and _near(one, other)):
                    pairs.add(pair)
                elif called == {False}:
                    reasons.setdefault(pair, "they share an alias that names neither")
                elif alone:
                    reasons[pair] = "the name of one is an alias of the other, but countries differ"
                else:
                    reasons[pair] = "the name of one is an alias of the other, and of a third"
    return pairs, reasons


def _bearers(companies: Iterable[CompanyRecord]) -> dict[str, list[CompanyRecord]]:
    """Return companies by each of their names, and by each of their aliases."""
    bearers = defaultdict(list)
    for company in companies:
        for name in dict.fromkeys(map(_spelt, (company.name, *company.aliases))):
            bearers[name].append(company)
    return bearers


def _near(one: CompanyRecord, other: CompanyRecord) -> bool:
    return one.country == other.country or not (one.country and other.country)


def _begun(ours: Iterable[CompanyRecord], theirs: Iterable[CompanyRecord]) -> Pairs:
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


def _of_one_id(
    file: str,
    ours: Sequence[CompanyRecord] | Sequence[InvestorRecord],
    theirs: Sequence[CompanyRecord] | Sequence[InvestorRecord],
    matches: Matches,
    known: Pairs,
) -> list[Undecided]:
    """List rows of one id that nothing else says are one."""
    our_ids = {one.id for one in ours}
    twins = {(other.id, other.id) for other in theirs if other.id in our_ids}
    reason = "they have one id, but no name in common"
    return listed(file, matches.left(twins - known), reason, _ADVICE)


def _spelt(name: str) -> str:
    """Return a name by its letters; one of signs alone as it is."""
    return letters(name) or searchable(name)
