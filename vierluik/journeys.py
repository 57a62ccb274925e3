"""`vierluik journey …` and `vierluik test journeys`: a resident's task, walked in five ways."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserMissing, find_window_browser
from crawler.journey_recorder import WindowRecorder
from crawler.visit import driver
from crawler.world import VisitFailed
from dashboard.languages import translations
from dashboard.words import word
from rules.address import origin_of
from rules.findability import TaskState
from rules.journey import Journey, JourneyError, StepKind, StepOutcome, Verdict, Way, WaySeen, read_journey
from rules.journey_sending import MOST_HOSTS, SETTING, SendingError, may_send_to, named_host
from rules.journey_words import problem_text
from rules.norm import Language
from rules.reason import reason_text
from rules.site import Scope
from scheduler.admission import NotAdmitted
from scheduler.propose_journeys import propose_journeys
from scheduler.run_settings import RunSettings
from scheduler.walk_journeys import JourneyResult, JourneyTest, NothingToWalk, walk_all_ways, walking
from storage.database import Database
from storage.journeys import journeys_of_site, keep_journey, newest_walks, remove_journey
from storage.models import Site
from vierluik.findability import site_named
from vierluik.screen import Exit, say, stop
from vierluik.target import address_of


def journey_of(file: Path) -> Journey:
    """Read a journey; what is wrong with it ends in a sentence."""
    try:
        return read_journey(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise stop(Exit.WRONG_USE, f"{file} is no text in UTF-8. Save it as that.") from error
    except JourneyError as error:
        raise stop(Exit.WRONG_USE, f"{file}: {error}") from error


def try_journey(
    file: Path, url: str, ways: Sequence[Way], settings: RunSettings, language: Language, pictures: Path | None, *, engines: bool
) -> Exit:
    """Walk a journey now and show where it breaks; stores nothing. Exit 1: it breaks; 3: nobody can say."""
    journey = journey_of(file)
    start = address_of(url) if url else next(step.what for step in journey.steps if step.kind is StepKind.OPEN)
    if not start.startswith(("http://", "https://")):
        raise stop(Exit.WRONG_USE, f"{file} names paths only. Say of which site: vierluik journey try {file} --site https://…")
    scope = Scope((origin_of(start),))
    wanted = (
        settings if engines else RunSettings(engines=("none",), contact=settings.contact, load_timeout_s=settings.load_timeout_s)
    )
    try:
        result = asyncio.run(_walk(journey.to(start), scope, wanted, ways))
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    except NotAdmitted as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    except KeyboardInterrupt as error:
        raise stop(Exit.INTERRUPTED, "Stopped; nothing was reported.") from error
    show(journey, result, language)
    for way in result.ways:
        _keep_picture(way, pictures or Path(f"{file.stem}-{way.way}.jpg"), always=pictures is not None and len(ways) == 1)
    return {Verdict.BROKEN: Exit.FINDINGS, Verdict.HINDERED: Exit.FINDINGS, Verdict.UNTESTED: Exit.NOTHING_JUDGED}.get(
        result.verdict, Exit.FINE
    )


async def _walk(journey: Journey, scope: Scope, settings: RunSettings, ways: Sequence[Way]) -> JourneyResult:
    async with walking(settings, scope) as walker:
        return await walk_all_ways(walker, journey, settings, ways, on_way=lambda way: say(f"{journey.title}: {way}"))


def _keep_picture(way: WaySeen, file: Path, *, always: bool) -> None:
    """The page where it breaks, beside the journey."""
    place = way.ends_at if way.ends_at is not None else len(way.steps) - 1 if always else None
    picture = way.steps[place].picture if place is not None else None
    if picture is None or place is None:
        return
    try:
        file.write_bytes(picture)
    except OSError as error:
        say(f"{file} cannot be written: {error.strerror}.")
        return
    say(f"{way.way}, step {place + 1}: {file}")


def show(journey: Journey, result: JourneyResult, language: Language) -> None:
    """Each way and its steps, as lines with tabs between; what is wrong stands below its step."""
    said = translations(language).gettext
    for way in result.ways:
        seconds = sum(step.seconds for step in way.steps)
        typer.echo(f"{said(word('way', way.way))}\t{said(word('journey', way.verdict))}\t{seconds:.1f} s")
        for number, (step, seen) in enumerate(zip(journey.steps, way.steps, strict=True), 1):
            if seen.outcome is StepOutcome.NOT_REACHED:
                continue
            typer.echo(f"\t{number}\t{said(word('step', seen.outcome))}\t{step.said()}")
            for problem in seen.problems:
                typer.echo(f"\t\t\t{problem_text(problem, language)}")
            if seen.reason:
                typer.echo(f"\t\t\t{reason_text(seen.reason, language)}")
    for found in result.findings:
        typer.echo(
            f"{found.way}\t{found.step + 1}\t{found.finding.rule}\t{found.finding.impact}\t{found.finding.target.selector}"
        )


def add_journey(database: Database, name: str, file: Path) -> None:
    """Keep a journey of a site; one of the same title is changed. A person wrote it: it counts as confirmed."""
    journey = journey_of(file)
    site = site_named(database, name)
    with database.session() as session:
        row = keep_journey(session, site.id, journey, "file", datetime.now(UTC))
        say(f"Journey {row.id} '{row.title}' is kept. Walk it with: vierluik test journeys {site.id}")


def allow_sending(database: Database, name: str, hosts: Sequence[str], *, nowhere: bool) -> None:
    """Name the test hosts on which the journeys of a site send their forms, in place of those before; or show them."""
    if hosts and nowhere:
        raise stop(Exit.WRONG_USE, "Name hosts, or --nowhere; not both.")
    try:
        wanted = [named_host(host) for host in dict.fromkeys(hosts)]
    except SendingError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    if len(wanted) > MOST_HOSTS:
        raise stop(Exit.WRONG_USE, f"{MOST_HOSTS} hosts are the most.")
    number = site_named(database, name).id
    with database.session() as session:
        site = session.get_one(Site, number)
        if hosts or nowhere:
            site.settings = {**site.settings, SETTING: wanted}
        allowed = may_send_to(site.settings)
        if any(host in site.origins for host in allowed):
            say("Mind: one of these is the site itself. Each walk sends its forms there, once in each of five ways.")
    for host in allowed:
        typer.echo(host)
    if not allowed:
        say("Nothing is sent anywhere.")


def list_journeys(database: Database, name: str, language: Language, *, propose: bool, confirm: str, remove: str) -> None:
    """The journeys of a site with what became of each, after what was asked for was done."""
    site = site_named(database, name)
    if propose:
        propose_journeys(database, site.id, datetime.now(UTC))
    with database.session() as session:
        rows = journeys_of_site(session, site.id)
        for wanted in (confirm, remove):
            if wanted and not any(wanted in (str(row.id), row.title) for row in rows):
                sentence = f"'{site.name}' has no journey '{wanted}'. See them with: vierluik journey list {site.id}"
                raise stop(Exit.WRONG_USE, sentence)
        for row in rows:
            if confirm in (str(row.id), row.title):
                row.state = TaskState.CONFIRMED
            if remove in (str(row.id), row.title):
                remove_journey(session, row)
        rows = [row for row in rows if remove not in (str(row.id), row.title)]
        walks = newest_walks(session, site.id)
        for row in rows:
            walk = walks.get(row.id)
            verdict = translations(language).gettext(word("journey", walk.verdict)) if walk else "-"
            typer.echo(f"{row.id}\t{row.state}\t{verdict}\t{row.title}")


def test_journeys(database: Database, name: str, settings: RunSettings, language: Language) -> Exit:
    """Walk every confirmed journey now, and store what came of it. Exit 1: one of them breaks; 3: nobody can say of any."""
    site = site_named(database, name)

    def tell(done: int, total: int, title: str) -> None:
        if title:
            say(f"{done + 1}/{total} {title}")

    test = JourneyTest(database, site, settings.of_site(site.settings), on_journey=tell)
    try:
        results = asyncio.run(test.run())
    except NothingToWalk as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    except (BrowserMissing, NotAdmitted) as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    except KeyboardInterrupt as error:
        raise stop(Exit.INTERRUPTED, "Stopped; the journeys that were walked to their end are stored.") from error
    with database.session() as session:
        titles = {row.id: row.title for row in journeys_of_site(session, site.id)}
    for number, result in results.items():
        typer.echo(f"{translations(language).gettext(word('journey', result.verdict))}\t{titles.get(number, number)}")
        for way in result.ways:
            if way.ends_at is None:
                continue
            step = way.steps[way.ends_at]
            why = [problem_text(one, language) for one in step.problems] + (
                [reason_text(step.reason, language)] if step.reason else []
            )
            typer.echo(f"\t{translations(language).gettext(word('way', way.way))}\t{way.ends_at + 1}\t{' '.join(why)}")
    verdicts = {result.verdict for result in results.values()}
    if Verdict.BROKEN in verdicts:
        return Exit.FINDINGS
    return Exit.NOTHING_JUDGED if verdicts == {Verdict.UNTESTED} else Exit.FINE


def record_journey(url: str, file: Path, title: str, settings: RunSettings) -> None:
    """Write a journey by watching a person in a window."""
    start = address_of(url)
    if file.exists():
        raise stop(Exit.WRONG_USE, f"{file} exists already. Name a new file.")

    async def record() -> Journey:
        scope = Scope((origin_of(start),))
        guard = AddressGuard.for_origins(scope.origins)
        browser = find_window_browser()
        async with (
            driver() as playwright,
            WindowRecorder(playwright, browser, guard, (), settings.user_agent, scope, pictures=False) as recorder,
        ):
            say("Do in the window what a resident does, and close it when the task is done. Nothing is sent.")
            return await recorder.record(start, lambda page: page.wait_for_event("close", timeout=0), title)

    try:
        journey = asyncio.run(record())
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    except VisitFailed as failure:
        raise stop(Exit.NOTHING_JUDGED, f"{start}: {reason_text(failure.reason, 'en')}") from failure
    try:
        file.write_text(journey.as_text(), encoding="utf-8")
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{file} cannot be written: {error.strerror}.") from error
    say(f"{len(journey.steps)} steps are in {file}. What was typed was replaced by made-up data.")
    say(f"Look it over, then: vierluik journey try {file} --site {start}")
