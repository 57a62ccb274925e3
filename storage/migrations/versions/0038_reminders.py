"""Reminders of what was promised: who wants them, and up to which Monday they were written"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

SUBSCRIPTION = sa.table(
    "subscription", sa.column("subscriber_id", sa.Integer()), sa.column("site_id", sa.Integer()), sa.column("kinds", sa.JSON())
)


def upgrade() -> None:
    op.add_column("subscription", sa.Column("reminded_on", sa.Date(), nullable=True))
    _change(lambda kinds: [*kinds, "reminder"] if "digest" in kinds else kinds)


def downgrade() -> None:
    _change(lambda kinds: [kind for kind in kinds if kind != "reminder"])
    op.drop_column("subscription", "reminded_on")


def _change(changed) -> None:  # type: ignore[no-untyped-def]
    """Who wanted a digest wants to be reminded too."""
    at = SUBSCRIPTION.c
    connection = op.get_bind()
    for subscriber, site, kinds in connection.execute(sa.select(at.subscriber_id, at.site_id, at.kinds)).all():
        this = (at.subscriber_id == subscriber) & (at.site_id == site)
        connection.execute(sa.update(SUBSCRIPTION).where(this).values(kinds=changed(kinds)))
