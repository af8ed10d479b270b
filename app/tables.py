"""The whole schema: what sources stated, and how it reads to a client at each point in time.

Fact tables hold the cells of the dataset, so that it can be exported again. Snapshot tables hold the
wire JSON of each resource beside the columns that filter and sort it; a snapshot is current while
its `known_to` is null. Tag tables hold the words of which a snapshot has several. Search tables hold
every name that something goes by, and lists of those that have a piece of text. Column chunks hold
the snapshots' columns once more, column by column, for statistics. Loads and changes are the only
tables that outlive a dataset.
"""

from typing import Any

from sqlalchemy import BigInteger, Double, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

# The order of bytes on both engines, so that lists sort the same on SQLite and on PostgreSQL.
ExactText = Text().with_variant(Text(collation="C"), "postgresql")

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _text(**options: Any) -> Any:
    return Field(sa_type=ExactText, **options)


def _number(**options: Any) -> Any:
    return Field(sa_type=Double, **options)


def _key() -> Any:
    return Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})


def _reference(column: str) -> Any:
    return Field(sa_type=BigInteger, primary_key=True, foreign_key=column, index=True)


def _once_a_day() -> tuple[UniqueConstraint]:
    return (UniqueConstraint("id", "known_from"),)


class DatasetRow(SQLModel, table=True):
    """The one dataset that this database holds."""

    __tablename__ = "dataset"
    version: str = _text(primary_key=True)
    rendering: str = _text()
    body: str = _text()
    datapackage: str | None = _text()


class SourceRow(SQLModel, table=True):
    """A row of sources.csv."""

    __tablename__ = "sources"
    id: str = _text(primary_key=True)
    publisher: str = _text()
    title: str = _text()
    url: str = _text()
    published_on: str = _text()
    retrieved_on: str = _text()
    kind: str = _text()


class CompanyRow(SQLModel, table=True):
    """A row of companies.csv."""

    __tablename__ = "companies"
    id: str = _text(primary_key=True)
    name: str = _text()
    aliases: str = _text()
    country: str = _text()
    city: str = _text()
    founded_on: str = _text()
    founders: str = _text()
    status: str = _text()
    categories: str = _text()
    website: str = _text()
    source_id: str = _text(foreign_key="sources.id")


class InvestorRow(SQLModel, table=True):
    """A row of investors.csv."""

    __tablename__ = "investors"
    id: str = _text(primary_key=True)
    name: str = _text()
    kind: str = _text()
    country: str = _text()


class RoundRow(SQLModel, table=True):
    """A row of rounds.csv."""

    __tablename__ = "rounds"
    id: str = _text(primary_key=True)
    company_id: str = _text(foreign_key="companies.id")
    stage: str = _text()
    status: str = _text()
    instrument: str = _text()
    announced_on: str = _text()
    closed_on: str = _text()
    extends: str = _text()
    source_id: str = _text(foreign_key="sources.id")


class ParticipationRow(SQLModel, table=True):
    """A row of participations.csv."""

    __tablename__ = "participations"
    round_id: str = _text(primary_key=True, foreign_key="rounds.id")
    investor_id: str = _text(primary_key=True, foreign_key="investors.id")
    role: str = _text(primary_key=True)
    source_id: str = _text(primary_key=True, foreign_key="sources.id")


class ClaimRow(SQLModel, table=True):
    """A row of claims.csv, under the hash that names it."""

    __tablename__ = "claims"
    id: str = _text(primary_key=True)
    company_id: str = _text(foreign_key="companies.id")
    round_id: str = _text()
    metric: str = _text()
    value: str = _text()
    value_high: str = _text()
    currency: str = _text()
    qualifier: str = _text()
    basis: str = _text()
    status: str = _text()
    as_of: str = _text()
    source_id: str = _text(foreign_key="sources.id")
    locator: str = _text()


class CompanySnapshotRow(SQLModel, table=True):
    """How a company reads from `known_from` until `known_to`."""

    __tablename__ = "company_snapshots"
    __table_args__ = _once_a_day()
    snapshot_id: int = _key()
    id: str = _text()
    known_from: str = _text()
    known_to: str | None = _text()
    body: str = _text()
    search_text: str = _text()
    name_key: str = _text()
    country: str | None = _text()
    status: str = _text()
    founded_first: str | None = _text()
    founded_last: str | None = _text()
    last_round_first: str | None = _text()
    last_round_last: str | None = _text()
    valuation_usd: float | None = _number()
    valuation_usd_low: float | None = _number()
    valuation_usd_high: float | None = _number()
    arr_usd: float | None = _number()
    arr_usd_low: float | None = _number()
    arr_usd_high: float | None = _number()
    arr_multiple: float | None = _number()
    arr_multiple_low: float | None = _number()
    arr_multiple_high: float | None = _number()
    arr_multiple_comparable: bool | None = Field()
    total_raised_usd: float | None = _number()
    total_raised_usd_low: float | None = _number()
    total_raised_usd_high: float | None = _number()


class RoundSnapshotRow(SQLModel, table=True):
    """How a round reads from `known_from` until `known_to`."""

    __tablename__ = "round_snapshots"
    __table_args__ = _once_a_day()
    snapshot_id: int = _key()
    id: str = _text()
    known_from: str = _text()
    known_to: str | None = _text()
    body: str = _text()
    search_text: str = _text()
    company_id: str = _text(index=True)
    name_key: str = _text()
    country: str | None = _text()
    stage: str = _text()
    status: str = _text()
    instrument: str = _text()
    announced_first: str | None = _text()
    announced_last: str | None = _text()
    closed_first: str | None = _text()
    closed_last: str | None = _text()
    undisclosed: bool = Field()
    amount_usd: float | None = _number()
    amount_usd_low: float | None = _number()
    amount_usd_high: float | None = _number()
    valuation_usd: float | None = _number()
    valuation_usd_low: float | None = _number()
    valuation_usd_high: float | None = _number()


class InvestorSnapshotRow(SQLModel, table=True):
    """How an investor reads from `known_from` until `known_to`."""

    __tablename__ = "investor_snapshots"
    __table_args__ = _once_a_day()
    snapshot_id: int = _key()
    id: str = _text()
    known_from: str = _text()
    known_to: str | None = _text()
    body: str = _text()
    search_text: str = _text()
    name_key: str = _text()
    kind: str = _text()
    country: str | None = _text()
    rounds: int = Field()
    led: int = Field()
    last_round_first: str | None = _text()
    last_round_last: str | None = _text()


class SourceSnapshotRow(SQLModel, table=True):
    """How a source reads from `known_from` until `known_to`."""

    __tablename__ = "source_snapshots"
    __table_args__ = _once_a_day()
    snapshot_id: int = _key()
    id: str = _text()
    known_from: str = _text()
    known_to: str | None = _text()
    body: str = _text()
    search_text: str = _text()
    publisher: str | None = _text()
    kind: str = _text()
    published_first: str | None = _text()
    published_last: str | None = _text()
    claims: int = Field()


class MetricSnapshotRow(SQLModel, table=True):
    """How a metric reads from `known_from` until `known_to`."""

    __tablename__ = "metric_snapshots"
    __table_args__ = _once_a_day()
    snapshot_id: int = _key()
    id: str = _text()
    known_from: str = _text()
    known_to: str | None = _text()
    body: str = _text()
    search_text: str = _text()
    company_id: str = _text(index=True)
    name_key: str = _text()
    round_id: str | None = _text()
    kind: str = _text()
    derived: bool = Field()
    nominal: float | None = _number()
    qualifier: str = _text()
    basis: str | None = _text()
    as_of_first: str | None = _text()
    as_of_last: str | None = _text()
    comparable: bool | None = Field()


class ClaimSnapshotRow(SQLModel, table=True):
    """How a claim reads from `known_from` until `known_to`; only chosen and rival can change."""

    __tablename__ = "claim_snapshots"
    __table_args__ = _once_a_day()
    snapshot_id: int = _key()
    id: str = _text()
    known_from: str = _text()
    known_to: str | None = _text()
    body: str = _text()
    search_text: str = _text()
    company_id: str = _text(index=True)
    name_key: str = _text()
    round_id: str | None = _text()
    metric: str = _text()
    qualifier: str = _text()
    basis: str | None = _text()
    status: str = _text()
    as_of_first: str | None = _text()
    as_of_last: str | None = _text()
    known_on: str | None = _text()
    source_id: str = _text()
    usd: float | None = _number()
    chosen: bool = Field()
    rival: bool = Field()


class CompanyTagRow(SQLModel, table=True):
    """A word of which a company snapshot has several, by dimension."""

    __tablename__ = "company_tags"
    dimension: str = _text(primary_key=True)
    value: str = _text(primary_key=True)
    snapshot_id: int = _reference("company_snapshots.snapshot_id")


class RoundTagRow(SQLModel, table=True):
    """A word of which a round snapshot has several, by dimension."""

    __tablename__ = "round_tags"
    dimension: str = _text(primary_key=True)
    value: str = _text(primary_key=True)
    snapshot_id: int = _reference("round_snapshots.snapshot_id")


class InvestorTagRow(SQLModel, table=True):
    """A word of which an investor snapshot has several, by dimension."""

    __tablename__ = "investor_tags"
    dimension: str = _text(primary_key=True)
    value: str = _text(primary_key=True)
    snapshot_id: int = _reference("investor_snapshots.snapshot_id")


class SourceTagRow(SQLModel, table=True):
    """A word of which a source snapshot has several, by dimension."""

    __tablename__ = "source_tags"
    dimension: str = _text(primary_key=True)
    value: str = _text(primary_key=True)
    snapshot_id: int = _reference("source_snapshots.snapshot_id")


class MetricTagRow(SQLModel, table=True):
    """A word of which a metric snapshot has several, by dimension."""

    __tablename__ = "metric_tags"
    dimension: str = _text(primary_key=True)
    value: str = _text(primary_key=True)
    snapshot_id: int = _reference("metric_snapshots.snapshot_id")


class SearchNameRow(SQLModel, table=True):
    """A name that a company or an investor goes by; the less its number, the more is known of it."""

    __tablename__ = "search_names"
    name_id: int = _key()
    kind: str = _text()
    id: str = _text()
    name: str = _text()
    text: str = _text()
    words: str = _text()
    letters: str = _text()
    weight: int = Field()
    known_from: str = _text()


class SearchWordRow(SQLModel, table=True):
    """A word of a name."""

    __tablename__ = "search_words"
    kind: str = _text(primary_key=True)
    word: str = _text(primary_key=True)
    name_id: int = _key()


class SearchListRow(SQLModel, table=True):
    """The numbers of the names that have a piece of text, as a packed set."""

    __tablename__ = "search_lists"
    kind: str = _text(primary_key=True)
    part: str = _text(primary_key=True)
    piece: str = _text(primary_key=True)
    names: bytes = Field()


class SearchRoundRow(SQLModel, table=True):
    """What a round of a company is shown as, and the name by which it is found."""

    __tablename__ = "search_rounds"
    company_id: str = _text(primary_key=True)
    id: str = _text(primary_key=True)
    stage: str = _text()
    name: str = _text()
    text: str = _text()
    weight: int = Field()
    known_from: str = _text()


class ColumnChunkRow(SQLModel, table=True):
    """A piece of a file of the columnar copy, which statistics read."""

    __tablename__ = "column_chunks"
    name: str = _text(primary_key=True)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    content: bytes = Field()


class LoadRow(SQLModel, table=True):
    """A load of a dataset: the latest one is served."""

    __tablename__ = "loads"
    number: int = _key()
    version: str = _text()
    loaded_at: str = _text()


class ChangeRow(SQLModel, table=True):
    """What a load did to one resource: added, changed or removed it."""

    __tablename__ = "changes"
    sequence: int = _key()
    load: int = Field(sa_type=BigInteger, foreign_key="loads.number", index=True)
    collection: str = _text()
    id: str = _text(index=True)
    body: str = _text()


SnapshotTable = (
    CompanySnapshotRow
    | RoundSnapshotRow
    | InvestorSnapshotRow
    | SourceSnapshotRow
    | MetricSnapshotRow
    | ClaimSnapshotRow
)
TagTable = CompanyTagRow | RoundTagRow | InvestorTagRow | SourceTagRow | MetricTagRow
PagedTable = SnapshotTable | ChangeRow


def words_of(tags: type[TagTable], dimension: str) -> str:
    """Name the table that the columnar copy has of the words of a dimension, and of their codes."""
    return f"{tags.__tablename__}_{dimension}"
