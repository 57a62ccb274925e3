"""The evidence of a sample: what is kept of it, and the button that has the scheduler keep it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from dashboard.screen import AnyScreen, Id
from dashboard.security import is_own_post
from rules.evaluation import FREEZE, Evaluation
from storage.evaluations import stored_evaluation
from storage.frozen_models import StoredFrozenPage
from storage.frozen_pages import frozen_rows
from storage.models import Request
from storage.questions.requests import last_requests
from storage.requests import AlreadyAsked, ask

router = APIRouter()


@dataclass(frozen=True)
class KeptEvidence:
    """What is kept of the pages of a sample."""

    pages: int  # of the sample, with its documents
    kept: int  # of those, that have an archive
    lacking: list[StoredFrozenPage]  # that were asked for and have none
    megabytes: float
    kept_on: datetime | None  # None: nothing was kept yet
    asked: Request | None  # for this evaluation, the newest


def kept_evidence(session: Session, evaluation: Evaluation, evaluation_id: int, site_id: int) -> KeptEvidence:
    rows = frozen_rows(session, evaluation_id)
    asked = [one for one in last_requests(session, site_id, FREEZE, 20) if one.arguments.get("evaluation") == evaluation_id]
    return KeptEvidence(
        pages=len(evaluation.sample),
        kept=sum(row.archive_blob is not None for row in rows),
        lacking=[row for row in rows if row.archive_blob is None],
        megabytes=sum(row.size for row in rows) / 1_000_000,
        kept_on=max((row.frozen_at for row in rows), default=None),
        asked=asked[0] if asked else None,
    )


@router.post("/{language}/evaluations/{evaluation_id}/freeze", name="freeze_evaluation")
def freeze_evaluation(screen: AnyScreen, evaluation_id: Id) -> RedirectResponse:
    """Ask the scheduler to keep every page of the sample whole."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        row = stored_evaluation(session, evaluation_id)
        if row is None:
            raise HTTPException(404)
        screen.site(session, row.site_id)
        with suppress(AlreadyAsked):  # the screen says that it waits, whoever asked first
            ask(session, row.site_id, FREEZE, {"evaluation": evaluation_id}, screen.who.name, screen.now)
    return screen.back_to("evaluation", evaluation_id=evaluation_id)
