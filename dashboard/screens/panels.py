"""The four panels with their KPIs: what is, what is to be, and how fast it has to go; and what happened beside it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import Response

from dashboard.screen import AnyScreen, Id, Screen
from dashboard.table_file import table_file
from rules.kpi import Panel, Target, TargetError, Unit, kpis
from storage.kpis import (
    KpiLine,
    annotate,
    annotations_of_site,
    end_target,
    kpi_lines,
    remove_annotation,
    set_target,
)

router = APIRouter()

DIGITS = {Unit.PER_CENT: 1, Unit.COUNT: 0, Unit.PER_PAGE: 2, Unit.PER_THOUSAND: 1}
KINDS = ("campaign", "release", "news", "other")
HIGHEST = 1_000_000.0
SHOWN = 50  # of what happened; a file has all
Typed = Annotated[str, Form(max_length=300)]


@router.get("/{language}/sites/{site_id}/panels", name="panels")
def panels(screen: AnyScreen, site_id: Id) -> Response:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        lines = kpi_lines(session, site, screen.now)
        return screen.show(
            "panels.html.j2",
            site=site,
            panels={panel: [one for one in lines if one.kpi.panel == panel] for panel in Panel},
            digits=DIGITS,
            annotations=annotations_of_site(session, site_id, screen.part(1, SHOWN)[0]),
            kinds=KINDS,
        )


@router.get("/{language}/sites/{site_id}/panels.csv", name="panels_table")
def panels_table(screen: AnyScreen, site_id: Id) -> Response:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        rows = [_row(one, screen) for one in kpi_lines(session, site, screen.now)]
    heads = "paneel;kpi;naam;versie;eenheid;waarde;teller;noemer;doel;doel op;nog te gaan;per maand;jaar eerder;gemeten op"
    return table_file(f"kpi-{site_id}", "csv", heads.split(";"), rows, screen.language)


def _row(line: KpiLine, screen: Screen) -> list[object]:
    actual, target, reckoned, year = line.actual, line.target, line.reckoning, line.last_year
    return [
        line.kpi.panel.value, line.kpi.id, line.kpi.words[screen.language].title, line.kpi.version, line.kpi.unit.value,
        actual.value if actual else "", actual.count if actual else "", actual.of if actual else "",
        target.last_value if target else "", target.last_day.isoformat() if target else "",
        reckoned.gap if reckoned else "", reckoned.pace if reckoned and reckoned.pace is not None else "",
        year.then if year else "", year.day.isoformat() if year else "",
    ]  # fmt: skip


@router.get("/{language}/sites/{site_id}/kpis/{kpi}", name="kpi")
def kpi_screen(screen: AnyScreen, site_id: Id, kpi: str) -> Response:
    return _show(screen, site_id, kpi)


def _show(screen: Screen, site_id: int, name: str, wrong: str = "", status: int = 200) -> Response:
    if name not in kpis():
        raise HTTPException(404)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        line = next(one for one in kpi_lines(session, site, screen.now) if one.kpi.id == name)
        return screen.show(
            "kpi.html.j2",
            status,
            site=site,
            line=line,
            digits=DIGITS[line.kpi.unit],
            annotations=annotations_of_site(session, site_id),
            wrong=wrong,
        )


@router.post("/{language}/sites/{site_id}/kpis/{kpi}", name="set_kpi_target")
def set_kpi_target(
    screen: AnyScreen,
    site_id: Id,
    kpi: str,
    value: Typed = "",
    day: Typed = "",
    owner: Typed = "",
    review: Typed = "",
    act: Typed = "set",
) -> Response:
    """Set a target from today's value on, or take it back."""
    if kpi not in kpis():
        raise HTTPException(404)
    try:
        with screen.database.session() as session:
            site = screen.site(session, site_id)
            if act == "end":
                end_target(session, site_id, kpi, screen.now)
            else:
                line = next(one for one in kpi_lines(session, site, screen.now) if one.kpi.id == kpi)
                begin = line.actual.value if line.actual else _number(value)
                target = Target(screen.now.date(), begin, _day(day, "day"), _number(value))
                reviewed = _day(review, "review") if review else None
                set_target(session, site_id, kpi, target, owner.strip()[:200], reviewed, screen.who.name, screen.now)
    except TargetError as error:
        return _show(screen, site_id, kpi, error.field, 422)
    return screen.back_to("kpi", site_id=site_id, kpi=kpi)


def _number(text: str) -> float:
    try:
        number = float(text.replace("%", "").replace(",", ".").strip())
    except ValueError as error:
        raise TargetError("value", "write a number") from error
    if not 0 <= number <= HIGHEST:
        raise TargetError("value", "write a number from nought up")
    return number


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TargetError(field, "write a day such as 2027-01-31") from error


@router.post("/{language}/sites/{site_id}/annotations", name="annotate")
def add_annotation(screen: AnyScreen, site_id: Id, kind: Typed, words: Typed, day: Typed) -> Response:
    """Write down what happened, to be read beside every trend."""
    if kind not in KINDS or not words.strip():
        raise HTTPException(422)
    try:
        when = _day(day, "day")
    except TargetError as error:
        raise HTTPException(422) from error
    with screen.database.session() as session:
        screen.site(session, site_id)
        annotate(session, site_id, when, kind, words.strip(), screen.who.name)
    return screen.back_to("panels", site_id=site_id)


@router.post("/{language}/sites/{site_id}/annotations/{number}/remove", name="remove_annotation")
def forget_annotation(screen: AnyScreen, site_id: Id, number: Id) -> Response:
    with screen.database.session() as session:
        screen.site(session, site_id)
        if not remove_annotation(session, site_id, number):
            raise HTTPException(404)
    return screen.back_to("panels", site_id=site_id)
