"""Render a round: its figures, what its price means, and who invested."""

from app.dataset import pricing
from app.dataset.evidence import Participation
from app.dataset.facts import CompanyFacts
from app.dataset.records import RoundRecord
from app.dataset.render import wire
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    money_columns,
    rendered,
    search_text,
)
from app.dataset.resolve import Resolved
from app.likeness import searchable
from app.resources.rounds import FundingRound, RoundInvestor
from app.tables import RoundSnapshotRow
from app.vocabulary import LEADING_ROLES


def render_round(one: RoundRecord, facts: CompanyFacts, resolved: Resolved) -> Rendered:
    """Render one of the company's rounds as its facts have it."""
    company = facts.company
    amount, valuation = resolved.amounts.get(one.id), resolved.valuations.get(one.id)
    parts = [part for part in facts.participations if part.round.id == one.id]
    resource = FundingRound(
        id=one.id,
        company=wire.company_ref(company),
        stage=one.stage,
        status=one.status,
        instrument=one.instrument,
        announced_on=one.announced_on,
        closed_on=one.closed_on,
        extends=one.extends,
        source=wire.source_ref(facts.sources[one.source_id]),
        amount=wire.figure(amount),
        valuation=wire.figure(valuation),
        dilution=wire.derived(pricing.dilution(one, resolved)),
        step_up=wire.derived(pricing.step_up(one, facts.rounds, resolved)),
        investors=_investors(parts),
    )
    names = (part.investor.name for part in parts)
    columns = {
        "id": one.id,
        "search_text": search_text(one.id, company.name, *company.aliases, one.stage, *names),
        "company_id": company.id,
        "name_key": searchable(company.name),
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
    states = (
        evidence.source.id
        for evidence in facts.claims
        if evidence.round and evidence.round.id == one.id
    )
    tags = {("category", category) for category in company.categories}
    tags |= {("source", source_id) for source_id in (one.source_id, *states)}
    tags |= {("source", part.source.id) for part in parts}
    tags |= {("investor", part.investor.id) for part in parts}
    tags |= {
        ("lead_investor", part.investor.id) for part in parts if part.record.role in LEADING_ROLES
    }
    return rendered(RoundSnapshotRow, resource, columns, tags)


def _investors(parts: list[Participation]) -> list[RoundInvestor]:
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
