"""The tables of what earlier runs know of a site, so that a later one need not test what has not changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class PageCheck(Base):
    """A page was tested in a run. In the runs after it, until the next one of these, its result was carried over."""

    __tablename__ = "page_check"
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True, index=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class Asset(Base):
    """A style sheet or script that pages of a site load: a rules.incremental.AssetVersion, as the newest run met it."""

    __tablename__ = "asset"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    url_hash: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(32))
    etag: Mapped[str] = mapped_column(Text)
    last_modified: Mapped[str] = mapped_column(String(50))
    references: Mapped[list[str]]
    __table_args__ = (UniqueConstraint("site_id", "url_hash"),)


class SiteMemory(Base):
    """What runs have learned of a site by themselves."""

    __tablename__ = "site_memory"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    volatile: Mapped[list[Any]] = mapped_column(JSON, default=list)  # rules.incremental.VolatilePart
    cookies: Mapped[list[Any] | None] = mapped_column(JSON)  # rules.observation.Cookie and when it was met; None: unknown
