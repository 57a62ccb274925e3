"""What people search for at Google before they come, beside what they search for on the site itself."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from dashboard.screen import AnyScreen, Id, PageNumber
from storage.questions.searches import days_of_google
from storage.search_report import report

router = APIRouter()

MOST = 5_000  # queries
ROWS = 50


@router.get("/{language}/sites/{site_id}/google", name="google", response_class=HTMLResponse)
def google(screen: AnyScreen, site_id: Id, page: PageNumber = 1) -> HTMLResponse:
    """Impressions and clicks of all that Search Console said. Where nothing of it was brought in: 404."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        known = days_of_google(session, site_id)
        if known is None:
            raise HTTPException(404)
        found = report(session, site, *known, most=MOST, google=True)
        own = {line.query: line.searches for line in report(session, site, *known, most=MOST).queries}
        pagination = screen.pagination(page, len(found.queries), ROWS)
        return screen.show(
            "google.html.j2",
            site=site,
            known=known,
            total=found.total,
            rows=found.queries[pagination.offset : pagination.last_row],
            own=own,
            pagination=pagination,
        )
