"""The tables of accounts: who there is, what they may do on which site, who is logged in, and who changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models import Base


class Account(Base):
    """A person who may log in."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    mail: Mapped[str] = mapped_column(String(254), unique=True)  # in small letters
    name: Mapped[str] = mapped_column(String(200))
    team: Mapped[str] = mapped_column(String(200), default="")  # whose pages are theirs too
    password_hash: Mapped[str] = mapped_column(String(300), default="")  # argon2; empty: only by the organisation's own log-in
    subject: Mapped[str | None] = mapped_column(String(500), unique=True)  # issuer and subject of the organisation's log-in
    totp_secret: Mapped[str] = mapped_column(String(64), default="")  # base32; empty: no second factor
    totp_step: Mapped[int] = mapped_column(default=0)  # the last one that was used
    recovery: Mapped[list[str]] = mapped_column(default=list)  # hashes of codes for when the telephone is lost
    failed: Mapped[int] = mapped_column(default=0)  # wrong passwords or codes in a row
    locks: Mapped[int] = mapped_column(default=0)  # times in a row that it was locked
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]  # when it last logged in


class Membership(Base):
    """What somebody is to a site; without a site, to every site."""

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))  # a rules.account.Role
    __table_args__ = (UniqueConstraint("account_id", "site_id", "role"),)


class Invitation(Base):
    """Asks somebody to make an account; its token is only known to who got it."""

    __tablename__ = "invitation"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    mail: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), index=True)
    invited_by: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LogInSession(Base):
    """Somebody who is logged in, by the hash of what their browser holds."""

    __tablename__ = "log_in_session"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    is_whole: Mapped[bool]  # False: the second factor is still asked
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AuditEntry(Base):
    """Who changed what, field by field. Nothing here is ever changed or removed by the dashboard."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(10))  # added, changed, removed
    table: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(300))
    site_id: Mapped[int | None]  # it stays when the site goes
    changes: Mapped[dict[str, Any]]  # field: what it was and what it is
    __table_args__ = (Index("ix_audit_entry_site", "site_id", "id"),)
