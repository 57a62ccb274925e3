"""By what a document is asked whether it has changed, and what it was judged with"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document_state", sa.Column("etag", sa.Text(), nullable=False, server_default=""))
    op.add_column("document_state", sa.Column("last_modified", sa.String(length=50), nullable=False, server_default=""))
    op.add_column("document_state", sa.Column("judged_with", sa.String(length=64), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("judged_with", "last_modified", "etag"):
        op.drop_column("document_state", name)
