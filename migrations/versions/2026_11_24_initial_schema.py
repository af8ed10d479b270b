"""Create facts, snapshots and tags.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXACT_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "claim_snapshots",
        sa.Column("snapshot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "known_from",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("known_to", EXACT_TEXT, nullable=True),
        sa.Column("body", EXACT_TEXT, nullable=False),
        sa.Column(
            "search_text",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column(
            "company_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("name_key", EXACT_TEXT, nullable=False),
        sa.Column("round_id", EXACT_TEXT, nullable=True),
        sa.Column("metric", EXACT_TEXT, nullable=False),
        sa.Column(
            "qualifier",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("basis", EXACT_TEXT, nullable=True),
        sa.Column("status", EXACT_TEXT, nullable=False),
        sa.Column(
            "as_of_first",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "as_of_last",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column("known_on", EXACT_TEXT, nullable=True),
        sa.Column(
            "source_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("usd", sa.Double(), nullable=True),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("rival", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_claim_snapshots")),
        sa.UniqueConstraint("id", "known_from", name=op.f("uq_claim_snapshots_id_known_from")),
    )
    with op.batch_alter_table("claim_snapshots", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_snapshots_company_id"), ["company_id"], unique=False
        )

    op.create_table(
        "company_snapshots",
        sa.Column("snapshot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "known_from",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("known_to", EXACT_TEXT, nullable=True),
        sa.Column("body", EXACT_TEXT, nullable=False),
        sa.Column(
            "search_text",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("name_key", EXACT_TEXT, nullable=False),
        sa.Column("country", EXACT_TEXT, nullable=True),
        sa.Column("status", EXACT_TEXT, nullable=False),
        sa.Column(
            "founded_first",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "founded_last",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "last_round_first",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "last_round_last",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column("valuation_usd", sa.Double(), nullable=True),
        sa.Column("valuation_usd_low", sa.Double(), nullable=True),
        sa.Column("valuation_usd_high", sa.Double(), nullable=True),
        sa.Column("arr_usd", sa.Double(), nullable=True),
        sa.Column("arr_usd_low", sa.Double(), nullable=True),
        sa.Column("arr_usd_high", sa.Double(), nullable=True),
        sa.Column("arr_multiple", sa.Double(), nullable=True),
        sa.Column("arr_multiple_low", sa.Double(), nullable=True),
        sa.Column("arr_multiple_high", sa.Double(), nullable=True),
        sa.Column("total_raised_usd", sa.Double(), nullable=True),
        sa.Column("total_raised_usd_low", sa.Double(), nullable=True),
        sa.Column("total_raised_usd_high", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_company_snapshots")),
        sa.UniqueConstraint("id", "known_from", name=op.f("uq_company_snapshots_id_known_from")),
    )
    op.create_table(
        "dataset",
        sa.Column("version", EXACT_TEXT, nullable=False),
        sa.Column(
            "rendering",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("body", EXACT_TEXT, nullable=False),
        sa.Column(
            "datapackage",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_dataset")),
    )
    op.create_table(
        "investor_snapshots",
        sa.Column("snapshot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "known_from",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("known_to", EXACT_TEXT, nullable=True),
        sa.Column("body", EXACT_TEXT, nullable=False),
        sa.Column(
            "search_text",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("name_key", EXACT_TEXT, nullable=False),
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.Column("country", EXACT_TEXT, nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("led", sa.Integer(), nullable=False),
        sa.Column(
            "last_round_first",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "last_round_last",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_investor_snapshots")),
        sa.UniqueConstraint("id", "known_from", name=op.f("uq_investor_snapshots_id_known_from")),
    )
    op.create_table(
        "investors",
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column("name", EXACT_TEXT, nullable=False),
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.Column("country", EXACT_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investors")),
    )
    op.create_table(
        "metric_snapshots",
        sa.Column("snapshot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "known_from",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("known_to", EXACT_TEXT, nullable=True),
        sa.Column("body", EXACT_TEXT, nullable=False),
        sa.Column(
            "search_text",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column(
            "company_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("name_key", EXACT_TEXT, nullable=False),
        sa.Column("round_id", EXACT_TEXT, nullable=True),
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.Column("derived", sa.Boolean(), nullable=False),
        sa.Column("nominal", sa.Double(), nullable=True),
        sa.Column(
            "qualifier",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("basis", EXACT_TEXT, nullable=True),
        sa.Column(
            "as_of_first",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "as_of_last",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column("comparable", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_metric_snapshots")),
        sa.UniqueConstraint("id", "known_from", name=op.f("uq_metric_snapshots_id_known_from")),
    )
    with op.batch_alter_table("metric_snapshots", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_metric_snapshots_company_id"), ["company_id"], unique=False
        )

    op.create_table(
        "round_snapshots",
        sa.Column("snapshot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "known_from",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("known_to", EXACT_TEXT, nullable=True),
        sa.Column("body", EXACT_TEXT, nullable=False),
        sa.Column(
            "search_text",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column(
            "company_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("name_key", EXACT_TEXT, nullable=False),
        sa.Column("country", EXACT_TEXT, nullable=True),
        sa.Column("stage", EXACT_TEXT, nullable=False),
        sa.Column("status", EXACT_TEXT, nullable=False),
        sa.Column(
            "instrument",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column(
            "announced_first",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "announced_last",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "closed_first",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "closed_last",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column("amount_usd", sa.Double(), nullable=True),
        sa.Column("amount_usd_low", sa.Double(), nullable=True),
        sa.Column("amount_usd_high", sa.Double(), nullable=True),
        sa.Column("valuation_usd", sa.Double(), nullable=True),
        sa.Column("valuation_usd_low", sa.Double(), nullable=True),
        sa.Column("valuation_usd_high", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_round_snapshots")),
        sa.UniqueConstraint("id", "known_from", name=op.f("uq_round_snapshots_id_known_from")),
    )
    with op.batch_alter_table("round_snapshots", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_round_snapshots_company_id"), ["company_id"], unique=False
        )

    op.create_table(
        "source_snapshots",
        sa.Column("snapshot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "known_from",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("known_to", EXACT_TEXT, nullable=True),
        sa.Column("body", EXACT_TEXT, nullable=False),
        sa.Column(
            "search_text",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("publisher", EXACT_TEXT, nullable=True),
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.Column(
            "published_first",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column(
            "published_last",
            EXACT_TEXT,
            nullable=True,
        ),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("pk_source_snapshots")),
        sa.UniqueConstraint("id", "known_from", name=op.f("uq_source_snapshots_id_known_from")),
    )
    op.create_table(
        "sources",
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "publisher",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("title", EXACT_TEXT, nullable=False),
        sa.Column("url", EXACT_TEXT, nullable=False),
        sa.Column(
            "published_on",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column(
            "retrieved_on",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("kind", EXACT_TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
    )
    op.create_table(
        "companies",
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column("name", EXACT_TEXT, nullable=False),
        sa.Column("aliases", EXACT_TEXT, nullable=False),
        sa.Column("country", EXACT_TEXT, nullable=False),
        sa.Column("city", EXACT_TEXT, nullable=False),
        sa.Column(
            "founded_on",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("founders", EXACT_TEXT, nullable=False),
        sa.Column("status", EXACT_TEXT, nullable=False),
        sa.Column(
            "categories",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("website", EXACT_TEXT, nullable=False),
        sa.Column(
            "source_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_companies_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_table(
        "company_tags",
        sa.Column(
            "dimension",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("value", EXACT_TEXT, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["company_snapshots.snapshot_id"],
            name=op.f("fk_company_tags_snapshot_id_company_snapshots"),
        ),
        sa.PrimaryKeyConstraint("dimension", "value", "snapshot_id", name=op.f("pk_company_tags")),
    )
    with op.batch_alter_table("company_tags", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_company_tags_snapshot_id"), ["snapshot_id"], unique=False
        )

    op.create_table(
        "investor_tags",
        sa.Column(
            "dimension",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("value", EXACT_TEXT, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["investor_snapshots.snapshot_id"],
            name=op.f("fk_investor_tags_snapshot_id_investor_snapshots"),
        ),
        sa.PrimaryKeyConstraint("dimension", "value", "snapshot_id", name=op.f("pk_investor_tags")),
    )
    with op.batch_alter_table("investor_tags", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_investor_tags_snapshot_id"), ["snapshot_id"], unique=False
        )

    op.create_table(
        "metric_tags",
        sa.Column(
            "dimension",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("value", EXACT_TEXT, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["metric_snapshots.snapshot_id"],
            name=op.f("fk_metric_tags_snapshot_id_metric_snapshots"),
        ),
        sa.PrimaryKeyConstraint("dimension", "value", "snapshot_id", name=op.f("pk_metric_tags")),
    )
    with op.batch_alter_table("metric_tags", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_metric_tags_snapshot_id"), ["snapshot_id"], unique=False
        )

    op.create_table(
        "round_tags",
        sa.Column(
            "dimension",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("value", EXACT_TEXT, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["round_snapshots.snapshot_id"],
            name=op.f("fk_round_tags_snapshot_id_round_snapshots"),
        ),
        sa.PrimaryKeyConstraint("dimension", "value", "snapshot_id", name=op.f("pk_round_tags")),
    )
    with op.batch_alter_table("round_tags", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_round_tags_snapshot_id"), ["snapshot_id"], unique=False
        )

    op.create_table(
        "source_tags",
        sa.Column(
            "dimension",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("value", EXACT_TEXT, nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"],
            ["source_snapshots.snapshot_id"],
            name=op.f("fk_source_tags_snapshot_id_source_snapshots"),
        ),
        sa.PrimaryKeyConstraint("dimension", "value", "snapshot_id", name=op.f("pk_source_tags")),
    )
    with op.batch_alter_table("source_tags", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_source_tags_snapshot_id"), ["snapshot_id"], unique=False
        )

    op.create_table(
        "claims",
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "company_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("round_id", EXACT_TEXT, nullable=False),
        sa.Column("metric", EXACT_TEXT, nullable=False),
        sa.Column("value", EXACT_TEXT, nullable=False),
        sa.Column(
            "value_high",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("currency", EXACT_TEXT, nullable=False),
        sa.Column(
            "qualifier",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("basis", EXACT_TEXT, nullable=False),
        sa.Column("status", EXACT_TEXT, nullable=False),
        sa.Column("as_of", EXACT_TEXT, nullable=False),
        sa.Column(
            "source_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("locator", EXACT_TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_claims_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_claims_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.create_table(
        "rounds",
        sa.Column("id", EXACT_TEXT, nullable=False),
        sa.Column(
            "company_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("stage", EXACT_TEXT, nullable=False),
        sa.Column("status", EXACT_TEXT, nullable=False),
        sa.Column(
            "instrument",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column(
            "announced_on",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column(
            "closed_on",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("extends", EXACT_TEXT, nullable=False),
        sa.Column(
            "source_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_rounds_company_id_companies")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_rounds_source_id_sources")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
    )
    op.create_table(
        "participations",
        sa.Column("round_id", EXACT_TEXT, nullable=False),
        sa.Column(
            "investor_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.Column("role", EXACT_TEXT, nullable=False),
        sa.Column(
            "source_id",
            EXACT_TEXT,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["investor_id"], ["investors.id"], name=op.f("fk_participations_investor_id_investors")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_participations_round_id_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_participations_source_id_sources")
        ),
        sa.PrimaryKeyConstraint(
            "round_id", "investor_id", "role", "source_id", name=op.f("pk_participations")
        ),
    )


def downgrade() -> None:
    op.drop_table("participations")
    op.drop_table("rounds")
    op.drop_table("claims")
    with op.batch_alter_table("source_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_tags_snapshot_id"))

    op.drop_table("source_tags")
    with op.batch_alter_table("round_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_tags_snapshot_id"))

    op.drop_table("round_tags")
    with op.batch_alter_table("metric_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_metric_tags_snapshot_id"))

    op.drop_table("metric_tags")
    with op.batch_alter_table("investor_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_investor_tags_snapshot_id"))

    op.drop_table("investor_tags")
    with op.batch_alter_table("company_tags", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_company_tags_snapshot_id"))

    op.drop_table("company_tags")
    op.drop_table("companies")
    op.drop_table("sources")
    op.drop_table("source_snapshots")
    with op.batch_alter_table("round_snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_snapshots_company_id"))

    op.drop_table("round_snapshots")
    with op.batch_alter_table("metric_snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_metric_snapshots_company_id"))

    op.drop_table("metric_snapshots")
    op.drop_table("investors")
    op.drop_table("investor_snapshots")
    op.drop_table("dataset")
    op.drop_table("company_snapshots")
    with op.batch_alter_table("claim_snapshots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_snapshots_company_id"))

    op.drop_table("claim_snapshots")
