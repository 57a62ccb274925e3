"""Files a ticket in the tracker of a supplier, in that tracker's own form. Never in our own network, unless that is allowed.

Sources: GitHub REST API "Create an issue"; GitLab REST API "New issue"; Jira REST API 2 "Create issue"; TOPdesk API
"Create incident".
"""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.http_client import FAILURES_OF_A_POST, http_failure
from crawler.mailer import Delivery, Fate
from crawler.webhook import fate_of, said_of, send, signature
from rules.ticket import Tracker, TrackerKind

ANSWERS_WITHIN_S = 20.0
LONGEST_ANSWER = 200_000  # bytes of an answer that are read
LONGEST_BRIEF = 80  # signs of TOPdesk's short description
LONGEST_REFERENCE = 200


@dataclass(frozen=True)
class Filed:
    """What became of it."""

    delivery: Delivery
    reference: str = ""  # the tracker's own number; empty: it did not say
    address: str = ""  # where a person sees it


@dataclass(frozen=True)
class TicketText:
    """What a ticket says; the body is Markdown."""

    title: str
    body: str


async def file_ticket(
    tracker: Tracker, secret: str, ticket: TicketText, *, key: str, timestamp: int, user_agent: str, may_be_private: bool
) -> Filed:
    """One try. Never raises: what goes wrong is its fate. `key` is the same for every try of one ticket."""
    body = json.dumps(issue_of(tracker, ticket), ensure_ascii=False, sort_keys=True).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "User-Agent": user_agent,
        "Vierluik-Key": key,
        **_authorisation(tracker, secret, timestamp, body),
    }
    try:
        status, answer = await send(
            tracker.url, headers, body, may_be_private=may_be_private, within_s=ANSWERS_WITHIN_S, longest=LONGEST_ANSWER
        )
    except FAILURES_OF_A_POST as error:
        return Filed(Delivery(Fate.LATER, http_failure(error)))
    delivery = fate_of(status, said_of(status, answer))
    return Filed(delivery, *_where(tracker, answer)) if delivery.fate is Fate.SENT else Filed(delivery)


def issue_of(tracker: Tracker, ticket: TicketText) -> dict[str, Any]:
    """The issue as the tracker takes it."""
    match tracker.kind:
        case TrackerKind.GITHUB:
            return {"title": ticket.title, "body": ticket.body, "labels": list(tracker.labels)}
        case TrackerKind.GITLAB:
            return {"title": ticket.title, "description": ticket.body, "labels": ",".join(tracker.labels)}
        case TrackerKind.JIRA:
            fields: dict[str, Any] = {
                "project": {"key": tracker.project},
                "issuetype": {"name": tracker.issue_type},
                "summary": ticket.title,
                "description": ticket.body,
            }
            if tracker.labels:
                fields["labels"] = [label.replace(" ", "-") for label in tracker.labels]  # Jira refuses one with a space
            return {"fields": fields}
        case TrackerKind.TOPDESK:
            # TOPdesk shows the request as HTML.
            request = html.escape(ticket.body, quote=False).replace("\n", "<br>")
            caller = {"callerLookup": {"email": tracker.caller}} if tracker.caller else {}
            return {"briefDescription": ticket.title[:LONGEST_BRIEF], "request": request, "status": "firstLine", **caller}
        case TrackerKind.WEBHOOK:
            return {"kind": "ticket", "title": ticket.title, "body": ticket.body, "labels": list(tracker.labels)}


def _authorisation(tracker: Tracker, secret: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    basic = "Basic " + base64.b64encode(f"{tracker.user}:{secret}".encode()).decode()
    match tracker.kind:
        case TrackerKind.GITHUB:
            return {
                "Authorization": f"Bearer {secret}",
                "Accept": "application/vnd.github+json",
                "X-GitHub-Api-Version": "2022-11-28",
            }
        case TrackerKind.GITLAB:
            return {"PRIVATE-TOKEN": secret}
        case TrackerKind.JIRA:
            return {"Authorization": basic if tracker.user else f"Bearer {secret}"}
        case TrackerKind.TOPDESK:
            return {"Authorization": basic}
        case TrackerKind.WEBHOOK:
            return {"Vierluik-Timestamp": str(timestamp), "Vierluik-Signature": signature(secret, timestamp, body)}


def _where(tracker: Tracker, answer: bytes) -> tuple[str, str]:
    """The tracker's own number of the issue and its address, as far as it says them in a form that may be shown."""
    try:
        said = json.loads(answer)
    except ValueError:
        return "", ""
    if not isinstance(said, dict):
        return "", ""
    names = {
        TrackerKind.GITHUB: ("number", "html_url"),
        TrackerKind.GITLAB: ("iid", "web_url"),
        TrackerKind.JIRA: ("key", ""),
        TrackerKind.TOPDESK: ("number", ""),
        TrackerKind.WEBHOOK: ("number", "url"),
    }
    number, address = (str(said.get(name, "")) for name in names[tracker.kind])
    shown = "".join(sign for sign in number if sign.isprintable())[:LONGEST_REFERENCE]
    fits = address.startswith(("https://", "http://")) and address.isprintable() and len(address) <= 2_000
    return shown, address if fits else ""
