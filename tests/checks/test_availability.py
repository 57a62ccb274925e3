"""What is a good answer of a watched address, and what is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checks.availability import expectation, judge_answer
from rules.availability import Answer, Availability, Expected

NOTHING = Expected()
URL = "https://www.example.nl/afspraak"
GOOD = Answer(URL, 200, title="Afspraak maken - Gemeente", heading="Afspraak maken", words=200, size=9_000, is_read=True)
FORM = replace(GOOD, has_form=True)


def covers(url: str) -> bool:
    return url.startswith("https://www.example.nl/")


def reason(answer: Answer, expected: Expected = NOTHING) -> str:
    look = judge_answer(answer, expected, covers)
    assert (look.state is Availability.UP) is (look.reason == "")
    return look.reason


def test_a_good_answer_is_up_and_is_what_is_expected_from_then_on() -> None:
    assert reason(GOOD) == "" and reason(FORM, Expected("x", True)) == ""
    assert expectation(FORM, Expected()) == Expected(FORM.title, True)
    assert expectation(GOOD, Expected("oud", True)) == Expected(GOOD.title, True)
    assert expectation(Answer(URL, 200, size=9), Expected("oud", True)) == Expected("oud", True)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(URL, None, "timeout"), "timeout"),
        (Answer(URL, None, "tls-error"), "tls-error"),
        (Answer(URL, None, "unknown-host"), "unknown-host"),
        (Answer(URL, 500), "server-error"),
        (Answer(URL, 503), "server-error"),
        (Answer(URL, 404), "missing"),
        (Answer(URL, 200, size=0), "answer-empty"),
        (replace(GOOD, title="", words=0), "answer-empty"),
        (replace(GOOD, leads_to="https://parkeerdomein.example/"), "answer-elsewhere"),
        (replace(GOOD, title="Pagina niet gevonden", heading=""), "answer-says-missing"),
        (replace(GOOD, title="In onderhoud | Gemeente Voorbeeld"), "answer-says-closed"),
        (replace(GOOD, heading="Er is een storing"), "answer-says-closed"),
        (replace(GOOD, title="De website is tijdelijk niet bereikbaar"), "answer-says-closed"),
        (replace(GOOD, title="502 Bad Gateway", heading="Bad gateway"), "answer-says-closed"),
    ],
)
def test_what_is_no_good_answer(answer: Answer, why: str) -> None:
    assert reason(answer) == why


def test_a_form_that_was_there_is_missed() -> None:
    assert reason(GOOD, Expected(GOOD.title, True)) == "form-gone"


@pytest.mark.parametrize(
    "title",
    [
        "Onderhoud van bomen",
        "Onderhoud",
        "Storing melden aan straatverlichting",
        "Wegwerkzaamheden: de Dorpsstraat is tijdelijk afgesloten",
        "Paspoort niet gevonden? Doe aangifte",
        "Service en contact",
        "Website van de gemeente",
        "500 woningen in het Stadshart",
    ],
)
def test_a_page_about_faults_is_not_faulty(title: str) -> None:
    assert reason(replace(GOOD, title=title, heading=title)) == ""


def test_a_title_that_was_there_when_all_was_well_accuses_nobody() -> None:
    assert reason(replace(GOOD, title="Storing", heading=""), Expected("Storing")) == ""


@pytest.mark.parametrize("status", [401, 403, 429])
def test_who_keeps_robots_out_is_not_down(status: int) -> None:
    assert judge_answer(Answer(URL, status), Expected(), covers).state is Availability.UNKNOWN


def test_a_page_that_scripts_fill_is_up() -> None:
    assert reason(replace(GOOD, heading="", words=0)) == ""
    assert reason(Answer(URL, 200, size=120)) == "", "a file is judged by its status only"
