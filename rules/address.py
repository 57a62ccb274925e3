"""Addresses: resolved as a browser resolves them, and the identity of a page.

Source: WHATWG URL Standard (by the ada library); the product's definition of a page's identity.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urljoin

import ada_url

# Keys that say where a visitor came from, or who is visiting, never which page is meant.
TRACKING = re.compile(
    r"(?i)^(utm_.*|mtm_.*|pk_.*|piwik_.*|matomo_.*|gclid|gbraid|wbraid|dclid|fbclid|msclkid|twclid|mc_cid|mc_eid|_ga|_gl|"
    r"_hsenc|_hsmi|igshid|yclid|phpsessid|jsessionid|aspsessionid.*)$"
)
LONGEST_ADDRESS = 8_000  # characters; servers refuse longer ones, and a hostile page could offer megabytes


def resolve(base: str, reference: str) -> str | None:
    """The absolute address of a reference found on a page, without its fragment kept apart; None: not an address.

    The fragment stays in; only http and https come back, all else (mailto:, javascript:, data: …) is None.
    """
    reference = reference.strip(" \t\n\f\r")
    if not reference or len(reference) > LONGEST_ADDRESS:
        return None
    try:
        url = ada_url.join_url(base, reference)
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None


def without_fragment(url: str) -> str:
    return url.partition("#")[0]


def without_credentials(url: str) -> str:
    """The address as it may be asked, stored and shown: a name and password in it are never used."""
    if "@" not in url:
        return url
    parsed = ada_url.URL(url)
    parsed.username = ""
    parsed.password = ""
    return str(parsed.href)


def page_identity(url: str) -> str:
    """What makes two addresses one page: fragment and tracking keys dropped, default port dropped, query sorted.

    Trailing slash and case of the path are kept, and so are "http" and "https". Raises ValueError for what is no address.
    """
    parsed = ada_url.URL(without_fragment(url))
    parsed.username = ""
    parsed.password = ""
    if query := parsed.search.removeprefix("?"):
        pairs = sorted(pair for pair in query.split("&") if pair and not TRACKING.match(_key(pair)))
        parsed.search = "&".join(pairs)
    href = str(parsed.href)
    return href.removesuffix("?") if not parsed.search else href


def page_of_log(start_url: str, page: str) -> str:
    """The identity of a page as the log of a site names it, by its path or whole; what is no address stays as it is."""
    try:
        return page_identity(urljoin(start_url, page))
    except ValueError:
        return page


def _key(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])


def origin_of(url: str) -> str:
    """Scheme, host and port, the default port dropped: "https://www.example.nl"."""
    parsed = ada_url.URL(url)
    return f"{parsed.protocol}//{parsed.host}"


def host_of(url: str) -> str:
    """Host name without port, lower case; brackets of an IPv6 address dropped."""
    return str(ada_url.URL(url).hostname).strip("[]")


def port_of(url: str) -> int:
    parsed = ada_url.URL(url)
    return int(parsed.port) if parsed.port else {"http:": 80, "https:": 443}[parsed.protocol]


def path_of(url: str) -> str:
    return str(ada_url.URL(url).pathname)
