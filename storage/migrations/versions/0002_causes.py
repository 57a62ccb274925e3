"""A cause knows its region, its verdict and its picture"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cluster", sa.Column("region", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("cluster", sa.Column("confirmation", sa.String(length=10), nullable=True))
    op.add_column("cluster", sa.Column("picture_blob", sa.String(length=32), nullable=True))
    op.add_column("cluster", sa.Column("picture_page_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    for name in ("picture_page_id", "picture_blob", "confirmation", "region"):
        op.drop_column("cluster", name)
