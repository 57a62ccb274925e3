"""A page keeps how heavy and quick it was when it was last measured"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("page_state", sa.Column("weight", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("page_state", "weight")
