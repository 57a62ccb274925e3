"""Tries a policy on one page because somebody pressed the button: `python -m scheduler.try_policy DATABASE REQUEST`.

Nothing is stored but the answer: what was looked for, and whether it is there.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from checks.own import ENGINE
from checks.policies.judge import judged
from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.visit import driver
from crawler.world import VisitFailed
from rules.observation import PageSnapshot
from rules.outcome import Outcome, worst
from rules.page_type import said_by_site
from rules.policy import read_policy
from scheduler.admission import NotAdmitted, admitted
from scheduler.check_again import OutsideSite, settings_as_before
from scheduler.check_pages import visitor_for
from scheduler.run_settings import RunSettings
from storage.database import Database
from storage.models import Request, Site
from storage.requests import finish_request
from storage.sites import scope_of

MOST_SHOWN = 5  # places of what was found


def try_policy(database: Database, request_id: int) -> dict[str, Any]:
    """Look at the page of a request; gives the outcome and what was found. Raises OutsideSite or VisitFailed."""
    with database.session() as session:
        request = session.get_one(Request, request_id)
        site = session.get_one(Site, request.site_id)
        url, scope, line = str(request.arguments["url"]), scope_of(site), request.arguments["policy"]
        settings = settings_as_before(session, site)
    if not scope.covers(url):
        raise OutsideSite(f"{url} does not belong to the site '{site.name}'.")
    policy = replace(read_policy(line), on=True)  # also one that is switched off can be tried
    settings = replace(settings, engines=(ENGINE,), policies=(policy,))
    page = asyncio.run(visit_once(url, scope.origins, settings))
    found = list(judged(page, (policy,)))
    places = [finding.arguments["found"] for _, _, finding in found if finding and finding.arguments["found"]]
    outcome = reduce(worst, (outcome for _, outcome, _ in found)) if found else Outcome.UNTESTED
    return {"outcome": outcome.value, "places": len(places), "found": places[:MOST_SHOWN]}


async def visit_once(url: str, origins: tuple[str, ...], settings: RunSettings) -> PageSnapshot:
    """Open one page in a browser of its own. Raises VisitFailed."""
    try:
        settings = await admitted(settings, origins)
    except NotAdmitted as refused:
        raise VisitFailed(refused.reason) from refused
    guard = AddressGuard.for_origins(origins, offline=settings.offline)
    async with driver() as playwright, visitor_for(playwright, find_browser(), guard, settings) as visitor:
        page = await visitor.visit(url)
    return replace(page, page_type=said_by_site(page.response.url, settings.page_types) or "")


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        state, answer = "done", try_policy(database, request_id)
    except VisitFailed as failure:
        state, answer = "failed", {"reason": failure.reason}
    except Exception as error:  # whoever pressed the button must get an answer
        state, answer = "failed", {"error": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
