"""`vierluik run` and `vierluik export`: one run over a site, and the report of a run."""

from __future__ import annotations

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
import uvloop
from pydantic_core import to_json
from sqlalchemy import select

from crawler.browser import BrowserMissing, find_browser
from rules.address import origin_of
from rules.norm import Language
from rules.reason import reason_text
from rules.run import RunState
from rules.site import Scope
from scheduler.run_settings import RunSettings
from scheduler.run_site import Progress, RunOutcome, SiteRun, mark_dead_runs
from storage.database import Database, DatabaseError
from storage.models import Run, Site
from storage.questions.coverage import reasons
from storage.queue_schema import bring_up_queue
from storage.report import DetailGone, report_of_run
from storage.runs import WHOLE_SITE, RunError, latest_interrupted
from storage.sites import SiteError, add_site, find_site, get_site
from vierluik.form import Format, written
from vierluik.logs import configure_logs
from vierluik.opening import in_force, open_database
from vierluik.screen import Exit, Voice, run_display, say, stop
from vierluik.settings import Settings
from vierluik.target import address_of, name_of
from vierluik.tool import tool_description

FOR_GOOD = ("cancelled", "site-removed", "taken-over")  # reasons of a stop after which this run is not ours to continue


def run_once(
    settings: Settings,
    target: str,
    *,
    max_pages: int | None,
    offline: bool,
    full: bool,
    resume: bool,
    json_file: Path | None,
    language: Language,
    by: str = "",
) -> Exit:
    """Make one run and say how it ended. Gives the exit code. `by`: who asked; what happens is then said as a log."""
    if by:
        configure_logs(settings.log_format)
        Voice.as_log = True
        structlog.contextvars.bind_contextvars(site=target, by=by, full=full)
    if json_file and not json_file.resolve().parent.is_dir():
        raise stop(Exit.WRONG_USE, f"The folder of {json_file} does not exist. Make it first, or name another file.")
    database = open_database(settings)
    if settings.queue:
        bring_up_queue(database)
    try:
        find_browser()
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    site = site_for(database, target, settings)
    earlier = _interrupted(database, site, resume=resume)
    run_settings = in_force(settings, database, str(site.id)).for_run(max_pages=max_pages, offline=offline, full=full)
    try:
        outcome = make_run(database, site, run_settings, resume=earlier, by=by)
    except RunError as error:
        raise stop(Exit.WRONG_USE, str(error)) from error
    except BrowserMissing as error:
        raise stop(Exit.NOTHING_JUDGED, str(error)) from error
    except DatabaseError as error:
        raise stop(Exit.INTERRUPTED, f"{error}\nThe run goes on with: vierluik run {site.id} --continue") from error
    if json_file:
        json_file.write_bytes(to_json(report_of(database, outcome.run_id), indent=1))
    return say_how_it_ended(database, outcome, site, language)


def make_run(database: Database, site: Site, settings: RunSettings, resume: Run | None = None, by: str = "") -> RunOutcome:
    """Make a run to its end, or until somebody stops it."""
    with run_display() as display:

        def show(progress: Progress) -> None:
            display.show(progress)

        return uvloop.run(_stoppable(SiteRun(database, site, settings, on_progress=show, requested_by=by), resume))


async def _stoppable(run: SiteRun, resume: Run | None) -> RunOutcome:
    """A polite stop from outside, or Ctrl+C, ends the run as an interrupted one, whatever else it brings down."""
    task = asyncio.current_task()
    assert task is not None

    def stop_politely() -> None:
        run.is_stopped = True
        task.cancel()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop_politely)
    return await run.run(resume)


def site_for(database: Database, target: str, settings: Settings) -> Site:
    """The site that is meant; an address that is not watched yet becomes a site of its origin."""
    with database.session() as session:
        if site := find_site(session, target):
            return site
        if "." not in target and "://" not in target and ":" not in target:
            try:
                get_site(session, target)
            except SiteError as error:
                raise stop(Exit.WRONG_USE, str(error)) from error
        address = address_of(target)
        if site := find_site(session, address):
            return site
        name = name_of(address)
        if find_site(session, name):
            name = address
        site = add_site(session, name, address, Scope((origin_of(address),)), datetime.now(UTC))
        site.settings = {key: value for key in ("include", "exclude") if (value := getattr(settings, key))}
        return site


def _interrupted(database: Database, site: Site, *, resume: bool) -> Run | None:
    mark_dead_runs(database, datetime.now(UTC))
    with database.session() as session:
        run = latest_interrupted(session, site.id)
    if resume and run is None:
        raise stop(Exit.WRONG_USE, f"No run over '{site.name}' was interrupted. Start one with: vierluik run {site.id}")
    if run is not None and not resume:
        say(f"Run {run.id} was interrupted. This is a new one; the old one goes on with: vierluik run {site.id} --continue")
    return run if resume else None


def say_how_it_ended(database: Database, outcome: RunOutcome, site: Site, language: Language) -> Exit:
    for note in outcome.notes:
        say(f"{note['url']}: {reason_text(note['reason'], language)}")
    if outcome.state is RunState.INTERRUPTED:
        why = "" if outcome.reason == "stopped" else f" {reason_text(outcome.reason, language)}"
        how = "" if outcome.reason in FOR_GOOD else f" It goes on with: vierluik run {site.id} --continue"
        say(f"Run {outcome.run_id} was stopped.{why}{how}")
        return Exit.INTERRUPTED
    if outcome.reason == "nothing-tested":
        _say_why_nothing_was_tested(database, outcome, site, language)
    if outcome.state is RunState.FAILED:
        raise stop(Exit.NOTHING_JUDGED, f"{site.start_url}: {reason_text(outcome.reason, language)}")
    counts = outcome.coverage
    since = _carried_since(database, outcome.run_id)
    say(
        f"Run {outcome.run_id}: found {counts.found} = tested {counts.tested} + carried over {counts.carried_over}{since} "
        f"+ untested {counts.untested} + skipped {counts.skipped}; documents {counts.documents}. See it with: vierluik serve"
    )
    return Exit.FINE


def _carried_since(database: Database, run_id: int) -> str:
    """From when the results are that a run carried over; empty where it carried none over."""
    with database.session() as session:
        since = session.get_one(Run, run_id).coverage.get("carried_since")
    return f" (of {since[:10]} or later)" if since else ""


def _say_why_nothing_was_tested(database: Database, outcome: RunOutcome, site: Site, language: Language) -> None:
    with database.session() as session:
        counted = reasons(session, site.id, outcome.run_id)
    for reason, count in (pair for pairs in counted.values() for pair in pairs):
        say(f"{count} × {reason_text(reason, language)}")


def report_of(database: Database, run_id: int) -> dict[str, Any]:
    with database.session() as session:
        return report_of_run(session, session.get_one(Run, run_id), tool_description())


def export_run(database: Database, kind: Format, name: str, output: Path, run_number: int | None, language: Language) -> None:
    """Write the report of a run; the newest finished one where none is named."""
    with database.session() as session:
        try:
            site = get_site(session, name)
        except SiteError as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
        query = select(Run).where(
            Run.site_id == site.id, Run.kind.in_(WHOLE_SITE), Run.state.in_([RunState.FINISHED, RunState.FAILED])
        )
        if run_number is not None:
            query = query.where(Run.id == run_number)
        run = session.scalar(query.order_by(Run.id.desc()).limit(1))
        if run is None:
            which = f"no run {run_number}" if run_number else "no finished run"
            raise stop(Exit.WRONG_USE, f"There is {which} of '{site.name}'. Make one with: vierluik run {site.id}")
        try:
            report = report_of_run(session, run, tool_description())
        except DetailGone as error:
            raise stop(Exit.WRONG_USE, str(error)) from error
    text = written(report, kind, language)
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise stop(Exit.WRONG_USE, f"{output} cannot be written: {error.strerror}.") from error
    say(f"Run {run.id} of '{site.name}' stands in {output}.")
