"""The evaluation desk: an evaluation is begun, judged cell by cell, and nobody's text is lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from dashboard_seed import NOW
from lxml import html
from sqlalchemy import select
from starlette.testclient import TestClient

from dashboard.app import create_app
from rules.evaluation import FREEZE, Results, SamplePart
from rules.finding import Finding as JudgedFinding
from rules.finding import Target
from rules.frozen_page import FrozenPage
from rules.outcome import Impact, Outcome
from rules.site import Scope
from rules.task import PageResult, PageStatus
from storage.database import Database
from storage.evaluation_models import StoredEvaluation
from storage.evaluations import load_evaluation, revisions_of_cell
from storage.frozen_pages import keep_frozen
from storage.models import Page, Request, Run
from storage.requests import finish_request
from storage.results import store_page
from storage.runs import FetchFacts, RunMadeWith, add_found, finish_run, start_run
from storage.sites import add_site

ORIGIN = "https://www.example.nl"
OURS = {"sec-fetch-site": "same-origin"}
NUMBERS = count(1)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('desk') / 'vierluik.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def desk(shared: Database) -> TestClient:
    return TestClient(create_app(shared, now=lambda: NOW), follow_redirects=False)


def begun(desk: TestClient, database: Database, **form: str) -> int:
    """An evaluation of a site of four pages, begun on the screen."""
    with database.session() as session:
        site = add_site(session, f"Proef {next(NUMBERS)}", f"{ORIGIN}/", Scope((ORIGIN,)), NOW).id
        run = start_run(session, site, RunMadeWith("en301549-3.2.1", "0" * 64, {"axe": "4"}), "here:1", "", NOW).id
        for path in ("/", "/contact", "/a", "/b"):
            url = f"{ORIGIN}{path}"
            fault = JudgedFinding(
                "image-alternative",
                1,
                Outcome.FAILED,
                Impact.SERIOUS,
                ("axe",),
                Target((), "img", "<img src=x>", "img"),
                "failed",
            )
            result = PageResult(url, PageStatus.TESTED, final_url=url, http_status=200, title=f"Pagina {path}", findings=(fault,))
            add_found(session, run, [(url, url, 1)])
            store_page(session, site, run, url, result, FetchFacts(url, 1))
        for page in session.scalars(select(Page).where(Page.site_id == site)):
            page.page_type = {"/": "home", "/contact": "contact"}.get(page.identity.removeprefix(ORIGIN), "")
        finish_run(session, session.get_one(Run, run), complete=True, documents=0, now=NOW)
    sent = {"first": "Anna", "second": "Bram", "reviewer": "Cor", "norm": "en301549-3.2.1", **form}
    answer = desk.post(f"/nl/sites/{site}/evaluations", data=sent, headers=OURS)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("/")[2])


def fields(text: str) -> dict[str, str]:
    """What a browser would send of the form that judges."""
    [form] = [form for form in html.fromstring(text).forms if "outcome" in form.fields]
    return {key: (value or "").removeprefix("\n") for key, value in form.form_values()}  # as HTML reads a textarea


def judge(desk: TestClient, number: int, cell: str, who: int = 0, **said: str) -> Any:
    screen = f"/nl/evaluations/{number}/{cell}?as={who}"
    return desk.post(screen, data={**fields(desk.get(screen).text), **said}, headers=OURS)


def text_of(answer: Any) -> str:
    return " ".join(" ".join(html.fromstring(answer.text).find("body").itertext()).split())


def test_an_evaluation_is_begun_judged_and_concluded(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    overview = text_of(desk.get(f"/nl/evaluations/{number}"))
    assert "Criteria die voldoen 1/50" in overview
    assert "Mensen beoordeelden 0 van de 50 criteria" in overview
    assert "nooit een ‘voldoende’" in overview
    cell = text_of(desk.get(f"/nl/evaluations/{number}/1.1.1/1"))
    assert "1 fout" in cell and "<img src=x>" in cell
    answer = judge(desk, number, "1.1.1/1", outcome="failed", description="Geen tekst.", planned_on="2027-03-01", what="next")
    assert answer.headers["location"] == f"/nl/evaluations/{number}/1.1.1/2?as=0#judge"
    assert judge(desk, number, "1.4.3/0", outcome="passed").headers["location"].endswith("saved=1#judge")
    overview = text_of(desk.get(f"/nl/evaluations/{number}"))
    assert "Criteria die voldoen 2/50 Voldoende 2 Onvoldoende 1 Onbekend 0 Niet van toepassing 0 Niet getoetst 47" in overview
    assert "1.4.3 Contrast (minimum) Voldoende" in overview
    assert "1.1.1 Niet-tekstuele content Onvoldoende 1 onvoldoende 2 te gaan machine: 3 fouten" in overview
    assert "Geen tekst." in text_of(desk.get(f"/nl/evaluations/{number}/1.1.1/1?as=1"))


def test_the_evidence_is_asked_for_once_and_what_became_of_it_is_said(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    screen = f"/nl/evaluations/{number}"
    assert "nog geen bewijs vastgelegd" in text_of(desk.get(screen))
    assert desk.post(f"{screen}/freeze").status_code == 403
    assert desk.post("/nl/evaluations/99999/freeze", headers=OURS).status_code == 404
    for _ in range(2):
        assert desk.post(f"{screen}/freeze", headers=OURS).headers["location"] == screen
    assert "Het vastleggen is aangevraagd" in text_of(desk.get(screen))
    with shared.session() as session:
        (asked,) = session.scalars(select(Request).where(Request.kind == FREEZE)).all()
        assert asked.arguments == {"evaluation": number}
        finish_request(session, asked.id, "failed", {}, NOW)
        url = f"{ORIGIN}/"
        result = PageResult(url, PageStatus.TESTED, title="Start")
        keep_frozen(session, number, FrozenPage(1, url, "Start", NOW, {}, result, archive=b"x" * 2_000_000), "Anna")
    said = text_of(desk.get(screen))
    assert "Van 1 van de" in said and "(2,0 MB)" in said and "de vorige keer mislukt" in said


def test_the_later_of_two_who_save_at_once_keeps_what_he_wrote(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    screen = f"/nl/evaluations/{number}/1.1.1/1?as=0"
    old = fields(desk.get(screen).text)
    assert judge(desk, number, "1.1.1/1", outcome="failed", description="Eerste.").status_code == 303
    late = desk.post(screen, data={**old, "outcome": "passed", "description": "Tweede."}, headers=OURS)
    assert late.status_code == 409
    assert "Iemand anders heeft intussen iets veranderd" in text_of(late)
    assert "Eerste." in text_of(late)
    again = fields(late.text)
    assert (again["description"], again["outcome"]) == ("Tweede.", "passed")
    assert desk.post(screen, data=again, headers=OURS).status_code == 303
    with shared.session() as session:
        history = [(one.texts["description"], one.refused) for one in revisions_of_cell(session, number, "1.1.1", 1)]
    assert history == [("Tweede.", False), ("Tweede.", True), ("Eerste.", False)]


def test_two_evaluators_differ_until_the_reviewer_decides(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    judge(desk, number, "1.1.1/0", outcome="passed")
    judge(desk, number, "1.1.1/0", who=1, outcome="failed", description="Toch niet.")
    assert "onderzoekers verschillen" in text_of(desk.get(f"/nl/evaluations/{number}"))
    assert "Toch niet." in text_of(desk.get(f"/nl/evaluations/{number}/1.1.1/0?as=2"))
    with shared.session() as session:
        told = Results.of(load_evaluation(session, session.get_one(StoredEvaluation, number)))
        assert told.conclusions["1.1.1"].outcome is Outcome.CANNOT_TELL
    judge(desk, number, "1.1.1/0", who=2, outcome="failed")
    with shared.session() as session:
        told = Results.of(load_evaluation(session, session.get_one(StoredEvaluation, number)))
        assert told.conclusions["1.1.1"].outcome is Outcome.FAILED
        assert told.figures.disputed == 0


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    screen = f"/nl/evaluations/{number}/1.1.1/1?as=0"
    for wrong, sentence in (
        ({"outcome": "compliant"}, "Kies een uitkomst"),
        ({"outcome": "failed", "planned_on": "morgen"}, "Vul een datum in"),
        ({"outcome": "failed", "cause": "x" * 10_001}, "te lang"),
    ):
        answer = desk.post(screen, data={"description": "Blijft.", **wrong}, headers=OURS)
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert fields(answer.text)["description"] == "Blijft."
    assert desk.get(f"/nl/evaluations/{number}/9.9.9/1").status_code == 404
    assert desk.get(f"/nl/evaluations/{number}/1.1.1/99").status_code == 404
    assert desk.get("/nl/evaluations/999").status_code == 404
    assert desk.post(screen, data={"outcome": "passed"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_page_that_left_the_sample_is_a_sentence_and_the_sample_says_why(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    sample = f"/nl/evaluations/{number}/sample"
    refused = desk.post(sample, data={"what": "replace", "number": "2"}, headers=OURS)
    assert "Schrijf waarom" in text_of(desk.get(refused.headers["location"]))
    desk.post(sample, data={"what": "replace", "number": "2", "reason": "Is leeg.", "url": f"{ORIGIN}/nieuw"}, headers=OURS)
    assert "Is leeg." in text_of(desk.get(sample))
    assert desk.get(f"/nl/evaluations/{number}/1.1.1/2").status_code == 404
    for form, sentence in (
        ({"what": "add", "url": "javascript:alert(1)"}, "heel webadres"),
        ({"what": "add", "url": f"{ORIGIN}/"}, "zit al in de steekproef"),
        ({"what": "replace", "number": "77", "reason": "x"}, "niet meer in de steekproef"),
    ):
        answer = desk.get(desk.post(sample, data=form, headers=OURS).headers["location"])
        assert answer.status_code == 422 and sentence in text_of(answer)
    desk.post(
        sample, data={"what": "add", "url": "https://mijn.example.nl/stap", "title": "Stap 1", "role": "process"}, headers=OURS
    )
    with shared.session() as session:
        told = load_evaluation(session, session.get_one(StoredEvaluation, number))
    assert ("Stap 1", SamplePart.STRUCTURED) in [(page.title, page.part) for page in told.sample]


def test_evidence_is_shown_or_handed_out(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    screen = f"/nl/evaluations/{number}/1.1.1/1?as=0"
    for name, content in (("foto.png", PICTURE), ("x.html", b"<script>alert(1)</script>")):
        form = fields(desk.get(screen).text) | {"outcome": "failed", "note": f"zie {name}"}
        assert desk.post(screen, data=form, files={"file": (name, content)}, headers=OURS).status_code == 303
    page = html.fromstring(desk.get(screen).text)
    files = sorted(set(page.xpath("//a[contains(@href, '/evidence/')]/@href")))
    answers = [desk.get(file) for file in files]
    assert [(one.headers["content-type"], one.headers["content-disposition"].split(";")[0]) for one in answers] == [
        ("image/png", "inline"),
        ("application/octet-stream", "attachment"),
    ]
    too_large = desk.post(screen, data={"outcome": "failed"}, files={"file": ("x", b"x" * 5_300_000)}, headers=OURS)
    assert too_large.status_code == 422 and "groter dan 5 MB" in text_of(too_large)


def test_details_are_kept_and_not_written_over(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    screen = f"/nl/evaluations/{number}/details"
    [form] = [form for form in html.fromstring(desk.get(screen).text).forms if "scope" in form.fields]
    sent = {key: value or "" for key, value in form.form_values()} | {"summary": "Eerste."}
    assert desk.post(screen, data=sent, headers=OURS).status_code == 303
    late = desk.post(screen, data=sent | {"summary": "Tweede."}, headers=OURS)
    assert late.status_code == 422
    assert "Eerste." in text_of(late) and "Tweede." in late.text
    assert desk.post(screen, data=sent | {"version": "2", "first": " ", "second": ""}, headers=OURS).status_code == 422
    assert desk.post(screen, data=sent | {"version": "2", "made_on": "gisteren"}, headers=OURS).status_code == 422


def test_an_evaluation_is_tested_again_and_removed(desk: TestClient, shared: Database) -> None:
    number = begun(desk, shared)
    nothing = desk.post(f"/nl/evaluations/{number}", data={"what": "retest"}, headers=OURS)
    assert "niets onvoldoende" in text_of(desk.get(nothing.headers["location"]))
    judge(desk, number, "1.1.1/1", outcome="failed")
    again = desk.post(f"/nl/evaluations/{number}", data={"what": "retest"}, headers=OURS).headers["location"]
    assert "Hertest van 1.1.1" in text_of(desk.get(again))
    assert "Wilt u dit onderzoek verwijderen?" in text_of(desk.get(f"{again}?remove=1"))
    assert desk.post(again, data={"what": "remove"}, headers=OURS).status_code == 303
    assert desk.get(again).status_code == 404


def test_an_evaluation_without_a_name_is_not_begun(desk: TestClient, shared: Database) -> None:
    with shared.session() as session:
        site = add_site(session, f"Zonder {next(NUMBERS)}", f"{ORIGIN}/", Scope((ORIGIN,)), NOW).id
    assert "nog niet gecontroleerd" in text_of(desk.get(f"/nl/sites/{site}/evaluations"))
    answer = desk.post(f"/nl/sites/{site}/evaluations", data={"first": "Anna", "norm": "en301549-3.2.1"}, headers=OURS)
    assert answer.status_code == 422
