"""Render investors: what each did, across companies."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dataset.records import InvestorRecord
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    folded,
    rendered,
    search_text,
)
from app.dates import first_day
from app.resources.investors import Investor, InvestorCounts
from app.tables import InvestorSnapshotRow


@dataclass(frozen=True, slots=True)
class Part:
    """An investor's part in a round: of which company, its categories joined by `|`, and when."""

    company_id: str
    categories: str
    round_id: str
    round_on: str | None
    led: int


def render_investor(investor: InvestorRecord, parts: Sequence[Part]) -> Rendered:
    """Render an investor from its known parts in rounds."""
    rounds = {part.round_id for part in parts}
    led = {part.round_id for part in parts if part.led}
    companies = {part.company_id for part in parts}
    listed = {part.categories for part in parts if part.categories}
    categories = sorted({word for words in listed for word in words.split("|")})
    dates = sorted(
        {part.round_on for part in parts if part.round_on},
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
        "name_key": folded(investor.name),
        "kind": investor.kind,
        "country": investor.country,
        "rounds": len(rounds),
        "led": len(led),
        **day_columns("last_round", resource.last_round_on),
    }
    tags = {("category", category) for category in categories}
    tags |= {("company", company_id) for company_id in companies}
    return rendered(InvestorSnapshotRow, resource, columns, tags)
