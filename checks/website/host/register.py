"""The public register has an accessibility statement of the website, and what it says of it is not out of date.

Source: Besluit digitale toegankelijkheid overheid: a statement for every website, in the register, reviewed within a year;
status C holds for six months; D and E do not meet the law. Advice: the register may have changed since it was brought in.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from checks.verdict import Verdict
from checks.website.host.said import cannot_tell, passed
from rules.register import RegisterSeen

RULE = "statement-registered"
RULES = (RULE,)

YEAR, HALF_A_YEAR = 366, 184  # days


def judge(seen: RegisterSeen) -> Iterator[Verdict]:
    """By the newest of the statements; older ones of the same host are often of a part of it, or were left behind."""
    if not seen.statements:
        yield cannot_tell(seen, RULE, date=seen.since)
        return
    newest = max(seen.statements, key=lambda one: one.agreed_on or date.min)
    age = (date.fromisoformat(seen.asked_at[:10]) - newest.agreed_on).days if newest.agreed_on else None
    if newest.status in ("D", "E"):
        yield cannot_tell(seen, RULE, f"cantTell_{newest.status.lower()}", date=seen.since)
    elif age is None:
        yield cannot_tell(seen, RULE, "cantTell_undated", date=seen.since)
    elif newest.status == "C" and age > HALF_A_YEAR:
        yield cannot_tell(seen, RULE, "cantTell_c", date=seen.since, agreed=str(newest.agreed_on))
    elif age > YEAR:
        yield cannot_tell(seen, RULE, "cantTell_age", date=seen.since, agreed=str(newest.agreed_on))
    else:
        yield passed(seen, RULE)
