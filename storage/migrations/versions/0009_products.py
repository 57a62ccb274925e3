"""The national list of product names (UPL)"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

FLAGS = (
    "for_municipality",
    "for_citizen",
    "for_business",
    "is_request",
    "is_subsidy",
    "is_notification",
    "is_duty",
    "by_digid",
)


def upgrade() -> None:
    op.create_table(
        "product",
        sa.Column("uri", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("sdg", sa.String(length=40), nullable=False),
        *(sa.Column(flag, sa.Boolean(), nullable=False) for flag in FLAGS),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_product")),
    )


def downgrade() -> None:
    op.drop_table("product")
