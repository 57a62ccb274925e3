"""The tables of KPIs: their values from run to run, their targets, and what happened beside them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class KpiPoint(Base):
    """A KPI of a site on a day; of several on one day the last stays. Stays for ever."""

    __tablename__ = "kpi_point"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    kpi: Mapped[str] = mapped_column(String(50), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int]  # of the definition
    value: Mapped[float]
    count: Mapped[float | None]
    of: Mapped[float | None]
    made_with: Mapped[str] = mapped_column(String(64))  # the rule set of the run; where it changes the series is marked


class KpiTarget(Base):
    """What a KPI of a site is to be: a rules.kpi.Target, whose it is, and when it is looked over."""

    __tablename__ = "kpi_target"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    kpi: Mapped[str] = mapped_column(String(50))
    first_day: Mapped[date]
    first_value: Mapped[float]
    last_day: Mapped[date]
    last_value: Mapped[float]
    owner: Mapped[str] = mapped_column(String(200))
    review_on: Mapped[date | None]
    said_by: Mapped[str] = mapped_column(String(200))
    said_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # another took its place, or it was taken back


class Annotation(Base):
    """Something that happened, to be read beside every trend: a campaign, a release, news."""

    __tablename__ = "annotation"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20))  # campaign, release, news, other
    words: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(200))
    __table_args__ = (Index("ix_annotation_site_day", "site_id", "day"),)
