"""The tables of messages: who wants to be told what, what was told, and what waits to be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from rules.address import host_of
from rules.message import Channel
from storage.models import Base

LASTS = text("ended_at IS NULL")


class Subscriber(Base):
    """A person, or a program, that is told things. There are no accounts yet."""

    __tablename__ = "subscriber"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(10))  # a rules.message.Channel
    address: Mapped[str] = mapped_column(Text)  # an e-mail address, or where a webhook is sent
    language: Mapped[str] = mapped_column(String(2))
    token: Mapped[str] = mapped_column(String(64), unique=True)  # the way out in each mail
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("channel", "address"),)

    @property
    def receiver(self) -> str:
        """The address as it may be shown: of a webhook its host only, as the rest is often a secret."""
        return host_of(self.address) if self.channel == Channel.WEBHOOK else self.address


class Subscription(Base):
    """What a subscriber is told of one site, and up to where that was told."""

    __tablename__ = "subscription"
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True, index=True)
    kinds: Mapped[list[str]]  # rules.message.MessageKind
    sections: Mapped[list[str]] = mapped_column(default=list)  # how paths begin that are "mine"; none: all of the site
    told_run_id: Mapped[int] = mapped_column(default=0)  # the newest run that a digest told of; 0: none
    told_test_id: Mapped[int] = mapped_column(default=0)  # the newest test of findability that a digest told of
    withheld: Mapped[list[int]] = mapped_column(JSON, default=list)  # causes that were seen but not confirmed yet
    looked_at: Mapped[datetime]  # when it was last looked whether there is something to tell


class OutboxMessage(Base):
    """A message on its way: what it says as data, and how far it has come. Its key keeps it from being written twice."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"), index=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))  # a rules.message.MessageKind
    content: Mapped[dict[str, Any]]  # a rules.message.Digest or Alarms
    state: Mapped[str] = mapped_column(String(10))  # a rules.message.MessageState
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(50), default="")  # of the last failure: a key of rules.reason
    said: Mapped[str] = mapped_column(String(300), default="")  # what the receiving server said with it
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_outbox_due", "state", "next_try_at"), Index("ix_outbox_site", "site_id", "id"))


class ToldWarning(Base):
    """A warning of a statement's status that was told: each once, whatever becomes of the messages about it."""

    __tablename__ = "statement_warning"
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)  # rules.statement_status.StatusWarning.key
    told_at: Mapped[datetime]


class Alarm(Base):
    """Something that broke, from when it was first seen until it works again. Told after two looks, its end once."""

    __tablename__ = "alarm"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))  # a rules.message.AlarmKind
    key: Mapped[str] = mapped_column(String(100))  # what it is about, by number
    subject: Mapped[str] = mapped_column(Text)  # the same for people: a task's title, an address, a reason
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]  # at the first look
    told_at: Mapped[datetime | None]  # None: seen at one look only
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_alarm_lasting", "site_id", "kind", "key", unique=True, sqlite_where=LASTS, postgresql_where=LASTS),
        Index("ix_alarm_site", "site_id", "id"),
    )
