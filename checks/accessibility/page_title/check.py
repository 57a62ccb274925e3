"""The title says what the page is about.

Source: WCAG 2.2 SC 2.4.2 Page Titled (level A); EN 301 549 clause 9.2.4.2; ACT rule c4a8a4; technique G88, failure F25.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.accessibility.wording import are_akin, words
from checks.verdict import DocumentFacts, Verdict, cannot_tell, failed, passed

RULE = "page-title-descriptive"
RULES = (RULE,)

# What a page is called that nobody gave a title (failure F25: a title of the tool, not of the page).
NO_TITLE = re.compile(
    r"(untitled|naamloos|no title|geen titel|zonder titel|title|titel|document|page|pagina|web ?page|webpagina|new page|"
    r"nieuwe pagina|(my|mijn|the|de|een|this|deze) (web)?(page|pagina|site|title|titel)|page title|paginatitel|"
    r"home ?page|index|default|test|placeholder|react app|vite app|lorem ipsum.*)"
    r"([ _-]?\(?\d*\)?|[ _-]+(document|page|pagina|title|titel)[ _-]?\d*)",
    re.IGNORECASE,
)
PARTS = re.compile(r"\s+[-–—|·•»:]+\s+")
FEWEST_WORDS = 8  # of a page that a title can be held against
FILE_NAME = re.compile(r"[^\s/\\]+\.(html?|php|aspx?|docx?|pdf|jsp|xlsx?|odt|indd)", re.IGNORECASE)


def judge(document: DocumentFacts) -> Iterator[Verdict]:
    """Only what is no title at all fails; whether the words fit the page is for a person."""
    facts = document.facts
    if not facts or not facts["title"]:
        return
    title = facts["title"]
    if NO_TITLE.fullmatch(title) or FILE_NAME.fullmatch(title):
        # The index of a book calls itself so in its heading too.
        is_heading = title.casefold() in (heading.casefold() for heading in facts["headings"])
        yield (cannot_tell if is_heading else failed)(RULE, facts["element"], title=title)
    elif not re.search(r"\w{2}", title) or _is_about_something_else(title, facts["text"]):
        yield cannot_tell(RULE, facts["element"], title=title)
    else:
        yield passed(RULE, facts["element"])


def _is_about_something_else(title: str, text: str) -> bool:
    """Less than half of the words of the title come back on the page, in any form; of a page that says more than a few words.

    Of a title of several parts, one of which is the name of the site, not one word of the first.
    """
    first, *others = PARTS.split(title)
    own = {word for word in words(first) if len(word) >= 4}
    said = set(words(text))
    found = sum(any(are_akin(word, other) for other in said) for word in own)
    return len(said) >= FEWEST_WORDS and (len(own) > 1 or not others) and (not found if others else 2 * found < len(own))
