"""Render a round: its figures, what its price means, and who invested."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.dataset import derive, pricing
from app.dataset.derive import Value
from app.dataset.evidence import Participation
from app.dataset.facts import CompanyFacts
from app.dataset.memory import Memory
from app.dataset.records import CompanyRecord, RoundRecord, SourceRecord
from app.dataset.render import wire
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    folded,
    money_columns,
    rendered,
    search_text,
)
from app.dataset.resolve import Choice, Resolved
from app.resources.rounds import FundingRound, RoundInvestor
from app.tables import RoundSnapshotRow
from app.vocabulary import LEADING_ROLES

# A round with its amount, valuation, dilution and step-up.
_Figures = tuple[RoundRecord, Choice | None, Choice | None, Value, Value]


def render_rounds(facts: CompanyFacts, resolved: Resolved, memory: Memory) -> Iterator[Rendered]:
    """Render a company's rounds as its facts have them."""
    parts_of: dict[str, list[Participation]] = defaultdict(list)
    states_of: dict[str, list[SourceRecord]] = defaultdict(list)
    for part in facts.participations:
        parts_of[part.round.id].append(part)
    for evidence in facts.claims:
        if evidence.round:
            states_of[evidence.round.id].append(evidence.source)
    happened = memory.once(derive.counted, facts.rounds)
    priced = pricing.priced_equity(happened, resolved)
    for one in facts.rounds:
        amount, valuation = resolved.amounts.get(one.id), resolved.valuations.get(one.id)
        dilution = memory.once(pricing.dilution, one, amount, valuation)
        step_up = pricing.step_up(one, priced, resolved, memory)
        figures = one, amount, valuation, dilution, step_up
        sources = facts.sources[one.source_id], *states_of[one.id]
        parts = tuple(parts_of[one.id])
        yield memory.once(_round, facts.company, figures, sources, parts, memory)


def _round(
    company: CompanyRecord,
    figures: _Figures,
    sources: tuple[SourceRecord, ...],
    parts: tuple[Participation, ...],
    memory: Memory,
) -> Rendered:
    """Render a round; of its sources the first one states the round itself."""
    one, amount, valuation, dilution, step_up = figures
    resource = FundingRound(
        id=one.id,
        company=memory.once(wire.company_ref, company),
        stage=one.stage,
        status=one.status,
        instrument=one.instrument,
        announced_on=one.announced_on,
        closed_on=one.closed_on,
        extends=one.extends,
        source=memory.once(wire.source_ref, sources[0]),
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
    tags |= {("source", source.id) for source in sources}
    tags |= {("source", part.source.id) for part in parts}
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
