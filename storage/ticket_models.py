"""The tables of tickets: what a supplier was asked to mend, who held it since when, and how it got there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class Ticket(Base):
    """A cause, written down for a supplier as it was that day."""

    __tablename__ = "ticket"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id", ondelete="SET NULL"), index=True)
    rule: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(250))
    body: Mapped[str] = mapped_column(Text)  # Markdown
    pages: Mapped[int]  # with a failure of the cause, that day
    person: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    tracker: Mapped[str] = mapped_column(String(200), default="")  # its name in the settings; empty: it goes by hand
    delivery: Mapped[str] = mapped_column(String(10))  # a rules.ticket.DeliveryState
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(50), default="")  # of the last failure: a key of rules.reason
    said: Mapped[str] = mapped_column(String(300), default="")  # what the tracker said with it
    reference: Mapped[str] = mapped_column(String(200), default="")  # the supplier's own number
    address: Mapped[str] = mapped_column(Text, default="")  # where a person sees it in the tracker
    __table_args__ = (Index("ix_ticket_due", "delivery", "next_try_at"),)


class TicketStep(Base):
    """From this moment on somebody else held a ticket."""

    __tablename__ = "ticket_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10))  # a rules.ticket.TicketState
    at: Mapped[datetime]
    person: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")
