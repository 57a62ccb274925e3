"""The words of rules as HTML. They are Markdown in the catalogue; what is put into them from a site never is."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from rules.outcome import Outcome
from rules.rule import Example, Rule

LONGEST_EXAMPLE = 500  # characters
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline", "autolink"])


@lru_cache(maxsize=2_000)
def rule_text(text: str) -> Markup:
    """Paragraphs, lists and code of a rule's page. HTML in it is shown, not obeyed."""
    return Markup(MARKDOWN.render(text))  # noqa: S704 - our own catalogue, rendered with HTML off


def examples_of(rule: Rule) -> list[str]:
    """A short piece of HTML that the rule fails, and one that it passes; none where the catalogue has no such pair."""
    found = [
        next((one.pages[0].strip() for one in rule.examples if one.outcome is outcome and _is_short(one)), "")
        for outcome in (Outcome.FAILED, Outcome.PASSED)
    ]
    return found if all(found) else []


def _is_short(example: Example) -> bool:
    return example.form == "html" and len(example.pages) == 1 and len(example.pages[0]) <= LONGEST_EXAMPLE
