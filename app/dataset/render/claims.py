"""Render claims: what each source states, and whether it was chosen."""

from collections.abc import Sequence

from app.dataset.evidence import Evidence
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
from app.dataset.resolve import Choice
from app.resources.claims import Claim
from app.tables import ClaimSnapshotRow


def render_claims(
    company: CompanyRecord,
    claims: Sequence[Evidence],
    choices: Sequence[Choice],
    memory: Memory,
) -> list[Rendered]:
    """Render claims, among which some were chosen."""
    chosen = {choice.chosen.id for choice in choices}
    rivals = frozenset[str]().union(*(choice.rivals for choice in choices))
    return [
        memory.once(_claim, company, one, one.id in chosen, one.id in rivals, memory)
        for one in claims
    ]


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
