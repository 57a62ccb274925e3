"""The words of rules as HTML. They are Markdown in the catalogue; what is put into them from a site never is."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup

MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline", "autolink"])


@lru_cache(maxsize=2_000)
def rule_text(text: str) -> Markup:
    """Paragraphs, lists and code of a rule's page. HTML in it is shown, not obeyed."""
    return Markup(MARKDOWN.render(text))  # noqa: S704 - our own catalogue, rendered with HTML off
