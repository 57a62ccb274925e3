"""What a run orders from the crawler, and what the crawler tells it as it goes: plain data, one JSON line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from rules.incremental import AssetVersion, PageVersion, VolatilePart
from rules.login import Access
from rules.observation import HostObservation, LinkAnswer, LinkObservation, PageLink, SitemapObservation
from rules.run import Step
from rules.site import Limits, Pace, Scope
from rules.task import PageStatus


@dataclass(frozen=True)
class KnownPage:
    """An address that a run found before it was interrupted."""

    identity: str
    url: str
    depth: int | None
    step: Step


@dataclass(frozen=True)
class CrawlOrder:
    """Walk this site."""

    start_url: str
    scope: Scope
    user_agent: str
    limits: Limits = field(default_factory=Limits)
    pace: Pace = field(default_factory=Pace)
    offline: bool = False
    known: tuple[KnownPage, ...] = ()  # of the interrupted run that is continued
    seconds_before_second_look: float = 30.0
    access: Access | None = None  # what lets the walk into a site behind a log-in
    fresh: tuple[LinkAnswer, ...] = ()  # sound answers of other hosts, not long ago: they are not asked again
    compares: bool = False  # tell the hash of each page
    versions: tuple[PageVersion, ...] = ()  # of the pages that are known
    assets: tuple[AssetVersion, ...] = ()  # the style sheets and scripts that are known
    volatile: tuple[VolatilePart, ...] = ()  # what is known to be another each time


@dataclass(frozen=True)
class Started:
    """The start page answered: this is the site's scope now (a redirect to another host in one hop adopts that host)."""

    start_url: str
    scope: Scope
    adopted: str = ""  # the origin that was adopted; empty: none


@dataclass(frozen=True)
class PageFetched:
    """A page of the site: a 200 response of HTML in scope."""

    identity: str
    url: str  # final, without fragment
    asked: str  # the identity under which it was in the frontier
    depth: int | None
    etag: str
    last_modified: str
    links: tuple[PageLink, ...]
    dom_hash: str = ""
    not_modified: bool = False  # the site says that it is still the version that is known; nothing else is told of it


@dataclass(frozen=True)
class PagesFound:
    """Addresses of pages not known before: the identity, address and depth of each."""

    found: tuple[tuple[str, str, int | None], ...]


@dataclass(frozen=True)
class NotAPage:
    """An address of the frontier that turned out to be no page: a redirect, a file, or nothing at all."""

    identity: str


@dataclass(frozen=True)
class PagesLeft:
    """Addresses in scope that are left out, or could not be fetched."""

    identities: tuple[str, ...]
    status: PageStatus
    reason: str


@dataclass(frozen=True)
class LinkSeen:
    """All that this run will know of one address."""

    observation: LinkObservation
    own_site: bool


@dataclass(frozen=True)
class StyleRead:
    """A style sheet was read: these are the addresses it asks for."""

    url: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class SitemapUnread:
    """A sitemap could not be read, or not to its end: pages may have been missed."""

    url: str
    reason: str  # a key of rules.reason


@dataclass(frozen=True)
class HostSeen:
    """What one host of the site answers to the questions that are asked of the website as a whole."""

    observation: HostObservation


@dataclass(frozen=True)
class SitemapsSeen:
    """What the sitemaps of the site say, held against what this walk met; told at its end."""

    observation: SitemapObservation


@dataclass(frozen=True)
class Waiting:
    """Nothing left to fetch: the crawler ends unless rendered pages bring more. `batches` were taken in so far."""

    batches: int


@dataclass(frozen=True)
class CrawlEnded:
    """The walk is over."""

    reason: str = ""  # a key of rules.reason where nothing could be judged
    complete: bool = True  # every address found was asked; False: a limit cut it short
    network_works: bool = True  # at least one other host answered, or none was asked


@dataclass(frozen=True)
class SessionGone:
    """A page asked to log in again. The answer is Admitted."""

    turn: int  # of the access that it was asked with


@dataclass(frozen=True)
class Admitted:
    """To the crawler: what lets it in now; None: nothing does any more."""

    access: Access | None


@dataclass(frozen=True)
class Rendered:
    """To the crawler: what a page refers to after its scripts have run."""

    depth: int | None
    links: tuple[PageLink, ...]


@dataclass(frozen=True)
class AskAssets:
    """To the crawler: style sheets and scripts that a page loads and that nobody has asked yet."""

    urls: tuple[str, ...]


@dataclass(frozen=True)
class AssetsSeen:
    """What style sheets and scripts are now. Those that were known are told before the first page."""

    assets: tuple[AssetVersion, ...]


@dataclass(frozen=True)
class VolatileSeen:
    """What is known now to be another each time; told at the end of the walk."""

    parts: tuple[VolatilePart, ...]


@dataclass(frozen=True)
class NoMore:
    """To the crawler: no rendered page will follow."""


Message = (
    CrawlOrder
    | Rendered
    | NoMore
    | AskAssets
    | AssetsSeen
    | VolatileSeen
    | Started
    | PageFetched
    | PagesFound
    | NotAPage
    | PagesLeft
    | LinkSeen
    | StyleRead
    | SitemapUnread
    | HostSeen
    | SitemapsSeen
    | Waiting
    | CrawlEnded
    | SessionGone
    | Admitted
)
KINDS: dict[str, type] = {kind.__name__: kind for kind in Message.__args__}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])


def to_line(message: Message) -> bytes:
    """One line of JSON, newline included."""
    kind = type(message).__name__
    return kind.encode() + b" " + _adapter(kind).dump_json(message) + b"\n"


def from_line(line: bytes) -> Message:
    """The message of a line that `to_line` wrote. Raises ValueError for anything else."""
    kind, _, body = line.partition(b" ")
    message: Message = _adapter(kind.decode()).validate_json(body)
    return message
