"""What shaking or tilting the device does can be done with a control as well, and can be switched off.

Source: WCAG 2.2 SC 2.5.4 Motion Actuation (level A); EN 301 549 clause 9.2.5.4; ACT rules 7677a9 and c249d5; technique G213.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accessibility.verdict import DocumentFacts, Verdict, cannot_tell, passed

ALTERNATIVE = "motion-operation-alternative"
SWITCH_OFF = "motion-operation-off"
RULES = (ALTERNATIVE, SWITCH_OFF)

LISTENS = re.compile(r"(addEventListener\(\s*[\"'`]|\bon)(devicemotion|deviceorientation(absolute)?)", re.IGNORECASE)
# A function written in place; one that touches neither the page nor another function changes nothing to see.
HANDLED_IN_PLACE = re.compile(
    r"addEventListener\(\s*[\"'`]device\w+[\"'`]\s*,\s*(?:function\s*\w*\s*\([^)]*\)|\(?[\w\s,]*\)?\s*=>)\s*\{([^}]*)\}",
    re.IGNORECASE,
)
CHANGES_PAGE = re.compile(r"document|style|inner|textContent|querySelector|getElement|class|\w\s*\(|\.\w+\s*=[^=]")
CONTROL_IS_WIRED = re.compile(r"addEventListener\(\s*[\"'`](click|input|change|keydown|pointerdown)|\.onclick\s*=|\.oninput\s*=")
OFF = re.compile(
    r"\b(disable|switch off|turn off|stop|no motion|motion|tilt|shake|uitschakel\w*|uitzetten|zet\b.*\buit|beweging\w*|"
    r"kantel\w*|schud\w*)",
    re.IGNORECASE,
)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """What a handler does only a person can see; two questions, each left out where the page shows the answer."""
    facts = document.facts
    if facts is None or not LISTENS.search(facts["source"]):
        return
    bodies = HANDLED_IN_PLACE.findall(facts["source"])
    if bodies and len(bodies) == len(LISTENS.findall(facts["source"])) and not any(CHANGES_PAGE.search(body) for body in bodies):
        return
    if facts["controls"] and CONTROL_IS_WIRED.search(facts["source"]):
        yield passed(ALTERNATIVE, facts["element"])
    else:
        yield cannot_tell(ALTERNATIVE, facts["element"])
    if any(OFF.search(name) for name in facts["controls"]):
        yield passed(SWITCH_OFF, facts["element"])
    else:
        yield cannot_tell(SWITCH_OFF, facts["element"])
