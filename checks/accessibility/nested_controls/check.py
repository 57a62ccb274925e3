"""What is read out as one word holds nothing that takes the focus.

Source: WCAG 2.2 SC 4.1.2 Name, Role, Value (level A); EN 301 549 clause 9.4.1.2; WAI-ARIA 1.2 children presentational; ACT rule
307n5z; failure F42.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed

RULE = "nested-controls"
RULES = (RULE,)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """One verdict for each outer part. What only a script can focus may never get the focus: a person looks."""
    outer: dict[str, bool] = {}
    elements = {one["element"]["path"]: one["element"] for one in document.facts}
    for one in document.facts:
        path = one["element"]["path"]
        outer[path] = outer.get(path, False) or one["reached"]
    for path, is_reached in outer.items():
        yield (failed if is_reached else cannot_tell)(RULE, elements[path])
