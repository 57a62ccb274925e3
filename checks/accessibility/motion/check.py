"""What moves or changes by itself for more than five seconds can be paused.

Source: WCAG 2.2 SC 2.2.2 Pause, Stop, Hide (level A); EN 301 549 clause 9.2.2.2; ACT rule efbfc7; techniques G4,
G187; failure F16.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, passed

RULE = "moving-content"
RULES = (RULE,)

PAUSES = re.compile(r"\b(pauze\w*|pauzeer\w*|pause\w*|stop\w*|stilzetten|freeze|hide|verberg\w*|afspelen|play)\b", re.IGNORECASE)
LOADING = re.compile(r"spinner|loader|loading|laden|skeleton|progress|throbber|busy", re.IGNORECASE)
REPEATS = re.compile(r"\bsetInterval\s*\(")
CALLS_ITSELF = re.compile(r"function\s+(\w+)\s*\([^)]*\)\s*\{.*\b(?:setTimeout|requestAnimationFrame)\(\s*\1\b", re.DOTALL)
WRITES = re.compile(
    r"\.(innerText|textContent|innerHTML|nodeValue|data|src|hidden)\s*[+]?=[^=]|\.(text|html|append)\(|"
    r"style\.(\w*[cC]olor|visibility|display|opacity|transform|left|top|marginLeft)\s*=[^=]|classList\.(toggle|add|remove)|replaceWith\(|appendChild\("
)
ENDS = re.compile(r"clear(Interval|Timeout)\s*\(|cancelAnimationFrame\s*\(")


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """A person looks whether it can be stopped, unless a button on the page says that it stops something."""
    may_pause = any(PAUSES.search(name) for name in document.facts["controls"])
    for one in document.facts["found"]:
        if one["busy"] or LOADING.search(one["name"]):
            continue
        if one["kind"] == "script" and not _goes_on(one["detail"]):
            continue
        if may_pause:
            yield passed(RULE, one["element"])
        else:
            yield cannot_tell(RULE, one["element"], one["kind"], text=one["text"])


def _goes_on(source: str) -> bool:
    """A script that writes in the page again and again, and never stops of itself."""
    repeats = REPEATS.search(source) or CALLS_ITSELF.search(source)
    return bool(repeats and WRITES.search(source) and not ENDS.search(source))
