"""The tables of availability: which addresses are watched, from when to when each was up or down, and a line a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base

LASTS = text("ended_at IS NULL")


class WatchedAddress(Base):
    """An address that is asked every few minutes whether it works."""

    __tablename__ = "watched_address"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10))  # a rules.availability.WatchKind
    label: Mapped[str] = mapped_column(String(200), default="")  # what people call it: a page's title, a task
    is_on: Mapped[bool] = mapped_column(default=True)
    proposed: Mapped[bool] = mapped_column(default=True)  # False: a person asked for it
    expects: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what a good answer holds: rules.availability.Expected
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]  # when it was last opened in a browser, which is done less often
    fails_opened: Mapped[bool] = mapped_column(default=False, server_default=false())  # it answers well, and fails in a browser
    shows: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # as `expects`: what a browser showed of it
    __table_args__ = (UniqueConstraint("site_id", "url"),)


class AvailabilityInterval(Base):
    """An address was up, down, or nobody knows. A look that says the same as the one before writes no row."""

    __tablename__ = "availability_interval"
    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("watched_address.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(10))  # a rules.availability.Availability
    reason: Mapped[str] = mapped_column(String(50), default="")  # a key of rules.reason
    status: Mapped[int | None]  # of the answer
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_availability_interval_open", "address_id", unique=True, sqlite_where=LASTS, postgresql_where=LASTS),
        Index("ix_availability_interval_address", "address_id", "began_at"),
    )


class AvailabilityDay(Base):
    """Roll-up: one day of one address, in the site's own time. Stays for ever; uptime is read from it."""

    __tablename__ = "availability_day"
    address_id: Mapped[int] = mapped_column(ForeignKey("watched_address.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)  # looks that say something: up or down
    up: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)  # looks that say nothing of the site: our own network was down
    slowest_ms: Mapped[int | None]
    median_ms: Mapped[int | None]
    times: Mapped[list[int]] = mapped_column(JSON, default=list)  # of the answers of today; empty once the day is over
