"""What a duty says of one host, and the element that it stands on: the start page as a whole."""

from __future__ import annotations

from typing import Any

from checks.verdict import Verdict
from rules.address import host_of
from rules.observation import CookieObservation, HostAnswer, HostObservation, SitemapObservation
from rules.outcome import Outcome
from rules.register import RegisterSeen

ROOT = {"selector": "html", "path": "html", "html": "<html>"}
Seen = HostObservation | SitemapObservation | CookieObservation | RegisterSeen
REFUSES = frozenset({401, 403, 407, 429, 451})  # a host that keeps robots out says nothing about itself
IN_TROUBLE = 500


def said(host: Seen, rule: str, outcome: Outcome, message: str = "", **arguments: Any) -> Verdict:
    """A verdict on a host as a whole; its name is an argument, so that two hosts are two findings."""
    return Verdict(rule, outcome, ROOT, message, {"host": host_of(host.origin), **arguments})


def passed(host: Seen, rule: str) -> Verdict:
    return said(host, rule, Outcome.PASSED)


def failed(host: Seen, rule: str, message: str = "", **arguments: Any) -> Verdict:
    return said(host, rule, Outcome.FAILED, message, **arguments)


def cannot_tell(host: Seen, rule: str, message: str = "", **arguments: Any) -> Verdict:
    return said(host, rule, Outcome.CANNOT_TELL, message, **arguments)


def untested(host: Seen, rule: str) -> Verdict:
    """It was asked, and nothing came back that says anything."""
    return said(host, rule, Outcome.UNTESTED)


def is_clear(answer: HostAnswer) -> bool:
    """Whether an answer is one of the website itself: it came whole, and is no refusal and no breakdown."""
    return answer.status is not None and not answer.error and answer.status not in REFUSES and answer.status < IN_TROUBLE


def is_secure(host: HostObservation) -> bool:
    return host.origin.startswith("https:")


def shown(text: str, most: int = 80) -> str:
    """What a host wrote, as it may be quoted."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:most]
