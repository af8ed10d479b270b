"""Snapshots: how each resource reads from the day something became known until it changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.dataset.evidence import known_day
from app.dataset.facts import CompanyFacts, Facts
from app.dataset.memory import Memory
from app.dataset.render.claims import render_claims
from app.dataset.render.companies import render_company
from app.dataset.render.investors import render_investor
from app.dataset.render.metrics import render_metrics
from app.dataset.render.rendered import Rendered
from app.dataset.render.rounds import render_rounds
from app.dataset.render.sources import Statement, render_source
from app.dataset.resolve import resolve
from app.dates import FROM_THE_START

# Something that is known from a day until another, where it comes to read otherwise.
Phase = tuple[str, str | None, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How a resource reads from `known_from` until the day before `known_to`; None is still."""

    resource: Rendered
    known_from: str
    known_to: str | None


def company_snapshots(facts: CompanyFacts) -> Iterator[Snapshot]:
    """Return the snapshots of a company and of its rounds, metrics and claims."""
    memory = Memory()
    states = ((day, _company_state(known, memory)) for day, known in facts.by_day(memory))
    return _snapshots(states)


def _company_state(facts: CompanyFacts, memory: Memory) -> Iterator[Rendered]:
    resolved = resolve(facts.claims, memory)
    yield render_company(facts, resolved, memory)
    yield from render_rounds(facts, resolved, memory)
    yield from render_metrics(facts, resolved, memory)
    yield from render_claims(facts, resolved, memory)


def investor_snapshots(facts: Facts) -> Iterator[Snapshot]:
    """Return the snapshots of every investor; one without a round is known from the start."""
    parts: dict[str, list[Phase]] = defaultdict(list)
    for company in facts.companies:
        for since, until, part in company.phases():
            parts[part.investor.id].append((since, until, (part, company.company)))
    for investor in facts.investors.values():
        yield from _growing(parts[investor.id], partial(render_investor, investor))


def source_snapshots(facts: Facts) -> Iterator[Snapshot]:
    """Return the snapshots of every source."""
    statements: dict[str, list[Statement]] = defaultdict(list)
    for company in facts.companies:
        for source_id, statement in _statements(company):
            statements[source_id].append(statement)
    for source in facts.sources.values():
        known: list[Phase] = [(one.known_on, None, one) for one in statements[source.id]]
        first = known_day(source)[0]
        yield from _growing(known, partial(render_source, source), first=first)


def _statements(facts: CompanyFacts) -> Iterator[tuple[str, Statement]]:
    company_id = facts.company.id
    own = facts.company.source_id
    yield own, Statement(known_day(facts.sources[own])[0], company_id, None, claim=False)
    for one in facts.rounds:
        known, _ = known_day(facts.sources[one.source_id], one.announced_on)
        yield one.source_id, Statement(known, company_id, one.id, claim=False)
    for evidence in facts.claims:
        round_id = evidence.claim.round_id
        yield evidence.source.id, Statement(evidence.known_on, company_id, round_id, claim=True)
    for part in facts.participations:
        yield part.source.id, Statement(part.known_on, company_id, part.round.id, claim=False)


def _growing(
    known: list[Phase],
    render: Callable[[list[Any]], Rendered],
    first: str | None = None,
) -> Iterator[Snapshot]:
    """Snapshots of one resource that is rendered from what is known of it on a day."""
    ends = {until for _, until, _ in known if until}
    days = sorted({since for since, _, _ in known} | ends | ({first} if first else set()))
    states = ((day, [render(list(_known_on(day, known)))]) for day in days or [FROM_THE_START])
    return _snapshots(states)


def _known_on(day: str, known: list[Phase]) -> Iterator[Any]:
    for since, until, what in known:
        if since <= day and (until is None or day < until):
            yield what


def _snapshots(states: Iterable[tuple[str, Iterable[Rendered]]]) -> Iterator[Snapshot]:
    """Join what reads the same on consecutive days; what is gone from a state ends there."""
    standing: dict[tuple[type, str], tuple[str, Rendered]] = {}
    for day, state in states:
        now = {(one.table, one.id): one for one in state}
        for key, (since, before) in list(standing.items()):
            one = now.get(key)
            if one is not before and one != before:
                yield Snapshot(before, since, day)
                del standing[key]
        for key, one in now.items():
            standing.setdefault(key, (day, one))
    for since, one in standing.values():
        yield Snapshot(one, since, None)
