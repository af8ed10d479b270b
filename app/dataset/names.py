"""The names that companies, investors and rounds go by: what a search may find them under."""

from collections.abc import Iterator

from app.dataset.facts import CompanyFacts
from app.dataset.records import InvestorRecord
from app.dates import FROM_THE_START, first_day
from app.search_terms import stage_name
from app.vocabulary import SearchKind

Name = tuple[str, str, str, str, int, str]
"""Kind, id, how it is shown, the name, its weight, and the day from which it is known.

Of things found under like names the one of the greater weight comes first.
"""

RoundName = tuple[str, str, str, str, str, int, str]
"""Company, id, name of the stage, how it is shown, the name, its weight, and since when it is known."""


def company_names(facts: CompanyFacts) -> Iterator[Name]:
    """Return the names of a company, weighed by how much is stated of it."""
    company, weight, since = facts.company, len(facts.all_claims), facts.days()[0]
    for text in (company.name, *company.aliases):
        yield SearchKind.COMPANY.value, company.id, company.name, text, weight, since


def round_names(facts: CompanyFacts) -> Iterator[RoundName]:
    """Return the names of a company's rounds; the later ones weigh more."""
    company = facts.company
    for known in facts.rounds:
        one = known.record
        stage = stage_name(one.stage)
        text = f"{company.name} {stage}"
        shown = f"{text}, {one.date}" if one.date else text
        weight = int(first_day(one.date).replace("-", "")) if one.date else 0
        yield company.id, one.id, stage, shown, text, weight, known.told


def investor_name(investor: InvestorRecord, rounds: int, since: str | None) -> Name:
    """Return the name of an investor, weighed by how many rounds it took part in."""
    known = since or FROM_THE_START
    return SearchKind.INVESTOR.value, investor.id, investor.name, investor.name, rounds, known
