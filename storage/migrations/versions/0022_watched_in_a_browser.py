"""When a watched address was last opened in a browser, what it showed there, and whether that failed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("watched_address") as table:
        table.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("fails_opened", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("shows", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("watched_address") as table:
        for name in ("shows", "fails_opened", "opened_at"):
            table.drop_column(name)
