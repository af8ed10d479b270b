"""Render claims: what each source states, and whether it was chosen."""

from collections.abc import Iterator

from app.dataset.evidence import Evidence
from app.dataset.facts import CompanyFacts
from app.dataset.memory import Memory
from app.dataset.records import CompanyRecord
from app.dataset.render import wire
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    folded,
    rendered,
    search_text,
)
from app.dataset.resolve import Resolved
from app.resources.claims import Claim
from app.tables import ClaimSnapshotRow


def render_claims(facts: CompanyFacts, resolved: Resolved, memory: Memory) -> Iterator[Rendered]:
    """Render the claims on a company and on its rounds."""
    choices = list(resolved.choices())
    chosen = {choice.chosen.id for choice in choices}
    rivals = frozenset[str]().union(*(choice.rivals for choice in choices))
    for one in facts.claims:
        yield memory.once(_claim, facts.company, one, one.id in chosen, one.id in rivals, memory)


def _claim(
    company: CompanyRecord,
    one: Evidence,
    chosen: bool,
    rival: bool,
    memory: Memory,
) -> Rendered:
    claim = one.claim
    resource = Claim(
        id=one.id,
        company=memory.once(wire.company_ref, company),
        round=claim.round_id,
        metric=claim.metric,
        value=one.value,
        value_high=one.value_high,
        currency=claim.currency,
        usd=one.usd,
        qualifier=claim.qualifier,
        basis=claim.basis,
        status=claim.status,
        as_of=claim.as_of,
        known_on=wire.known_on(one),
        known_basis=one.known[1],
        source=memory.once(wire.source_ref, one.source),
        locator=claim.locator,
        chosen=chosen,
        rival=rival,
    )
    columns = {
        "id": one.id,
        "search_text": search_text(
            company.id,
            company.name,
            *company.aliases,
            one.source.publisher,
            one.source.title,
            claim.locator,
        ),
        "company_id": company.id,
        "name_key": folded(company.name),
        "round_id": claim.round_id,
        "metric": claim.metric,
        "qualifier": claim.qualifier,
        "basis": claim.basis,
        "status": claim.status,
        **day_columns("as_of", claim.as_of),
        "known_on": wire.known_on(one),
        "source_id": one.source.id,
        "usd": one.usd,
        "chosen": chosen,
        "rival": rival,
    }
    return rendered(ClaimSnapshotRow, resource, columns)
