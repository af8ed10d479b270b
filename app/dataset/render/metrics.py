"""Render metrics: the points of a company's series, observed and derived."""

from collections.abc import Sequence
from itertools import pairwise

from app.dataset import derive, pricing
from app.dataset.derive import Total, Value
from app.dataset.memory import Memory
from app.dataset.records import CompanyRecord, short_hash
from app.dataset.render import wire
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    folded,
    rendered,
    search_text,
)
from app.dataset.resolve import Choice, ResolvedRound, Series
from app.figures import Bounds, Number
from app.resources.metrics import Metric
from app.tables import MetricSnapshotRow
from app.vocabulary import (
    COUNT_METRICS,
    COUNTED_STATUSES,
    Basis,
    ClaimMetric,
    DerivedQualifier,
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


def render_round_metrics(
    company: CompanyRecord, one: ResolvedRound, step_up: Value, memory: Memory
) -> list[Rendered]:
    """Render the points that a round adds to a company's series: its valuation and what that means.

    Rounds that are only reported, or were cancelled, are no part of a series.
    """
    price = one.valuation
    if price is None or one.record.status not in COUNTED_STATUSES:
        return []
    dilution = memory.once(pricing.dilution, one)
    return [
        memory.once(_observed, company, price, None, memory),
        *memory.once(_derived, company, MetricKind.DILUTION, dilution, price, memory),
        *memory.once(_derived, company, MetricKind.STEP_UP, step_up, price, memory),
    ]


def render_series(
    company: CompanyRecord, series: Sequence[Series], memory: Memory
) -> list[Rendered]:
    """Render the points that a company's claims are chosen for, and the growth between those of ARR."""
    points = [
        memory.once(_observed, company, choice, one.price, memory)
        for one in series
        for choice in one.choices
    ]
    arr = next((one.choices for one in series if one.metric is ClaimMetric.ARR), ())
    for earlier, later in pairwise(arr):
        grown = memory.once(derive.growth, earlier, later)
        points += memory.once(_derived, company, MetricKind.ARR_GROWTH, grown, later, memory)
    return points


def render_multiples(
    company: CompanyRecord,
    valuation: Choice,
    memory: Memory,
    *observations: tuple[Choice, ...],
) -> list[Rendered]:
    """Render the multiples of a valuation over the observations of each metric, in MULTIPLES' order."""
    points = []
    for (kind, metric), observed in zip(derive.MULTIPLES.items(), observations, strict=True):
        value = derive.multiple(valuation, metric, observed, memory)
        points += memory.once(_derived, company, kind, value, valuation, memory)
    return points


def render_efficiency(
    company: CompanyRecord, points: tuple[Choice, ...], raised: Total, memory: Memory
) -> list[Rendered]:
    """Render the capital efficiency at the latest point of ARR."""
    if not points:
        return []
    value = memory.once(derive.capital_efficiency, points, raised)
    return _derived(company, MetricKind.CAPITAL_EFFICIENCY, value, points[-1], memory)


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
) -> list[Rendered]:
    """Render a derived value at the date and round of one of its inputs; none where it has none."""
    qualifier = value.qualifier
    if value.nominal is None or qualifier is None:
        return []
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
        qualifier=qualifier,
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
    return [_rendered(company, resource, {one.chosen.source.id for one in value.inputs})]


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
