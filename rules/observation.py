"""What was observed, before anyone judges it: pages as a browser saw them, and links as they answered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

REVIEW_MONTHS = 24


@dataclass(frozen=True)
class Response:
    """How the server answered the page itself."""

    url: str  # after redirects, without fragment
    status: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evidence:
    """What one probe brought back from the open page."""

    probe: str
    complete: bool
    reason: str = ""  # why it is not complete, as a key of `rules.reason`
    data: Any = None  # JSON; None where nothing came back


@dataclass(frozen=True)
class PageLink:
    """One reference on a page, as rendered: an absolute address with its fragment, and the words of the link."""

    url: str
    text: str
    element: str = "a"  # the element or style property that refers: a, area, img, link, script, iframe, css …


@dataclass(frozen=True)
class Cookie:
    """What a page left in the browser; never its value."""

    name: str
    host: str
    days: int | None  # how long it stays; None: until the browser is closed


@dataclass(frozen=True)
class PageSnapshot:
    """One page at one moment: everything a check may look at."""

    url: str  # as asked
    response: Response
    title: str
    language: str  # the lang attribute as written; empty where there is none
    links: tuple[PageLink, ...]
    evidence: dict[str, Evidence]
    structure: frozenset[int] = frozenset()  # hashes of its shapes, see rules.template
    state: str = "loaded"  # or the step of a journey
    notes: tuple[str, ...] = ()  # what was not as it should be, as keys of `rules.reason`: "load-timeout", "foreign-frame" …
    page_type: str = ""  # a rules.page_type.PageType that its site gives it; empty: it says nothing
    review_months: int = REVIEW_MONTHS  # after which its owner wants it to be looked over
    touched: bool = False  # it was also tried with keyboard, mouse and zoom
    cookies: frozenset[Cookie] = frozenset()  # all that this browser has, of this page and of those before it
    assets: tuple[str, ...] = ()  # addresses of the style sheets and scripts that it loads


DOCUMENT_TYPES = (
    "application/pdf",
    "application/x-pdf",
    "application/msword",
    "application/rtf",
    "text/rtf",
    "application/epub+zip",
    "application/vnd.openxmlformats-officedocument",
    "application/vnd.oasis.opendocument",
    "application/vnd.ms-",
)


def is_document(content_type: str) -> bool:
    """Whether a file is a PDF or office document, by the type that its host names."""
    return content_type.startswith(DOCUMENT_TYPES)


# What hosts say of a file of which they do not know the type.
UNKNOWN_TYPES = (
    "application/octet-stream",
    "binary/octet-stream",
    "application/download",
    "application/force-download",
    "application/x-download",
)


def may_be_document(content_type: str) -> bool:
    """Whether a file has to be opened to see whether it is a document: its host says that it is one, or does not know."""
    return is_document(content_type) or content_type in UNKNOWN_TYPES


class LinkClass(StrEnum):
    """What a link leads to."""

    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"  # two looks, at least 30 s apart, failed alike
    BLOCKED = "blocked"  # the host refuses robots: says nothing about the link
    UNSURE = "unsure"  # one failed look, a time-out, TLS, a server in trouble
    SOFT_404 = "soft-404"
    NOT_ASKED = "not asked"


class FragmentState(StrEnum):
    """Whether the places are there on a page to which links lead by its address and a #."""

    FOUND = "found"
    MISSING = "missing"  # at least one is not
    NOT_CHECKED = "not checked"  # no link names a place, or the page was not seen as a browser shows it


BROKEN = (LinkClass.DEAD, LinkClass.SOFT_404)  # nothing is there: the only classes that reach an editor


@dataclass(frozen=True)
class LinkAnswer:
    """What one look at an address brought."""

    url: str  # without fragment
    status: int | None  # None: no answer
    error: str = ""  # a key of `rules.reason` where there was no answer
    final_url: str = ""  # after redirects; empty: no redirect
    permanent: bool = False  # every redirect on the way was 301 or 308
    content_type: str = ""
    retry_after_s: float = 0.0  # how long a host that is too busy (429, 503) asks to wait
    etag: str = ""  # of a file that was fetched
    last_modified: str = ""


@dataclass(frozen=True)
class Shown:
    """What an address with status 200 shows, and how much that is like what its host shows for an address that cannot exist."""

    title: str
    heading: str  # the first h1
    likeness: float = 0.0  # share of words in common, 0 to 1; 0 where the host says 404
    same_end: bool = False  # a redirect took both to one address


@dataclass(frozen=True)
class LinkObservation:
    """All that is known of one address that pages refer to: one look, or two where the first one failed."""

    url: str
    first: LinkAnswer | None  # None: not asked
    second: LinkAnswer | None = None
    seconds_between: float = 0.0
    reason: str = ""  # why it was not asked, as a key of `rules.reason`
    shown: Shown | None = None  # where its answer alone does not say whether anything is there
    is_earlier: bool = False  # the answer is that of an earlier run, not long ago


@dataclass(frozen=True)
class HostPage:
    """What the source of a page shows before any script has run."""

    title: str = ""
    heading: str = ""  # the first h1
    language: str = ""
    words: int = 0
    has_search: bool = False
    leads_on: int = 0  # links to other pages of the host
    leads_home: bool = False
    has_icon: bool = False
    style_sheets: tuple[str, ...] = ()  # of the host itself
    policy: str = ""  # a Content-Security-Policy that stands in the page
    referrer: str = ""  # a Referrer-Policy that stands in the page


@dataclass(frozen=True)
class HostAnswer:
    """How one address of a host answered."""

    url: str = ""
    status: int | None = None  # None: no answer
    error: str = ""  # a key of `rules.reason` where the answer did not come, or not to its end
    leads_to: str = ""  # where its redirect leads; of an answer for which redirects were followed, where they ended
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    body: str = ""  # its start
    is_cut: bool = False  # the body is longer than that
    page: HostPage | None = None  # of a page what its source shows, instead of the body


CONTACT_LINE = re.compile(r"^[ \t]*contact[ \t]*:", re.IGNORECASE | re.MULTILINE)


def is_security_txt(answer: HostAnswer) -> bool:
    """Whether an answer is such a file, by what it holds: a wrong type is a fault of the file, and does not make it a page."""
    if answer.status != 200 or answer.body.lstrip("\ufeff \t\r\n").startswith("<"):
        return False
    is_html = answer.headers.get("content-type", "").lower().startswith(("text/html", "application/xhtml"))
    return not is_html or CONTACT_LINE.search(answer.body) is not None


@dataclass(frozen=True)
class Certificate:
    """What a host showed to prove its name, held against the authorities that this machine trusts."""

    problem: str = ""  # expired, not-yet-valid, wrong-name, self-signed, not-trusted; empty: none
    valid_from: str = ""  # ISO 8601; empty where the certificate is not trusted
    valid_until: str = ""


@dataclass(frozen=True)
class WooIndex:
    """An index of the documents of one category of the Woo that robots.txt names, as far as its first files were read."""

    url: str
    problem: str = ""  # why it could not be read, as a key of `rules.reason`; empty: it could
    wrong: str = ""  # the file or document below it that the problem is with; empty: the index itself
    sitemaps: int = 0  # that it leads to
    listed: int = 0  # documents in the files that were read
    dated: int = 0  # of those, with the moment of the last change
    described: int = 0  # with metadata by the DiWoo standard
    most_in_a_file: int = 0
    documents: tuple[str, ...] = ()  # a few of the site's own, which were asked


@dataclass(frozen=True)
class HostObservation:
    """What a host of a site answers to the questions that are asked of the website as a whole, once a run.

    None, or nothing: not asked.
    """

    origin: str
    asked_at: str  # ISO 8601
    is_public: bool = True  # False: a host of our own network, which owes the open web nothing
    plain: tuple[HostAnswer, ...] = ()  # http://host/ and where it redirects to, while that stays on the host
    home: tuple[HostAnswer, ...] = ()  # the same for the origin itself
    certificate: Certificate | None = None
    security_txt: HostAnswer | None = None
    robots_txt: HostAnswer | None = None
    favicon: HostAnswer | None = None
    made_up: HostAnswer | None = None  # of an address that cannot exist
    woo: tuple[WooIndex, ...] = ()  # that its robots.txt names

    @property
    def was_asked(self) -> bool:
        """False: asking went wrong before anything was known."""
        answers = (self.certificate, self.security_txt, self.robots_txt, self.favicon, self.made_up)
        return bool(self.plain or self.home) or any(answer is not None for answer in answers)


@dataclass(frozen=True)
class SitemapObservation:
    """What the sitemaps of a site say, held against what the walk met."""

    origin: str  # of the site's start page
    asked_at: str  # ISO 8601
    complete: bool = True  # one walk met the whole site: it was not cut short, and did not go on where another had stopped
    files: int = 0  # that could be read
    unread: tuple[tuple[str, str], ...] = ()  # address of a file that could not, and why, as a key of `rules.reason`
    listed: int = 0  # addresses
    elsewhere: tuple[str, ...] = ()  # of those, some that are no part of the site
    gone: tuple[str, ...] = ()  # some that answer with an error
    moved: tuple[str, ...] = ()  # some that lead elsewhere
    dated: int = 0  # say when they were last modified
    same_moment: int = 0  # the most that name one and the same moment
    future: tuple[str, ...] = ()  # some moments that are still to come
    pages: int = 0  # of the site that links lead to, without those with a query
    unlisted: tuple[str, ...] = ()  # some of those that no sitemap names
    counts: dict[str, int] = field(default_factory=dict)  # how many there are of what is named "some" here


@dataclass(frozen=True)
class CookieObservation:
    """What all pages of a run left in browsers in which nobody agreed to anything."""

    origin: str  # of the site's start page
    pages: int = 0  # that were opened
    cookies: tuple[Cookie, ...] = ()
