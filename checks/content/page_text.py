"""The words of a page's main content, for whoever looks for it."""

from __future__ import annotations

from checks import own
from checks.content.blocks import read_content
from rules.observation import PageSnapshot
from rules.task import PageText

TOPIC = "content"


def page_text_of(page: PageSnapshot) -> PageText | None:
    """What the main content says; None where that was not gathered."""
    evidence = page.evidence.get(own.ENGINE)
    if evidence is None or not evidence.complete or not evidence.data["documents"]:
        return None
    facts = evidence.data["documents"][0]["topics"].get(TOPIC, {}).get("facts")
    if not facts:
        return None
    content = read_content(facts)
    return PageText(tuple(block.text for block in content.blocks if block.is_heading), content.text)
