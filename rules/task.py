"""The unit of work: plain data in, a stream of plain results out.

A task can run in the process that asks (asyncio), or anywhere else: it holds no reference to the caller and is idempotent
on (run, key).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from rules.finding import Finding
from rules.observation import REVIEW_MONTHS, Cookie, PageLink
from rules.outcome import Outcome
from rules.page_type import PageTypePattern
from rules.policy import Policy
from rules.weight import Weight


class PageStatus(StrEnum):
    """What a run did with a page: found = tested + carried over + untested + skipped."""

    TESTED = "tested"
    CARRIED_OVER = "carried over"
    UNTESTED = "untested"  # it should have been tested and could not be; the reason says why
    SKIPPED = "skipped"  # it was left out on purpose; the reason says why


@dataclass(frozen=True)
class Judgement:
    """What the checks say of one page."""

    findings: tuple[Finding, ...]
    outcomes: dict[str, Outcome]  # the worst outcome of each rule that should have run
    partly: frozenset[str]  # rules of which some part did not run: nothing found earlier is over because it was not met
    notes: tuple[str, ...] = ()  # keys of `rules.reason`
    unsure: tuple[Finding, ...] = ()  # what nobody can say now: where it was found earlier it stands, else it is nothing


@dataclass(frozen=True)
class PageText:
    """The words of a page's main content, by which it is found."""

    headings: tuple[str, ...]
    text: str  # all of it, headings too; one block of text a line


@dataclass(frozen=True)
class CheckRequest:
    """Ask for some pages of one site to be opened and judged."""

    urls: tuple[str, ...]
    engines: tuple[str, ...] = ("axe",)
    norm: str = "en301549-3.2.1"
    touch: bool = False  # also with keyboard, mouse and zoom; it costs several seconds a page
    page_types: tuple[PageTypePattern, ...] = ()  # what the site says of its addresses
    policies: tuple[Policy, ...] = ()  # rules of its own
    review_months: int = REVIEW_MONTHS  # after which a page is to be looked over


@dataclass(frozen=True)
class PageResult:
    """What became of one page."""

    url: str  # as asked
    status: PageStatus
    reason: str = ""  # a key of `rules.reason`; set where the status is untested
    final_url: str = ""
    http_status: int | None = None
    title: str = ""
    language: str = ""
    findings: tuple[Finding, ...] = ()
    outcomes: dict[str, Outcome] = field(default_factory=dict)  # the worst outcome of each rule that ran on this page
    partly: frozenset[str] = frozenset()  # rules of which some part did not run: they close nothing
    unsure: tuple[Finding, ...] = ()  # what nobody can say now: where it was found earlier it stands, else it is nothing
    engines: frozenset[str] | None = None  # those that ran to their end; what only others found stays open; None: all
    links: tuple[PageLink, ...] = ()
    notes: tuple[str, ...] = ()
    structure: frozenset[int] = frozenset()  # hashes of its shapes, see rules.template
    sample: dict[str, Any] | None = None  # facts by which it is compared with other pages; None: not gathered
    page_type: str = ""  # a rules.page_type.PageType; empty: it was not looked at
    author: str = ""  # whom the page itself names; empty: nobody, or it was not looked at
    touched: bool = False  # it was also tried with keyboard, mouse and zoom
    weight: Weight | None = None  # None: not measured
    cookies: frozenset[Cookie] = frozenset()  # that stood in the browser, of this page and of those before it
    text: PageText | None = None  # None: not gathered
    assets: tuple[str, ...] = ()  # addresses of the style sheets and scripts that it loads
    whole: bool = True  # it loaded to its end, and so did every probe: the result may be carried over


class CheckPages(Protocol):
    """The unit of work as every runner sees it."""

    def __call__(self, request: CheckRequest) -> AsyncIterator[PageResult]: ...
