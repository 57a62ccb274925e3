"""The pages of the sample site as data, read from the folder `content/`.

One file is one page: `content/producten/paspoort.md` is `/producten/paspoort`, and `index.md` is the folder itself.
A file starts with TOML between two lines `+++`, followed by the text in the marks of `markup.py`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

CONTENT_FOLDER = Path(__file__).parent / "content"

_TEMPLATES = {
    "producten": "product.html",
    "nieuws": "news.html",
    "bestuur": "council.html",
    "onderwerpen": "theme.html",
}


@dataclass(frozen=True)
class Page:
    """One HTML page before it is rendered."""

    path: str
    title: str
    summary: str  # one or two sentences: the intro on the page, and the text in lists and search results
    template: str
    updated: date
    found_through: str  # "links", or the only way there is: "script", "sitemap", "form" or "nothing"
    keywords: str  # words that people search with and that the page itself does not use
    theme: str  # slug of the theme, empty for pages outside the themes
    details: Mapping[str, Any]  # what only its own template looks at
    body: str  # text with marks and switches for faults

    @property
    def section(self) -> str:
        """The first folder of the path, empty for pages at the top."""
        return self.path.split("/")[1] if self.path.count("/") > 1 else ""


@cache
def load_pages() -> Mapping[str, Page]:
    """Every page by its path, sorted by path."""
    pages = [_page(file) for file in CONTENT_FOLDER.rglob("*.md")]
    return {page.path: page for page in sorted(pages, key=lambda page: page.path)}


@cache
def load_table(name: str) -> Mapping[str, Any]:
    """A TOML file of the content folder that several pages use, such as the collection days."""
    return tomllib.loads((CONTENT_FOLDER / name).read_text(encoding="utf-8"))


def _page(file: Path) -> Page:
    _, head, body = file.read_text(encoding="utf-8").split("+++\n", 2)
    details = tomllib.loads(head)
    place = file.relative_to(CONTENT_FOLDER).with_suffix("")
    parts = place.parts[:-1] if place.name == "index" else place.parts
    template = _TEMPLATES.get(parts[0], "plain.html") if len(parts) > 1 else "plain.html"
    return Page(
        path="/" + "/".join(parts),
        title=details.pop("title"),
        summary=details.pop("summary"),
        template=details.pop("template", template),
        updated=details.pop("updated"),
        found_through=details.pop("found_through", "links"),
        keywords=details.pop("keywords", ""),
        theme=details.pop("theme", ""),
        details=details,
        body=body,
    )
