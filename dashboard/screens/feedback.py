"""Feedback: the pages that visitors like least, of those with enough answers, and what others measured."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from dashboard.measured import shown_series
from dashboard.screen import AnyScreen, Id, PageNumber
from rules.feedback import FEWEST
from storage.feedback import feedback_counts, least_liked
from storage.measurements import series_of_site

router = APIRouter()

PART = 100  # rows on one screen
MOST_SERIES = 50


@router.get("/{language}/sites/{site_id}/feedback", name="feedback", response_class=HTMLResponse)
def feedback(screen: AnyScreen, site_id: Id, number: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        answers, pages = feedback_counts(session, site_id)
        rows, total = least_liked(session, site_id, *screen.part(number, PART))
        measured = shown_series(series_of_site(session, site_id)[:MOST_SERIES])
    return screen.show(
        "feedback.html.j2",
        site=site,
        answers=answers,
        pages=pages,
        measured=measured,
        rows=rows,
        fewest=FEWEST,
        pagination=screen.pagination(number, total, PART),
    )
