"""The textbook's tables: the dataset as SQLModel's tutorial would model it, with its relationships."""

import sqlite3
from pathlib import Path

from sqlmodel import Field, Relationship, SQLModel, create_engine

_OWN_CLAIMS = "and_(Company.id == Claim.company_id, Claim.round_id == None)"


class Source(SQLModel, table=True):
    """A document that states something."""

    id: str = Field(primary_key=True)
    publisher: str | None = None
    title: str | None = None
    url: str | None = None
    published_on: str | None = None


class Company(SQLModel, table=True):
    """A company, with the claims that aren't those of a round."""

    id: str = Field(primary_key=True)
    name: str
    country: str | None = Field(default=None, index=True)
    city: str | None = None
    founded_on: str | None = None
    status: str
    website: str | None = None
    source_id: str = Field(foreign_key="source.id")
    source: Source = Relationship()
    rounds: list["Round"] = Relationship(back_populates="company")
    claims: list["Claim"] = Relationship(sa_relationship_kwargs={"primaryjoin": _OWN_CLAIMS})


class Investor(SQLModel, table=True):
    """An investor."""

    id: str = Field(primary_key=True)
    name: str
    kind: str


class Round(SQLModel, table=True):
    """A funding round, with its figures in USD."""

    id: str = Field(primary_key=True)
    company_id: str = Field(foreign_key="company.id", index=True)
    stage: str = Field(index=True)
    status: str = Field(index=True)
    instrument: str = Field(index=True)
    announced_on: str | None = Field(default=None, index=True)
    closed_on: str | None = None
    extends: str | None = None
    amount_usd: float | None = Field(default=None, index=True)
    amount_usd_low: float | None = None
    amount_usd_high: float | None = None
    valuation_usd: float | None = Field(default=None, index=True)
    valuation_usd_low: float | None = None
    valuation_usd_high: float | None = None
    source_id: str = Field(foreign_key="source.id")
    company: Company = Relationship(back_populates="rounds")
    source: Source = Relationship()
    participations: list["Participation"] = Relationship()
    claims: list["Claim"] = Relationship()


class Participation(SQLModel, table=True):
    """An investor's part in a round."""

    round_id: str = Field(primary_key=True, foreign_key="round.id")
    investor_id: str = Field(primary_key=True, foreign_key="investor.id", index=True)
    role: str = Field(primary_key=True)
    source_id: str = Field(primary_key=True, foreign_key="source.id")
    investor: Investor = Relationship()


class Claim(SQLModel, table=True):
    """What a source states of a company or a round."""

    id: str = Field(primary_key=True)
    company_id: str = Field(foreign_key="company.id", index=True)
    round_id: str | None = Field(default=None, foreign_key="round.id", index=True)
    metric: str
    value: str
    value_high: str | None = None
    currency: str | None = None
    qualifier: str
    basis: str | None = None
    status: str
    as_of: str | None = None
    source_id: str = Field(foreign_key="source.id")
    source: Source = Relationship()


TABLES: tuple[type[SQLModel], ...] = (Source, Company, Investor, Round, Participation, Claim)
_OF_ROUND = "SELECT * FROM rounds JOIN round_snapshots USING (id) WHERE known_to IS NULL"
_FROM = ("sources", "companies", "investors", f"({_OF_ROUND})", "participations", "claims")


def fill(database: Path, path: Path) -> None:
    """Make the textbook's database from one that airounds has loaded, where an empty text is a null."""
    path.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    tables = [SQLModel.metadata.tables[str(table.__tablename__)] for table in TABLES]
    SQLModel.metadata.create_all(engine, tables=tables)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("ATTACH ? AS loaded", (f"file:{database}?mode=ro",))
        for table, rows in zip(tables, _FROM, strict=True):
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            cells = ", ".join(f"NULLIF(\"{column.name}\", '')" for column in table.columns)
            origin = rows if rows.startswith("(") else f"loaded.{rows}"
            connection.execute(
                f'INSERT INTO "{table.name}" ({columns}) SELECT {cells} FROM {origin}'
            )
        connection.commit()
        connection.execute("ANALYZE main")
    connection.close()
