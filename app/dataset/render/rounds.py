"""Render a round: its figures, what its price means, and who invested."""

from collections.abc import Sequence

from app.dataset import pricing
from app.dataset.derive import Value
from app.dataset.evidence import Participation
from app.dataset.memory import Memory
from app.dataset.records import CompanyRecord
from app.dataset.render import wire
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    folded,
    money_columns,
    rendered,
    search_text,
)
from app.dataset.resolve import ResolvedRound
from app.resources.rounds import FundingRound, RoundInvestor
from app.tables import RoundSnapshotRow
from app.vocabulary import LEADING_ROLES


def render_round(
    company: CompanyRecord, resolved: ResolvedRound, step_up: Value, memory: Memory
) -> Rendered:
    """Render a round as its facts have it."""
    known, amount, valuation = resolved.facts, resolved.amount, resolved.valuation
    one, parts = known.record, known.participations
    dilution = memory.once(pricing.dilution, resolved)
    resource = FundingRound(
        id=one.id,
        company=memory.once(wire.company_ref, company),
        stage=one.stage,
        status=one.status,
        instrument=one.instrument,
        announced_on=one.announced_on,
        closed_on=one.closed_on,
        extends=one.extends,
        source=memory.once(wire.source_ref, known.source),
        amount=memory.once(wire.figure, amount, memory),
        valuation=memory.once(wire.figure, valuation, memory),
        dilution=memory.once(wire.derived, dilution, memory),
        step_up=memory.once(wire.derived, step_up, memory),
        investors=_investors(parts),
    )
    names = (part.investor.name for part in parts)
    columns = {
        "id": one.id,
        "search_text": search_text(one.id, company.name, *company.aliases, one.stage, *names),
        "company_id": company.id,
        "name_key": folded(company.name),
        "country": company.country,
        "stage": one.stage,
        "status": one.status,
        "instrument": one.instrument,
        **day_columns("announced", one.announced_on),
        **day_columns("closed", one.closed_on),
        "undisclosed": amount is None,
        **money_columns("amount_usd", amount),
        **money_columns("valuation_usd", valuation),
    }
    tags = {("category", category) for category in company.categories}
    tags |= {("source", source_id) for source_id in known.source_ids}
    tags |= {("investor", part.investor.id) for part in parts}
    tags |= {
        ("lead_investor", part.investor.id) for part in parts if part.record.role in LEADING_ROLES
    }
    return rendered(RoundSnapshotRow, resource, columns, tags)


def _investors(parts: Sequence[Participation]) -> list[RoundInvestor]:
    """List each investor once, in the most senior role that a source states; leads come first."""
    seen: dict[str, RoundInvestor] = {}
    for part in parts:
        seen.setdefault(
            part.investor.id,
            RoundInvestor(
                id=part.investor.id,
                name=part.investor.name,
                kind=part.investor.kind,
                role=part.record.role,
                source_id=part.source.id,
            ),
        )
    return list(seen.values())
