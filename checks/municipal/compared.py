"""What of a page of a municipality is kept to be judged at the end of a run, with what is only known then."""

from __future__ import annotations

import re
from typing import Any

from checks.municipal.page_type import municipal_facts, page_type_of, speaks_of_statement
from checks.municipal.statement.check import REGISTER, SIGNS
from checks.verdict import Element
from rules.observation import PageSnapshot
from rules.page_type import PageType
from rules.product_coverage import OnlineForm

MOST = 10  # of each kind
LONGEST = 200  # characters
PRODUCT_NAME = re.compile(r"uniformeproductnaam|\bupl\b|productnaam", re.IGNORECASE)  # the property that names a product
AUDIENCE = re.compile(r"[.:](?:audience|doelgroep)$")
REGISTERED = re.compile(r"toegankelijkheidsverklaring\.nl/register/(\d{1,9})\b", re.IGNORECASE)
REACHES = ("tel:", "mailto:")
# Words of a button that starts a request; "aanvragen" alone is mostly the head of a part that folds out.
STARTS = re.compile(
    r"\bdigid\b|\beherkenning\b|\b(?:online|direct|meteen|nu|zelf) (?:\w+ )?(?:aanvragen|regelen|melden|doorgeven|aangeven)\b|"
    r"\b(?:aanvragen|regelen|melden|doorgeven|aangeven) (?:met|via) (?:digid|eherkenning)|\bstart\b|\bnaar het formulier\b"
)
CONTACT = re.compile(r"contact|formulier|\bmeld|\bmail\b|e-mail|\bbel\b|report", re.IGNORECASE)
COMPLAINT = re.compile(r"ombudsman|klacht|klagen|complain|bezwaar|mensenrechten|handhav", re.IGNORECASE)


def compared_facts(page: PageSnapshot) -> dict[str, Any] | None:
    """Plain data, as it is stored beside the page; None where nothing was gathered."""
    facts = municipal_facts(page)
    if facts is None:
        return None
    kind = page_type_of(page)
    is_statement = kind is PageType.STATEMENT and speaks_of_statement(facts["text"])
    return {
        "type": kind.value,
        "declared": _declared(facts),
        "linked": _linked(facts),
        "audience": [content[:LONGEST] for name, content in facts["metas"] if AUDIENCE.search(name)][:MOST],
        "statement": _ways(facts) if is_statement else None,
        "online": _online(facts),
    }


def _online(facts: dict[str, Any]) -> OnlineForm:
    """Whether something can be asked for on the page itself."""
    if facts["fields"]:
        return OnlineForm.FORM
    return OnlineForm.BUTTON if any(STARTS.search(name.lower()) for name in facts["buttons"]) else OnlineForm.NOT_SEEN


def _declared(facts: dict[str, Any]) -> list[tuple[str, Element]]:
    """The names and addresses by which a page says itself which product it is about.

    An address of the list that stands there for something else, such as the municipality's own, is none.
    """
    by_address = [(said, element) for said, element, what in facts["terms"] if PRODUCT_NAME.search(what)]
    by_name = [
        (content, facts["root"])
        for name, content in facts["metas"]
        if PRODUCT_NAME.search(name) and content.strip() and "/" not in content
    ]
    return [(said[:LONGEST], element) for said, element in (*by_address, *by_name)][:MOST]


def _linked(facts: dict[str, Any]) -> list[str]:
    """The one address of the list that a page bears without saying of what; of several none is the page's own."""
    addresses = {said[:LONGEST] for said, _, _ in facts["terms"]}
    return list(addresses) if len(addresses) == 1 else []


def _ways(facts: dict[str, Any]) -> dict[str, Any]:
    """How a statement lets people get in touch and complain: the links for it, and whether its words speak of it."""
    text, links = facts["text"].lower(), facts["links"]
    in_register = REGISTERED.findall(" ".join([text, *(url for _, url in links)]))
    complaint = [(words, url) for words, url in links if COMPLAINT.search(f"{words} {url}")]
    contact = [(words, url) for words, url in links if url.startswith(REACHES) or CONTACT.search(words)]
    return {
        "root": facts["root"],
        "numbers": list(dict.fromkeys(in_register))[:MOST],
        "register": bool(REGISTER.search(text) or any(REGISTER.search(url) for _, url in links)),
        "form": facts["fields"] > 0,
        "contact": [link for link in contact if link not in complaint][:MOST],
        "complaint": complaint[:MOST],
        "says": [part for part in ("contact", "complaint") if SIGNS[part].search(text)],
    }
