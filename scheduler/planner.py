"""Decides whether a page is tested in a run or carries its last result over.

A page is only carried over where nothing can have changed what is said of it: neither the page, nor the style sheets and
scripts that it loads, nor what it is judged with. What this cannot see (data that a script fetches from elsewhere, pictures,
the calendar) is seen within 28 days: each night one page in 28 is tested whatever it answers.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from rules.incremental import PERIOD_DAYS, LastCheck


class Why(StrEnum):
    """Why a page is tested: a key of `rules.reason`."""

    FULL_RUN = "asked-for-all"
    NEW = "new-page"
    NOT_WHOLE = "last-check-not-whole"
    OTHER_RULES = "judged-with-other"
    WAITING = "waits-for-second-look"
    DUE = "check-due"
    PAGE_CHANGED = "page-changed"
    ASSETS_CHANGED = "assets-changed"


def whatever_it_answers(last: LastCheck | None, judged_with: str, now: datetime) -> Why | None:
    """Why a page is tested whatever its site answers; None: that depends on the answer."""
    if last is None:
        return Why.NEW
    if not (last.judged_with and last.dom_hash) or last.is_broken:
        return Why.NOT_WHOLE
    if last.judged_with != judged_with:
        return Why.OTHER_RULES
    if last.is_waiting:
        return Why.WAITING
    if is_due(last.identity, last.checked_at, now):
        return Why.DUE
    return None


def why_tested(
    last: LastCheck | None, judged_with: str, now: datetime, *, not_modified: bool, dom_hash: str, assets_hash: str
) -> Why | None:
    """Why a page is tested in a run; None: its last result is carried over.

    `not_modified`: its site answered 304. `assets_hash`: of its style sheets and scripts as they are now; empty where one
    could not be asked.
    """
    if why := whatever_it_answers(last, judged_with, now):
        return why
    assert last is not None
    if not (not_modified or dom_hash == last.dom_hash):
        return Why.PAGE_CHANGED
    if not assets_hash or assets_hash != last.assets_hash:
        return Why.ASSETS_CHANGED
    return None


def is_due(identity: str, checked_at: datetime, now: datetime) -> bool:
    """Whether a page's own day of the 28 has come since it was last tested: one in 28 has it on any day."""
    own_day = int.from_bytes(hashlib.sha256(identity.encode("utf-8", "surrogatepass")).digest()[:4], "big") % PERIOD_DAYS
    return (now.toordinal() - own_day) // PERIOD_DAYS > (checked_at.toordinal() - own_day) // PERIOD_DAYS
