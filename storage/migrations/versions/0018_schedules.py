"""Schedules of every kind of work, the scheduler's lease, and how far a run is"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NO_SITE = sa.text("site_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("cron", sa.String(length=100), nullable=False),
        sa.Column("time_zone", sa.String(length=50), nullable=False),
        sa.Column("jitter_s", sa.Integer(), nullable=False),
        sa.Column("quiet_hours", sa.String(length=11), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_schedule_site_id_site"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_schedule_request_id_request"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("site_id", "kind", name=op.f("uq_schedule_site_id_kind")),
    )
    op.create_index(op.f("ix_schedule_next_at"), "schedule", ["next_at"])
    op.create_index("ix_schedule_installation", "schedule", ["kind"], unique=True, sqlite_where=NO_SITE, postgresql_where=NO_SITE)
    op.create_table(
        "scheduler_lease",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler_lease")),
    )
    lease = sa.table("scheduler_lease", *(sa.column(name) for name in ("id", "holder", "beats")), _time("beat_at"))
    op.bulk_insert(lease, [{"id": 1, "holder": "", "beats": 0, "beat_at": datetime.now(UTC)}])
    _move_cron_lines()
    op.add_column("run", sa.Column("progress", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("run", sa.Column("continued", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("run", sa.Column("stop_asked", sa.String(length=10), nullable=False, server_default=""))


def _move_cron_lines() -> None:
    """What every site had, and what every installation did by itself, become schedules."""
    columns = ("site_id", "kind", "cron", "time_zone", "jitter_s", "quiet_hours")
    schedule = sa.table("schedule", *(sa.column(name) for name in columns), sa.column("enabled", sa.Boolean()))
    site = sa.table("site", *(sa.column(name) for name in ("id", "cron", "time_zone")))
    rest = (sa.literal(0), sa.literal(""), sa.true())
    of_sites = sa.select(site.c.id, sa.literal("full"), site.c.cron, site.c.time_zone, *rest).where(site.c.cron != "")
    op.execute(schedule.insert().from_select([*columns, "enabled"], of_sites))
    rows = [
        {"kind": kind, "cron": cron, "time_zone": "Europe/Amsterdam", "jitter_s": 0, "quiet_hours": "", "enabled": True}
        for kind, cron in (("imports", "* * * * *"), ("retention", "0 2 * * *"))
    ]
    op.bulk_insert(schedule, rows)
    op.drop_column("site", "cron")  # not as a batch: making the table anew would remove what refers to it


def _time(name: str) -> sa.ColumnClause[datetime]:
    return sa.column(name, sa.DateTime(timezone=True))


def downgrade() -> None:
    for name in ("stop_asked", "continued", "progress"):
        op.drop_column("run", name)
    op.add_column("site", sa.Column("cron", sa.String(length=100), nullable=False, server_default=""))
    op.execute(
        "UPDATE site SET cron = (SELECT cron FROM schedule WHERE site_id = site.id AND kind = 'full') "
        "WHERE id IN (SELECT site_id FROM schedule WHERE kind = 'full')"
    )
    op.drop_table("scheduler_lease")
    op.drop_table("schedule")
