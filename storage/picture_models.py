"""The table of pictures of whole pages, as the newest run that pictured them saw them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class StoredPagePicture(Base):
    """One a page: a newer picture takes the place of the one before it."""

    __tablename__ = "page_picture"
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    picture_blob: Mapped[str] = mapped_column(String(32))  # JPEG
    width: Mapped[int]  # CSS pixels of the page that it shows
    height: Mapped[int]
    page_height: Mapped[int]  # CSS pixels of the whole page
    boxes: Mapped[dict[str, Any]]  # by the fingerprint of a finding: left, top, width, height in CSS pixels
    taken_at: Mapped[datetime]
