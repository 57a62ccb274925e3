"""The tables of the editor's desk: whose pages are whose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class OwnerRule(Base):
    """Says of some pages of a site whose they are: a rules.owners.OwnerRule."""

    __tablename__ = "owner_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))  # a rules.owners.OwnedBy
    value: Mapped[str] = mapped_column(Text)  # a path, a page's identity, an author, or the number of a template
    owner: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(20))  # file, or screen
    said_by: Mapped[str] = mapped_column(String(200))
    said_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("site_id", "kind", "value"),)
