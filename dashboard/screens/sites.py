"""All sites: how each of them is, and how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from dashboard.screen import AnyScreen
from storage.models import Run, Site
from storage.questions.portfolio import SiteRuns, newest_runs, unfinished_runs
from storage.questions.sites import all_sites

router = APIRouter()


FAILING, TESTED = "pages_with_failure", "pages_tested"


@dataclass(frozen=True)
class SiteCard:
    """One site with its newest figures."""

    site: Site
    latest: Run | None
    failing: Sequence[int | None]  # pages with failures after each run, the oldest first; None: the run did not write it
    tested: int
    unfinished: Run | None

    @property
    def change(self) -> int | None:
        """Pages with failures more (or, below zero, fewer) than after the run before; None: nothing to compare."""
        if len(self.failing) < 2:
            return None
        before, now = self.failing[-2:]
        return None if before is None or now is None else now - before

    @property
    def line(self) -> list[float]:
        return [figure for figure in self.failing if figure is not None]


@router.get("/{language}/", name="sites", response_class=HTMLResponse)
def sites(screen: AnyScreen) -> HTMLResponse:
    with screen.database.session() as session:
        shown = [site for site in all_sites(session) if screen.may_see(session, site.id)]
        numbers = [site.id for site in shown]
        runs, unfinished = newest_runs(session, (FAILING, TESTED), numbers), unfinished_runs(session, numbers)
    return screen.show("sites.html.j2", cards=[_card(site, runs.get(site.id), unfinished.get(site.id)) for site in shown])


def _card(site: Site, runs: SiteRuns | None, unfinished: Run | None) -> SiteCard:
    if runs is None:
        return SiteCard(site, None, (), 0, unfinished)
    failing = [round(one[FAILING]) if FAILING in one else None for one in runs.figures]
    return SiteCard(site, runs.latest, failing, round(runs.figures[-1].get(TESTED, 0)), unfinished)
