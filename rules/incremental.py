"""What is known of a page from its last full check, by which a later run sees whether anything on it has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

PERIOD_DAYS = 28  # within which every page is tested, whatever it answers


@dataclass(frozen=True)
class PageVersion:
    """By which a site is asked whether a page has changed."""

    identity: str
    dom_hash: str = ""
    etag: str = ""  # with `last_modified` empty: the page is fetched whole in any case
    last_modified: str = ""
    is_tested: bool = False  # whatever it answers


@dataclass(frozen=True)
class AssetVersion:
    """A style sheet or script that pages of a site load, as it was when it was last asked."""

    url: str
    digest: str  # of its status and content; empty: it could not be asked
    etag: str = ""
    last_modified: str = ""
    references: tuple[str, ...] = ()  # of a style sheet: the addresses that it asks for


@dataclass(frozen=True)
class VolatilePart:
    """A part of the pages of a site that is another each time it is asked, and says nothing of a change."""

    selector: str  # of the elements that hold it
    attribute: str = ""  # empty: all that they hold
    before: str = ""  # of a script: only the word that follows this
    page: str = ""  # the identity of the only page that it is known of; empty: it is so on all
    seen_on: str = ""  # the day on which it was last seen to differ, ISO 8601


@dataclass(frozen=True)
class LastCheck:
    """A page at its last full check."""

    page_id: int
    identity: str
    run_id: int
    checked_at: datetime
    judged_with: str  # hash of all that the result depends on but the page itself; empty: it was not judged whole
    dom_hash: str
    assets_hash: str  # empty: one of them could not be asked then
    assets: tuple[str, ...] = field(default=(), repr=False)  # addresses of its style sheets and scripts
    etag: str = ""
    last_modified: str = ""
    links_blob: str = ""
    is_waiting: bool = False  # something on it waits for a second look
    is_broken: bool = False  # its address shows that nothing is there, though it answers
    was_touched: bool = False  # with keyboard, mouse and zoom
