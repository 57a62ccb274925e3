"""The main content of a page as its own words: blocks of text, and the sentences in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from checks.content.lists import word_list
from checks.verdict import DocumentFacts, Element

MOST_LINKED = 0.6  # of a block's letters: more is a list of links, not a text
FEWEST_DUTCH = 0.18  # of the words of a Dutch text are among its most common ones

WORD = re.compile(r"[^\W_]+(?:['’./-][^\W_]+)*")
DUTCH = word_list("dutch_words.txt")
SHARED = word_list("shared_words.txt")

# What ends in a full stop without ending a sentence.
NO_END = word_list("no_sentence_end.txt")
BOUNDARY = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+(?=[\"“‘'(]?[A-ZÀ-Þ0-9€])|\n+|(?<=:)\s+(?=[A-ZÀ-Þ])")


@dataclass(frozen=True)
class Block:
    """One block of text, such as a paragraph, a list item or a cell; its own words without those of blocks inside it."""

    tag: str
    text: str
    under: str  # the heading that it stands under
    row: tuple[str, ...]  # of a table cell: what the others of its row say
    head: str  # of a table cell: what the first row of its table says
    language: str  # that the page says it is in; "" where it does not say
    linked: float  # the share of its letters that stands in links
    links: tuple[str, ...]  # tel: and mailto: addresses in it
    quoted: bool
    element: Element

    @property
    def is_heading(self) -> bool:
        return re.fullmatch("h[1-6]", self.tag) is not None

    @property
    def is_running_text(self) -> bool:
        """Sentences, not a heading, a list of links, or somebody else's words."""
        return not self.is_heading and not self.quoted and self.linked <= MOST_LINKED


@dataclass(frozen=True)
class MainContent:
    """What the main content of a page says, and its head."""

    blocks: tuple[Block, ...]
    today: date  # when the page was looked at
    facts: Any  # the rest, as gather.js brought it

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks)


def main_content(document: DocumentFacts) -> MainContent | None:
    """The content of a page; None for a frame in it, or where a page has no body."""
    return read_content(document.facts) if document.facts else None


def read_content(facts: dict[str, Any]) -> MainContent:
    """The content out of the facts as they were gathered."""
    return MainContent(tuple(_block(one) for one in facts["blocks"]), date(*facts["today"]), facts)


def _block(one: dict[str, Any]) -> Block:
    return Block(
        tag=one["tag"],
        text=one["text"],
        under=one["under"],
        row=tuple(one["row"]),
        head=one["head"],
        language=re.split("[-_]", one["lang"])[0],
        linked=one["linked"] / len(one["text"]),
        links=tuple(one["links"]),
        quoted=one["quoted"],
        element=one["element"],
    )


def words_of(text: str) -> list[str]:
    """The words and numbers of a text, as written."""
    return WORD.findall(text)


def is_dutch(text: str) -> bool:
    """Whether a text of a few sentences is Dutch, by its most common words; what is too short to tell is not."""
    words = [word.lower() for word in words_of(text)]
    if len(words) < 6:
        return False
    own = [word for word in words if word in DUTCH]
    return len(set(own)) > 1 and len(own) + sum(word in SHARED for word in words) >= FEWEST_DUTCH * len(words)


def dutch_blocks(content: MainContent) -> Iterator[Block]:
    """The blocks of running text in Dutch."""
    for block in content.blocks:
        if block.is_running_text and is_dutch(block.text):
            yield block


@lru_cache(maxsize=256)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text. A full stop of an abbreviation, an initial or a number ends none."""
    found: list[str] = []
    start = 0
    for boundary in BOUNDARY.finditer(text):
        before = text[start : boundary.start()]
        last = before.split()[-1].lower().lstrip("(\"“‘'") if before.split() else ""
        is_line = "\n" in boundary.group()
        if not is_line and (last in NO_END or re.fullmatch(r"(\w\.)+|\d{1,2}\.", last)):
            continue
        if before.strip():
            found.append(before.strip())
        start = boundary.end()
    if text[start:].strip():
        found.append(text[start:].strip())
    return tuple(found)
