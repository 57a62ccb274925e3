"""A page's content as its gatherer brings it, out of a few tagged lines: for tests that need no browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.verdict import DocumentFacts, Verdict
from rules.observation import PageSnapshot, Response
from rules.outcome import Outcome

ADDRESS = "https://www.voorbeeldstad.example/onderwerp"
PLACE = {"selector": "main", "path": "html > body > main", "html": "<main>"}


def facts(*lines: str, today: tuple[int, int, int] = (2026, 11, 22), **changes: Any) -> dict[str, Any]:
    """Lines such as "h1: Paspoort"; one without a tag is a paragraph."""
    blocks: list[dict[str, Any]] = []
    under = ""
    for number, line in enumerate(lines):
        tag, _, text = line.partition(": ") if line.partition(": ")[0] in ("h1", "h2", "li", "caption", "td") else ("p", "", line)
        if tag in ("h1", "h2"):
            under = text
        place = {**PLACE, "selector": f"main > :nth-child({number})"}
        is_heading = tag in ("h1", "h2")
        blocks.append(
            {
                "tag": tag,
                "text": text,
                "under": "" if is_heading else under,
                "row": [],
                "head": "",
                "lang": "nl",
                "linked": 0,
                "links": [],
                "quoted": False,
                "element": place,
            }
        )
    return {
        "today": list(today),
        "title": "Onderwerp",
        "isMain": True,
        "cut": False,
        "blocks": blocks,
        "abbreviations": [],
        "description": None,
        "modified": "",
        "headings": [],
        "beside": "",
        "media": 0,
        "links": 0,
        "robots": "",
        "root": PLACE,
        "data": [],
        **changes,
    }


def document(*lines: str, url: str = ADDRESS, **changes: Any) -> DocumentFacts:
    page = PageSnapshot(url, Response(url, 200), "Onderwerp", "nl", (), {})
    return DocumentFacts(facts(*lines, **changes), (), page)


def asked(verdicts: Iterator[Verdict], rule: str) -> list[Verdict]:
    """What a rule asks a person to look at."""
    return [one for one in verdicts if one.rule == rule and one.outcome is Outcome.CANNOT_TELL]
