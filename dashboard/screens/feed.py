"""What happened on a site as an Atom feed (RFC 4287): runs that changed something, and alarms with their ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Response

from dashboard.alarm_words import alarm_sentence, alarm_title
from dashboard.crawled import clean
from dashboard.languages import translations
from dashboard.screen import AnyScreen, Id
from rules.norm import Language
from storage.alarms import alarms_of_site, event_of
from storage.models import Site
from storage.questions.rules import failures_new_and_gone
from storage.questions.runs import RunPoint, run_history

router = APIRouter()

MOST_ENTRIES = 50


@dataclass(frozen=True)
class Entry:
    """One thing that happened."""

    id: str
    title: str
    text: str
    updated: datetime
    screen: str  # the name of the screen that shows more


@router.get("/{language}/sites/{site_id}/feed.atom", name="feed")
def feed(screen: AnyScreen, site_id: Id) -> Response:
    """The newest first. A reader that has it already gets 304 and no body."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        history = run_history(session, site_id)
        changes = failures_new_and_gone(session, site_id, [point.run.id for point in history])
        entries = [
            _of_run(site, point, *changes[point.run.id], screen.language) for point in history if any(changes[point.run.id])
        ]
        for alarm in alarms_of_site(session, site_id, MOST_ENTRIES):
            event = event_of(alarm)
            entries.append(
                Entry(
                    _id(site, f"alarm/{alarm.id}"),
                    alarm_title(event, screen.language),
                    alarm_sentence(event, screen.language, site.time_zone),
                    event.until or event.since,
                    "availability",
                )
            )
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    base = str(screen.request.base_url).rstrip("/")
    page = screen.show(
        "feed.atom.j2",
        feed_id=_id(site, "feed"),
        site=site,
        base=base,
        entries=entries[:MOST_ENTRIES],
        updated=max((entry.updated for entry in entries), default=site.created_at),
    )
    body = bytes(page.body)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=300"}
    known = [one.strip().removeprefix("W/") for one in screen.request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/atom+xml", headers=headers)


def _of_run(site: Site, point: RunPoint, new: int, gone: int, language: Language) -> Entry:
    texts = translations(language)
    parts = [
        (gone, texts.ngettext("%(count)s fout is weg", "%(count)s fouten zijn weg", gone)),
        (new, texts.ngettext("%(count)s nieuwe fout", "%(count)s nieuwe fouten", new)),
    ]
    title = ", ".join(words % {"count": count} for count, words in parts if count)
    failing = point.figure("pages_with_failure") or 0
    text = texts.ngettext("%(count)s pagina heeft een fout.", "%(count)s pagina’s hebben een fout.", failing)
    run = point.run
    return Entry(_id(site, f"run/{run.id}"), title, text % {"count": failing}, run.finished_at or run.started_at, "site")


def _id(site: Site, what: str) -> str:
    """The same for ever, wherever the dashboard is reached."""
    name = f"{clean(site.start_url)} {site.created_at.isoformat()} {what}"
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"
