"""What walking a journey measures and no page shows: what is asked again, what an interruption costs, how long one may think.

Source: WCAG 2.2 SC 2.2.1 Timing Adjustable (A) and SC 3.3.7 Redundant Entry (A); EN 301 549 clauses 9.2.2.1 and 9.3.3.7;
techniques G221, G198; SC 2.2.5 and 2.2.6 (AAA) for what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.accessibility.form_content.check import AGAIN, OTHER_PERSON, SECRET
from checks.accessibility.wording import bare
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

LIMIT = "journey-time-limit"
ASKED = "journey-asked-again"
LOST = "journey-entry-lost"
RULES = (LIMIT, ASKED, LOST)
MANY_ANSWERS = 3  # to give once more
MARKS = re.compile(r"\(?\b(verplicht|vereist|optioneel|niet verplicht|required|optional)\b\)?|\*", re.IGNORECASE)
SECOND_ADDRESS = re.compile(r"factuur|bezorg|aflever|post|correspondentie|nieuwe?|oude?|billing|delivery|new|old", re.IGNORECASE)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    facts = document.facts
    if limit := facts.get("limit"):
        told = {"minutes": limit["minutes"], "label": limit["label"][:80] or "?"}
        yield passed(LIMIT, limit["element"]) if not limit["lost"] or limit["warned"] else failed(LIMIT, limit["element"], **told)
    for one in facts.get("again", ()):
        if is_same_question(one):
            first, label = one["first"][:80], one["label"][:80]
            is_known = one["filled"]
            yield passed(ASKED, one["element"]) if is_known else cannot_tell(ASKED, one["element"], label=label, first=first)
    yield from _interrupted({one["how"]: one for one in facts.get("interrupted", ())})


def _interrupted(by_how: dict[str, dict[str, Any]]) -> Iterator[Verdict]:
    """Browsers give back what was filled in when one comes back to a page, and forget it when it is loaded anew.

    So loading anew only tells where coming back does not: on a step without an address of its own.
    """
    one = by_how.get("back") or by_how.get("reload")
    if one is None:
        return
    if one["left"] == one["was"]:
        yield passed(LOST, one["element"])
    elif one["how"] == "back" or one["was"] >= MANY_ANSWERS:
        told = {"label": one["label"][:80] or "?", "lost": one["was"] - one["left"], "was": one["was"]}
        yield cannot_tell(LOST, one["element"], one["how"], **told)


def is_same_question(one: dict[str, Any]) -> bool:
    """Whether two fields of two steps ask one person the same thing; what is repeated with reason is not meant."""
    said = f"{one['label']} {one['group']} {one['first']} {one['first_group']}"
    if one["type"] in ("password", "file", "checkbox", "radio") or SECRET.search(said) or AGAIN.search(one["label"]):
        return False
    if OTHER_PERSON.search(said) or SECOND_ADDRESS.search(said):
        return False
    if one["group"] and one["first_group"] and bare(one["group"]) != bare(one["first_group"]):
        return False  # a day, or a street, of something else
    label, first = (bare(MARKS.sub(" ", text)) for text in (one["label"], one["first"]))
    return bool(label) and label == first
