"""How easily the text of a page is read, as the rule plain-paragraph reckons it: Flesch-Douma, 0 to 100, higher is easier.

No level such as B1 is measured: see check.py.
"""

from __future__ import annotations

from checks.content.blocks import dutch_blocks, main_content, words_of
from checks.content.plain_language.check import flesch_douma
from checks.topics import documents_of, topics
from rules.observation import PageSnapshot

FEWEST = 40  # words; of less nothing can be said


def reading_ease(page: PageSnapshot) -> int | None:
    """Of all running text in Dutch of the page itself; None: there is too little, or it was not gathered."""
    topic = topics().get("plain_language")
    documents = documents_of(topic, page) if topic else None
    for document in documents or ():
        content = main_content(document) if not document.frames else None
        text = "\n".join(block.text for block in dutch_blocks(content)) if content else ""
        if len(words_of(text)) >= FEWEST:
            return flesch_douma(text)
    return None
