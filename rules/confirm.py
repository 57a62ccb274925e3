"""Confirmation: nobody is told of a failure that was not seen twice.

A finding that a second look, in a fresh context with all animation stopped, does not meet again is unstable: it may be true,
it may be chance, and it is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from rules.finding import Finding, fingerprints
from rules.outcome import Outcome

LATER = timedelta(hours=6)  # what addresses answer is confirmed by a run that comes so much later: hosts have bad hours


class Confirmation(StrEnum):
    """What a second look said of a failure."""

    CONFIRMED = "confirmed"
    UNSTABLE = "unstable"


def confirmed(page: str, first: Iterable[Finding], second: Iterable[Finding], ran: Iterable[str]) -> tuple[Finding, ...]:
    """The findings of the first look, each failure with the verdict of the second one.

    `ran`: the rules that ran to their end in the second look; of the others it says nothing. An unstable failure only asks.
    """
    again = {fingerprint for fingerprint, finding in fingerprints(page, "loaded", second) if finding.outcome is Outcome.FAILED}
    rules = set(ran)
    return tuple(
        _with_verdict(fingerprint in again, finding, rules) for fingerprint, finding in fingerprints(page, "loaded", first)
    )


def _with_verdict(seen_again: bool, finding: Finding, rules: set[str]) -> Finding:
    if finding.outcome is not Outcome.FAILED or finding.rule not in rules:
        return finding
    if seen_again:
        return replace(finding, confirmation=Confirmation.CONFIRMED)
    return replace(finding, confirmation=Confirmation.UNSTABLE, outcome=Outcome.CANNOT_TELL)
