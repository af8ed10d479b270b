"""What companies' facts say of investors and sources, set down by whom it is about.

A company is rendered by itself, an investor from all companies that mention it: between the two the
mentions, and the tags, whose keys come in no order, wait in tables that are gone when a load ends.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    cast,
    func,
    insert,
    select,
    true,
)
from sqlmodel import SQLModel

from app.tables import (
    CompanyTagRow,
    ExactText,
    InvestorTagRow,
    MetricTagRow,
    RoundTagRow,
    SourceTagRow,
    TagTable,
)

_TAG_ROWS: tuple[type[TagTable], ...] = (
    CompanyTagRow,
    RoundTagRow,
    InvestorTagRow,
    SourceTagRow,
    MetricTagRow,
)
_WAITING = MetaData()


def _waiting(name: str, *columns: Column[object]) -> Table:
    return Table(
        f"waiting_{name}",
        _WAITING,
        *columns,
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )


def _text(name: str) -> Column[object]:
    return Column(name, ExactText)


PARTS = _waiting(
    "parts",
    *map(_text, ("investor_id", "since", "until", "company_id", "categories")),
    *map(_text, ("round_id", "round_on")),
    Column("led", Integer),
)
"""An investor's part in a round, as it reads from a day until another."""

STATEMENTS = _waiting(
    "statements",
    *map(_text, ("source_id", "known_on", "company_id", "round_id")),
    Column("claims", Integer),
)
"""What a source states of a company or one of its rounds, and how many claims of it."""

NAMES = _waiting(
    "names",
    *map(_text, ("kind", "id", "name", "text")),
    Column("weight", Integer),
    _text("known_from"),
)
"""What companies and investors go by, until they are numbered in the order of their weight."""

TAGS: dict[str, Table] = {
    str(row.__tablename__): _waiting(
        str(row.__tablename__),
        *map(_text, ("dimension", "value")),
        Column("snapshot_ids", JSON),
    )
    for row in _TAG_ROWS
}
"""Where the tags of each table wait, each with a list of the snapshots of a batch that have it."""


def create_waiting(connection: Connection) -> None:
    """Create the tables, which this connection alone sees."""
    _WAITING.create_all(connection, checkfirst=False)


def settle_tags(connection: Connection, name: str) -> None:
    """Move the tags of a table to their place, in the order of its key."""
    tags = TAGS[name]
    sqlite = connection.dialect.name == "sqlite"
    items = func.json_each if sqlite else func.json_array_elements_text
    listed = items(tags.c.snapshot_ids).table_valued("value")
    columns = (tags.c.dimension, tags.c.value, cast(listed.c.value, BigInteger))
    ordered = select(*columns).select_from(tags.join(listed, true())).order_by(*columns)
    table = SQLModel.metadata.tables[name]
    connection.execute(insert(table).from_select([*table.columns.keys()], ordered))
