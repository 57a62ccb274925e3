"""The table of the pages of a sample as they were when their evidence was kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class StoredFrozenPage(Base):
    """One page of one evaluation; keeping the evidence anew takes its place. The content stands in blobs."""

    __tablename__ = "evaluation_frozen"
    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id", ondelete="CASCADE"))
    number: Mapped[int]  # StoredSamplePage.number
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    is_document: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(20))  # a rules.task.PageStatus
    reason: Mapped[str] = mapped_column(String(50), default="")
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str] = mapped_column(String(200))
    made_with: Mapped[dict[str, Any]]
    result_blob: Mapped[str] = mapped_column(String(32))
    snapshot_blob: Mapped[str | None] = mapped_column(String(32))
    archive_blob: Mapped[str | None] = mapped_column(String(32))
    picture_blob: Mapped[str | None] = mapped_column(String(32))
    width: Mapped[int] = mapped_column(default=0)  # CSS pixels of the page that the picture shows
    height: Mapped[int] = mapped_column(default=0)
    page_height: Mapped[int] = mapped_column(default=0)
    boxes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    size: Mapped[int]  # bytes of the archive
    __table_args__ = (UniqueConstraint("evaluation_id", "number"),)
