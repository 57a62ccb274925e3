"""What searches tell, after each import and each run; for a request: `python -m scheduler.learn_from_searches DATABASE REQUEST`.

Which queries ask for one thing, which find nothing and why, which tasks are worth a test, and how many people come for each.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from checks.findability.clusters import AskedQuery, clusters_of
from checks.findability.content_gap import page_about
from checks.findability.proposals import AskedThing, tasks_of_log
from checks.municipal.product_coverage import asked_for
from checks.municipal.products import ProductNames
from rules.address import page_of_log
from rules.content_gap import FoundPage
from rules.findability import TaskState
from rules.stemming import meaning
from scheduler.find_gaps import find_gaps
from scheduler.propose_journeys import propose_journeys
from storage.database import Database
from storage.findability import keep_proposals, tasks_of_site
from storage.models import Request, Site
from storage.page_texts import find_pages, pages_by_identity, vocabulary
from storage.products import products_kept
from storage.questions.searches import clicked_pages, days_of_logs
from storage.requests import finish_request
from storage.search_clusters import Member, QueryGroup, clusters_of_site, grouped, keep_clusters
from storage.search_gaps import DAYS, MASKED, per_month
from storage.search_report import report

YEARS_TOGETHER = timedelta(days=761)  # 25 months: as long as totals are kept
MOST_CLUSTERED = 10_000  # queries, the most asked ones
MOST_PROPOSED = 30  # tasks
MOST_LOOKED_AT = 100  # things that are asked, of which a task may come


def learn_from_searches(database: Database, site_id: int, now: datetime) -> None:
    """Look at the searches of a site anew, and at the words of its pages; without a search log there is nothing to learn."""
    with database.session() as session:
        site = session.get_one(Site, site_id)
        known = days_of_logs(session, site_id)
        if known is None:
            return
        _cluster(session, site, now)
    find_gaps(database, site_id, now)
    with database.session() as session:
        last = min(known[1], now.date())
        first = max(known[0], last - timedelta(days=DAYS - 1))
        lines = [line for line in report(session, site, first, last, most=MOST_CLUSTERED).queries if not MASKED.search(line.text)]
        groups = grouped(lines, clusters_of_site(session, site_id))
        days = (last - first).days + 1
        _propose(session, site, groups, days, now)
        _count_people(session, site_id, groups, days)


def _cluster(session: Session, site: Site, now: datetime) -> None:
    """Put the queries together that ask for one thing."""
    found = report(session, site, (now - YEARS_TOGETHER).date(), now.date(), most=MOST_CLUSTERED)
    queries = [AskedQuery(line.query, line.text, line.searches) for line in found.queries if line.query is not None]
    clusters = clusters_of(queries, vocabulary(session, site.id), _product_of(session))
    keep_clusters(
        session,
        site.id,
        {
            query.number: Member(cluster.queries[0].number, cluster.product)
            for cluster in clusters
            if len(cluster.queries) > 1 or cluster.product
            for query in cluster.queries
        },
    )


def _product_of(session: Session) -> Callable[[str], str]:
    """The one product of the list that a query names; without a list none."""
    listed = products_kept(session)
    names = ProductNames(listed) if listed else None

    def product_of(query: str) -> str:
        found = asked_for(names, query) if names else ()
        return found[0].name if len(found) == 1 else ""

    return product_of


def _propose(session: Session, site: Site, groups: Sequence[QueryGroup], days: int, now: datetime) -> None:
    asked = groups[:MOST_LOOKED_AT]
    clicks = clicked_pages(session, site.id, {line.query for group in asked for line in group.lines if line.query is not None})
    words = vocabulary(session, site.id)
    things = [
        AskedThing(
            group.head.text,
            per_month(group.total.sessions or group.total.searches, days),
            _known_pages(session, site, sum((clicks.get(line.query or 0, Counter()) for line in group.lines), Counter[str]())),
            page_about(group.head.text, lambda wanted: find_pages(session, site.id, wanted), words),
            group.product,
        )
        for group in asked
    ]
    keep_proposals(session, site.id, tasks_of_log(things, MOST_PROPOSED), "log", now)


def _known_pages(session: Session, site: Site, clicks: Counter[str]) -> Counter[FoundPage]:
    """The clicks on pages that a run has seen."""
    addresses = {address: page_of_log(site.start_url, address) for address in clicks}
    pages = pages_by_identity(session, site.id, set(addresses.values()))
    found: Counter[FoundPage] = Counter()
    for address, visits in clicks.items():
        if page := pages.get(addresses[address]):
            found[page] += visits
    return found


def _count_people(session: Session, site_id: int, groups: Sequence[QueryGroup], days: int) -> None:
    """How many visits a month ask for each task, in its own words or in others that ask for the same."""
    group_of = {tuple(sorted(meaning(line.text))): number for number, group in enumerate(groups) for line in group.lines}
    for task in tasks_of_site(session, site_id):
        if task.state == TaskState.PROPOSED and task.source == "log":
            continue  # counted when it was proposed
        asked = {group_of.get(tuple(sorted(meaning(query)))) for query in task.queries} - {None}
        visits = [groups[number].total for number in asked if number is not None]
        task.people = per_month(sum(line.sessions or line.searches for line in visits), days) if visits else 0


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        with database.session() as session:
            site_id = session.get_one(Request, request_id).site_id
        learn_from_searches(database, site_id, datetime.now(UTC))
        propose_journeys(database, site_id, datetime.now(UTC))
        state, answer = "done", dict[str, object]()
    except Exception as error:  # whoever asked must get an answer
        state, answer = "failed", {"error": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
