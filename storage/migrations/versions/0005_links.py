"""What is known of links beside their class, and how a document is asked whether it has changed"""

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
    op.add_column("document_state", sa.Column("etag", sa.Text(), nullable=False, server_default=""))
    op.add_column("document_state", sa.Column("last_modified", sa.String(length=50), nullable=False, server_default=""))
    op.add_column("document_state", sa.Column("judged_with", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("asked_at", "suggestion_reason", "suggestion", "fragment", "permanent"):
        op.drop_column("link", name)
    for name in ("judged_with", "last_modified", "etag"):
        op.drop_column("document_state", name)
