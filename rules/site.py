"""A site: a name, one or more origins and an optional path prefix; and what of it a run looks at."""

from __future__ import annotations

from dataclasses import dataclass

from rules.address import origin_of, path_of
from rules.pattern import fits_address


@dataclass(frozen=True)
class Scope:
    """Which addresses belong to a site."""

    origins: tuple[str, ...]  # "https://www.example.nl"; sub-domains only where they stand here
    path_prefix: str = "/"
    include: tuple[str, ...] = ()  # regular expressions on the whole address; empty: everything
    exclude: tuple[str, ...] = ()

    def covers(self, url: str) -> bool:
        """Whether the address is the site's own, whatever include and exclude say."""
        try:
            return origin_of(url) in self.origins and path_of(url).startswith(self.path_prefix)
        except (ValueError, KeyError):
            return False

    def left_out(self, url: str) -> str | None:
        """The reason why a page of the site is not looked at, for people; None: it is looked at."""
        if self.include and not any(fits_address(pattern, url) for pattern in self.include):
            return "not-included"
        return "excluded" if self.excludes(url) else None

    def excludes(self, url: str) -> bool:
        """Whether an address is left out whatever refers to it: as a page, a frame or an image."""
        return any(fits_address(pattern, url) for pattern in self.exclude)


@dataclass(frozen=True)
class Limits:
    """How far a run goes. Every page left out by a limit is counted, with the limit as its reason."""

    max_pages: int = 5_000
    max_depth: int = 25  # clicks from the start page
    max_minutes: float = 480
    max_pages_per_shape: int = 500  # pages whose addresses differ only in digits and query values: calendars, counters
    max_page_bytes: int = 10_000_000
    max_sitemap_urls: int = 50_000
    max_documents: int = 500  # PDF and office files that are fetched and judged
    max_document_bytes: int = 50_000_000


@dataclass(frozen=True)
class Pace:
    """How politely a host is asked."""

    requests_at_once: int = 4  # per host
    delay_s: float = 0.0  # between two requests to one host; a longer Crawl-delay in robots.txt wins
    timeout_s: float = 20.0
    obey_robots: bool = True
