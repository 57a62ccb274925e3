"""The border of what a monitor can walk: where a resident proves who he is, with DigiD, eHerkenning or eIDAS."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from rules.address import host_of

HOSTS = (
    "digid.nl",
    "eherkenning.nl",
    "eidas.europa.eu",
    "minez.nl",
    "connectis.nl",
    "digidentity.eu",
    "reconi.nl",
    "signicat.com",
    "we-id.nl",
    "kpn-eherkenning.nl",
)
SAML = frozenset({"SAMLRequest", "SAMLart", "a-select-server", "aselect_credentials"})
LONGEST_FORM = 64 * 1024  # characters that are looked at
PATH = re.compile(r"(?<![a-z])(?:digid|eherkenning|eidas|saml2?|a-select|aselect)(?![a-z])", re.IGNORECASE)
# The page that asks with what one logs in bears it in its title or heading, and nothing else does in these words.
HEADING = re.compile(
    r"\b(?:inloggen|log ?in|aanmelden|identificeren|sign in|log in)\b.{0,40}\b(?:digid|eherkenning|eidas)\b"
    r"|\b(?:digid|eherkenning|eidas)\b.{0,20}\b(?:inloggen|log ?in|aanmelden)\b",
    re.IGNORECASE,
)


def is_border(url: str) -> bool:
    """Whether an address leads to where one logs in as a resident or company."""
    try:
        host = host_of(url)
    except (ValueError, KeyError):
        return False
    if any(host == name or host.endswith(f".{name}") for name in HOSTS):
        return True
    return any(key in SAML for key, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True))


def is_border_form(body: str) -> bool:
    """Whether what a page sends is the question who somebody is. Source: SAML 2.0 Bindings, section 3.5, HTTP POST binding."""
    return any(key in SAML for key, _ in parse_qsl(body[:LONGEST_FORM], keep_blank_values=True))


def is_border_page(url: str, title: str, heading: str) -> bool:
    """Whether a page of the site itself is that border: its address and its heading both say so."""
    return PATH.search(urlsplit(url).path) is not None and HEADING.search(f"{title} | {heading}") is not None
