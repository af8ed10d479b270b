"""Snapshots: how each resource reads from the day something became known until it changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.dataset.evidence import known_day
from app.dataset.facts import CompanyFacts
from app.dataset.memory import Memory
from app.dataset.records import InvestorRecord, SourceRecord
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


def investor_snapshots(investor: InvestorRecord, parts: list[Phase]) -> Iterator[Snapshot]:
    """Return the snapshots of an investor; one without a round is known from the start."""
    return _growing(parts, partial(render_investor, investor))


def source_snapshots(source: SourceRecord, statements: Iterable[Statement]) -> Iterator[Snapshot]:
    """Return the snapshots of a source."""
    known: list[Phase] = [(one.known_on, None, one) for one in statements]
    return _growing(known, partial(render_source, source), first=known_day(source)[0])


def statements(facts: CompanyFacts) -> Iterator[tuple[str, Statement]]:
    """Return what sources state of a company, each statement with its source's id."""
    company_id, own = facts.company.id, facts.company.source_id
    said: list[tuple[str, str, str | None, int]] = [
        (own, known_day(facts.sources[own])[0], None, 0)
    ]
    for one in facts.rounds:
        known, _ = known_day(facts.sources[one.source_id], one.announced_on)
        said.append((one.source_id, known, one.id, 0))
    said += ((one.source.id, one.known_on, one.claim.round_id, 1) for one in facts.claims)
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
