"""Journeys: every version that somebody kept"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journey_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("journey_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["journey_id"], ["journey.id"], name=op.f("fk_journey_version_journey_id_journey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journey_version")),
    )
    op.create_index(op.f("ix_journey_version_journey_id"), "journey_version", ["journey_id"])
    # What stands there today is the first version of each.
    op.execute(
        "INSERT INTO journey_version (journey_id, text, person, kept_at) SELECT id, text, '', created_at FROM journey ORDER BY id"
    )


def downgrade() -> None:
    op.drop_table("journey_version")
