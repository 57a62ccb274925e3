"""What a search log says, whatever program wrote it: single searches and clicks, or totals per query and period.

Source: the field's own forms (User Behavior Insights 1.3, Matomo's reporting API, the combined log format).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

BAD_LINES_SHOWN = 5
IMPORT = "import_search_log"  # kinds of requests that the scheduler answers
LEARN = "learn_from_searches"
RARE = 5  # a query of fewer visits than this is not shown and not exported


class Source(StrEnum):
    """The programs whose logs are read."""

    COMBINED = "combined"  # nginx and Apache
    MATOMO = "matomo"  # keywords
    MATOMO_NO_RESULTS = "matomo-no-results"  # keywords that found nothing: they complete the list of keywords
    MATOMO_VISITS = "matomo-visits"
    PIWIK_PRO = "piwik-pro"
    GA4 = "ga4"
    SITEIMPROVE = "siteimprove"
    UBI = "ubi"  # User Behavior Insights
    SLOW_LOG = "slow-log"  # Elasticsearch and OpenSearch
    SOLR = "solr"
    SEARCH_CONSOLE = "search-console"  # searches at Google, not on the site
    TABLE = "table"  # any CSV, by a mapping of its columns


class Fact(StrEnum):
    """What can be known of a search; what a source does not say cannot be determined from it."""

    EVENTS = "events"  # single searches with their moment
    RESULTS = "results"  # how many results a search had
    CLICKS = "clicks"
    POSITIONS = "positions"  # at which place in the list the click was
    SESSIONS = "sessions"  # which searches are of one visit
    EXITS = "exits"  # whether the visit ended with the search


KNOWS: dict[Source, frozenset[Fact]] = {
    Source.COMBINED: frozenset({Fact.EVENTS, Fact.CLICKS, Fact.SESSIONS}),
    Source.MATOMO: frozenset({Fact.SESSIONS, Fact.EXITS}),
    Source.MATOMO_NO_RESULTS: frozenset({Fact.SESSIONS, Fact.RESULTS}),
    Source.MATOMO_VISITS: frozenset({Fact.EVENTS, Fact.RESULTS, Fact.CLICKS, Fact.SESSIONS, Fact.EXITS}),
    Source.PIWIK_PRO: frozenset({Fact.SESSIONS, Fact.EXITS}),
    Source.GA4: frozenset({Fact.SESSIONS}),
    Source.SITEIMPROVE: frozenset({Fact.RESULTS, Fact.SESSIONS, Fact.EXITS}),
    Source.UBI: frozenset({Fact.EVENTS, Fact.RESULTS, Fact.CLICKS, Fact.POSITIONS, Fact.SESSIONS}),
    Source.SLOW_LOG: frozenset({Fact.EVENTS, Fact.RESULTS}),
    Source.SOLR: frozenset({Fact.EVENTS, Fact.RESULTS}),
    Source.SEARCH_CONSOLE: frozenset({Fact.CLICKS}),
    Source.TABLE: frozenset({Fact.RESULTS, Fact.SESSIONS, Fact.EXITS, Fact.CLICKS}),
}


class SearchLogError(ValueError):
    """The file cannot be brought in as a whole; the sentence says why and what to do."""


class ColumnsAsked(SearchLogError):
    """A person has to say what the columns of a table hold; everything in it is masked."""

    def __init__(self, sentence: str, fields: list[str], sample: list[list[str]]) -> None:
        super().__init__(sentence)
        self.fields = fields  # of each column what it seems to hold; empty: nothing that counts
        self.sample = sample  # the headings and the first lines


class SearchEvent(NamedTuple):
    """A search, or a click on one of its results."""

    at_ms: int  # milliseconds since 1970, UTC
    query: str
    session: int | None  # a salted hash that means nothing outside this import
    page: str | None = None  # where a click led; None: a search
    hits: int | None = None  # of a search; None: not known
    position: int | None = None  # of a click, from 1
    exits: bool | None = None  # whether the visit ended with this search
    host: str = ""  # the site's, where the line says it; not kept


class QueryTotal(NamedTuple):
    """What a source adds up for one query over one period; None: it does not say."""

    first_day: date
    last_day: date
    query: str
    searches: int
    sessions: int | None = None
    zero_results: int | None = None
    clicked: int | None = None
    exits: int | None = None
    host: str = ""


Row = SearchEvent | QueryTotal


@dataclass
class Tally:
    """What was met while a file was read. Nothing in it is unmasked."""

    lines: int = 0
    bad_lines: int = 0
    bad_samples: list[tuple[int, str]] = field(default_factory=list)  # line number and what was wrong
    left_out: Counter[str] = field(default_factory=Counter)  # by reason
    masked: Counter[str] = field(default_factory=Counter)  # by kind of personal data
    addresses: list[str] = field(default_factory=list)  # the search addresses that were looked for
    referers: Counter[str] = field(default_factory=Counter)  # hosts that searches came from, which need not be the site's
    bytes_read: int = 0
    digest: Any = field(default_factory=partial(hashlib.blake2b, digest_size=32))  # of what was read: the same file has the same

    def bad(self, line: int, reason: str) -> None:
        """A line that cannot be read; its words are not kept, only where it stands and what is wrong with it."""
        self.bad_lines += 1
        if len(self.bad_samples) < BAD_LINES_SHOWN:
            self.bad_samples.append((line, reason))


def text_number(text: str) -> int:
    """The number that a query is stored under: the same text has the same number, in every import."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1


class DayEvent(NamedTuple):
    """A stored event of one day, in the order of its visit."""

    at_ms: int
    query: int  # a text_number
    session: int | None
    is_click: bool
    hits: int | None
    position: int | None
    exits: bool | None


@dataclass
class QueryDay:
    """What one day of events adds up to for one query. None: cannot be determined from this source."""

    query: int
    searches: int = 0
    sessions: int | None = None
    known_results: int = 0  # searches of which the number of results is known
    zero_results: int = 0
    clicked: int | None = None  # searches after which a result was clicked
    abandoned: int | None = None  # neither clicked nor asked otherwise
    exits: int | None = None
    spelling: int = 0  # asked again with another spelling
    added: int = 0  # with a word more
    removed: int = 0
    replaced: int = 0
    positioned: int = 0  # clicked searches of which the position is known
    reciprocal_ranks: float = 0.0  # their sum of 1/position
