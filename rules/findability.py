"""Findability: what residents come for, the words they type, the right pages, and what the site's own search answers.

A search task is what information retrieval calls a topic with its queries and relevance judgements, and what municipalities
call a top task. Source: Cranfield method as TREC uses it; the field's "toptaken".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

CUT_OFF = 10  # results that are looked at: nobody reads on
HIGHEST_GRADE = 3


class TaskState(StrEnum):
    """A task, or the way in which a site is searched, that Vierluik thought of counts once a person said that it is right."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class QueryKind(StrEnum):
    """Where a query comes from: what is asked in other words than the task has is scored apart, as tolerance."""

    AS_WRITTEN = "as-written"
    TYPING_ERROR = "typing-error"
    INFLECTION = "inflection"
    EVERYDAY_WORD = "everyday-word"


class AnswerOutcome(StrEnum):
    """What a search did for one query."""

    FOUND = "found"  # a right page is among the first results
    NOT_FOUND = "not-found"  # there are results, but no right page among the first
    NO_RESULTS = "no-results"  # the search found nothing at all
    UNTESTED = "untested"  # it could not be asked, or its answer could not be read; the reason says why


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
