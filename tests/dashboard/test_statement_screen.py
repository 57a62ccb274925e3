"""The statement's screen: status by the facts, warnings ahead, and what the live statement says beside what is known."""

from __future__ import annotations

from typing import Any

from dashboard_seed import NOW
from lxml import html
from starlette.testclient import TestClient

from rules.site import Scope
from storage.database import Database
from storage.models import Site
from storage.questions.requests import last_requests
from storage.requests import finish_request
from storage.sites import add_site

OURS = {"sec-fetch-site": "same-origin"}
URL = "https://www.example.nl/toegankelijkheid"


def text_of(answer: Any) -> str:
    return " ".join(" ".join(html.fromstring(answer.text).find("body").itertext()).split())


def new_site(database: Database) -> int:
    with database.session() as session:
        return add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW).id


def test_the_status_follows_from_the_facts_and_changes_are_told_ahead(empty: TestClient, database: Database) -> None:
    screen = f"/nl/sites/{new_site(database)}/statement"
    assert "Status volgens de feiten: E" in text_of(empty.get(screen))
    planned = {"published_on": "2026-09-01", "planned_research_on": "2026-12-10", "improves": "1", "url": URL}
    assert empty.post(screen, data=planned, headers=OURS).status_code == 303
    shown = text_of(empty.get(screen))
    assert "Status volgens de feiten: C" in shown and "Dat voldoet aan de wet." in shown
    assert "Let op: 11 december 2026" in shown
    assert "De status gaat dan van C naar D." in shown
    for wrong, sentence in (
        ({"published_on": "gisteren"}, "Vul een datum in"),
        ({"url": "https://elders.example/"}, "hoort niet bij"),
    ):
        answer = empty.post(screen, data={**planned, **wrong}, headers=OURS)
        assert answer.status_code == 422 and sentence in text_of(answer)
    assert empty.post(screen, data=planned, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_the_live_statement_is_asked_for_and_compared(empty: TestClient, database: Database) -> None:
    site = new_site(database)
    screen = f"/nl/sites/{site}/statement"
    assert "geen pagina met een verklaring herkend" in text_of(empty.get(screen))
    empty.post(screen, data={"published_on": "2026-09-01", "url": URL}, headers=OURS)
    for _ in range(2):
        assert empty.post(f"{screen}/read", headers=OURS).status_code == 303
    assert "wacht op de planner" in text_of(empty.get(screen))
    answers = [
        ({"url": URL, "text": "1.1.1", "links": [], "dates": {"statement": "2025-01-01"}}, "langer dan een jaar geleden"),
        ({"url": URL, "text": "Alles goed.", "links": [], "dates": {}}, "noemt geen e-mailadres"),
        (
            {"url": URL, "text": "Mail a@weg.nl", "links": [], "dates": {}, "dead_mails": ["a@weg.nl"]},
            "kan geen mail aankomen",
        ),
        ({"url": URL, "text": "Alles goed. Bel 14 0118.", "links": [], "dates": {}}, "spreekt niets tegen"),
    ]
    for result, sentence in answers:
        with database.session() as session:
            [asked] = last_requests(session, site, "read_statement", 5)
            finish_request(session, asked.id, "done", result, NOW)
        assert sentence in text_of(empty.get(screen))
    with database.session() as session:
        finish_request(session, asked.id, "failed", {"reason": "load-timeout"}, NOW)
        assert session.get_one(Site, site).settings["statement"]["url"] == URL
    assert empty.get(screen).status_code == 200
