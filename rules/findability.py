"""Findability: what residents come for, the words they type, the right pages, and what the site's own search answers.

A search task is what information retrieval calls a topic with its queries and relevance judgements, and what municipalities
call a top task. Source: Cranfield method as TREC uses it; the field's "toptaken".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter

TEST = "test_findability"  # the kind of request that the scheduler answers with a test
CUT_OFF = 10  # results that are looked at: nobody reads on
GOOD_RANK = 3  # a task is found where its page is among so many first results; GOV.UK alarms on the same cut
HIGHEST_GRADE = 3


def is_found(rank: int | None) -> bool:
    """Whether a right page stands among the first results."""
    return rank is not None and rank <= GOOD_RANK


class TaskState(StrEnum):
    """A task, or the way in which a site is searched, that Vierluik thought of counts once a person said that it is right."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"  # a person said no: it is not proposed again


class ProposalReason(StrEnum):
    """Why Vierluik thinks that a page is the right one."""

    CLICKED = "clicked"  # most visits that asked for it clicked this page
    SAID = "said"  # no page was clicked most; of all pages this one says it best
    PRODUCT = "product"  # it is a product that many pages link to; nothing is known of searches


class QueryKind(StrEnum):
    """Where a query comes from: what is asked in other words than the task has is scored apart, as tolerance."""

    AS_WRITTEN = "as-written"
    OWN_TITLE = "own-title"  # the title of the right page itself: a search that does not find it by that is broken
    TYPING_ERROR = "typing-error"
    INFLECTION = "inflection"
    EVERYDAY_WORD = "everyday-word"


class AnswerOutcome(StrEnum):
    """What a search did for one query."""

    FOUND = "found"  # a right page is among the first results
    NOT_FOUND = "not-found"  # there are results, but no right page among the first
    NO_RESULTS = "no-results"  # the search found nothing at all
    UNTESTED = "untested"  # it could not be asked, or its answer could not be read; the reason says why


class TaskVerdict(StrEnum):
    """What stands between a resident and the right page; the first of these that is so."""

    CONTENT_MISSING = "content-missing"  # none of the right pages is there any more, and no other page of the site says it
    SEARCH_BROKEN = "search-broken"  # the search does not even find the page by its own title
    WRONG_WORDS = "wrong-words"  # it does, but not by the words of residents
    BARRIER = "barrier"  # found, but the list of results or the page itself keeps people out
    HIDDEN = "hidden"  # the search finds it, but nobody who follows links does
    FOUND = "found"
    UNTESTED = "untested"  # the search could not be asked


NEEDS_WORK = frozenset(TaskVerdict) - {TaskVerdict.FOUND, TaskVerdict.UNTESTED}


@dataclass(frozen=True)
class RightPage:
    """A page on which the task can be done."""

    url: str
    grade: int = HIGHEST_GRADE  # 1 (helps a little) to 3 (this is the page)


@dataclass(frozen=True)
class SearchTask:
    """What a resident comes for."""

    title: str
    queries: tuple[str, ...]  # the words that residents use, the most usual first
    right: tuple[RightPage, ...]
    product: str = ""  # its name in the list of uniform product names; empty: it is a question

    @property
    def grades(self) -> dict[str, int]:
        """The grade of each right page."""
        return {page.url: page.grade for page in self.right}


@dataclass(frozen=True)
class ProposedTask:
    """A task that Vierluik thought of."""

    task: SearchTask
    reason: ProposalReason
    people: int | None = None  # visits a month that ask for it; None: no search log is known


@dataclass(frozen=True)
class SearchResult:
    """One result as the search shows it."""

    url: str  # where its link leads
    title: str


@dataclass(frozen=True)
class ResultList:
    """What a search answered to one query."""

    query: str
    url: str  # of the page that shows the results
    results: tuple[SearchResult, ...]  # in the order in which they stand, the first page of them only
    number_said: int | None = None  # how many results the page says that there are; None: it does not say
    says_none: bool = False  # the page says that nothing was found
    seconds: float = 0.0  # from sending the query until the list stood still


@dataclass(frozen=True)
class JudgedAnswer:
    """What a search did for one query of a task."""

    query: str
    kind: QueryKind
    outcome: AnswerOutcome
    reason: str = ""  # a key of `rules.reason`; set where it is untested
    rank: int | None = None  # of the first right page, from 1; None: not among the first ten
    reciprocal_rank: float = 0.0
    ndcg: float = 0.0
    number_said: int | None = None  # of results, as the page says
    listed: int = 0  # results on the first page of the list
    seconds: float | None = None
    url: str = ""  # of the page with the results
    first: tuple[SearchResult, ...] = ()  # the results that stand first


@dataclass(frozen=True)
class Barrier:
    """A rule that the list of results or a right page fails, of the impact that keeps people out."""

    rule: str
    impact: str
    places: int
    url: str


@dataclass(frozen=True)
class TaskFigures:
    """How well a search serves one task; shares from 0 to 1, over the queries that could be asked."""

    queries: int
    success_at_1: float
    success_at_3: float
    mrr: float
    ndcg: float
    no_results: float
    variants: int  # typing errors, other forms and everyday words that could be asked
    forgiven: float | None  # the share of those that has a right page among the first ten; None: none was asked


@dataclass(frozen=True)
class SiteLinks:
    """The links of a site as a run saw them; pages by their identity."""

    start: str
    links: Mapping[str, Sequence[tuple[str, str]]]  # page: where each of its links leads, and the words of that link
    pages: frozenset[str]  # every page that the run knew, also those to which no link leads


@dataclass(frozen=True)
class SiteShape:
    """How the pages of a site hang together."""

    depths: dict[int, int]  # clicks from the start page: number of pages
    unlinked: tuple[str, ...]  # some pages to which no link leads: they are only in the sitemap, or nowhere
    dead_ends: tuple[str, ...]  # some pages whose text leads nowhere: without the menu there is no way on
    counts: dict[str, int]  # how many there are of what is named "some" here


@dataclass(frozen=True)
class Step:
    """One click on the way to a page."""

    label: str  # the words of the link
    url: str  # where it leads
    in_menu: bool  # it stands on so many pages that it is part of their frame


@dataclass(frozen=True)
class WayThere:
    """How a right page is reached without the search."""

    url: str
    shortest: tuple[Step, ...] | None = None  # None: no links lead there from the start page
    by_menu: int | None = None  # fewest clicks on links of the menu alone
    by_content: int | None = None  # fewest clicks on links that are not part of the menu
    fits: float = 0.0  # how well the labels of the shortest way fit the words of residents, 0 to 1
    walk: tuple[Step, ...] = ()  # the links that somebody would take who follows the label that fits best
    arrives: bool = False  # that walk ends at the page
    is_direct: bool = False  # without once turning back
    only_in_sitemap: bool = False


@dataclass(frozen=True)
class TaskDetails:
    """All that a test found out about one task."""

    answers: tuple[JudgedAnswer, ...] = ()
    barriers: tuple[Barrier, ...] = ()
    ways: tuple[WayThere, ...] = ()
    missing: tuple[str, ...] = ()  # right pages that do not answer
    instead: str = ""  # where all of them are gone: the page of the site that says it now

    def as_stored(self) -> dict[str, Any]:
        stored: dict[str, Any] = TypeAdapter(TaskDetails).dump_python(self, mode="json")
        return stored


@dataclass(frozen=True)
class SiteSearch:
    """How the search of a site is asked: by an address, or by the form on a page, and where its results stand."""

    results: str = ""  # CSS selector of one result; empty: not known
    template: str = ""  # "https://www.example.nl/zoeken?q={query}"; empty: only the form works
    page: str = ""  # address of the page with the form
    field: str = ""  # CSS selector of the search field; " >>> " leads into a shadow root
    opener: str = ""  # CSS selector of the button that shows the field; empty: it is there
    is_silent: bool = False  # where nothing is found the page does not say so
    may_post: bool = False  # the search may send its query by POST; only a person decides that
    ignores_robots: bool = False  # robots.txt keeps robots out, and the site's owner lets this test in all the same

    def as_stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_stored(cls, stored: Mapping[str, Any]) -> SiteSearch:
        known = cls().as_stored()
        return cls(**{name: value for name, value in stored.items() if name in known})
