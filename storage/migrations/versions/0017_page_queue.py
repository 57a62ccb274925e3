"""Pages that workers have in hand, and the workers"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run = sa.ForeignKey("run.id", name=op.f("fk_queued_page_run_id_run"), ondelete="CASCADE")
    op.create_table(
        "queued_page",
        sa.Column("run_id", sa.Integer(), run, nullable=False),
        sa.Column("identity_hash", sa.String(length=32), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("browser", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "identity_hash", name=op.f("pk_queued_page")),
    )
    op.create_table(
        "page_worker",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("queue", sa.String(length=128), nullable=False),
        sa.Column("pages_at_once", sa.Integer(), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_page_worker")),
    )


def downgrade() -> None:
    op.drop_table("page_worker")
    op.drop_table("queued_page")
