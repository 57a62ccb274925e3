"""What a search address looks like: its path and its parameters, and which requests to it are no search of a person."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
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
MOST_PATHS = 10_000  # that are remembered
FIRST_PAGE = frozenset(("", "0", "1"))
IN_PATH = "{query}"
SEARCH_FOLDER = re.compile(
    r"(/(?:[a-z]{2}/)?(?:zoek|zoeken|zoekresultaten|zoekresultaat|search|zoek-resultaten)/)[^/]", re.IGNORECASE
)
FEWEST_WORDS = 3
PAGE_OF_RESULTS = re.compile(r"(?:(?:page|pagina|p)/?)?\d{0,4}/?", re.IGNORECASE)
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
    """Where a site's search answers, such as "/zoeken" with the parameter "q", or "/zoeken/" with the query behind it."""

    path: str  # without the query; empty: any path
    parameter: str  # empty: the query is the step of the path that follows

    def __str__(self) -> str:
        return f"{self.path}?{self.parameter}=" if self.parameter else f"{self.path}{IN_PATH}"

    def is_of(self, path: str) -> bool:
        """Whether this address answers at a path: also below a folder ("/nl/zoeken"), but the start page only itself."""
        if not self.parameter:
            return bool(self.in_path(path))
        return not self.path or path == self.path or (len(self.path) > 1 and path.endswith(self.path))

    def in_path(self, path: str) -> str:
        """The step of a path that is the query, as it is sent; empty where this is no search."""
        _, found, after = path.partition(self.path)
        step, _, more = after.partition("/")
        is_page = ASSET.search(path) or AUTOCOMPLETE.search(path)
        return "" if self.parameter or not found or is_page or (more and not PAGE_OF_RESULTS.fullmatch(more)) else step

    @property
    def needle(self) -> bytes:
        """What every line with this address contains."""
        if not self.parameter:
            return self.path.encode()
        return f"{self.path}?".encode() if self.path else f"{self.parameter}=".encode()


def read_address(text: str) -> SearchAddress:
    """A search address as a person writes it: "/zoeken?q=", "https://www.example.nl/zoeken?q=paspoort", "/zoeken/{query}" or
    only "q".

    Raises SearchLogError for what is none of these.
    """
    if in_path := re.fullmatch(r"(?:https?://[^/?#\s]+)?(/[^?#\s{}]*/)\{query\}/?", text):
        return SearchAddress(in_path[1], "")
    found = re.fullmatch(r"(?:https?://[^/?#\s]+)?(/[^?#\s]*)\?(?:[^#\s]*&)?([^=&#\s]+)=[^&#\s]*|([\w\[\]-]+)=?", text)
    if not found:
        raise SearchLogError(f"'{text}' is no search address; write for example /zoeken?q=")
    return SearchAddress(found[1] or "", unquote(found[2] or found[3]))


class Searches:
    """Knows the query in the address of a request, and why a request to a search address is no search."""

    def __init__(self, addresses: Sequence[SearchAddress]) -> None:
        self._paths: dict[str, tuple[set[str], bool]] = {}
        self.addresses: list[SearchAddress] = []
        self.in_path: list[SearchAddress] = []
        self.add(addresses)

    def add(self, addresses: Iterable[SearchAddress]) -> None:
        """Know more addresses."""
        self.addresses += addresses
        self.in_path = [one for one in self.addresses if not one.parameter]
        self._paths.clear()

    def _parameters(self, path: str) -> tuple[set[str], bool]:
        """The parameters that hold a query at a path, and whether it only completes what is typed."""
        known = self._paths.get(path)
        if known is None:
            if len(self._paths) >= MOST_PATHS:
                self._paths.clear()
            wanted = {one.parameter for one in self.addresses if one.parameter and one.is_of(path)}
            known = self._paths[path] = wanted, bool(AUTOCOMPLETE.search(path))
        return known

    def query(self, target: str) -> tuple[str, str]:
        """The query, and why it is not counted: both empty where this is no search at all."""
        path, _, rest = target.partition("?")
        for one in self.in_path:
            if step := one.in_path(path):
                said = decoded(step)
                is_next = "page=" in rest or "/" in path.partition(one.path)[2].rstrip("/")
                return (said, "paging" if is_next else "") if said.strip() else ("", "empty")
        if not rest:
            return "", ""
        wanted, only_completes = self._parameters(path)
        if not wanted:
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
        if only_completes:
            return found, "autocomplete"
        return found, "paging" if is_paging else ""


def decoded(value: str) -> str:
    """The text of a value in an address: UTF-8, or what older browsers and forms send where it is none."""
    try:
        return unquote_plus(value, errors="strict")
    except UnicodeDecodeError:
        return unquote_plus(value, "cp1252", "replace")


def likely_in_path(targets: Iterable[str]) -> list[SearchAddress]:
    """The search addresses with the query in their path: the same folder with so many words behind it that it is no page."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for target in targets:
        path = target.partition("?")[0]
        if (match := SEARCH_FOLDER.match(path)) and SearchAddress(match[1], "").in_path(path):
            found[match[1]].add(path)
    return [SearchAddress(folder, "") for folder, paths in found.items() if len(paths) >= FEWEST_WORDS]


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
