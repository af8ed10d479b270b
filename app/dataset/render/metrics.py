"""Render metrics: the points of a company's series, observed and derived."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from app.dataset import derive, pricing
from app.dataset.derive import Value
from app.dataset.facts import CompanyFacts
from app.dataset.memory import Memory
from app.dataset.records import CompanyRecord, RoundRecord, short_hash
from app.dataset.render import wire
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    folded,
    rendered,
    search_text,
)
from app.dataset.resolve import Choice, Resolved
from app.figures import Bounds, Number
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


def render_metrics(facts: CompanyFacts, resolved: Resolved, memory: Memory) -> Iterator[Rendered]:
    """Render every point of a company's series.

    Rounds that are only reported, or were cancelled, are no part of a series.
    """
    company, happened = facts.company, memory.once(derive.counted, facts.rounds)
    for series in resolved.series:
        for choice in series.choices:
            yield memory.once(_observed, company, choice, series.price, memory)
    for one in happened:
        if one.id in resolved.valuations:
            yield memory.once(_observed, company, resolved.valuations[one.id], None, memory)
    for kind, value, dated in _values(happened, resolved, memory):
        if metric := memory.once(_derived, company, kind, value, dated, memory):
            yield metric


def _values(
    happened: Sequence[RoundRecord], resolved: Resolved, memory: Memory
) -> Iterator[tuple[MetricKind, Value, Choice]]:
    """Derive values, each with the choice whose date and round it stands at."""
    for valuation in derive.valuations(happened, resolved):
        for kind, metric in derive.MULTIPLES.items():
            observations = resolved.observations(metric)
            yield kind, memory.once(derive.multiple, valuation, metric, observations), valuation
    priced = pricing.priced_equity(happened, resolved)
    for one in happened:
        if price := resolved.valuations.get(one.id):
            amount = resolved.amounts.get(one.id)
            yield MetricKind.DILUTION, memory.once(pricing.dilution, one, amount, price), price
            step_up = pricing.step_up(one, priced, resolved, memory)
            yield MetricKind.STEP_UP, step_up, price
    points = resolved.observations(ClaimMetric.ARR)
    for earlier, later in pairwise(points):
        yield MetricKind.ARR_GROWTH, memory.once(derive.growth, earlier, later), later
    if points:
        equity = derive.total_raised(happened, resolved, Instrument.EQUITY, memory)
        efficiency = memory.once(derive.capital_efficiency, points, equity)
        yield MetricKind.CAPITAL_EFFICIENCY, efficiency, points[-1]


def _observed(
    company: CompanyRecord, choice: Choice, price: Basis | None, memory: Memory
) -> Rendered:
    chosen = choice.chosen
    claim = chosen.claim
    kind = MetricKind(claim.metric)
    nominal, bounds, unit = _measure(choice)
    resource = Metric(
        id=short_hash(company.id, claim.round_id, kind, chosen.date, price),
        company=memory.once(wire.company_ref, company),
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
        source=memory.once(wire.source_ref, chosen.source),
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
    company: CompanyRecord, kind: MetricKind, value: Value, dated: Choice, memory: Memory
) -> Rendered | None:
    """Render a derived value at the date and round of one of its inputs; none where it has none."""
    if value.nominal is None or value.qualifier is None:
        return None
    chosen = dated.chosen
    resource = Metric(
        id=short_hash(company.id, chosen.claim.round_id, kind, chosen.date),
        company=memory.once(wire.company_ref, company),
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
        inputs=wire.inputs(value, memory),
        claims=None,
        rivals=None,
    )
    return _rendered(company, resource, {one.chosen.source.id for one in value.inputs})


def _rendered(company: CompanyRecord, metric: Metric, sources: set[str]) -> Rendered:
    columns = {
        "id": metric.id,
        "search_text": search_text(company.id, company.name, *company.aliases, metric.kind),
        "company_id": company.id,
        "name_key": folded(company.name),
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
