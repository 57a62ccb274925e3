"""The public page of a site: what is measured, how it goes, and what is known to be wrong. Off unless somebody switched it on.

Rules and counts only: the titles and addresses of pages may name people, and queries are nobody else's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from fastapi import APIRouter, HTTPException, Response
from sqlalchemy.orm import Session

from dashboard import charts
from dashboard.causes import count_outcomes, criteria_of, criteria_states, norm_of
from dashboard.honest_line import lines_of_site
from dashboard.panel import marks
from dashboard.screen import AnyScreen, Id
from dashboard.screens.site import measurements
from rules.norm import SuccessCriterion
from rules.policy import rule_named
from storage.models import Site
from storage.public_page import is_public, planned_deviations
from storage.questions.outcomes import outcomes_per_rule
from storage.questions.rules import tallies
from storage.questions.runs import run_history
from storage.questions.simulation import number_of_judged, pages_of_rules
from storage.questions.sites import site_by_id
from storage.tickets import rules_with_supplier

router = APIRouter()

KEPT_FOR_S = 3_600  # by whoever keeps copies
POINTS = 24  # runs of the trend


@dataclass(frozen=True)
class Deviation:
    """What breaks a rule, and what is planned for it."""

    rule: str
    pages: int
    by: date | None  # None: no day is named
    with_supplier: bool

    @property
    def criteria(self) -> list[SuccessCriterion]:
        return criteria_of(rule_named(self.rule))


@router.get("/{language}/public/{site_id}", name="public")
def public(screen: AnyScreen, site_id: Id) -> Response:
    """A reader that has it already gets 304 and no body."""
    with screen.database.session() as session:
        site = site_by_id(session, site_id)  # whoever asks: nobody has to log in for it
        if site is None or not is_public(site):
            raise HTTPException(404)
        history = run_history(session, site_id, limit=POINTS)
        values: dict[str, Any] = {}
        if history:
            run = history[-1].run
            states = criteria_states(norm_of(run.norm), tallies(session, run.id), outcomes_per_rule(session, site_id, run.id))
            values = {
                "run": run,
                "norm": norm_of(run.norm),
                "judged": number_of_judged(session, site_id, run.id),
                "failing": history[-1].figure("pages_with_confirmed_failure"),
                "criteria": count_outcomes(states),
                "chart": charts.trend(measurements(screen, site, history)),
                "marks": list(marks(history).values()),
                "history": history,
                "deviations": _deviations(session, site, run.id),
            }
        shown = screen.show(
            "public.html.j2", shown=site, honest=lines_of_site(session, site, screen.language), **({"run": None} | values)
        )
    tag = f'W/"{sha256(bytes(shown.body)).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={KEPT_FOR_S}"}
    if tag in (one.strip() for one in screen.request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    shown.headers.update(headers)
    return shown


def _deviations(session: Session, site: Site, run_id: int) -> list[Deviation]:
    planned, supplied = planned_deviations(site), rules_with_supplier(session, site.id)
    return [
        Deviation(rule, pages, planned.get(rule), rule in supplied)
        for rule, pages in pages_of_rules(session, site.id, run_id).items()
    ]
