"""Says why queries find nothing, and what to do."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from sqlalchemy.orm import Session

from checks.findability.content_gap import explain
from checks.findability.went_on import pages_in_the_end
from rules.address import page_of_log
from rules.content_gap import FoundPage
from storage.database import Database
from storage.models import Site
from storage.page_texts import find_pages, pages_by_identity, vocabulary
from storage.questions.searches import days_of_logs, visits_with
from storage.search_gaps import keep_gaps, unfound_queries


def find_gaps(database: Database, site_id: int, now: datetime) -> int:
    """Judge the queries of a site that find nothing, and keep what was said. Gives how many there are."""
    with database.session() as session:
        site = session.get_one(Site, site_id)
        known = days_of_logs(session, site_id)
        if known is None:
            return 0
        unfound = unfound_queries(session, site, known[0], min(known[1], now.date()))
        words = vocabulary(session, site_id)
        went_to = _went_to(session, site, {one.query for one in unfound}) if words else {}
        judged = [
            (
                one,
                explain(one.text, lambda wanted: find_pages(session, site_id, wanted), words, went_to[one.query])
                if words
                else None,
            )
            for one in unfound
        ]
        keep_gaps(session, site_id, judged, now)
        return len(judged)


def _went_to(session: Session, site: Site, queries: set[int]) -> dict[int, Counter[FoundPage]]:
    """Where visits went in the end that asked one of these queries first."""
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for visit in visits_with(session, site.id, queries) if queries else ():
        for query, page in pages_in_the_end([(step.query_id, step.page) for step in visit]):
            if query in queries:
                counted[query][page_of_log(site.start_url, page)] += 1
    pages = pages_by_identity(session, site.id, {page for pages in counted.values() for page in pages})
    went: dict[int, Counter[FoundPage]] = defaultdict(Counter)
    for query, visits in counted.items():
        went[query].update({pages[page]: number for page, number in visits.items() if page in pages})
    return went
