"""Find names by their beginnings and by lists of pieces, and rounds by their companies.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EXACT_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # What is searched comes with the next rendering, which a new release asks for.
    op.drop_table("search_entries")
    op.create_table(
        "search_names",
        sa.Column("name_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column("name", EXACT_TEXT, nullable=False),
        sa.Column("text", EXACT_TEXT, nullable=False),
        sa.Column("words", EXACT_TEXT, nullable=False),
        sa.Column("letters", EXACT_TEXT, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("known_from", EXACT_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name_id", name=op.f("pk_search_names")),
    )
    op.create_index(
        "ix_search_names_letters_sorted", "search_names", ["kind", "letters", "name_id"]
    )
    op.create_table(
        "search_words",
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.Column("word", EXACT_TEXT, nullable=False),
        sa.Column("name_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("kind", "word", "name_id", name=op.f("pk_search_words")),
    )
    op.create_table(
        "search_lists",
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.Column("part", EXACT_TEXT, nullable=False),
        sa.Column("piece", EXACT_TEXT, nullable=False),
        sa.Column("names", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "part", "piece", name=op.f("pk_search_lists")),
    )
    op.create_table(
        "search_rounds",
        sa.Column("company_id", EXACT_TEXT, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column("stage", EXACT_TEXT, nullable=False),
        sa.Column("name", EXACT_TEXT, nullable=False),
        sa.Column("text", EXACT_TEXT, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("known_from", EXACT_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_search_rounds")),
    )
    op.create_index(
        "ix_search_rounds_latest_sorted", "search_rounds", ["stage", sa.text("weight DESC"), "id"]
    )


def downgrade() -> None:
    for name in ("search_rounds", "search_lists", "search_words", "search_names"):
        op.drop_table(name)
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
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(
            "ix_search_entries_key_grams",
            "search_entries",
            ["key"],
            postgresql_using="gin",
            postgresql_ops={"key": "gin_trgm_ops"},
        )
