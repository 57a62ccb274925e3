"""`vierluik demo`: the main job on the sample site, twice, so that the dashboard shows a real trend.

The first run sees edition 1 of the site, the second edition 2, which mends some faults and adds others. A second demo
finds both runs stored and starts at once.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from checks.search_log.read import ReadOptions
from crawler.browser import BrowserMissing, find_browser
from rules.findability import TaskState
from rules.outcome import Outcome
from rules.rule import catalogue
from rules.run import RunState
from rules.site import Scope
from rules.task_file import read_tasks
from rules.upl import read_upl
from scheduler.import_search_log import import_search_log
from scheduler.run_site import mark_dead_runs
from scheduler.test_findability import FindabilityTest, propose_tasks
from storage.database import Database
from storage.findability import keep_tasks, tasks_of_site
from storage.models import Run, Site
from storage.products import keep_products, products_since
from storage.questions.findability import finished_tests, results_of_test
from storage.questions.searches import has_search_log
from storage.runs import WHOLE_SITE
from storage.sites import add_site
from vierluik.findability import verdict_words
from vierluik.opening import open_database
from vierluik.runs import make_run, report_of
from vierluik.sample_site import PRODUCT_NAMES, SampleServer, serve
from vierluik.sample_site.search_log import write_log
from vierluik.screen import Exit, say, stop
from vierluik.serve import serve_dashboard
from vierluik.settings import Settings

FOLDER = Path(".demo")
SEARCH_LOG = FOLDER / "search-log.ndjson.gz"
TASKS = Path(__file__).parent / "sample_site/tasks.csv"
SITE = "Gemeente Voorbeeldstad"
SAMPLE_PORT = 8990
EDITIONS: tuple[Literal["1", "2"], ...] = ("1", "2")


def run_demo(*, once: bool, port: int) -> Exit:
    """Serve the sample site, run over both editions where that was not done before, and show the dashboard."""
    try:
        find_browser()
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    FOLDER.mkdir(exist_ok=True)
    settings = Settings(database=f"sqlite:///{FOLDER}/vierluik.db", contact="vierluik demo")
    database = open_database(settings)
    mark_dead_runs(database, datetime.now(UTC))
    with database.session() as session:
        if products_since(session) is None:
            keep_products(session, read_upl(PRODUCT_NAMES.read_bytes()), datetime.now(UTC))
    with _sample_server() as sample:
        site = _sample_site(database, sample.url)
        done = _finished_runs(database, site)
        for edition in EDITIONS[len(done) :]:
            sample.edition = edition
            say(f"Run over edition {edition} of the sample site at {sample.url} …")
            started = time.monotonic()
            outcome = make_run(database, site, settings.for_run(), by="demo")
            if outcome.state is not RunState.FINISHED:
                raise stop(Exit.INTERRUPTED, "The demo was stopped. Start it again: it goes on with what is missing.")
            _search_as_residents(database, site, settings)
            say(f"… done in {time.monotonic() - started:.0f} s")
        sample.edition = EDITIONS[-1]
        _bring_in_search_log(database, site)
        print(summary(database, site))
        return Exit.FINE if once else serve_dashboard(database, settings, "127.0.0.1", port)


def _sample_server() -> SampleServer:
    """The sample site, on its own port where that is free: a page's identity holds its port."""
    try:
        return serve("1", SAMPLE_PORT)
    except OSError:
        return serve("1")


def _sample_site(database: Database, url: str) -> Site:
    """The sample site in the demo's database; served on another port it is another site."""
    with database.session() as session:
        start = f"{url.rstrip('/')}/"
        for site in session.scalars(select(Site)):
            if site.start_url == start:
                return site
        others = session.scalars(select(Site.name)).all()
        name = SITE if SITE not in others else f"{SITE} ({start})"
        return add_site(session, name, start, Scope((start.rstrip("/"),)), datetime.now(UTC))


def _search_as_residents(database: Database, site: Site, settings: Settings) -> None:
    """Ask the search of the sample site what residents ask."""
    tasks = read_tasks(TASKS.read_bytes(), site.start_url)
    with database.session() as session:
        keep_tasks(session, site.id, tasks, TaskState.CONFIRMED, "file", datetime.now(UTC))
    propose_tasks(database, site, datetime.now(UTC))
    asyncio.run(FindabilityTest(database, site, settings.for_run(), "demo").run())


def _bring_in_search_log(database: Database, site: Site) -> None:
    """What residents searched for in the last two years, once."""
    with database.session() as session:
        if has_search_log(session, site.id):
            return
    started, now = time.monotonic(), datetime.now(UTC)
    write_log(SEARCH_LOG, now.date())
    with SEARCH_LOG.open("rb") as log:
        brought = import_search_log(database, site.name, log, ReadOptions(), now)
    say(f"Search log of two years, {brought.searches} searches, brought in: {time.monotonic() - started:.0f} s")


def _finished_runs(database: Database, site: Site) -> list[int]:
    with database.session() as session:
        query = select(Run.id).where(Run.site_id == site.id, Run.kind.in_(WHOLE_SITE), Run.state == RunState.FINISHED)
        return list(session.scalars(query.order_by(Run.id).limit(len(EDITIONS))))


def summary(database: Database, site: Site) -> str:
    """What the runs found, in a screenful."""
    lines = [""]
    reports = [report_of(database, number) for number in _finished_runs(database, site)]
    for edition, report in zip(EDITIONS, reports, strict=False):
        coverage = report["coverage"]
        figures = {one["id"]: int(one["value"]) for one in report["kpis"]}
        lines.append(
            f"Edition {edition}: {coverage['found']} pages found = {coverage['tested']} tested "
            f"+ {coverage['carried_over']} carried over + {coverage['untested']} untested + {coverage['skipped']} skipped; "
            f"{coverage['documents']} documents"
        )
        lines.append(
            f"  {figures['pages_with_failure']} of {figures['pages_tested']} pages with a failure, "
            f"{figures['failed_findings']} failures, {figures['dead_links']} dead links; "
            f"new {figures['new_findings']}, gone {figures['closed_findings']}"
        )
    failed = Counter(
        finding["rule"] for page in reports[-1]["pages"] for finding in page["findings"] if finding["outcome"] == Outcome.FAILED
    )
    lines += ["", "What fails most in edition 2:"]
    lines += [f"  {count:4} x {catalogue()[rule].words['nl'].title}  ({rule})" for rule, count in failed.most_common(5)]
    lines += ["", "What residents look for, and whether the search of edition 2 finds it:"]
    with database.session() as session:
        tests = finished_tests(session, site.id)
        results = results_of_test(session, tests[-1].id) if tests else {}
        for task in tasks_of_site(session, site.id, TaskState.CONFIRMED):
            if result := results.get(task.id):
                lines.append(f"  {task.title}: {verdict_words(result.verdict, 'en')}, rank {result.rank or '-'}")
    lines += ["", "No failure found is not the same as accessible: a machine sees a part, people see the rest.", ""]
    return "\n".join(lines)
