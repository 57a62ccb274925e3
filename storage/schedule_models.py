"""The tables of the scheduler: what is done when, and which scheduler is at work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base

OF_INSTALLATION = text("site_id IS NULL")


class Schedule(Base):
    """When one kind of work is done for a site, or for the whole installation. Its row is all that is known of it."""

    __tablename__ = "schedule"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))  # None: the whole installation
    kind: Mapped[str] = mapped_column(String(20))  # a rules.schedule.WorkKind
    cron: Mapped[str] = mapped_column(String(100))
    time_zone: Mapped[str] = mapped_column(String(50))
    jitter_s: Mapped[int] = mapped_column(default=0)
    quiet_hours: Mapped[str] = mapped_column(String(11), default="")  # "07:00-19:00"
    enabled: Mapped[bool] = mapped_column(default=True)
    planned_at: Mapped[datetime | None]  # when next_at was worked out
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # None: to be worked out
    last_at: Mapped[datetime | None]  # when it last fell due
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id", ondelete="SET NULL"))  # what that became
    __table_args__ = (
        UniqueConstraint("site_id", "kind"),
        Index("ix_schedule_installation", "kind", unique=True, sqlite_where=OF_INSTALLATION, postgresql_where=OF_INSTALLATION),
    )


class SchedulerLease(Base):
    """The one row that says which scheduler is at work. It is silent when its beats stay the same."""

    __tablename__ = "scheduler_lease"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(String(100))  # host, process number and a number of its own; empty: nobody
    beats: Mapped[int]
    beat_at: Mapped[datetime]  # for people to read: it is never compared with another machine's clock
