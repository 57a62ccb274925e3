"""The tables of the page queue. The jobs themselves are in the tables of Procrastinate, which only PostgreSQL has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class QueuedPage(Base):
    """A page that a worker has begun, until the run has stored its result."""

    __tablename__ = "queued_page"
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    identity_hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    identity: Mapped[str] = mapped_column(Text)
    tries: Mapped[int]  # how often it was begun; begun and without result: its worker was lost, or has it in hand
    result: Mapped[bytes | None]  # packed JSON of a rules.task.PageResult
    browser: Mapped[str] = mapped_column(String(100), default="")


class PageWorker(Base):
    """A process that takes pages; it lives while its heartbeat is young."""

    __tablename__ = "page_worker"
    name: Mapped[str] = mapped_column(String(100), primary_key=True)  # host and process number
    queue: Mapped[str] = mapped_column(String(128))  # what it is made of, see `storage.page_queue.queue_name`
    pages_at_once: Mapped[int]
    heartbeat_at: Mapped[datetime]  # by the clock of the database
