"""`vierluik test findability`, and the tasks and the search of a site behind it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from crawler.browser import BrowserMissing
from crawler.world import VisitFailed
from dashboard.languages import translations
from dashboard.words import word
from rules.findability import SiteSearch, TaskState
from rules.norm import Language
from rules.reason import reason_text
from rules.run import RunState
from rules.task_file import TaskFileError, read_tasks
from scheduler.learn_from_searches import learn_from_searches
from scheduler.run_settings import RunSettings
from scheduler.test_findability import FindabilityTest, NothingToTest, propose_tasks
from storage.database import Database
from storage.findability import keep_search, keep_tasks, refuse, search_of_site, tasks_of_site
from storage.models import Site
from storage.questions.findability import lost_and_regained, results_of_test
from storage.sites import SiteError, get_site
from vierluik.screen import Exit, say, stop


def verdict_words(verdict: str, language: Language) -> str:
    """What a screen calls a verdict."""
    return translations(language).gettext(word("verdict", verdict))


def site_named(database: Database, name: str) -> Site:
    with database.session() as session:
        try:
            return get_site(session, name)
        except SiteError as error:
            raise stop(Exit.WRONG_USE, str(error)) from error


def try_findability(database: Database, name: str, settings: RunSettings, language: Language) -> Exit:
    """Test every confirmed task now. Exit 1: a task that was found before is lost; 3: nothing could be asked."""
    site = site_named(database, name)

    def show(done: int, total: int, title: str) -> None:
        if title:
            say(f"{done + 1}/{total} {title}")

    test = FindabilityTest(database, site, settings.of_site(site.settings), on_task=show)
    try:
        tested = asyncio.run(test.run())
    except NothingToTest as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    except KeyboardInterrupt as error:
        raise stop(Exit.INTERRUPTED, "Stopped; what was tested is stored, the test counts as interrupted.") from error
    if tested.state is RunState.FAILED:
        raise stop(Exit.NOTHING_JUDGED, reason_text(tested.reason, language))
    with database.session() as session:
        results = results_of_test(session, tested.run_id)
        for task in tasks_of_site(session, site.id, TaskState.CONFIRMED):
            if result := results.get(task.id):
                typer.echo(f"{verdict_words(result.verdict, language)}\t{result.rank or '-'}\t{task.title}")
        lost, regained = lost_and_regained(session, site.id)
        search = search_of_site(session, site.id)
    for change in regained:
        say(f"Found again: {change.task.title} (rank {change.now})")
    for change in lost:
        now = change.now or "not among the first ten"
        say(f"Lost since {change.since:%Y-%m-%d}: {change.task.title} (was at rank {change.before}, now {now})")
    if search and search.state == TaskState.PROPOSED:
        say(
            f"How the site is searched was found out and nobody confirmed it yet. Look at it with: vierluik site search {site.id}"
        )
    return Exit.FINDINGS if lost else Exit.FINE


def import_tasks(database: Database, name: str, file: Path) -> None:
    """Bring in tasks from a CSV file; they count as confirmed, as a person wrote them."""
    site = site_named(database, name)
    try:
        tasks = read_tasks(file.read_bytes(), site.start_url)
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror}.") from error
    except TaskFileError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}. What was brought in before stays.") from error
    with database.session() as session:
        new, changed = keep_tasks(session, site.id, tasks, TaskState.CONFIRMED, "file", datetime.now(UTC))
    say(f"{len(tasks)} tasks: {new} new, {changed} changed. Test them with: vierluik test findability {site.id}")


def list_tasks(database: Database, name: str, *, propose: bool, confirm: str, refused: str, remove: str) -> None:
    """The tasks of a site, after what was asked for was done."""
    site = site_named(database, name)
    if propose:
        now = datetime.now(UTC)
        learn_from_searches(database, site.id, now)
        propose_tasks(database, site, now)
    with database.session() as session:
        tasks = tasks_of_site(session, site.id)
        for wanted in (confirm, refused, remove):
            if wanted and not any(_is_meant(wanted, task.id, task.title) for task in tasks):
                raise stop(Exit.WRONG_USE, f"'{site.name}' has no task '{wanted}'. See them with: vierluik site tasks {site.id}")
        for task in tasks:
            if remove and _is_meant(remove, task.id, task.title):
                session.delete(task)
                continue
            if confirm and _is_meant(confirm, task.id, task.title) and (confirm != "all" or task.state == TaskState.PROPOSED):
                task.state = TaskState.CONFIRMED
            if refused and _is_meant(refused, task.id, task.title) and (refused != "all" or task.state == TaskState.PROPOSED):
                refuse(session, task)
            people = "?" if task.people is None else str(task.people)
            cells = (str(task.id), task.state, people, task.title, " | ".join(task.queries), " | ".join(task.grades))
            typer.echo("\t".join((*cells, task.reason)))


def _is_meant(wanted: str, number: int, title: str) -> bool:
    return wanted in ("all", str(number), title)


def site_search(
    database: Database,
    name: str,
    settings: RunSettings,
    language: Language,
    changes: dict[str, object],
    *,
    learn: bool,
    confirm: bool,
) -> None:
    """How a site is searched: found out, set, confirmed, shown."""
    site = site_named(database, name)
    template = changes.get("template")
    if isinstance(template, str) and template and ("{query}" not in template or not template.startswith(("http://", "https://"))):
        raise stop(
            Exit.WRONG_USE, "A template is an address with {query} where the words go: https://www.example.nl/zoeken?q={query}"
        )
    with database.session() as session:
        stored = search_of_site(session, site.id)
        search = SiteSearch.of_stored(stored.settings) if stored else SiteSearch()
        if changes:
            state = TaskState.CONFIRMED if confirm else TaskState.PROPOSED
            search = replace(search, **changes)  # type: ignore[arg-type]
            keep_search(session, site.id, search, state, datetime.now(UTC))
    if learn or not (search.template or search.field):
        try:
            asyncio.run(
                FindabilityTest(database, site, settings.of_site(site.settings)).learn(search if changes else SiteSearch())
            )
        except VisitFailed as failure:
            raise stop(Exit.NOTHING_JUDGED, f"{site.start_url}: {reason_text(failure.reason, language)}") from failure
        except BrowserMissing as error:
            raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    with database.session() as session:
        stored = search_of_site(session, site.id)
        if stored is None:
            return
        if confirm:
            stored.state = TaskState.CONFIRMED
        for key, value in stored.settings.items():
            if value:
                typer.echo(f"{key}\t{value}")
        for number, result in enumerate(stored.example.get("results", ()), start=1):
            typer.echo(f"{number}\t{result['title']}\t{result['url']}")
        if stored.state == TaskState.PROPOSED:
            say(
                f"Is this the list that '{stored.example.get('query', '')}' gives? Then: vierluik site search {site.id} --confirm"
            )
