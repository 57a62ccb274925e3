"""Walks what stands in the editor because somebody pressed the button: `python -m scheduler.try_journey DATABASE REQUEST`.

Nothing is stored but the answer: what became of each step in each way, with a picture of where a way ends. That picture goes
when content that nothing refers to is removed.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crawler.browser import BrowserMissing
from rules.journey import JourneyError, Way, WaySeen, read_journey
from rules.journey_sending import may_send_to
from scheduler.admission import NotAdmitted
from scheduler.check_again import settings_as_before
from scheduler.walk_journeys import JourneyResult, walk_all_ways, walking
from storage.blobs import put_picture
from storage.database import Database
from storage.journeys import is_proven_title
from storage.models import Request, Site
from storage.requests import finish_request
from storage.sites import scope_of


def try_journey(database: Database, request_id: int) -> dict[str, Any]:
    """Walk the journey of a request in its ways. Raises JourneyError, NotAdmitted or BrowserMissing."""
    with database.session() as session:
        request = session.get_one(Request, request_id)
        site = session.get_one(Site, request.site_id)
        journey = read_journey(str(request.arguments["text"]))
        ways = [Way(one) for one in request.arguments["ways"]]
        settings, proven = settings_as_before(session, site), is_proven_title(session, site.id, journey.title, journey.as_text())

    async def walk() -> JourneyResult:
        # The engines wait for the walk that counts: who writes a journey wants to know whether its steps are right.
        light = replace(settings, engines=("none",))
        async with walking(light, scope_of(site), may_send=may_send_to(site.settings)) as walker:
            return await walk_all_ways(walker, journey.to(site.start_url), light, ways, proven=proven)

    result = asyncio.run(walk())
    with database.session() as session:
        told = [_told(way, put_picture(session, picture) if (picture := _picture(way)) else None) for way in result.ways]
    return {"verdict": result.verdict.value, "ways": told}


def _picture(way: WaySeen) -> bytes | None:
    """The page where a way ends: where it breaks, or at its end."""
    if way.ends_at is not None:
        return way.steps[way.ends_at].picture
    return next((step.picture for step in reversed(way.steps) if step.picture), None)


def _told(way: WaySeen, picture: str | None) -> dict[str, Any]:
    return {"way": way.way.value, "steps": [step.as_stored() for step in way.steps], "picture": picture}


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    answer: dict[str, Any]
    try:
        state, answer = "done", try_journey(database, request_id)
    except (JourneyError, NotAdmitted, BrowserMissing) as error:
        state, answer = "failed", {"error": str(error)}
    except Exception as error:  # whoever pressed the button must get an answer
        state, answer = "failed", {"error": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
