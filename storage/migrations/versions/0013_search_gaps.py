"""Queries that find nothing, why, and when somebody mended that"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_gap",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("query_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("measured", sa.String(length=10), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("gap", sa.String(length=20), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("meant", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_search_gap_site_id_site"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "query_id", name=op.f("pk_search_gap")),
    )


def downgrade() -> None:
    op.drop_table("search_gap")
