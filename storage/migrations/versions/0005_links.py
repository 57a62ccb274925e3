"""Where a broken link should lead, whether a move is for good, whether places on a page are there, and when a link was asked"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("link", sa.Column("permanent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("link", sa.Column("fragment", sa.String(length=15), nullable=False, server_default=""))
    op.add_column("link", sa.Column("suggestion", sa.Text(), nullable=False, server_default=""))
    op.add_column("link", sa.Column("suggestion_reason", sa.String(length=30), nullable=False, server_default=""))
    op.add_column("link", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("asked_at", "suggestion_reason", "suggestion", "fragment", "permanent"):
        op.drop_column("link", name)
