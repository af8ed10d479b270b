"""Create search entries, indexes of trigrams, loads and changes.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EXACT_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SEARCHED = {
    "company_snapshots": "search_text",
    "round_snapshots": "search_text",
    "investor_snapshots": "search_text",
    "source_snapshots": "search_text",
    "metric_snapshots": "search_text",
    "claim_snapshots": "search_text",
    "search_entries": "key",
}


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column("name", EXACT_TEXT, nullable=False),
        sa.Column("text", EXACT_TEXT, nullable=False),
        sa.Column("key", EXACT_TEXT, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("known_from", EXACT_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_search_entries")),
    )
    op.create_table(
        "loads",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", EXACT_TEXT, nullable=False),
        sa.Column("loaded_at", EXACT_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_loads")),
    )
    op.create_table(
        "changes",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("load", sa.BigInteger(), nullable=False),
        sa.Column("collection", EXACT_TEXT, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column("body", EXACT_TEXT, nullable=False),
        sa.ForeignKeyConstraint(["load"], ["loads.number"], name=op.f("fk_changes_load_loads")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_load"), "changes", ["load"])
    op.create_index(op.f("ix_changes_id"), "changes", ["id"])
    # What stands in these columns until the dataset is rendered anew is an answer to no question.
    with op.batch_alter_table("company_snapshots") as table:
        table.add_column(sa.Column("arr_multiple_comparable", sa.Boolean(), nullable=True))
    with op.batch_alter_table("round_snapshots") as table:
        table.add_column(
            sa.Column("undisclosed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    if op.get_bind().dialect.name == "sqlite":
        # An FTS5 table and its options have no expression; it keeps the index alone, not the text.
        op.execute(
            "CREATE VIRTUAL TABLE text_grams USING fts5"
            "(text, content='', tokenize='trigram case_sensitive 1')"
        )
        return
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for table_name, column in SEARCHED.items():
        op.create_index(
            f"ix_{table_name}_{column}_grams",
            table_name,
            [column],
            postgresql_using="gin",
            postgresql_ops={column: "gin_trgm_ops"},
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE text_grams")
    else:
        for table_name, column in SEARCHED.items():
            op.drop_index(f"ix_{table_name}_{column}_grams", table_name)
    with op.batch_alter_table("round_snapshots") as table:
        table.drop_column("undisclosed")
    with op.batch_alter_table("company_snapshots") as table:
        table.drop_column("arr_multiple_comparable")
    op.drop_table("changes")
    op.drop_table("loads")
    op.drop_table("search_entries")
