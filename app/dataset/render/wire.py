"""The pieces that several resources share, from resolved facts to their wire models."""

from app.dataset.derive import Value
from app.dataset.evidence import Evidence
from app.dataset.fx import Rate
from app.dataset.memory import Memory
from app.dataset.records import CompanyRecord, SourceRecord
from app.dataset.resolve import Choice
from app.dates import NEVER_DATED
from app.resources.figure import CompanyRef, Count, Derived, DerivedInput, Figure, Fx, SourceRef


def source_ref(source: SourceRecord) -> SourceRef:
    """Return a source as it stands beside what it states."""
    return SourceRef(
        id=source.id,
        publisher=source.publisher,
        title=source.title,
        url=source.url,
        published_on=source.published_on,
    )


def company_ref(company: CompanyRecord) -> CompanyRef:
    """Return a company as it stands beside what belongs to it."""
    return CompanyRef(id=company.id, name=company.name, country=company.country)


def known_on(evidence: Evidence) -> str | None:
    """Return the day from which a claim is known, None where no date tells."""
    return None if evidence.known_on == NEVER_DATED else evidence.known_on


def figure(choice: Choice | None, memory: Memory) -> Figure | None:
    """Return the figure of an amount of money."""
    if choice is None:
        return None
    chosen = choice.chosen
    bounds = chosen.usd_bounds
    return Figure(
        value=chosen.value,
        value_high=chosen.value_high,
        currency=str(chosen.claim.currency),
        usd=chosen.usd,
        low_usd=bounds.low if bounds else None,
        high_usd=bounds.high if bounds else None,
        fx=Fx(rate=chosen.fx.rate, date=chosen.fx.date) if isinstance(chosen.fx, Rate) else None,
        usd_reason=chosen.fx if isinstance(chosen.fx, str) else None,
        qualifier=chosen.claim.qualifier,
        basis=chosen.claim.basis,
        status=chosen.claim.status,
        as_of=chosen.date,
        as_of_basis=chosen.date_basis,
        known_on=known_on(chosen),
        known_basis=chosen.known[1],
        source=memory.once(source_ref, chosen.source),
        claims=len(choice.members),
        rivals=len(choice.rivals),
    )


def count(choice: Choice | None, memory: Memory) -> Count | None:
    """Return the figure of a number of people."""
    if choice is None:
        return None
    chosen = choice.chosen
    return Count(
        value=chosen.value,
        value_high=chosen.value_high,
        low=chosen.bounds.low,
        high=chosen.bounds.high,
        qualifier=chosen.claim.qualifier,
        status=chosen.claim.status,
        as_of=chosen.date,
        as_of_basis=chosen.date_basis,
        known_on=known_on(chosen),
        known_basis=chosen.known[1],
        source=memory.once(source_ref, chosen.source),
        claims=len(choice.members),
        rivals=len(choice.rivals),
    )


def derived(value: Value, memory: Memory) -> Derived:
    """Return a derived value."""
    return Derived(
        nominal=value.nominal,
        low=value.bounds.low,
        high=value.bounds.high,
        qualifier=value.qualifier,
        gap_days=value.gap_days,
        comparable=value.comparable,
        inputs=inputs(value, memory),
        reason=value.reason,
    )


def inputs(value: Value, memory: Memory) -> list[DerivedInput]:
    """Return the figures that a derived value was computed from."""
    return [memory.once(_input, choice.chosen, memory) for choice in value.inputs]


def _input(one: Evidence, memory: Memory) -> DerivedInput:
    return DerivedInput(
        metric=one.claim.metric,
        round=one.claim.round_id,
        as_of=one.date,
        value=one.value,
        currency=one.claim.currency,
        qualifier=one.claim.qualifier,
        source=memory.once(source_ref, one.source),
    )
