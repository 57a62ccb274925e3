"""`vierluik worker`: takes pages from the queue until somebody stops it."""

from __future__ import annotations

import logging

import uvloop
from playwright.async_api import Error as PlaywrightError

from crawler.browser import BrowserMissing, find_browser
from crawler.visit import driver
from scheduler.run_settings import RunSettings
from scheduler.worker import PageTester
from scheduler.worker_browsers import WorkerBrowsers, browser_name
from storage.database import Database
from storage.queue_schema import bring_up_queue
from vierluik.opening import open_database
from vierluik.screen import Exit, say, stop
from vierluik.settings import Settings


def work(settings: Settings, concurrency: int) -> Exit:
    """Work until stopped; a fault that this worker cannot mend ends it, and its pages go to others."""
    database = open_database(settings)
    bring_up_queue(database)
    # What goes wrong in a job is said by the worker, or by the run that gives its pages out anew.
    for name in ("procrastinate", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        uvloop.run(_work(database, concurrency or RunSettings().browsers))
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    except PlaywrightError as error:
        reason = str(error).strip().partition("\n")[0]
        raise stop(Exit.NOTHING_JUDGED, f"The browser of this worker failed: {reason}. Its pages go to others.") from error
    say("The worker has stopped; what it did not test is in the queue again.")
    return Exit.FINE


async def _work(database: Database, pages_at_once: int) -> None:
    file = find_browser()
    async with driver() as playwright:
        browsers = WorkerBrowsers(playwright, file, await browser_name(playwright, file), pages_at_once)
        try:
            await PageTester(database, browsers, pages_at_once, say).work()
        finally:
            await browsers.close()
