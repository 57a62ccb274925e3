"""What a search address looks like: its path and its parameters, and which requests to it are no search of a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from rules.search_log import SearchLogError

# Matomo's own list of search parameters, and those of Dutch websites.
PARAMETERS = (
    "q", "query", "s", "search", "searchword", "k", "keyword", "keywords", "zoek", "zoekterm", "zoekwoord", "zoekwoorden",
    "trefwoord",
    "zoeken", "zoekopdracht", "term", "text", "search_api_fulltext", "search_api_views_fulltext", "tx_solr[q]", "searchtext",
    "searchterm", "search_query", "searchphrase",
)  # fmt: skip
PAGING = frozenset(("page", "pagina", "start", "offset", "from", "paged", "p", "tx_solr[page]", "startrow", "skip"))
MOST_PARAMETERS = 200
FIRST_PAGE = frozenset(("", "0", "1"))
SEARCH_PATH = re.compile(r"zoek|search|find|vind|resulta", re.IGNORECASE)
AUTOCOMPLETE = re.compile(
    r"suggest|autocomplete|auto-complete|typeahead|autosuggest|completion|live-?search|/ajax|\.json$|/api/", re.IGNORECASE
)
ASSET = re.compile(
    r"\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|eot|otf|json|xml|txt|webmanifest|mp4|webm)$", re.IGNORECASE
)
BOT = re.compile(
    rb"bot\b|bot[/;)_-]|crawl|spider|slurp|vierluik|curl/|wget/|python|java/|okhttp|go-http|libwww|scrapy|httpclient|headless|lighthouse"
    rb"|pingdom|uptime|monitor|siteimprove|facebookexternal|preview|feedfetch|scan|axios|node-fetch|postman|phantomjs|archive|validator",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SearchAddress:
    """Where a site's search answers, such as "/zoeken" with the parameter "q"."""

    path: str  # without the query; empty: any path
    parameter: str

    def __str__(self) -> str:
        return f"{self.path}?{self.parameter}="

    def is_of(self, path: str) -> bool:
        """Whether this address answers at a path: also below a folder ("/nl/zoeken"), but the start page only itself."""
        return not self.path or path == self.path or (len(self.path) > 1 and path.endswith(self.path))

    @property
    def needle(self) -> bytes:
        """What every line with this address contains."""
        return f"{self.path}?".encode() if self.path else f"{self.parameter}=".encode()


def read_address(text: str) -> SearchAddress:
    """A search address as a person writes it: "/zoeken?q=", "https://www.example.nl/zoeken?q=paspoort" or only "q".

    Raises SearchLogError for what is none of these.
    """
    found = re.fullmatch(r"(?:https?://[^/?#\s]+)?(/[^?#\s]*)\?(?:[^#\s]*&)?([^=&#\s]+)=[^&#\s]*|([\w\[\]-]+)=?", text)
    if not found:
        raise SearchLogError(f"'{text}' is no search address; write for example /zoeken?q=")
    return SearchAddress(found[1] or "", unquote(found[2] or found[3]))


class Searches:
    """Knows the query in the address of a request, and why a request to a search address is no search."""

    def __init__(self, addresses: Sequence[SearchAddress]) -> None:
        self.addresses = list(addresses)

    def query(self, target: str) -> tuple[str, str]:
        """The query, and why it is not counted: both empty where this is no search at all."""
        path, _, rest = target.partition("?")
        wanted = {one.parameter for one in self.addresses if one.is_of(path)}
        if not wanted or not rest:
            return "", ""
        found, is_paging = None, False
        for part in rest.partition("#")[0].split("&", MOST_PARAMETERS)[:MOST_PARAMETERS]:
            name, _, value = part.partition("=")
            name = unquote(name) if "%" in name else name
            if name in wanted:
                found = decoded(value) if found is None else found
            elif name.lower() in PAGING and value not in FIRST_PAGE:
                is_paging = True
        if found is None:
            return "", ""
        if not found.strip():
            return "", "empty"
        if AUTOCOMPLETE.search(path):
            return found, "autocomplete"
        return found, "paging" if is_paging else ""


def decoded(value: str) -> str:
    """The text of a value in an address: UTF-8, or what older browsers and forms send where it is none."""
    try:
        return unquote_plus(value, errors="strict")
    except UnicodeDecodeError:
        return unquote_plus(value, "cp1252", "replace")


def likely(target: str) -> SearchAddress | None:
    """The search address that a request seems to be made to; None where it looks like anything else."""
    path, _, rest = target.partition("?")
    if ASSET.search(path) or AUTOCOMPLETE.search(path):
        return None
    for part in rest.split("&"):
        name = unquote(part.partition("=")[0])
        if name in PARAMETERS and (SEARCH_PATH.search(path) or path in ("", "/")):
            return SearchAddress(path, name)
    return None
