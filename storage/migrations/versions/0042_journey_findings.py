"""Findings at the states of journeys: at which step of which journey each was met"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journey_finding",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("journey_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_journey_finding_finding_id_finding"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["journey_id"], ["journey.id"], name=op.f("fk_journey_finding_journey_id_journey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("finding_id", "journey_id", "way", "step", name=op.f("pk_journey_finding")),
    )
    op.create_index(op.f("ix_journey_finding_journey_id"), "journey_finding", ["journey_id"])


def downgrade() -> None:
    op.drop_table("journey_finding")
