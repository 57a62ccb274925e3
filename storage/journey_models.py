"""The tables of journeys: the tasks themselves, each time that one was walked, and what came of each step in each way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class JourneyRow(Base):
    """A task from question to confirmation: a rules.journey.Journey, proposed or confirmed."""

    __tablename__ = "journey"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)  # as the file has it
    state: Mapped[str] = mapped_column(String(10))  # a rules.findability.TaskState
    source: Mapped[str] = mapped_column(String(20), default="")  # where it comes from: person, file, log
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("site_id", "title"),)


class JourneyVersion(Base):
    """A journey as somebody kept it: what stands in the journey itself is the newest of these."""

    __tablename__ = "journey_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journey.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(200))  # who kept it; empty: a command, or the log
    kept_at: Mapped[datetime]


class JourneyRun(Base):
    """One time that a journey was walked, in all its ways."""

    __tablename__ = "journey_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journey.id", ondelete="CASCADE"), index=True)
    verdict: Mapped[str] = mapped_column(String(15))  # a rules.journey.Verdict, of what two looks agree on
    requested_by: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)  # the journey as it was walked
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)  # see rules.journey_figures


class JourneyStepRow(Base):
    """What became of one step in one way."""

    __tablename__ = "journey_step"
    run_id: Mapped[int] = mapped_column(ForeignKey("journey_run.id", ondelete="CASCADE"), primary_key=True)
    way: Mapped[str] = mapped_column(String(10), primary_key=True)  # a rules.journey.Way
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 0
    outcome: Mapped[str] = mapped_column(String(15))  # a rules.journey.StepOutcome
    seen: Mapped[dict[str, Any]]  # a rules.journey.StepSeen
    findings: Mapped[dict[str, Any]] = mapped_column(default=dict)  # rule: how many elements fail it, at a state first seen here
    picture_blob: Mapped[str | None] = mapped_column(String(32))


class JourneyFinding(Base):
    """A finding that was met at a state of a journey: at which step, in which way."""

    __tablename__ = "journey_finding"
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journey.id", ondelete="CASCADE"), primary_key=True, index=True)
    way: Mapped[str] = mapped_column(String(10), primary_key=True)  # a rules.journey.Way
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 0
