"""Render sources: what each states, across companies."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.dataset.records import SourceRecord
from app.dataset.render.rendered import Rendered, day_columns, rendered, search_text
from app.resources.sources import Source, SourceCounts
from app.tables import SourceSnapshotRow


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source states of a company or a round, and the day from which that is known."""

    known_on: str
    company_id: str
    round_id: str | None
    claims: int


def render_source(source: SourceRecord, statements: Sequence[Statement]) -> Rendered:
    """Render a source from its known statements."""
    companies = {one.company_id for one in statements}
    rounds = {one.round_id for one in statements if one.round_id}
    claims = sum(one.claims for one in statements)
    resource = Source(
        id=source.id,
        publisher=source.publisher,
        title=source.title,
        url=source.url,
        published_on=source.published_on,
        retrieved_on=source.retrieved_on,
        kind=source.kind,
        counts=SourceCounts(claims=claims, companies=len(companies), rounds=len(rounds)),
    )
    columns = {
        "id": source.id,
        "search_text": search_text(source.id, source.publisher, source.title, source.url),
        "publisher": source.publisher,
        "kind": source.kind,
        **day_columns("published", source.published_on),
        "claims": claims,
    }
    tags = {("company", company_id) for company_id in companies}
    tags |= {("round", round_id) for round_id in rounds}
    return rendered(SourceSnapshotRow, resource, columns, tags)
