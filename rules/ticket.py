"""A ticket for a supplier: who holds it since when, and the trackers that it can be filed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

MOST_TITLE = 250  # signs; GitHub takes 256, GitLab and Jira 255


class TicketState(StrEnum):
    """Who holds a ticket."""

    OPEN = "open"  # we do: it is written, and not handed over yet
    HELD = "held"  # the supplier does: our clock stands still
    RETURNED = "returned"  # we do again: to be looked at, or answered
    CLOSED = "closed"  # nobody: it is done with


class TrackerKind(StrEnum):
    """In which form an issue is filed."""

    GITHUB = "github"
    GITLAB = "gitlab"
    JIRA = "jira"
    TOPDESK = "topdesk"
    WEBHOOK = "webhook"  # our own signed JSON


class DeliveryState(StrEnum):
    """How far a ticket is on its way to a tracker."""

    BY_HAND = "by-hand"  # nobody asked for it: it is sent by mail, or copied
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class TrackerError(ValueError):
    """A tracker's settings cannot be; the sentence says what to write."""


@dataclass(frozen=True)
class Step:
    """From when on somebody held a ticket."""

    state: TicketState
    at: datetime


@dataclass(frozen=True)
class Clock:
    """How long a ticket lay on either side."""

    ours: timedelta
    theirs: timedelta  # while this runs, ours stands still


def clock_of(steps: Iterable[Step], now: datetime) -> Clock:
    """Add up who held a ticket how long; `steps` in the order of time. Once it is closed nobody's clock runs."""
    ours = theirs = timedelta()
    known = list(steps)
    for step, end in zip(known, [*(step.at for step in known[1:]), now], strict=False):
        span = max(end - step.at, timedelta())
        if step.state is TicketState.HELD:
            theirs += span
        elif step.state is not TicketState.CLOSED:
            ours += span
    return Clock(ours, theirs)


@dataclass(frozen=True)
class Tracker:
    """Where issues are filed. The secret is not here: only where it stands."""

    name: str
    kind: TrackerKind
    url: str  # that issues are posted to
    secret_env: str = ""  # the variable of the environment that holds the token or password
    secret_file: str = ""  # or the file that does
    user: str = ""  # of Jira Cloud and TOPdesk
    project: str = ""  # Jira's project key
    issue_type: str = "Bug"  # of Jira
    caller: str = ""  # TOPdesk: the e-mail address of who calls
    labels: tuple[str, ...] = ()


FIELDS = ("kind", "url", "secret_env", "secret_file", "user", "project", "issue_type", "caller", "labels")


def read_trackers(value: Mapping[str, Any]) -> dict[str, Tracker]:
    """The trackers of the settings, by name. Raises TrackerError."""
    return {name: _tracker(name, facts) for name, facts in value.items()}


def _tracker(name: str, facts: Any) -> Tracker:
    if not isinstance(facts, Mapping):
        raise TrackerError(f'trackers.{name} is no table. Write for example: kind = "gitlab", url = "https://…"')
    if unknown := sorted(set(facts) - set(FIELDS)):
        raise TrackerError(f"trackers.{name} has no setting '{unknown[0]}'. Choose from: {', '.join(FIELDS)}.")
    kind, url = facts.get("kind", ""), facts.get("url", "")
    if kind not in tuple(TrackerKind):
        raise TrackerError(f"trackers.{name}: kind is '{kind}'. Choose from: {', '.join(TrackerKind)}.")
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s#]*)?", str(url)):
        raise TrackerError(f"trackers.{name}: '{url}' is no address that issues can be posted to. Write https://… in full.")
    if bool(facts.get("secret_env")) == bool(facts.get("secret_file")):
        raise TrackerError(f"trackers.{name}: name either secret_env or secret_file, where its token stands.")
    texts = {field: facts[field] for field in FIELDS if field in facts and field != "labels"}
    if wrong := [field for field, text in texts.items() if not isinstance(text, str) or len(text) > 2_000]:
        raise TrackerError(f"trackers.{name}: {wrong[0]} is no text.")
    labels = facts.get("labels", [])
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise TrackerError(f'trackers.{name}: labels is a list of texts, such as ["toegankelijkheid"].')
    if kind == TrackerKind.JIRA and not facts.get("project"):
        raise TrackerError(f'trackers.{name}: Jira needs the key of a project. Write for example: project = "WEB"')
    if kind == TrackerKind.TOPDESK and not facts.get("user"):
        raise TrackerError(f"trackers.{name}: TOPdesk needs the user name that the application password is of.")
    return Tracker(**{**texts, "kind": TrackerKind(kind), "name": name, "labels": tuple(labels)})
