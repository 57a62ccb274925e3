"""Why a task was proposed and how many people come for it, what was lost, which queries belong together, and measurements"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("findability_task", sa.Column("reason", sa.String(length=10), nullable=False, server_default=""))
    op.add_column("findability_task", sa.Column("people", sa.Integer(), nullable=True))
    op.add_column("search_gap", sa.Column("days", sa.Integer(), nullable=False, server_default="90"))
    op.create_table(
        "findability_loss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("lost_run_id", sa.Integer(), nullable=False),
        sa.Column("rank_before", sa.Integer(), nullable=False),
        sa.Column("found_run_id", sa.Integer(), nullable=True),
        _key("findability_loss", "task_id", "findability_task"),
        _key("findability_loss", "lost_run_id", "findability_run"),
        _key("findability_loss", "found_run_id", "findability_run"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findability_loss")),
    )
    op.create_index(op.f("ix_findability_loss_task_id"), "findability_loss", ["task_id"])
    op.create_table(
        "search_cluster",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("query_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head_id", sa.BigInteger(), nullable=False),
        sa.Column("product", sa.String(length=300), nullable=False),
        _key("search_cluster", "site_id", "site"),
        sa.PrimaryKeyConstraint("site_id", "query_id", name=op.f("pk_search_cluster")),
    )
    op.create_table(
        "measurement",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("address_hash", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("kpi", sa.String(length=50), nullable=False),
        sa.Column("value", sa.REAL(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        _key("measurement", "site_id", "site"),
        sa.PrimaryKeyConstraint(
            "site_id", "series", "source", "address_hash", "first_day", "last_day", name=op.f("pk_measurement")
        ),
    )


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"), ondelete="CASCADE")


def downgrade() -> None:
    op.drop_table("measurement")
    op.drop_table("search_cluster")
    op.drop_table("findability_loss")
    op.drop_column("search_gap", "days")
    op.drop_column("findability_task", "people")
    op.drop_column("findability_task", "reason")
