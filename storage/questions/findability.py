"""How tests of findability went: the newest one, the one before it, and what was lost between them."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.address import page_identity
from rules.findability import SiteLinks, TaskState, TaskVerdict, is_found
from rules.outcome import Outcome
from rules.page_type import PageType
from rules.run import RunState
from rules.stemming import plain
from rules.task import PageStatus
from storage.blobs import short_hash
from storage.models import (
    FindabilityLoss,
    FindabilityResult,
    FindabilityRun,
    FindabilityTask,
    Finding,
    Link,
    Page,
    PageState,
    Site,
)
from storage.results import links_of_pages


@dataclass(frozen=True)
class Change:
    """A task that was lost, and perhaps found again."""

    task: FindabilityTask
    before: int  # its rank in the last test that found it
    now: int | None  # its rank in the newest test; None: not among the first ten
    since: datetime  # the test that lost it


def finished_tests(session: Session, site_id: int, limit: int = 60) -> list[FindabilityRun]:
    """Finished tests, the newest last."""
    query = select(FindabilityRun).where(FindabilityRun.site_id == site_id, FindabilityRun.state == RunState.FINISHED)
    return list(session.scalars(query.order_by(FindabilityRun.id.desc()).limit(limit)))[::-1]


def last_test(session: Session, site_id: int) -> FindabilityRun | None:
    """The newest test, however it ended."""
    query = select(FindabilityRun).where(FindabilityRun.site_id == site_id).order_by(FindabilityRun.id.desc())
    return session.scalars(query.limit(1)).first()


def results_of_test(session: Session, run_id: int) -> dict[int, FindabilityResult]:
    """What a test said, by task."""
    query = select(FindabilityResult).where(FindabilityResult.run_id == run_id)
    return {result.task_id: result for result in session.scalars(query)}


def history_of_task(session: Session, task_id: int, limit: int = 60) -> Sequence[tuple[FindabilityRun, FindabilityResult]]:
    """Every finished test of a task, the newest last."""
    query = (
        select(FindabilityRun, FindabilityResult)
        .join(FindabilityResult, FindabilityResult.run_id == FindabilityRun.id)
        .where(FindabilityResult.task_id == task_id, FindabilityRun.state == RunState.FINISHED)
        .order_by(FindabilityRun.id.desc())
        .limit(limit)
    )
    return [(run, result) for run, result in session.execute(query)][::-1]


def tasks_with_query(session: Session, site_id: int, text: str) -> list[FindabilityTask]:
    """The confirmed tasks that have a query among their words, however it is written."""
    return tasks_by_query(session, site_id).get(as_asked(text), [])


def tasks_by_query(session: Session, site_id: int) -> dict[str, list[FindabilityTask]]:
    """The confirmed tasks that have a query among their words, by what `as_asked` makes of the query."""
    found: dict[str, list[FindabilityTask]] = defaultdict(list)
    query = select(FindabilityTask).where(FindabilityTask.site_id == site_id, FindabilityTask.state == TaskState.CONFIRMED)
    for task in session.scalars(query):
        for words in dict.fromkeys(as_asked(one) for one in task.queries):
            found[words].append(task)
    return dict(found)


def as_asked(text: str) -> str:
    """The words of a query, however they are written."""
    return " ".join(plain(text).split())


def lost_and_regained(session: Session, site_id: int) -> tuple[list[Change], list[Change]]:
    """Tasks whose page left the first results and did not come back, and those that the newest test found again."""
    tests = finished_tests(session, site_id, 1)
    results = results_of_test(session, tests[-1].id) if tests else {}
    query = (
        select(FindabilityLoss, FindabilityTask, FindabilityRun.started_at)
        .join(FindabilityTask, FindabilityTask.id == FindabilityLoss.task_id)
        .join(FindabilityRun, FindabilityRun.id == FindabilityLoss.lost_run_id)
        .where(FindabilityTask.site_id == site_id, FindabilityTask.state == TaskState.CONFIRMED)
        .order_by(FindabilityLoss.id)
    )
    lost: list[Change] = []
    regained: list[Change] = []
    for loss, task, lost_at in session.execute(query):
        result = results.get(task.id)
        change = Change(task, loss.rank_before, result.rank if result else None, lost_at)
        if loss.found_run_id is None:
            lost.append(change)
        elif tests and loss.found_run_id == tests[-1].id:
            regained.append(change)
    return lost, regained


def found_and_lost_since(session: Session, site_id: int, test_id: int) -> tuple[list[str], list[str]]:
    """Titles of the tasks whose page stands among the first results now and did not in an earlier test, and the other way round.

    What could not be asked in either of the two is neither.
    """
    tests = finished_tests(session, site_id, 1)
    if not tests:
        return [], []
    before, now = (results_of_test(session, number) for number in (test_id, tests[-1].id))
    titles = {task.id: task.title for task in session.scalars(select(FindabilityTask).where(FindabilityTask.site_id == site_id))}
    both = [
        (titles[number], is_found(before[number].rank), is_found(now[number].rank))
        for number in now
        if number in before and number in titles and TaskVerdict.UNTESTED not in (before[number].verdict, now[number].verdict)
    ]
    found = [title for title, was, is_now in both if is_now and not was]
    return found, [title for title, was, is_now in both if was and not is_now]


def count_tasks(session: Session, site_id: int, state: TaskState) -> int:
    query = select(func.count()).where(FindabilityTask.site_id == site_id, FindabilityTask.state == state)
    return session.scalar(query) or 0


# --- what a test needs to know of the site ------------------------------------------------------------------------------


def titles_of_pages(session: Session, site_id: int, identities: Sequence[str]) -> dict[str, str]:
    """The titles of pages by their identity; pages that no run has seen are not among them."""
    query = (
        select(Page.identity, PageState.title)
        .join(PageState, PageState.page_id == Page.id)
        .where(
            Page.site_id == site_id,
            Page.identity_hash.in_([short_hash(one.encode()) for one in identities]),
            PageState.closed_run_id.is_(None),
            PageState.title != "",
        )
    )
    return dict(session.execute(query).all())


def barriers_of_pages(session: Session, site_id: int, identities: Sequence[str]) -> list[tuple[str, str, str, int]]:
    """Open failures of pages that keep people out: address, rule, impact and number of places; none seen only once."""
    if not identities:
        return []
    query = (
        select(Page.identity, Finding.rule, Finding.impact, func.count())
        .join(Finding, Finding.page_id == Page.id)
        .where(
            Page.site_id == site_id,
            Page.identity_hash.in_([short_hash(one.encode()) for one in identities]),
            Finding.closed_run_id.is_(None),
            Finding.outcome == Outcome.FAILED,
            Finding.impact.in_(["serious", "critical"]),
            Finding.confirmation.is_distinct_from("unstable"),
        )
        .group_by(Page.identity, Finding.rule, Finding.impact)
        .order_by(Page.identity, Finding.rule)
    )
    return [(url, rule, impact, places) for url, rule, impact, places in session.execute(query)]


def links_of_site(session: Session, site: Site, run_id: int) -> SiteLinks:
    """Every link from page to page as a run saw them, redirects followed."""
    pages = (
        select(Page.id, Page.identity)
        .join(PageState, PageState.page_id == Page.id)
        .where(Page.site_id == site.id, PageState.closed_run_id.is_(None), PageState.status != PageStatus.SKIPPED)
    )
    known: dict[int, str] = dict(session.execute(pages).all())
    moved = moved_addresses(session, site.id)
    links: dict[str, list[tuple[str, str]]] = defaultdict(list)
    identity_of = cache(_identity)
    for page_id, link in links_of_pages(session, site.id, run_id):
        if link.element in ("a", "area") and page_id in known:
            url = link.url.partition("#")[0]
            links[known[page_id]].append((identity_of(moved.get(url, url)), sys.intern(link.text)))
    start = site.start_url.partition("#")[0]
    return SiteLinks(_identity(moved.get(start, start)), links, frozenset(known.values()))


def products_by_links(session: Session, site: Site, run_id: int, limit: int) -> list[tuple[str, str]]:
    """Pages that are about a product or service, address and title, those first to which most pages link."""
    query = (
        select(Page.identity, PageState.title)
        .join(PageState, PageState.page_id == Page.id)
        .where(
            Page.site_id == site.id,
            Page.page_type == PageType.PRODUCT,
            PageState.closed_run_id.is_(None),
            PageState.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]),
        )
    )
    titles = dict(session.execute(query).all())
    counts = Counter(
        target for links in links_of_site(session, site, run_id).links.values() for target in {target for target, _ in links}
    )
    return sorted(((url, title) for url, title in titles.items() if title), key=lambda row: (-counts[row[0]], row[0]))[:limit]


def _identity(url: str) -> str:
    try:
        return page_identity(url)
    except ValueError:
        return url


def moved_addresses(session: Session, site_id: int) -> dict[str, str]:
    """Where addresses of links lead today, those that lead elsewhere than they say."""
    query = select(Link.url, Link.final_url).where(Link.site_id == site_id, Link.closed_run_id.is_(None), Link.final_url != "")
    return dict(session.execute(query).all())
