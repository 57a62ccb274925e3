"""What people decided about findings: to be looked over, agreed with, answered, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dashboard.languages import translations
from dashboard.screen import AnyScreen, Id, PageNumber
from dashboard.security import is_own_post
from dashboard.table_file import table_file
from dashboard.words import word
from rules.decision import LONGEST_NOTE, DecisionKind
from storage.decisions import OwnDecision, answer, decisions_of_site, not_seconded, second, withdraw
from storage.models import Decision

router = APIRouter()

PART = 50
MOST_ROWS = 100_000
AnyBatch = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Kind = Annotated[str, Query(max_length=20)]


@router.get("/{language}/sites/{site_id}/decisions", name="decisions", response_class=HTMLResponse)
def decisions(screen: AnyScreen, site_id: Id, kind: Kind = "", number: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        lines, total = decisions_of_site(session, site_id, screen.now, _kinds(kind), PART, (number - 1) * PART)
        return screen.show(
            "decisions.html.j2",
            site=site,
            lines=lines,
            kinds=list(DecisionKind),
            kind=kind,
            longest_note=LONGEST_NOTE,
            not_seconded=not_seconded,
            pagination=screen.pagination(number, total, PART),
        )


def _kinds(kind: str) -> Sequence[str]:
    if kind and kind not in set(DecisionKind):
        raise HTTPException(404)
    return [kind] if kind else [one.value for one in DecisionKind]


@router.get("/{language}/sites/{site_id}/decisions.csv", name="decisions_table")
def decisions_table(screen: AnyScreen, site_id: Id, kind: Kind = "") -> Response:
    """The list as a table; of a rule of A or AA that one person waved away it says so."""
    say = translations(screen.language).gettext
    heads = "Datum;Besluit;Reden;Toelichting;Regel;Pagina;Plekken;Door;Tweede persoon;Aan;Tot en met;Stand;Niet bevestigd"
    with screen.database.session() as session:
        screen.site(session, site_id)
        lines, _ = decisions_of_site(session, site_id, screen.now, _kinds(kind), MOST_ROWS)
    rows = [
        [
            one.first.decided_at.date().isoformat(),
            say(word("decision", one.first.kind)),
            say(word("decision-reason", one.first.reason)),
            one.first.note,
            one.first.rule,
            one.address,
            one.findings,
            one.first.person,
            one.first.seconded_by,
            one.first.assignee,
            _ends(one.first),
            say(word("standing", one.standing)),
            "x" if not_seconded(one.first) else "",
        ]
        for one in lines
    ]
    return table_file(f"besluiten-{site_id}", "csv", heads.split(";"), rows, screen.language)


def _ends(decision: Decision) -> str:
    day = decision.due_on or (decision.expires_at.date() if decision.expires_at else None)
    return day.isoformat() if day else ""


@router.post("/{language}/sites/{site_id}/decisions/{batch}", name="change_decision")
def change_decision(
    screen: AnyScreen,
    site_id: Id,
    batch: AnyBatch,
    act: Annotated[str, Form(max_length=10)],
    words: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
) -> RedirectResponse:
    """Agree as the second person, answer a question, or take a decision back."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        screen.site(session, site_id)
        try:
            match act:
                case "second":
                    found = second(session, site_id, batch, screen.who.name, screen.now)
                case "withdraw":
                    found = withdraw(session, site_id, batch, screen.who.name, screen.now)
                case "answer" if words.strip():
                    found = answer(session, site_id, batch, words.strip(), screen.who.name)
                case _:
                    raise HTTPException(404)
        except OwnDecision as error:
            raise HTTPException(403) from error
        if not found:
            raise HTTPException(404)
    return screen.back_to("decisions", site_id=site_id)
