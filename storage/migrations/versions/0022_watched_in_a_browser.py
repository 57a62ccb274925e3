"""When a watched address was last opened in a browser, what it showed there, and whether that failed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


# Columns are added one by one: a table that SQLite makes anew takes the looks at its addresses with it.
def upgrade() -> None:
    op.add_column("watched_address", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("watched_address", sa.Column("fails_opened", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("watched_address", sa.Column("shows", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    for name in ("shows", "fails_opened", "opened_at"):
        op.drop_column("watched_address", name)
