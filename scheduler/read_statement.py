"""Reads the statement on the live site because somebody asked: `python -m scheduler.read_statement DATABASE REQUEST`.

Nothing is stored but the answer: the text, its links and its dates. The screen compares them with what is known of the site.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from checks.municipal.statement.check import newest_dates
from checks.own import ENGINE
from checks.topics import documents_of, topics
from crawler.mail_domain import domain_exists
from crawler.world import VisitFailed
from rules.message import SubscriberError, read_address
from rules.statement_check import mails_in
from scheduler.check_again import OutsideSite, settings_as_before
from scheduler.try_policy import visit_once
from storage.database import Database
from storage.models import Request, Site
from storage.requests import finish_request
from storage.sites import scope_of

MOST_LINKS = 200
MOST_MAILS = 10


def read_statement(database: Database, request_id: int) -> dict[str, Any]:
    """Read the page of a request. Raises OutsideSite or VisitFailed."""
    with database.session() as session:
        request = session.get_one(Request, request_id)
        site = session.get_one(Site, request.site_id)
        url, scope = str(request.arguments["url"]), scope_of(site)
        settings = settings_as_before(session, site)
    if not scope.covers(url):
        raise OutsideSite(f"{url} does not belong to the site '{site.name}'.")
    page = asyncio.run(visit_once(url, scope.origins, replace(settings, engines=(ENGINE,))))
    documents = documents_of(topics()["statement"], page)
    facts = next((one.facts for one in documents if one.facts), None) if documents is not None else None
    text = str(facts["text"]) if facts else ""
    said = [str(url) for _, url in facts["links"]] if facts else []
    reached = [url for url in said if url.lower().startswith(("mailto:", "tel:"))]
    dates = newest_dates(text.lower(), datetime.now(UTC).date())
    return {
        "url": page.response.url,
        "text": text,
        "links": [*reached[:MOST_LINKS], *(link.url for link in page.links[:MOST_LINKS])],
        "dead_mails": dead_mails(mails_in(text, reached)),
        "dates": {kind: day.isoformat() for kind, day in dates.items()},
    }


def dead_mails(mails: Sequence[str], exists: Callable[[str], bool | None] = domain_exists) -> list[str]:
    """Those that cannot take mail: written wrong, or at a domain that the name servers do not know. No mail is sent."""
    found = []
    for mail in mails[:MOST_MAILS]:
        try:
            domain = read_address(mail).rpartition("@")[2]
        except SubscriberError:
            found.append(mail)
            continue
        if exists(domain) is False:
            found.append(mail)
    return found


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        state, answer = "done", read_statement(database, request_id)
    except VisitFailed as failure:
        state, answer = "failed", {"reason": failure.reason}
    except Exception as error:  # whoever pressed the button must get an answer
        state, answer = "failed", {"error": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
