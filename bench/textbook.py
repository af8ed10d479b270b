"""The textbook: the same service as the tutorials of FastAPI and SQLModel teach to write it.

Tables with relationships, response models, a session for each request, offset pages; and, since it is
to be fast, eager loading, which spares a query a row. Each round comes with its company, its investors
and its claims, each claim with its source.
"""

import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request
from pydantic import BaseModel
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, create_engine, func, select

from bench.textbook_answers import CompanyOut, Group, RoundOut
from bench.textbook_tables import Claim, Company, Participation, Round


class RoundFilter(BaseModel):
    """Which rounds are asked for."""

    company: list[str] = []
    country: list[str] = []
    stage: list[str] = []
    status: list[str] = []
    instrument: list[str] = []
    investor: list[str] = []
    min_amount_usd: float | None = None
    max_amount_usd: float | None = None
    min_valuation_usd: float | None = None
    max_valuation_usd: float | None = None
    announced_from: str | None = None
    announced_to: str | None = None
    sort: str = "-announced_on"
    offset: int = 0
    limit: int = 50


def _session(request: Request) -> Iterator[Session]:
    with Session(request.app.state.engine) as session:
        yield session


_Session = Annotated[Session, Depends(_session)]
# SQLModel types a relationship as what it holds, and SQLAlchemy loads it by its attribute.
_COMPANY: Any = Company
_ROUND: Any = Round
_PARTICIPATION: Any = Participation
_CLAIM: Any = Claim
_SORTS = {
    "announced_on": Round.announced_on,
    "amount_usd": Round.amount_usd,
    "valuation_usd": Round.valuation_usd,
    "stage": Round.stage,
    "id": Round.id,
}


def create_app(data: Path) -> FastAPI:
    """Make the service on its own database."""
    app = FastAPI()
    url = f"sqlite:///{data}"
    app.state.engine = create_engine(url, connect_args={"check_same_thread": False})
    app.get("/v1/rounds", response_model=list[RoundOut])(list_rounds)
    app.get("/v1/rounds/stats", response_model=list[Group])(get_stats)
    app.get("/v1/companies/{company_id}", response_model=CompanyOut)(get_company)
    app.get("/v1/companies/{company_id}/rounds", response_model=list[RoundOut])(list_company_rounds)
    return app


def list_rounds(session: _Session, filters: Annotated[RoundFilter, Query()]) -> Any:
    """List rounds."""
    order = col(_SORTS[filters.sort.removeprefix("-")])
    statement = (
        _rounds()
        .where(*_conditions(filters))
        .order_by(order.desc() if filters.sort.startswith("-") else order, col(Round.id))
        .offset(filters.offset)
        .limit(filters.limit)
    )
    return session.exec(statement).all()


def get_company(session: _Session, company_id: str) -> Any:
    """Get one company."""
    loaded = [
        joinedload(_COMPANY.source),
        selectinload(_COMPANY.claims).joinedload(_CLAIM.source),
    ]
    company = session.get(Company, company_id, options=loaded)
    if company is None:
        raise HTTPException(404)
    return company


def list_company_rounds(session: _Session, company_id: str) -> Any:
    """List the rounds of one company."""
    own = _rounds().where(Round.company_id == company_id)
    return session.exec(own.order_by(col(Round.announced_on).desc())).all()


def get_stats(session: _Session) -> list[Group]:
    """Sum up closed and announced rounds of equity by year and country; SQLite has no median."""
    year = func.substr(Round.announced_on, 1, 4)
    statement = (
        select(year, Company.country, Round.amount_usd)
        .join(Company)
        .where(Round.instrument == "equity", col(Round.status).in_(["announced", "closed"]))
    )
    amounts: dict[tuple[str | None, str | None], list[float | None]] = defaultdict(list)
    for in_year, country, amount in session.exec(statement):
        amounts[in_year, country].append(amount)
    return [_group(*key, members) for key, members in amounts.items()]


def _group(year: str | None, country: str | None, members: list[float | None]) -> Group:
    known = [amount for amount in members if amount is not None]
    return Group(
        year=year,
        country=country,
        count=len(members),
        sum=sum(known) if known else None,
        median=statistics.median(known) if known else None,
    )


def _rounds() -> Any:
    return select(Round).options(
        joinedload(_ROUND.company),
        joinedload(_ROUND.source),
        selectinload(_ROUND.participations).joinedload(_PARTICIPATION.investor),
        selectinload(_ROUND.claims).joinedload(_CLAIM.source),
    )


def _conditions(filters: RoundFilter) -> Iterator[Any]:
    """Turn the filters that were given into conditions."""
    words = {
        Round.company_id: filters.company,
        Round.stage: filters.stage,
        Round.status: filters.status,
        Round.instrument: filters.instrument,
    }
    for column, values in words.items():
        if values:
            yield col(column).in_(values)
    if filters.country:
        yield col(Round.company).has(col(Company.country).in_(filters.country))
    if filters.investor:
        yield col(Round.participations).any(col(Participation.investor_id).in_(filters.investor))
    least = {
        Round.amount_usd_low: filters.min_amount_usd,
        Round.valuation_usd_low: filters.min_valuation_usd,
        Round.announced_on: filters.announced_from,
    }
    most = {
        Round.amount_usd_high: filters.max_amount_usd,
        Round.valuation_usd_high: filters.max_valuation_usd,
        Round.announced_on: filters.announced_to,
    }
    yield from (col(column) >= value for column, value in least.items() if value is not None)
    yield from (col(column) <= value for column, value in most.items() if value is not None)
