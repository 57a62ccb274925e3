"""What shaking or tilting the device does can be done with a control as well, and can be switched off.

Source: WCAG 2.2 SC 2.5.4 Motion Actuation (level A); EN 301 549 clause 9.2.5.4; ACT rules 7677a9 and c249d5; technique G213.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

ALTERNATIVE = "motion-operation-alternative"
SWITCH_OFF = "motion-operation-off"
RULES = (ALTERNATIVE, SWITCH_OFF)

OFF = re.compile(
    r"\b(disable|switch off|turn off|stop|no motion|motion|tilt|shake|settings?|preferences?|instelling\w*|voorkeur\w*|"
    r"uitschakel\w*|uitzetten|zet\b.*\buit|beweging\w*|kantel\w*|schud\w*)",
    re.IGNORECASE,
)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """Other words or values are an answer to the movement; what only looks different may be decoration, and is asked."""
    facts = document.facts
    if not facts:
        return
    speak = failed if facts["whole"] else cannot_tell
    yield passed(ALTERNATIVE, facts["element"]) if facts["same"] else speak(ALTERNATIVE, facts["element"])
    if facts["stops"] or any(OFF.search(name) for name in facts["controls"]):
        yield passed(SWITCH_OFF, facts["element"])
    else:
        yield speak(SWITCH_OFF, facts["element"])
