"""The table of what people met or saw on a site: barriers of user tests, expert reviews and complaints."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class StoredBarrier(Base):
    """A barrier: written down by a person, and closed by one. No retention period takes it; no run changes it."""

    __tablename__ = "barrier"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(Text)  # the identity of its page, whether a run has met it or not
    address_hash: Mapped[str] = mapped_column(String(32))  # as of storage.models.Page.identity_hash
    key: Mapped[str] = mapped_column(String(32))  # of what was written: the same line of a file is kept once
    criterion: Mapped[str] = mapped_column(String(10))  # empty: no matter of WCAG
    what: Mapped[str] = mapped_column(Text)  # personal data masked; empty: it was taken back
    who: Mapped[str] = mapped_column(String(300))
    needs: Mapped[list[str]]  # rules.monitoring.Need
    source: Mapped[str] = mapped_column(String(10))  # a rules.barrier.BarrierSource
    met_on: Mapped[date]
    impact: Mapped[str] = mapped_column(String(10))
    mender: Mapped[str] = mapped_column(String(20))
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(200), default="")  # of the file; empty: there is none
    media_type: Mapped[str] = mapped_column(String(100), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    closing: Mapped[str] = mapped_column(String(10), default="")  # a rules.barrier.Closing; empty: it is open
    closing_note: Mapped[str] = mapped_column(Text, default="")
    closed_by: Mapped[str] = mapped_column(String(200), default="")
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("site_id", "key"),
        Index("ix_barrier_open", "site_id", "closed_at"),
        Index("ix_barrier_address", "site_id", "address_hash"),
    )
