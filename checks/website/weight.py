"""The weight of a page, out of what was gathered of it."""

from __future__ import annotations

from checks.topics import IN_THE_PAGE
from rules.observation import PageSnapshot
from rules.weight import Weight

FACTS = "website"


def weight_of(page: PageSnapshot) -> Weight | None:
    """None where nothing was gathered."""
    evidence = page.evidence.get(IN_THE_PAGE)
    if evidence is None or not evidence.complete or not evidence.data["documents"]:
        return None
    facts = evidence.data["documents"][0]["topics"].get(FACTS, {}).get("facts")
    if not facts:
        return None
    found = facts["weight"]
    return Weight(
        requests=int(found["requests"]),
        bytes=int(found["bytes"]),
        unknown=int(found["unknown"]),
        first_byte_ms=found["firstByte"],
        largest_paint_ms=found["largestPaint"],
        shift=found["shift"],
    )
