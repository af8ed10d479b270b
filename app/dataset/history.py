"""Snapshots: how each resource reads from the day something became known until it changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from app.dataset import derive, pricing
from app.dataset.derive import Value
from app.dataset.evidence import Evidence, known_day
from app.dataset.facts import CompanyFacts
from app.dataset.memory import Memory
from app.dataset.records import CompanyRecord, InvestorRecord, SourceRecord
from app.dataset.render.claims import render_claims
from app.dataset.render.companies import render_company
from app.dataset.render.investors import render_investor
from app.dataset.render.metrics import (
    render_efficiency,
    render_multiples,
    render_round_metrics,
    render_series,
)
from app.dataset.render.rendered import Rendered
from app.dataset.render.rounds import render_round
from app.dataset.render.sources import Statement, render_source
from app.dataset.resolve import ResolvedRound, Series, resolve
from app.dates import FROM_THE_START
from app.vocabulary import ClaimMetric, Instrument

# What reads in one way on a day. A group that is the same object reads as it did before.
State = list[list[Rendered]]

# Something that is known from a day until another, where it comes to read otherwise.
Phase = tuple[str, str | None, Any]


class Snapshot(NamedTuple):
    """How a resource reads from `known_from` until the day before `known_to`; None is still."""

    resource: Rendered
    known_from: str
    known_to: str | None


def company_snapshots(facts: CompanyFacts) -> Iterator[Snapshot]:
    """Return the snapshots of a company and of its rounds, metrics and claims."""
    memory = Memory()
    states = ((day, _company_state(known, memory)) for day, known in facts.by_day())
    yield from _snapshots(states)
    memory.forget()


def _company_state(facts: CompanyFacts, memory: Memory) -> State:
    """Render what is known, in groups of which each is made of as little of it as can be."""
    company, resolved = facts.company, resolve(facts, memory)
    happened = memory.once(derive.counted, resolved.rounds)
    step_ups = memory.once(pricing.step_ups, resolved.rounds, happened, memory)
    observed = [resolved.observations(metric) for metric in derive.MULTIPLES.values()]
    equity = memory.once(derive.totals, happened, memory)[Instrument.EQUITY]
    points = resolved.observations(ClaimMetric.ARR)
    return [
        [render_company(facts, happened, resolved, memory)],
        *(
            memory.once(_of_round, company, one, step_up, memory)
            for one, step_up in zip(resolved.rounds, step_ups, strict=True)
        ),
        memory.once(_of_series, company, facts.claims, resolved.series, memory),
        *(
            memory.once(render_multiples, company, valuation, memory, *observed)
            for valuation in derive.valuations(happened, resolved)
        ),
        memory.once(render_efficiency, company, points, equity, memory),
    ]


def _of_round(
    company: CompanyRecord, one: ResolvedRound, step_up: Value, memory: Memory
) -> list[Rendered]:
    return [
        render_round(company, one, step_up, memory),
        *render_round_metrics(company, one, step_up, memory),
        *render_claims(company, one.facts.claims, one.choices, memory),
    ]


def _of_series(
    company: CompanyRecord,
    claims: tuple[Evidence, ...],
    series: tuple[Series, ...],
    memory: Memory,
) -> list[Rendered]:
    choices = [choice for one in series for choice in one.choices]
    return [
        *render_series(company, series, memory),
        *render_claims(company, claims, choices, memory),
    ]


def investor_snapshots(investor: InvestorRecord, parts: list[Phase]) -> Iterator[Snapshot]:
    """Return the snapshots of an investor; one without a round is known from the start."""
    return _growing(parts, partial(render_investor, investor))


def source_snapshots(source: SourceRecord, statements: Iterable[Statement]) -> Iterator[Snapshot]:
    """Return the snapshots of a source."""
    known: list[Phase] = [(one.known_on, None, one) for one in statements]
    return _growing(known, partial(render_source, source), first=known_day(source)[0])


def statements(facts: CompanyFacts) -> Iterator[tuple[str, Statement]]:
    """Return what sources state of a company, each statement with its source's id."""
    company_id, own = facts.company.id, facts.source
    said: list[tuple[str, str, str | None, int]] = [(own.id, known_day(own)[0], None, 0)]
    said += ((one.source.id, one.told, one.record.id, 0) for one in facts.rounds)
    said += ((one.source.id, one.known_on, one.claim.round_id, 1) for one in facts.all_claims)
    said += ((one.source.id, one.known_on, one.round.id, 0) for one in facts.participations)
    claims: Counter[tuple[str, str, str | None]] = Counter()
    for source_id, known_on, round_id, claim in said:
        claims[source_id, known_on, round_id] += claim
    for (source_id, known_on, round_id), number in claims.items():
        yield source_id, Statement(known_on, company_id, round_id, number)


def _growing(
    known: list[Phase],
    render: Callable[[list[Any]], Rendered],
    first: str | None = None,
) -> Iterator[Snapshot]:
    """Snapshots of one resource that is rendered from what is known of it on a day."""
    ends = {until for _, until, _ in known if until}
    days = sorted({since for since, _, _ in known} | ends | ({first} if first else set()))
    states = ((day, [[render(list(_known_on(day, known)))]]) for day in days or [FROM_THE_START])
    return _snapshots(states)


def _known_on(day: str, known: list[Phase]) -> Iterator[Any]:
    for since, until, what in known:
        if since <= day and (until is None or day < until):
            yield what


def _snapshots(states: Iterable[tuple[str, State]]) -> Iterator[Snapshot]:
    """Join what reads the same on consecutive days; what is gone from a state ends there.

    A group that was there on the day before isn't looked into again.
    """
    standing: dict[tuple[type, str], tuple[str, Rendered]] = {}
    before: dict[int, list[Rendered]] = {}
    for day, state in states:
        now = {id(group): group for group in state}
        fresh = {(one.table, one.id): one for one in _beyond(now, before)}
        for gone in _beyond(before, now):
            since, one = standing[gone.table, gone.id]
            if fresh.get((gone.table, gone.id)) != one:
                yield Snapshot(one, since, day)
                del standing[gone.table, gone.id]
        for key, one in fresh.items():
            standing.setdefault(key, (day, one))
        before = now
    for since, one in standing.values():
        yield Snapshot(one, since, None)


def _beyond(
    groups: dict[int, list[Rendered]], others: dict[int, list[Rendered]]
) -> Iterator[Rendered]:
    return (one for key, group in groups.items() if key not in others for one in group)
