"""Rules: the catalogue, and on one site what is broken, where and how it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse

from dashboard import charts, formatting
from dashboard.causes import causes
from dashboard.screen import AnyScreen, Id, PageNumber, Screen
from rules.outcome import Mender
from rules.policy import rule_named
from rules.rule import Rule, catalogue
from storage.barriers import open_barriers
from storage.models import Run, RunRule, Site
from storage.questions.clusters import CauseOnSite, causes_of_run
from storage.questions.rules import RulePages, pages_with_rule, rule_history, tallies
from storage.questions.runs import latest_run
from storage.tickets import newest_ticket_per_cause

router = APIRouter()

PART = 100  # rows on one screen
PLACES = 20  # causes of one rule on its screen


@router.get("/{language}/rules", name="rules", response_class=HTMLResponse)
def rules(screen: AnyScreen, number: PageNumber = 1) -> HTMLResponse:
    found = sorted(catalogue().values(), key=lambda rule: (rule.is_advice, rule.criteria, rule.id))
    pagination = screen.pagination(number, len(found))
    shown = found[pagination.offset : pagination.offset + pagination.size]
    return screen.show("rules.html.j2", rules=shown, pagination=pagination)


@router.get("/{language}/rules/{rule_id}", name="rule", response_class=HTMLResponse)
def rule(screen: AnyScreen, rule_id: str) -> HTMLResponse:
    return screen.show("rule.html.j2", rule=_known(rule_id))


@router.get("/{language}/sites/{site_id}/rules", name="causes", response_class=HTMLResponse)
def causes_of_site(screen: AnyScreen, site_id: Id, who: Annotated[Mender | None, Query()] = None) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        run = latest_run(session, site_id)
        barriers = [one for one in open_barriers(session, site_id) if who is None or one.row.mender == who]
        found = causes(tallies(session, run.id), causes_of_run(session, site_id, run.id)) if run else []
    chosen = [cause for cause in found if who is None or cause.mender == who]
    return screen.show(
        "causes.html.j2",
        site=site,
        run=run,
        who=who,
        barriers=barriers,
        menders=list(Mender),
        failures=[cause for cause in chosen if cause.failed][: screen.part(1, 100)[0]],
        questions=[cause for cause in chosen if cause.cannot_tell and not (cause.rule and cause.rule.is_advice)][:100],
        advice=[cause for cause in chosen if cause.rule and cause.rule.is_advice][:100],
    )


@router.get("/{language}/sites/{site_id}/rules/{rule_id}", name="cause", response_class=HTMLResponse)
def cause(screen: AnyScreen, site_id: Id, rule_id: str, number: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        history = rule_history(session, site_id, rule_id)
        if rule_named(rule_id) is None and not any(row for _, row in history):
            raise HTTPException(404)
        run, tally = history[-1] if history else (None, None)
        found, places = RulePages([], 0), list[CauseOnSite]()
        tickets = newest_ticket_per_cause(session, site_id)
        if run:
            places = causes_of_run(session, site_id, run.id, rule_id)
            found = pages_with_rule(session, site_id, rule_id, run.id, *screen.part(number, PART))
    return screen.show(
        "cause.html.j2",
        site=site,
        rule_id=rule_id,
        rule=rule_named(rule_id),
        run=run,
        tally=tally,
        history=[(run, row) for run, row in history if row],
        chart=charts.trend(list(_measurements(screen, site, history))),
        rows=found.rows,
        places=places[:PLACES],
        tickets=tickets,
        trackers=screen.request.app.state.trackers,
        pagination=screen.pagination(number, found.total, PART),
    )


def _measurements(screen: Screen, site: Site, history: list[tuple[Run, RunRule | None]]) -> Iterator[charts.Measurement]:
    """Pages with the rule's failures after each run; a new version of the rule starts a new line."""
    measured = [(run, row) for run, row in history if row]
    labels = formatting.run_labels([run.started_at for run, _ in measured], screen.language, site.time_zone)
    version: int | None = None
    for label, (_, row) in zip(labels, measured, strict=True):
        yield charts.Measurement(label, row.failed_pages, version not in (None, row.rule_version))
        version = row.rule_version


def _known(rule_id: str) -> Rule:
    rule = catalogue().get(rule_id)
    if rule is None:
        raise HTTPException(404)
    return rule
