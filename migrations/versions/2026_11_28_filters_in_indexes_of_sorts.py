"""Let SQLite's indexes of sorts have what long lists are filtered by, so that filters are tried there.

A row with its body lies in a page of its own, which takes fifty times as long as the index's next entry.
PostgreSQL keeps bodies beside the rows, and can't do without the row.

Revision ID: 0008
Revises: 0007
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The columns of each sort, of which an identifier is always the last.
SORTS: dict[str, dict[str, tuple[str, ...]]] = {
    "round_snapshots": {
        "announced_on": ("announced_first", "announced_last"),
        "closed_on": ("closed_first", "closed_last"),
        "amount_usd": ("amount_usd",),
        "valuation_usd": ("valuation_usd",),
        "name": ("name_key",),
        "stage": ("stage",),
        "country": ("country",),
    },
    "company_snapshots": {
        "name": ("name_key",),
        "valuation_usd": ("valuation_usd",),
        "arr_usd": ("arr_usd",),
        "arr_multiple": ("arr_multiple",),
        "total_raised_usd": ("total_raised_usd",),
        "founded_on": ("founded_first", "founded_last"),
        "last_round": ("last_round_first", "last_round_last"),
        "country": ("country",),
    },
}
FILTERS: dict[str, tuple[str, ...]] = {
    "round_snapshots": (
        *("country", "stage", "status", "instrument"),
        *("announced_first", "announced_last", "closed_first", "closed_last"),
        *("amount_usd", "amount_usd_low", "amount_usd_high"),
        *("valuation_usd", "valuation_usd_low", "valuation_usd_high"),
    ),
    "company_snapshots": (
        *("country", "status"),
        *("founded_first", "founded_last", "last_round_first", "last_round_last"),
        *("valuation_usd", "valuation_usd_low", "valuation_usd_high"),
        *("arr_usd", "arr_usd_low", "arr_usd_high"),
        *("arr_multiple", "arr_multiple_low", "arr_multiple_high"),
        *("total_raised_usd", "total_raised_usd_low", "total_raised_usd_high"),
    ),
}


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, sort, direction, columns in _indexes():
        op.drop_index(_name(table, sort, direction), table)
        _create(table, sort, direction, columns, FILTERS[table])
    for table in SORTS:
        # It is read from either end, since no two are equal.
        _create(table, "id", "asc", (), FILTERS[table])


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in SORTS:
        op.drop_index(_name(table, "id", "asc"), table)
    for table, sort, direction, columns in _indexes():
        op.drop_index(_name(table, sort, direction), table)
        _create(table, sort, direction, columns, ())


def _indexes() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for table, sorts in SORTS.items():
        for sort, columns in sorts.items():
            for direction in ("asc", "desc"):
                yield table, sort, direction, columns


def _create(
    table: str, sort: str, direction: str, columns: tuple[str, ...], filters: tuple[str, ...]
) -> None:
    name = _name(table, sort, direction)
    keys = [sa.text(f"{column} {direction.upper()}") for column in columns]
    beside = [column for column in filters if column not in columns]
    current = sa.text("known_to IS NULL")
    op.create_index(name, table, [*keys, "id", *beside], sqlite_where=current)
    # What isn't counted seems worse than an index of all that was known.
    op.execute(f"ANALYZE {name}")


def _name(table: str, sort: str, direction: str) -> str:
    return f"ix_{table}_{sort}_{direction}_sorted"
