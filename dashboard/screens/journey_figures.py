"""The KPIs of one journey: every walk as a line with its target, the season that it has, and whether an alarm is on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from babel.dates import get_month_names
from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response
from sqlalchemy.orm import Session

from dashboard import charts, formatting
from dashboard.languages import LOCALES, translations
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from dashboard.table_file import TableKind, table_file
from dashboard.words import word
from rules.journey import read_journey
from rules.journey_kpis import KPIS, JourneyKpi, target_key
from rules.kpi import Reckoning, Target, TargetError, reckon
from rules.message import AlarmKind
from storage.alarms import lasting_alarm
from storage.journey_models import JourneyRow, JourneyRun
from storage.journeys import journey_of_site, walks_of
from storage.kpi_models import KpiTarget
from storage.kpis import end_target, path_of, set_target, targets_of_site
from storage.models import Site
from storage.questions.workshop import months_of_task, season_of

router = APIRouter()

MOST_WALKS = 60
HIGHEST = 1_000_000.0
Typed = Annotated[str, Form(max_length=40)]


@dataclass(frozen=True)
class ShownKpi:
    """A KPI of a journey with its line through the walks."""

    known: JourneyKpi
    now: float | None
    target: KpiTarget | None
    reckoning: Reckoning | None
    chart: charts.Trend | None  # None: fewer than two walks say anything of it


@router.get("/{language}/sites/{site_id}/journeys/{journey_id}/figures", name="journey_figures")
def journey_figures(screen: AnyScreen, site_id: Id, journey_id: Id) -> Response:
    return _show(screen, site_id, journey_id)


@router.get("/{language}/sites/{site_id}/journeys/{journey_id}/figures.{kind}", name="journey_figures_file")
def journey_figures_file(screen: AnyScreen, site_id: Id, journey_id: Id, kind: TableKind) -> Response:
    """Every walk with its KPIs, as a table."""
    with screen.database.session() as session:
        screen.site(session, site_id)
        _row(session, site_id, journey_id)
        say = translations(screen.language).gettext
        rows = [
            [walk.started_at.isoformat(), say(word("journey", walk.verdict)), *map(_cell, _values(walk))]
            for walk in walks_of(session, journey_id, MOST_WALKS)[::-1]
        ]
    heads = [say("Nagelopen op"), say("Uitkomst"), *(one.kpi.words[screen.language].title for one in KPIS.values())]
    return table_file(f"klantreis-{journey_id}", kind, heads, rows, screen.language)


@router.post("/{language}/sites/{site_id}/journeys/{journey_id}/figures", name="set_journey_target")
def set_journey_target(
    screen: AnyScreen, site_id: Id, journey_id: Id, kpi: Typed, value: Typed = "", day: Typed = "", act: Typed = "set"
) -> Response:
    """Set a target of a KPI from its value now, or take it back."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    if kpi not in KPIS:
        raise HTTPException(404)
    try:
        with screen.database.session() as session:
            screen.site(session, site_id)
            _row(session, site_id, journey_id)
            if act == "end":
                end_target(session, site_id, target_key(journey_id, kpi), screen.now)
            else:
                walks = walks_of(session, journey_id, MOST_WALKS)
                wanted = _number(value)
                known = _newest(KPIS[kpi], walks)
                path = Target(screen.now.date(), wanted if known is None else known, _day(day), wanted)
                set_target(session, site_id, target_key(journey_id, kpi), path, "", None, screen.who.name, screen.now)
    except TargetError as error:
        return _show(screen, site_id, journey_id, error.field, 422)
    return screen.back_to("journey_figures", site_id=site_id, journey_id=journey_id)


def _show(screen: Screen, site_id: int, journey_id: int, wrong: str = "", status: int = 200) -> Response:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        row = _row(session, site_id, journey_id)
        walks = walks_of(session, journey_id, MOST_WALKS)
        journey = read_journey(row.text)
        months = months_of_task(session, site, journey)
        names = get_month_names("wide", locale=LOCALES[screen.language])
        return screen.show(
            "journey_figures.html.j2",
            status,
            site=site,
            row=row,
            kpis=_kpis(screen, session, site, journey_id, walks),
            walks=[(walk, _values(walk)) for walk in walks[::-1]],
            season=[names[month] for month in journey.season],
            asked=None if months is None else [names[month] for month in season_of(months)],
            alarm=lasting_alarm(session, site_id, AlarmKind.JOURNEY_BROKEN, str(journey_id)),
            wrong=wrong,
        )


def _kpis(screen: Screen, session: Session, site: Site, journey_id: int, walks: list[JourneyRun]) -> list[ShownKpi]:
    targets = targets_of_site(session, site.id)
    labels = formatting.run_labels([walk.started_at for walk in walks], screen.language, site.time_zone)
    shown = []
    for name, one in KPIS.items():
        target = targets.get(target_key(journey_id, name))
        pairs = [(label, one.value(walk.figures)) for label, walk in zip(labels, walks, strict=True)]
        points = [charts.Measurement(label, value) for label, value in pairs if value is not None]
        now = _newest(one, walks)
        reckoning = reckon(one.kpi, now, path_of(target), screen.now.date()) if target and now is not None else None
        shown.append(ShownKpi(one, now, target, reckoning, charts.trend(points) if len(points) > 1 else None))
    return shown


def _newest(one: JourneyKpi, walks: list[JourneyRun]) -> float | None:
    """The value of the newest walk that says one."""
    return next((value for walk in walks[::-1] if (value := one.value(walk.figures)) is not None), None)


def _values(walk: JourneyRun) -> list[float | None]:
    return [one.value(walk.figures) for one in KPIS.values()]


def _cell(value: float | None) -> float | str:
    return "" if value is None else round(value, 1)


def _row(session: Session, site_id: int, journey_id: int) -> JourneyRow:
    row = journey_of_site(session, site_id, journey_id)
    if row is None:
        raise HTTPException(404)
    return row


def _number(text: str) -> float:
    try:
        number = float(text.replace("%", "").replace(",", ".").strip())
    except ValueError as error:
        raise TargetError("value", "write a number") from error
    if not 0 <= number <= HIGHEST:
        raise TargetError("value", "write a number from nought up")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TargetError("day", "write a day such as 2027-01-31") from error
