"""`vierluik doctor`: is everything here that Vierluik needs, and what to do where it is not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from importlib import resources

from playwright.async_api import Error as PlaywrightError

from checks.accessibility.engines.axe.probe import AxeMissing
from checks.accessibility.engines.opinions import OPINIONS, engine_versions
from checks.accessibility.engines.second_opinion import EngineMissing
from crawler.browser import BrowserMissing, find_browser, install_browser, launch_arguments
from crawler.visit import driver
from storage.database import Database, DatabaseError
from vierluik.examined import Examined
from vierluik.screen import Exit, say
from vierluik.settings import Settings


def examine(settings: Settings, *, install: bool, quiet: bool, deep: bool = False) -> Exit:
    """Say of each thing whether it is fine; ends with 3 when something is missing. `deep`: try everything out."""
    if install:
        try:
            find_browser()
        except BrowserMissing:
            say("No browser yet: installing one …")
            try:
                install_browser()
            except BrowserMissing as error:
                say(str(error))
    missing = False
    for one in _examinations(settings, deep=deep):
        missing |= not one.fine
        if not quiet or not one.fine:
            say(f"{'ok     ' if one.fine else 'missing'}  {one.what}: {one.sentence}")
    return Exit.NOTHING_JUDGED if missing else Exit.FINE


def _examinations(settings: Settings, *, deep: bool) -> Iterator[Examined]:
    version = sys.version.split()[0]
    yield Examined("Python", sys.version_info >= (3, 11), version)
    yield _browser()
    for engine in ("axe", *OPINIONS):
        yield _engine(engine)
    styles = resources.files("dashboard").joinpath("static/vendor/nl-design-system.css").is_file()
    yield Examined("dashboard files", styles, "there" if styles else "not there. Run: python3 bootstrap.py")
    yield _database(settings)
    if deep:
        from vierluik.deep_examination import examine_deeply  # all that a run loads

        yield from examine_deeply(settings)


def _browser() -> Examined:
    try:
        browser = find_browser()
        version = asyncio.run(_start(str(browser.path)))
    except BrowserMissing as error:
        return Examined("browser", False, str(error))
    except (PlaywrightError, TimeoutError) as error:
        reason = str(error).strip().splitlines()[0]
        return Examined("browser", False, f"{browser.path} does not start ({reason}). Name another one in VIERLUIK_BROWSER.")
    kind = "headless shell" if browser.is_shell else "full browser; the headless shell costs half"
    return Examined("browser", True, f"Chromium {version}, {kind}, {browser.path} ({browser.source})")


async def _start(path: str) -> str:
    async with driver() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=launch_arguments(), timeout=30_000)
        try:
            return browser.version
        finally:
            await browser.close()


def _engine(name: str) -> Examined:
    try:
        return Examined(f"engine {name}", True, engine_versions((name,))[name])
    except (AxeMissing, EngineMissing) as error:
        return Examined(f"engine {name}", False, str(error))


def _database(settings: Settings) -> Examined:
    try:
        database = Database(settings.database)
        database.migrate()
        return Examined("database", True, database.name)
    except DatabaseError as error:
        return Examined("database", False, str(error))
