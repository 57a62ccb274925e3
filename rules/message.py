"""Messages: what people are told without looking, as plain data; the words are put in when a message is sent.

A digest tells what changed since the last one; a reminder what was promised for these days; an alarm tells once that something
broke, and once that it works again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

LONGEST_ADDRESS = 254  # characters of an e-mail address (RFC 5321, 4.5.3.1.3, without the angle brackets)
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?P<domain>[^@\s]+)", re.ASCII)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class MessageKind(StrEnum):
    """What somebody wants to be told."""

    DIGEST = "digest"  # once a week, and only where something changed
    REMINDER = "reminder"  # on Monday, of what they promised themselves
    ALARMS = "alarms"


class Channel(StrEnum):
    """How a message goes."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class MessageState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"  # it is sent when its next try is due
    SENT = "sent"
    REFUSED = "refused"  # the receiver said that it will never take it; the reason says why


class AlarmKind(StrEnum):
    """What an alarm is about."""

    TASK_LOST = "task-lost"  # a top task that was found is not found any more
    JOURNEY_BROKEN = "journey-broken"  # a task that residents could finish cannot be finished any more
    PAGE_DOWN = "page-down"  # a watched address gives no good answer
    RUN_FAILED = "run-failed"  # a run ended without having judged anything
    RUN_INTERRUPTED = "run-interrupted"  # a run stopped halfway and nobody continued it
    RUN_MISSED = "run-missed"  # a run was due and did not begin


class SubscriberError(ValueError):
    """A person or receiver cannot be told anything this way; the sentence says what to write."""


@dataclass(frozen=True)
class FixedRule:
    """Failures of one rule that are gone."""

    rule: str
    findings: int
    pages: int


@dataclass(frozen=True)
class NewCause:
    """What one repair mends, and what of it is new."""

    rule: str
    kind: str  # a rules.cause.CauseKind
    region: str
    mender: str
    findings: int
    pages: int
    page_id: int  # a page that shows it
    url: str
    title: str
    language: str
    message: str  # key of the rule's message, and its arguments, for an element on that page
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenNumbers:
    """What is still open, in the numbers that the screens show."""

    pages: int  # that were judged
    pages_with_failure: int
    failures: int
    broken_links: int | None  # None: for a part of the site they are not counted
    tasks: int  # top tasks that were tested
    tasks_not_found: int


@dataclass(frozen=True)
class Digest:
    """What changed on a site since somebody was last told, the good first."""

    site_id: int
    site: str
    time_zone: str
    since: datetime | None  # when the run began that was told of last; None: this is the first digest
    until: datetime  # when the newest run began
    sections: list[str]  # paths that this is about; none: the whole site
    fixed: list[FixedRule]
    tasks_found: list[str]  # titles
    tasks_lost: list[str]
    new: list[NewCause]  # what is worth mending first on top
    new_in_all: int  # causes, of which `new` holds the first
    still_open: OpenNumbers

    @property
    def tells_something(self) -> bool:
        return bool(self.fixed or self.tasks_found or self.tasks_lost or self.new)


@dataclass(frozen=True)
class DuePromise:
    """Something that somebody promised to have done on a day."""

    rule: str
    url: str
    page_id: int
    findings: int
    due_on: date


@dataclass(frozen=True)
class Reminder:
    """What somebody promised for this week, and what of the week before did not come."""

    site_id: int
    site: str
    time_zone: str
    this_week: list[DuePromise]  # the nearest day first
    too_late: list[DuePromise]


@dataclass(frozen=True)
class AlarmEvent:
    """Something broke, or works again."""

    number: int  # of the alarm; its end has the same
    kind: AlarmKind
    subject: str  # a task's title, an address, or the reason of a run
    is_over: bool
    since: datetime
    until: datetime | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Alarms:
    """What happened on a site at about one moment, told in one message."""

    site_id: int
    site: str
    time_zone: str
    events: list[AlarmEvent]


Content = Digest | Reminder | Alarms
ADAPTERS: dict[MessageKind, TypeAdapter[Any]] = {
    MessageKind.DIGEST: TypeAdapter(Digest),
    MessageKind.REMINDER: TypeAdapter(Reminder),
    MessageKind.ALARMS: TypeAdapter(Alarms),
}
KINDS: dict[type, MessageKind] = {Digest: MessageKind.DIGEST, Reminder: MessageKind.REMINDER, Alarms: MessageKind.ALARMS}


def as_stored(content: Content) -> dict[str, Any]:
    """A message as plain data for a JSON column."""
    stored: dict[str, Any] = ADAPTERS[KINDS[type(content)]].dump_python(content, mode="json")
    return stored


def content_of(kind: MessageKind, stored: Mapping[str, Any]) -> Content:
    content: Content = ADAPTERS[kind].validate_python(stored)
    return content


def read_address(text: str) -> str:
    """An e-mail address as it may stand in a header, its domain in ASCII. Raises SubscriberError."""
    address = text.strip()
    found = ADDRESS.fullmatch(address)
    try:
        domain = found["domain"].encode("idna").decode("ascii").lower() if found else ""
    except UnicodeError:
        domain = ""
    labels = domain.split(".")
    if len(address) > LONGEST_ADDRESS or len(labels) < 2 or not all(map(LABEL.fullmatch, labels)):
        raise SubscriberError(f"'{text[:80]}' is no e-mail address. Write for example: webteam@example.nl")
    return f"{address.rpartition('@')[0]}@{domain}"


def read_webhook(text: str) -> str:
    """Where a program takes messages. Raises SubscriberError."""
    url = text.strip()
    if not re.fullmatch(r"https?://[^\s/?#@]+([/?][^\s#]*)?", url, re.ASCII) or not url.isprintable() or len(url) > 2_000:
        raise SubscriberError(f"'{text[:80]}' is no address of a program. Write for example: https://chat.example.nl/hooks/1")
    return url


def read_section(text: str) -> str:
    """A part of a site by how its paths begin. Raises SubscriberError."""
    section = text.strip()
    if not section.startswith("/") or not section.isprintable() or " " in section or len(section) > 500:
        raise SubscriberError(f"'{text[:80]}' is no part of a site. Write how its paths begin, for example: /parkeren/")
    return section
