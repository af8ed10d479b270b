"""The textbook's answers: its response models, by which FastAPI validates and writes them."""

from sqlmodel import SQLModel


class SourceOut(SQLModel):
    """A document that states something."""

    id: str
    publisher: str | None
    title: str | None
    url: str | None
    published_on: str | None


class ClaimOut(SQLModel):
    """What a source states."""

    metric: str
    value: float
    value_high: float | None
    currency: str | None
    qualifier: str
    basis: str | None
    status: str
    as_of: str | None
    source: SourceOut


class InvestorOut(SQLModel):
    """An investor."""

    id: str
    name: str
    kind: str


class ParticipationOut(SQLModel):
    """An investor's part in a round."""

    role: str
    source_id: str
    investor: InvestorOut


class CompanyRef(SQLModel):
    """The company that raised."""

    id: str
    name: str
    country: str | None


class RoundOut(SQLModel):
    """A funding round."""

    id: str
    company: CompanyRef
    stage: str
    status: str
    instrument: str
    announced_on: str | None
    closed_on: str | None
    extends: str | None
    source: SourceOut
    amount_usd: float | None
    amount_usd_low: float | None
    amount_usd_high: float | None
    valuation_usd: float | None
    valuation_usd_low: float | None
    valuation_usd_high: float | None
    claims: list[ClaimOut]
    participations: list[ParticipationOut]


class CompanyOut(CompanyRef):
    """A company and its claims."""

    city: str | None
    founded_on: str | None
    status: str
    website: str | None
    source: SourceOut
    claims: list[ClaimOut]


class Group(SQLModel):
    """Rounds of one year and country."""

    year: str | None
    country: str | None
    count: int
    sum: float | None
    median: float | None
