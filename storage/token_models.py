"""The table of tokens by which programs use the API."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class ApiToken(Base):
    """A token of an account, by its hash; one that was revoked or is over keeps its row: what it did keeps its name."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)  # None: of the demo
    name: Mapped[str] = mapped_column(String(60))
    shown: Mapped[str] = mapped_column(String(10))  # how it begins
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]]  # rules.api_token.TokenScope
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]  # when it was last used
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str] = mapped_column(String(200), default="")
