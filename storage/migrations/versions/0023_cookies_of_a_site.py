"""The cookies that pages of a site were met with, for runs in which not all pages are opened"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("site_memory", sa.Column("cookies", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("site_memory") as table:
        table.drop_column("cookies")
