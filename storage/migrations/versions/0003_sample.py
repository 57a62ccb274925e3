"""A page keeps what it is compared by with the other pages of a run"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("page_state", sa.Column("sample_blob", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_column("page_state", "sample_blob")
