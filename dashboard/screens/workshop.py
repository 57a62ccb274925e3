"""The data of a journey workshop: on screen, and as a file to lay on the table."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard.exports.pdf_file import PdfMissing
from dashboard.exports.workshop_pack import as_html, as_pdf
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.workshop import Workshop, workshop_of
from storage.blobs import get_picture
from storage.journey_models import JourneyRow
from storage.journeys import journey_of_site

router = APIRouter()

FileKind = Literal["pdf", "html"]
TYPES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}


@router.get("/{language}/sites/{site_id}/journeys/{journey_id}/workshop", name="workshop", response_class=HTMLResponse)
def workshop(screen: AnyScreen, site_id: Id, journey_id: Id, wrong: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    with screen.database.session() as session:
        row, work = _work(screen, session, site_id, journey_id)
        return screen.show("workshop.html.j2", site=work.site, row=row, work=work, wrong=wrong)


@router.get("/{language}/sites/{site_id}/journeys/{journey_id}/workshop.{kind}", name="workshop_file")
def workshop_file(screen: AnyScreen, site_id: Id, journey_id: Id, kind: FileKind) -> Response:
    """The same as one file, with its pictures in it."""
    with screen.database.session() as session:
        _, work = _work(screen, session, site_id, journey_id)
        wanted = {one.digest for step in work.steps for one in step.pictures}
        pictures = {digest: get_picture(session, digest) or b"" for digest in wanted}
        try:
            made = as_pdf(work, pictures, screen.language) if kind == "pdf" else as_html(work, pictures, screen.language)
        except PdfMissing:
            back = screen.path("workshop", site_id=site_id, journey_id=journey_id)
            return RedirectResponse(f"{back}?wrong=no-pdf", status_code=303)
    headers = {"Content-Disposition": f'attachment; filename="werksessie-{journey_id}.{kind}"'}
    return Response(made, media_type=TYPES[kind], headers=headers)


def _work(screen: Screen, session: Session, site_id: int, journey_id: int) -> tuple[JourneyRow, Workshop]:
    site = screen.site(session, site_id)
    row = journey_of_site(session, site_id, journey_id)
    if row is None:
        raise HTTPException(404)
    today = screen.now.astimezone(ZoneInfo(site.time_zone)).date()
    return row, workshop_of(session, site, row, screen.language, today)
