"""Render claims: what each source states, and whether it was chosen."""

from collections.abc import Iterator

from app.dataset.facts import CompanyFacts
from app.dataset.render import wire
from app.dataset.render.rendered import Rendered, day_columns, rendered, search_text
from app.dataset.resolve import Resolved
from app.likeness import searchable
from app.resources.claims import Claim
from app.tables import ClaimSnapshotRow


def render_claims(facts: CompanyFacts, resolved: Resolved) -> Iterator[Rendered]:
    """Render the claims on a company and on its rounds."""
    choices = list(resolved.choices())
    chosen = {choice.chosen.id for choice in choices}
    rivals = frozenset[str]().union(*(choice.rivals for choice in choices))
    company = facts.company
    for one in facts.claims:
        claim = one.claim
        resource = Claim(
            id=one.id,
            company=wire.company_ref(company),
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
            source=wire.source_ref(one.source),
            locator=claim.locator,
            chosen=one.id in chosen,
            rival=one.id in rivals,
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
            "name_key": searchable(company.name),
            "round_id": claim.round_id,
            "metric": claim.metric,
            "qualifier": claim.qualifier,
            "basis": claim.basis,
            "status": claim.status,
            **day_columns("as_of", claim.as_of),
            "known_on": wire.known_on(one),
            "source_id": one.source.id,
            "usd": one.usd,
            "chosen": one.id in chosen,
            "rival": one.id in rivals,
        }
        yield rendered(ClaimSnapshotRow, resource, columns)
