"""The verdicts of the field, in its own words.

Source: W3C ACT Rules Format 1.1 (outcomes), EARL 1.0 (the spelling), axe-core (impact).
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a rule says about one test target."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_TELL = "cantTell"  # a person has to look; the message says at what
    INAPPLICABLE = "inapplicable"  # nothing here for this rule to judge
    UNTESTED = "untested"  # we did not get to it: never shown as passed


SEVERITY = (Outcome.FAILED, Outcome.CANNOT_TELL, Outcome.UNTESTED, Outcome.PASSED, Outcome.INAPPLICABLE)


def worst(first: Outcome, second: Outcome) -> Outcome:
    """Of two outcomes of one rule the one that counts for the page. Untested weighs more than passed: it is not known."""
    return min(first, second, key=SEVERITY.index)


class CriterionOutcome(StrEnum):
    """What one page may say about a success criterion: never "passed", a machine cannot know that."""

    FAILED = "failed"
    CANNOT_TELL = "cantTell"
    NO_FAILURE_FOUND = "no failure found"  # every rule of it ran to its end and none gave failed or cantTell
    NOT_TESTED = "not tested automatically"


class Impact(StrEnum):
    """How hard a barrier stops a visitor."""

    MINOR = "minor"
    MODERATE = "moderate"
    SERIOUS = "serious"
    CRITICAL = "critical"

    @property
    def weight(self) -> int:
        """1, 2, 4 or 8: the factor in the order of the worklist."""
        return 1 << list(Impact).index(self)


class Mender(StrEnum):
    """Who can mend it: the words of a page, the settings of the site, or its code."""

    EDITOR = "editor"
    WEB_MANAGER = "web-manager"
    SUPPLIER = "supplier"
