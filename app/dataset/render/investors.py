"""Render investors: what each did, across companies."""

from collections.abc import Sequence

from app.dataset.evidence import Participation
from app.dataset.records import CompanyRecord, InvestorRecord
from app.dataset.render.rendered import Rendered, day_columns, rendered, search_text
from app.dates import first_day
from app.likeness import searchable
from app.resources.investors import Investor, InvestorCounts
from app.tables import InvestorSnapshotRow
from app.vocabulary import LEADING_ROLES


def render_investor(
    investor: InvestorRecord, parts: Sequence[tuple[Participation, CompanyRecord]]
) -> Rendered:
    """Render an investor from its known parts in rounds, each with the company that raised."""
    rounds = {part.round.id for part, _ in parts}
    led = {part.round.id for part, _ in parts if part.record.role in LEADING_ROLES}
    companies = {company.id: company for _, company in parts}
    categories = sorted({word for company in companies.values() for word in company.categories})
    dates = sorted(
        {part.round.date for part, _ in parts if part.round.date},
        key=lambda date: (first_day(date), date),
    )
    resource = Investor(
        id=investor.id,
        name=investor.name,
        kind=investor.kind,
        country=investor.country,
        counts=InvestorCounts(rounds=len(rounds), led=len(led), companies=len(companies)),
        first_round_on=dates[0] if dates else None,
        last_round_on=dates[-1] if dates else None,
        categories=categories,
    )
    columns = {
        "id": investor.id,
        "search_text": search_text(investor.id, investor.name),
        "name_key": searchable(investor.name),
        "kind": investor.kind,
        "country": investor.country,
        "rounds": len(rounds),
        "led": len(led),
        **day_columns("last_round", resource.last_round_on),
    }
    tags = {("category", category) for category in categories}
    tags |= {("company", company_id) for company_id in companies}
    return rendered(InvestorSnapshotRow, resource, columns, tags)
