"""Looks at one page again because somebody pressed the button: `python -m scheduler.check_again DATABASE REQUEST`.

The page gets its new findings in a run of its own kind, which is no new state of the site: figures and trends leave it out.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from checks.accessibility.engines.opinions import engine_versions
from rules.address import page_identity
from rules.task import PageResult, PageStatus
from scheduler.admission import NotAdmitted, admitted
from scheduler.check_targets import Judged, check_targets
from scheduler.run_settings import ENGINES, RunSettings, rule_set_hash
from scheduler.run_site import process_name
from storage import runs
from storage.database import Database
from storage.models import Request, Run, Site
from storage.policies import policies_for_all
from storage.requests import finish_request
from storage.results import engines_that_found, store_page
from storage.sites import scope_of


class OutsideSite(ValueError):
    """The address is not the site's: a button never makes Vierluik ask another host."""


def settings_as_before(session: Session, site: Site) -> RunSettings:
    """What the last run over a site was made with, also what `vierluik.toml` said then, with what is set for the site now."""
    run = runs.last_whole_run(session, site.id)
    settings = RunSettings().like(run.norm, run.settings) if run else RunSettings()
    return replace(settings, policies=policies_for_all(session, site)).of_site(site.settings)


def check_again(database: Database, request_id: int) -> tuple[PageResult, int]:
    """Judge the page of a request and store the result; gives it, and the run that it was made in.

    Raises OutsideSite, or RunError while a run goes on.

    The engines of a deep audit that found something on this page look too: else what was mended would stay open.
    """
    with database.session() as session:
        request = session.get_one(Request, request_id)
        site = session.get_one(Site, request.site_id)
        url, scope, by = str(request.arguments["url"]), scope_of(site), request.requested_by
    if not scope.covers(url):
        raise OutsideSite(f"{url} does not belong to the site '{site.name}'.")
    with database.session() as session:
        found_it = engines_that_found(session, site.id, page_identity(url))
        settings = settings_as_before(session, site)
    more = tuple(engine for engine in ENGINES if engine in found_it and engine not in settings.engines)
    settings = replace(settings, engines=(*settings.engines, *more))
    run_id = _begin(database, site, settings, by)
    judged = asyncio.run(_judge(url, settings, site))
    result = judged.pages[0]
    _store(database, site, run_id, url, result, judged.browser)
    return result, run_id


async def _judge(url: str, settings: RunSettings, site: Site) -> Judged:
    try:
        settings = await admitted(settings, scope_of(site).origins)
    except NotAdmitted as refused:
        return Judged([PageResult(url, PageStatus.UNTESTED, refused.reason)])
    return await check_targets([url], settings)


def _begin(database: Database, site: Site, settings: RunSettings, by: str) -> int:
    made_with = runs.RunMadeWith(
        norm=settings.norm_id,
        rule_set=rule_set_hash(),
        engines=engine_versions(settings.engines),
        settings=settings.as_stored(),
    )
    with database.session() as session:
        return runs.start_run(session, site.id, made_with, process_name(), by, datetime.now(UTC), kind=runs.ONE_PAGE).id


def _store(database: Database, site: Site, run_id: int, url: str, result: PageResult, browser: str) -> None:
    identity = page_identity(url)
    with database.session() as session:
        runs.add_found(session, run_id, [(identity, url, None)])
        store_page(session, site.id, run_id, identity, result, runs.FetchFacts(url, runs.depth_of(session, site.id, identity)))
        run = session.get_one(Run, run_id)
        run.browser = browser
        runs.end_page_run(session, run, datetime.now(UTC))


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        result, run_id = check_again(database, request_id)
        state, answer = "done", {"status": result.status.value, "run": run_id}
    except Exception as error:  # whoever pressed the button must get an answer
        state, answer = "failed", {"reason": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
