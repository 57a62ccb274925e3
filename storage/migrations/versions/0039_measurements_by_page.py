"""Measurements are found by their page, and by the KPI that they belong beside: a year of visits is a row a page a month."""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_measurement_page", "measurement", ["site_id", "address_hash"])
    op.create_index("ix_measurement_kpi", "measurement", ["site_id", "kpi", "imported_at"])


def downgrade() -> None:
    op.drop_index("ix_measurement_kpi", "measurement")
    op.drop_index("ix_measurement_page", "measurement")
