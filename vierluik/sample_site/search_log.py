"""What the sample site's search would have logged in two years: User Behavior Insights 1.3, one JSON object a line.

Every search has the results that the site's own search gives; seasons, growth, typing errors and a few queries with personal
data are in it. The same seed gives the same log, and its truth is counted while it is written.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from vierluik.sample_site.search import search
from vierluik.sample_site.site import search_texts

HERE = Path(__file__).parent
ZONE = ZoneInfo("Europe/Amsterdam")
DAYS = 730
TYPING_ERRORS = 0.035  # of searches
PERSONAL = 0.004
TRIES_OTHER_WORDS = 0.45  # of those who find nothing
LOOKED_AT = 10  # results
WEEKDAYS = (1.35, 1.25, 1.15, 1.15, 1.0, 0.55, 0.55)
HOURS = (1, 0, 0, 0, 0, 1, 2, 4, 8, 11, 12, 11, 9, 10, 10, 9, 8, 7, 7, 8, 8, 6, 4, 2)
# None of these is anybody's; each shows a kind of personal data that people type into a search field.
PERSONAL_QUERIES = (
    "bsn 123456782",
    "06-12345678",
    "j.jansen@voorbeeld.example",
    "nl91abna0417164300",
    "1234ab 56",
    "de heer van der Berg",
    "zaaknummer Z-2026-004711",
    "geboren 12-03-1985",
)


@dataclass(frozen=True)
class Topic:
    """What residents come for."""

    page: str  # the path of the right page; "": there is none
    queries: tuple[tuple[str, float], ...]  # with the searches in a month of the first year
    months: tuple[float, ...]  # their weight, from January
    growth: float  # of the second year over the first


@dataclass
class Truth:
    """What stands in a log."""

    searches: Counter[str] = field(default_factory=Counter)  # by query
    zero_results: int = 0
    clicks: int = 0
    visits: int = 0
    misspelt: int = 0
    personal: int = 0


@cache
def topics() -> tuple[Topic, ...]:
    told = tomllib.loads((HERE / "searches.toml").read_text(encoding="utf-8"))
    even = [1.0] * 12
    return tuple(
        Topic(
            page=one["page"],
            queries=tuple((query, searches) for query, searches in one["queries"]),
            months=tuple(told["seasons"].get(one.get("season"), even)),
            growth=one.get("growth", 1.04),
        )
        for one in told["topic"]
    )


@cache
def results(query: str) -> tuple[str, ...]:
    """The paths that the sample site's search answers with."""
    return tuple(hit.path for hit in search(query, search_texts()))


def write_log(file: Path, until: date, seed: int = 4331) -> Truth:
    """Write the log of the two years before a day, packed with gzip."""
    truth = Truth()
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=4) as log:
        for record in records(until, truth, seed):
            log.write(json.dumps(record) + "\n")
    return truth


def records(until: date, truth: Truth, seed: int = 4331) -> Iterator[dict[str, Any]]:
    """Queries and clicks of two years in the order of time, visit by visit."""
    chance = random.Random(seed)  # noqa: S311 - it makes up a log
    for ago in range(DAYS, 0, -1):
        day = until - timedelta(days=ago)
        growing = 1 - (ago - 1) / DAYS  # 0 on the first day, 1 on the last
        visits = []
        for number, topic in enumerate(topics()):
            grown = topic.growth ** (2 * growing - 0.5)
            for query, monthly in topic.queries:
                expected = monthly / 30 * topic.months[day.month - 1] * WEEKDAYS[day.weekday()] * grown
                visits += [(_moment(chance, day), query, number) for _ in range(_poisson(chance, expected))]
        for moment, query, number in sorted(visits):
            truth.visits += 1
            yield from _visit(chance, moment, query, topics()[number], truth)


def _visit(chance: random.Random, moment: datetime, query: str, topic: Topic, truth: Truth) -> Iterator[dict[str, Any]]:
    """One resident: perhaps a typing error first, then the query, in other words where it finds nothing, then a click."""
    client = f"{chance.getrandbits(64):016x}"
    if chance.random() < PERSONAL:
        truth.personal += 1
        yield _query(chance.choice(PERSONAL_QUERIES), moment, client, truth)
        moment += timedelta(seconds=chance.randint(8, 40))
    if chance.random() < TYPING_ERRORS:
        truth.misspelt += 1
        yield _query(_misspelt(chance, query), moment, client, truth)
        moment += timedelta(seconds=chance.randint(5, 30))
    asked = _query(query, moment, client, truth)
    yield asked
    page = topic.page
    if page and not asked["query_response_hit_ids"] and chance.random() < TRIES_OTHER_WORDS:
        moment += timedelta(seconds=chance.randint(6, 50))
        asked = _query(topic.queries[0][0], moment, client, truth)
        yield asked
    found = asked["query_response_hit_ids"]
    rank = found.index(page) + 1 if page in found[:LOOKED_AT] else 0
    if rank and chance.random() < 0.92 / (1 + 0.12 * (rank - 1)):
        yield _click(asked, moment + timedelta(seconds=chance.randint(3, 25)), page, rank, truth)
    elif found and chance.random() < 0.15:
        yield _click(asked, moment + timedelta(seconds=chance.randint(6, 40)), found[0], 1, truth)


def _query(query: str, moment: datetime, client: str, truth: Truth) -> dict[str, Any]:
    found = list(results(query))
    truth.searches[query] += 1
    truth.zero_results += not found
    return {
        "query_id": f"{client}-{moment:%H%M%S}",
        "client_id": client,
        "user_query": query,
        "timestamp": moment.isoformat(),
        "query_response_hit_ids": found,
    }


def _click(asked: dict[str, Any], moment: datetime, page: str, rank: int, truth: Truth) -> dict[str, Any]:
    truth.clicks += 1
    return {
        "action_name": "click",
        "query_id": asked["query_id"],
        "client_id": asked["client_id"],
        "timestamp": moment.isoformat(),
        "event_attributes": {"object": {"object_id": page}, "position": {"ordinal": rank}},
    }


def _moment(chance: random.Random, day: date) -> datetime:
    hour = chance.choices(range(24), HOURS)[0]
    return datetime(day.year, day.month, day.day, hour, chance.randrange(60), chance.randrange(60), tzinfo=ZONE)


def _misspelt(chance: random.Random, query: str) -> str:
    """A letter left out, doubled, or swapped with the next."""
    at = chance.randrange(1, max(2, len(query) - 1))
    changed = (
        query[:at] + query[at + 1 :],
        query[:at] + query[at] + query[at:],
        query[: at - 1] + query[at] + query[at - 1] + query[at + 1 :],
    )
    return chance.choice(changed)


def _poisson(chance: random.Random, expected: float) -> int:
    """Source: Knuth, The Art of Computer Programming, volume 2, 3.4.1."""
    limit, product, count = math.exp(-expected), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
