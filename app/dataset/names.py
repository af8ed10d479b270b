"""The names that companies, investors and rounds go by: what a search may find them under."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.dataset.facts import CompanyFacts
from app.dataset.records import InvestorRecord, RoundRecord
from app.dates import FROM_THE_START, first_day
from app.vocabulary import SearchKind, Stage


@dataclass(frozen=True, slots=True)
class Name:
    """One name of something, how it is shown, and since when it is known.

    Of things found under like names the one of the greater weight comes first.
    """

    kind: SearchKind
    id: str
    shown: str
    text: str
    weight: int
    known_from: str


def company_names(facts: CompanyFacts) -> Iterator[Name]:
    """Return the names of a company, weighed by how much is stated of it, and of its rounds."""
    company = facts.company
    since = facts.days()[0]
    for text in (company.name, *company.aliases):
        weight = len(facts.all_claims)
        yield Name(SearchKind.COMPANY, company.id, company.name, text, weight, since)
    for known in facts.rounds:
        one = known.record
        text = f"{company.name} {_stage(one)}"
        shown = f"{text}, {one.date}" if one.date else text
        weight = int(first_day(one.date).replace("-", "")) if one.date else 0
        yield Name(SearchKind.ROUND, one.id, shown, text, weight, known.told)


def investor_name(investor: InvestorRecord, rounds: int, since: str | None) -> Name:
    """Return the name of an investor, weighed by how many rounds it took part in."""
    known = since or FROM_THE_START
    return Name(SearchKind.INVESTOR, investor.id, investor.name, investor.name, rounds, known)


def _stage(one: RoundRecord) -> str:
    return "round" if one.stage is Stage.UNKNOWN else one.stage.replace("_", " ").title()
