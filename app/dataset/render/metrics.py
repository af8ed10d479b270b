"""Render metrics: the points of a company's series, observed and derived."""

from collections.abc import Iterator
from itertools import pairwise

from app.dataset import derive, pricing
from app.dataset.derive import Value
from app.dataset.facts import CompanyFacts
from app.dataset.records import CompanyRecord, short_hash
from app.dataset.render import wire
from app.dataset.render.rendered import Rendered, day_columns, rendered, search_text
from app.dataset.resolve import Choice, Resolved
from app.figures import Bounds, Number
from app.likeness import searchable
from app.resources.metrics import Metric
from app.tables import MetricSnapshotRow
from app.vocabulary import (
    COUNT_METRICS,
    Basis,
    ClaimMetric,
    DerivedQualifier,
    Instrument,
    MetricKind,
)

_UNITS = {
    MetricKind.ARR_MULTIPLE: "multiple",
    MetricKind.RUN_RATE_MULTIPLE: "multiple",
    MetricKind.REVENUE_MULTIPLE: "multiple",
    MetricKind.STEP_UP: "multiple",
    MetricKind.DILUTION: "ratio",
    MetricKind.CAPITAL_EFFICIENCY: "ratio",
    MetricKind.ARR_GROWTH: "ratio",
}


def render_metrics(facts: CompanyFacts, resolved: Resolved) -> Iterator[Rendered]:
    """Render every point of a company's series.

    Rounds that are only reported, or were cancelled, are no part of a series.
    """
    yield from _observations(facts, resolved)
    for valuation in derive.valuations(facts.rounds, resolved):
        for kind, metric in derive.MULTIPLES.items():
            value = derive.multiple(valuation, metric, resolved)
            yield from _derived(facts.company, kind, value, valuation)
    for one in derive.counted(facts.rounds):
        if priced := resolved.valuations.get(one.id):
            dilution = pricing.dilution(one, resolved)
            step_up = pricing.step_up(one, facts.rounds, resolved)
            yield from _derived(facts.company, MetricKind.DILUTION, dilution, priced)
            yield from _derived(facts.company, MetricKind.STEP_UP, step_up, priced)
    points = resolved.observations(ClaimMetric.ARR)
    for earlier, later in pairwise(points):
        growth = derive.growth(earlier, later)
        yield from _derived(facts.company, MetricKind.ARR_GROWTH, growth, later)
    if points:
        equity = derive.total_raised(facts.rounds, resolved, Instrument.EQUITY)
        efficiency = derive.capital_efficiency(resolved, equity)
        yield from _derived(facts.company, MetricKind.CAPITAL_EFFICIENCY, efficiency, points[-1])


def _observations(facts: CompanyFacts, resolved: Resolved) -> Iterator[Rendered]:
    for series in resolved.series:
        for choice in series.choices:
            yield _observed(facts.company, choice, series.price)
    for one in derive.counted(facts.rounds):
        if one.id in resolved.valuations:
            yield _observed(facts.company, resolved.valuations[one.id])


def _observed(company: CompanyRecord, choice: Choice, price: Basis | None = None) -> Rendered:
    chosen = choice.chosen
    claim = chosen.claim
    kind = MetricKind(claim.metric)
    nominal, bounds, unit = _measure(choice)
    resource = Metric(
        id=short_hash(company.id, claim.round_id, kind, chosen.date, price),
        company=wire.company_ref(company),
        round=claim.round_id,
        kind=kind,
        derived=False,
        unit=unit,
        nominal=nominal,
        low=bounds.low,
        high=bounds.high,
        qualifier=DerivedQualifier(claim.qualifier),
        currency=claim.currency,
        as_of=chosen.date,
        as_of_basis=chosen.date_basis,
        basis=claim.basis,
        gap_days=None,
        comparable=None,
        source=wire.source_ref(chosen.source),
        inputs=[],
        claims=len(choice.members),
        rivals=len(choice.rivals),
    )
    return _rendered(company, resource, {chosen.source.id})


def _measure(choice: Choice) -> tuple[Number, Bounds, str]:
    """Return number, bounds and unit: people as such, money in USD where there is a rate."""
    chosen = choice.chosen
    if chosen.claim.metric in COUNT_METRICS:
        return chosen.value, chosen.bounds, chosen.claim.metric
    if chosen.usd is None or chosen.usd_bounds is None:
        return chosen.value, chosen.bounds, str(chosen.claim.currency)
    return chosen.usd, chosen.usd_bounds, "USD"


def _derived(
    company: CompanyRecord, kind: MetricKind, value: Value, dated: Choice
) -> Iterator[Rendered]:
    """Render a derived value at the date and round of one of its inputs; none where it has none."""
    if value.nominal is None or value.qualifier is None:
        return
    chosen = dated.chosen
    resource = Metric(
        id=short_hash(company.id, chosen.claim.round_id, kind, chosen.date),
        company=wire.company_ref(company),
        round=chosen.claim.round_id,
        kind=kind,
        derived=True,
        unit=_UNITS[kind],
        nominal=value.nominal,
        low=value.bounds.low,
        high=value.bounds.high,
        qualifier=value.qualifier,
        currency=None,
        as_of=chosen.date,
        as_of_basis=chosen.date_basis,
        basis=chosen.claim.basis,
        gap_days=value.gap_days,
        comparable=value.comparable,
        source=None,
        inputs=wire.inputs(value),
        claims=None,
        rivals=None,
    )
    yield _rendered(company, resource, {one.chosen.source.id for one in value.inputs})


def _rendered(company: CompanyRecord, metric: Metric, sources: set[str]) -> Rendered:
    columns = {
        "id": metric.id,
        "search_text": search_text(company.id, company.name, *company.aliases, metric.kind),
        "company_id": company.id,
        "name_key": searchable(company.name),
        "round_id": metric.round,
        "kind": metric.kind,
        "derived": metric.derived,
        "nominal": metric.nominal,
        "qualifier": metric.qualifier,
        "basis": metric.basis,
        **day_columns("as_of", metric.as_of),
        "comparable": metric.comparable,
    }
    return rendered(MetricSnapshotRow, metric, columns, {("source", source) for source in sources})
