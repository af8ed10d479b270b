"""Render a company: its identity, its current figures and what it has raised."""

from app.dataset import derive
from app.dataset.derive import Total
from app.dataset.facts import CompanyFacts
from app.dataset.records import RoundRecord
from app.dataset.render import wire
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    money_columns,
    rendered,
    search_text,
    value_columns,
)
from app.dataset.resolve import Resolved
from app.likeness import searchable
from app.resources.companies import Company, CompanyCounts, LastRound, Raised, RaisedTotal
from app.tables import CompanySnapshotRow
from app.vocabulary import ClaimMetric, Instrument, MetricKind


def render_company(facts: CompanyFacts, resolved: Resolved) -> Rendered:
    """Render a company as its facts have it."""
    company = facts.company
    priced = derive.valuations(facts.rounds, resolved)
    valuation = priced[-1] if priced else None
    current = {
        metric: found[-1] if (found := resolved.observations(metric)) else None
        for metric in ClaimMetric
    }
    totals = {kind: derive.total_raised(facts.rounds, resolved, kind) for kind in Instrument}
    multiples = {
        kind: derive.multiple(valuation, metric, resolved)
        for kind, metric in derive.MULTIPLES.items()
    }
    happened = derive.counted(facts.rounds)
    last = happened[-1] if happened else None
    investors = {part.investor.id for part in facts.participations}
    resource = Company(
        id=company.id,
        name=company.name,
        aliases=company.aliases,
        country=company.country,
        city=company.city,
        founded_on=company.founded_on,
        founders=company.founders,
        status=company.status,
        categories=company.categories,
        website=company.website,
        source=wire.source_ref(facts.sources[company.source_id]),
        valuation=wire.figure(valuation),
        arr=wire.figure(current[ClaimMetric.ARR]),
        revenue_run_rate=wire.figure(current[ClaimMetric.REVENUE_RUN_RATE]),
        revenue=wire.figure(current[ClaimMetric.REVENUE]),
        employees=wire.count(current[ClaimMetric.EMPLOYEES]),
        users=wire.count(current[ClaimMetric.USERS]),
        arr_multiple=wire.derived(multiples[MetricKind.ARR_MULTIPLE]),
        run_rate_multiple=wire.derived(multiples[MetricKind.RUN_RATE_MULTIPLE]),
        revenue_multiple=wire.derived(multiples[MetricKind.REVENUE_MULTIPLE]),
        capital_efficiency=wire.derived(
            derive.capital_efficiency(resolved, totals[Instrument.EQUITY])
        ),
        arr_growth=wire.derived(derive.latest_growth(resolved)),
        raised=Raised(**{kind: _raised(total) for kind, total in totals.items()}),
        last_round=_last_round(last, resolved),
        counts=CompanyCounts(
            rounds=len(facts.rounds),
            investors=len(investors),
            claims=len(facts.claims),
            sources=len(facts.source_ids()),
        ),
    )
    equity = totals[Instrument.EQUITY]
    columns = {
        "id": company.id,
        "search_text": search_text(
            company.id, company.name, *company.aliases, *company.founders, company.city
        ),
        "name_key": searchable(company.name),
        "country": company.country,
        "status": company.status,
        **day_columns("founded", company.founded_on),
        **day_columns("last_round", last.date if last else None),
        **money_columns("valuation_usd", valuation),
        **money_columns("arr_usd", current[ClaimMetric.ARR]),
        **value_columns("arr_multiple", multiples[MetricKind.ARR_MULTIPLE]),
        "arr_multiple_comparable": multiples[MetricKind.ARR_MULTIPLE].comparable,
        "total_raised_usd": equity.nominal,
        "total_raised_usd_low": equity.bounds.low,
        "total_raised_usd_high": equity.bounds.high,
    }
    tags = {("category", category) for category in company.categories}
    tags |= {("investor", investor) for investor in investors}
    return rendered(CompanySnapshotRow, resource, columns, tags)


def _raised(total: Total) -> RaisedTotal:
    return RaisedTotal(
        low_usd=total.bounds.low,
        high_usd=total.bounds.high,
        rounds=total.rounds,
        undisclosed=total.undisclosed,
    )


def _last_round(last: RoundRecord | None, resolved: Resolved) -> LastRound | None:
    if last is None:
        return None
    amount, valuation = resolved.amounts.get(last.id), resolved.valuations.get(last.id)
    return LastRound(
        id=last.id,
        stage=last.stage,
        announced_on=last.announced_on,
        amount_usd=amount.chosen.usd if amount else None,
        valuation_usd=valuation.chosen.usd if valuation else None,
    )
