"""Whom a page itself names as its author, in its metadata: by that it may be found whose it is."""

from __future__ import annotations

from checks.municipal.page_type import municipal_facts
from rules.observation import PageSnapshot

NAMES = ("author", "article:author", "dc.creator", "dcterms.creator", "dc:creator", "dcterms:creator")
LONGEST = 200


def author_of(page: PageSnapshot) -> str:
    """The first name that the metadata gives; empty: none, or the page was not looked at."""
    facts = municipal_facts(page)
    said = dict(reversed(facts["metas"])) if facts else {}
    names = (" ".join(str(said.get(name, "")).split()) for name in NAMES)
    return next((name[:LONGEST] for name in names if name), "")
