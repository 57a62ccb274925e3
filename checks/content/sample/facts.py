"""What the content of a page is compared by: kept with the page, so that the pages of a large site can stream past."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from checks.content.blocks import MainContent, read_content, words_of
from checks.content.sample.statements import Statement, statements_of
from checks.verdict import Element


@dataclass(frozen=True)
class Said:
    """What one page says."""

    words: int  # of its main content
    is_main: bool  # the page marks its main content: else menus are compared as well
    is_hidden: bool  # from search engines: nobody finds it by its description
    description: str | None  # None: it has no meta description
    description_element: Element | None
    heading: str
    heading_element: Element | None
    root: Element
    reaches: bool  # a telephone number or mail address stands in it, to press
    statements: tuple[Statement, ...]


def said_by(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is kept of the content of a page, out of the facts as they were gathered; None where it has none."""
    return None if facts is None else asdict(_said(read_content(facts)))


def _said(content: MainContent) -> Said:
    facts = content.facts
    description = facts["description"]
    heading = facts["headings"][0] if facts["headings"] else None
    return Said(
        words=len(words_of(content.text)),
        is_main=facts["isMain"],
        is_hidden="noindex" in facts["robots"],
        description=description and description["text"],
        description_element=description and description["element"],
        heading=heading["text"] if heading else "",
        heading_element=heading and heading["element"],
        root=facts["root"],
        reaches=any(block.links for block in content.blocks),
        statements=tuple(statements_of(content)),
    )


def read_said(kept: dict[str, Any]) -> Said:
    """As it was kept."""
    return Said(**{**kept, "statements": tuple(Statement(**one) for one in kept["statements"])})
