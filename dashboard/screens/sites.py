"""All sites: how each of them is, and how it goes."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from dashboard.screen import AnyScreen
from storage.models import Run, Site
from storage.questions.runs import RunPoint, run_history, unfinished_run
from storage.questions.sites import all_sites

router = APIRouter()


@dataclass(frozen=True)
class SiteCard:
    """One site with its newest figures."""

    site: Site
    history: list[RunPoint]
    unfinished: Run | None

    @property
    def latest(self) -> RunPoint | None:
        return self.history[-1] if self.history else None

    @property
    def change(self) -> int | None:
        """Pages with failures more (or, below zero, fewer) than after the run before; None: nothing to compare."""
        if len(self.history) < 2:
            return None
        before, now = (point.figure("pages_with_failure") for point in self.history[-2:])
        return None if before is None or now is None else now - before

    @property
    def line(self) -> list[float]:
        figures = (point.figure("pages_with_failure") for point in self.history)
        return [figure for figure in figures if figure is not None]


@router.get("/{language}/", name="sites", response_class=HTMLResponse)
def sites(screen: AnyScreen) -> HTMLResponse:
    with screen.database.session() as session:
        cards = [_card(session, site) for site in all_sites(session) if screen.may_see(session, site.id)]
    return screen.show("sites.html.j2", cards=cards)


def _card(session: Session, site: Site) -> SiteCard:
    return SiteCard(site, run_history(session, site.id, limit=12), unfinished_run(session, site.id))
