"""A report of searches over 25 months of totals, against fetching the same rows by their index, in one process."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from rules.search_log import Source
from rules.site import Scope
from storage.database import Database
from storage.models import SearchQuery, SearchTotal, table_of
from storage.search_log import source_of
from storage.search_periods import sum_up
from storage.search_report import by_month, report
from storage.sites import add_site, get_site

FIRST = date(2024, 10, 1)
DAYS = 760  # 25 months
AT_ONCE = 10_000
TOTAL = table_of(SearchTotal)
PLAIN = "SELECT * FROM search_total WHERE source_id = 1 AND first_day >= ? AND last_day <= ?"  # by SQLite's own driver


def cost_of_report(folder: Path, rows: int, rounds: int, distinct: int = 50_000) -> dict[str, float]:
    """CPU seconds, the median of the rounds: "plain" (the rows of the period fetched by index), "report", "months"."""
    database = Database(f"sqlite:///{folder}/totals.db")
    database.migrate()
    last = FIRST + timedelta(days=DAYS - 1)
    with database.session() as session:
        add_site(
            session, "Gemeente", "https://www.gemeente.example/", Scope(("https://www.gemeente.example",)), datetime.now(UTC)
        )
    with database.session() as session:
        _fill(session, rows, distinct)
    with database.session() as session:
        site = get_site(session, "Gemeente")
        asked: dict[str, Callable[[], object]] = {
            "plain": lambda: session.connection().exec_driver_sql(PLAIN, (FIRST.isoformat(), last.isoformat())).fetchall(),
            "report": lambda: report(session, site, FIRST, last),
            "months": lambda: by_month(session, site, FIRST, last),
        }
        costs = {name: statistics.median(_cpu_s(ask) for _ in range(rounds)) for name, ask in asked.items()}
    database.close()
    return costs


def _fill(session: Session, rows: int, distinct: int) -> None:
    """As many totals, spread over the days: each day other queries, so that all are asked."""
    chance = random.Random(7)
    site = get_site(session, "Gemeente")
    source = source_of(session, site, Source.COMBINED)
    numbers = [chance.getrandbits(63) for _ in range(distinct)]
    session.execute(insert(table_of(SearchQuery)), [{"site_id": site.id, "id": one, "text": f"vraag {one}"} for one in numbers])
    waiting: list[dict[str, object]] = []
    for day in range(DAYS):
        today = FIRST + timedelta(days=day)
        for query in chance.sample(numbers, rows * (day + 1) // DAYS - rows * day // DAYS):
            searches = chance.randrange(1, 9)
            clicked = chance.randrange(0, searches + 1)
            waiting.append(
                {
                    "source_id": source.id, "first_day": today, "last_day": today, "query_id": query, "searches": searches,
                    "sessions": searches, "known_results": 0, "clicked": clicked, "abandoned": searches - clicked, "spelling": 0,
                    "added": 0, "removed": 0, "replaced": 0, "positioned": 0, "reciprocal_ranks": 0.0,
                }
            )  # fmt: skip
        if len(waiting) > AT_ONCE:
            session.execute(insert(TOTAL), waiting)
            waiting = []
    if waiting:
        session.execute(insert(TOTAL), waiting)
    sum_up(session, source.id, FIRST, FIRST + timedelta(days=DAYS))


def _cpu_s(ask: Callable[[], object]) -> float:
    begin = time.process_time()
    ask()
    return time.process_time() - begin
