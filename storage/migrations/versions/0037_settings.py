"""Settings for all sites that are set on a screen"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "installation_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation_settings")),
    )
    op.bulk_insert(table, [{"id": 1, "values": {}}])


def downgrade() -> None:
    op.drop_table("installation_settings")
