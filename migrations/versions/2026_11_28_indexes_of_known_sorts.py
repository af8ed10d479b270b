"""Index what lists are sorted by with the days that a snapshot is of, for what was known on a day.

Days stand in the index, so that what wasn't known on the day is passed over there, without its row.

Revision ID: 0006
Revises: 0005
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Sorts = dict[str, dict[str, tuple[str, ...]]]

# The columns of each sort, in both directions where lists are long.
BOTH_WAYS: Sorts = {
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
# The sorts that the other lists have by default.
DESCENDING: Sorts = {
    "metric_snapshots": {"as_of": ("as_of_first", "as_of_last")},
    "claim_snapshots": {"known_on": ("known_on",)},
    "source_snapshots": {"published_on": ("published_first", "published_last")},
}
ASCENDING: Sorts = {"investor_snapshots": {"name": ("name_key",)}}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    # In SQLite nulls are the least values, so that they come last of themselves.
    descending = "DESC" if sqlite else "DESC NULLS LAST"
    for name, table, columns in _indexes():
        direction = descending if "_desc_" in name else "ASC"
        keys = [sa.text(f"{column} {direction}") for column in columns]
        op.create_index(name, table, [*keys, "id", "known_from", "known_to"])
        if sqlite:
            # What isn't counted yet seems better than an index of what is current alone.
            op.execute(f"ANALYZE {name}")


def downgrade() -> None:
    for name, table, _ in _indexes():
        op.drop_index(name, table)


def _indexes() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for sorts, directions in (
        (BOTH_WAYS, ("asc", "desc")),
        (DESCENDING, ("desc",)),
        (ASCENDING, ("asc",)),
    ):
        for table, columns_of in sorts.items():
            for sort, columns in columns_of.items():
                for direction in directions:
                    yield f"ix_{table}_{sort}_{direction}_known_sorted", table, columns
