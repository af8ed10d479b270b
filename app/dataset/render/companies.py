"""Render a company: its identity, its current figures and what it has raised."""

from app.dataset import derive
from app.dataset.derive import Total
from app.dataset.facts import CompanyFacts, RoundFacts
from app.dataset.memory import Memory
from app.dataset.records import CompanyRecord
from app.dataset.render import wire
from app.dataset.render.rendered import (
    Rendered,
    day_columns,
    folded,
    money_columns,
    rendered,
    search_text,
    value_columns,
)
from app.dataset.resolve import Resolved, ResolvedRound
from app.resources.companies import Company, CompanyCounts, LastRound, Raised, RaisedTotal
from app.tables import CompanySnapshotRow
from app.vocabulary import ClaimMetric, Instrument, MetricKind


def render_company(
    facts: CompanyFacts,
    happened: tuple[ResolvedRound, ...],
    resolved: Resolved,
    memory: Memory,
) -> Rendered:
    """Render a company as its facts have it."""
    company = facts.company
    priced = derive.valuations(happened, resolved)
    valuation = priced[-1] if priced else None
    current = {metric: found[-1] for metric, found in resolved.own.items() if found}
    totals = memory.once(derive.totals, happened, memory)
    multiples = {
        kind: derive.multiple(valuation, metric, resolved.observations(metric), memory)
        for kind, metric in derive.MULTIPLES.items()
    }
    arr = resolved.observations(ClaimMetric.ARR)
    efficiency = memory.once(derive.capital_efficiency, arr, totals[Instrument.EQUITY])
    growth = derive.latest_growth(arr, memory)
    last = happened[-1] if happened else None
    investors = memory.once(_investors, facts.rounds)
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
        source=memory.once(wire.source_ref, facts.source),
        valuation=memory.once(wire.figure, valuation, memory),
        arr=memory.once(wire.figure, current.get(ClaimMetric.ARR), memory),
        revenue_run_rate=memory.once(
            wire.figure, current.get(ClaimMetric.REVENUE_RUN_RATE), memory
        ),
        revenue=memory.once(wire.figure, current.get(ClaimMetric.REVENUE), memory),
        employees=memory.once(wire.count, current.get(ClaimMetric.EMPLOYEES), memory),
        users=memory.once(wire.count, current.get(ClaimMetric.USERS), memory),
        arr_multiple=memory.once(wire.derived, multiples[MetricKind.ARR_MULTIPLE], memory),
        run_rate_multiple=memory.once(
            wire.derived, multiples[MetricKind.RUN_RATE_MULTIPLE], memory
        ),
        revenue_multiple=memory.once(wire.derived, multiples[MetricKind.REVENUE_MULTIPLE], memory),
        capital_efficiency=memory.once(wire.derived, efficiency, memory),
        arr_growth=memory.once(wire.derived, growth, memory),
        raised=memory.once(_raised, happened, memory),
        last_round=memory.once(_last_round, last),
        counts=CompanyCounts(
            rounds=len(facts.rounds),
            investors=len(investors),
            claims=len(facts.claims) + sum(len(one.claims) for one in facts.rounds),
            sources=len(facts.source_ids),
        ),
    )
    equity = totals[Instrument.EQUITY]
    columns = {
        **memory.once(_lasting_columns, company),
        **day_columns("last_round", last.record.date if last else None),
        **money_columns("valuation_usd", valuation),
        **money_columns("arr_usd", current.get(ClaimMetric.ARR)),
        **value_columns("arr_multiple", multiples[MetricKind.ARR_MULTIPLE]),
        "arr_multiple_comparable": multiples[MetricKind.ARR_MULTIPLE].comparable,
        "total_raised_usd": equity.nominal,
        "total_raised_usd_low": equity.bounds.low,
        "total_raised_usd_high": equity.bounds.high,
    }
    tags = {("category", category) for category in company.categories}
    tags |= {("investor", investor) for investor in investors}
    return rendered(CompanySnapshotRow, resource, columns, tags)


def _lasting_columns(company: CompanyRecord) -> dict[str, str | None]:
    return {
        "id": company.id,
        "search_text": search_text(
            company.id, company.name, *company.aliases, *company.founders, company.city
        ),
        "name_key": folded(company.name),
        "country": company.country,
        "status": company.status,
        **day_columns("founded", company.founded_on),
    }


def _investors(rounds: tuple[RoundFacts, ...]) -> frozenset[str]:
    return frozenset[str]().union(*(one.investor_ids for one in rounds))


def _raised(happened: tuple[ResolvedRound, ...], memory: Memory) -> Raised:
    totals = memory.once(derive.totals, happened, memory)
    return Raised(**{kind: memory.once(_raised_total, one) for kind, one in totals.items()})


def _raised_total(total: Total) -> RaisedTotal:
    return RaisedTotal(
        low_usd=total.bounds.low,
        high_usd=total.bounds.high,
        rounds=total.rounds,
        undisclosed=total.undisclosed,
    )


def _last_round(last: ResolvedRound | None) -> LastRound | None:
    if last is None:
        return None
    amount, valuation = last.amount, last.valuation
    return LastRound(
        id=last.record.id,
        stage=last.record.stage,
        announced_on=last.record.announced_on,
        amount_usd=amount.chosen.usd if amount else None,
        valuation_usd=valuation.chosen.usd if valuation else None,
    )
