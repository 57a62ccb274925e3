"""Evaluations are kept whole: proposed from a run, changed step by step, and no text of anybody is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count
from threading import Barrier, Thread
from typing import Any

import pytest
from postgres_server import new_postgres_database
from sqlalchemy import select
from stored_story import ORIGIN, Story, failure, page_tested

from rules.evaluation import WHOLE_SAMPLE, Assessment, EvaluationError, EvaluationKind, Exemption, SamplePart, SampleRole
from rules.journey import Journey, JourneyStep, StepKind, StepOutcome, StepSeen, Verdict, Way, WaySeen
from rules.outcome import Outcome
from rules.site import Scope
from storage.database import Database
from storage.evaluation_models import StoredEvaluation
from storage.evaluation_sample import add_page, alike, draw, gone_pages, replace_page
from storage.evaluations import (
    add_evidence,
    change_details,
    copy_assessment,
    evidence_by_number,
    load_evaluation,
    new_evaluation,
    remove_evaluation,
    retest,
    revisions_of_cell,
    save_assessment,
)
from storage.journeys import keep_journey, keep_walk
from storage.models import Cluster, Page, Site
from storage.questions.evaluations import machine_findings, machine_grid
from storage.sites import add_site

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBERS = count(1)
PAPER = [page_tested(f"/paspoort/{number}") for number in range(12)]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all tests of this file: each has a site of its own."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('evaluations') / 'vierluik.db'}"
    else:
        url = new_postgres_database(request.getfixturevalue("postgres")())
    database = Database(url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def story(shared: Database) -> Story:
    with shared.session() as session:
        name = f"Voorbeeld {next(NUMBERS)}"
        return Story(shared, add_site(session, name, f"{ORIGIN}/", Scope((ORIGIN,)), NOW).id)


@pytest.fixture
def made(story: Story) -> tuple[Story, int]:
    """A site of fourteen pages, and an evaluation of it by Anna and Bram with Cor as reviewer."""
    run, _ = story.run(page_tested("/", failure()), page_tested("/contact"), *PAPER)
    with story.database.session() as session:
        template = Cluster(site_id=story.site_id, kind="page-template", key="k", details={}, first_run_id=run)
        session.add(template)
        session.flush()
        for page in session.scalars(select(Page).where(Page.site_id == story.site_id)):
            page.page_type = {"/": "home", "/contact": "contact"}.get(page.identity.removeprefix(ORIGIN), "product")
            page.template_id = template.id if "paspoort" in page.identity else None
        site = session.get_one(Site, story.site_id)
        row = new_evaluation(session, site, NOW, evaluators=["Anna", "Bram"], reviewer="Cor", seed="x")
        return story, row.id


def said(page: int, outcome: Outcome = Outcome.FAILED, by: str = "Anna", **more: Any) -> Assessment:
    return Assessment("1.1.1", page, by, outcome, **more)


def test_an_evaluation_is_proposed_from_the_newest_run(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        told = load_evaluation(session, session.get_one(StoredEvaluation, number))
    assert [(page.role, page.part) for page in told.sample] == [
        (SampleRole.HOME, SamplePart.STRUCTURED),
        (SampleRole.CONTACT, SamplePart.STRUCTURED),
        (SampleRole.TEMPLATE, SamplePart.STRUCTURED),
        (SampleRole.RANDOM, SamplePart.RANDOM),
    ]
    assert (told.draw.frame, told.draw.seed, told.on, told.evaluators) == (11, "x", date(2026, 11, 23), ("Anna", "Bram"))
    assert (told.machine.known, told.machine.tested, told.machine.skipped) == (14, 14, 0)
    assert "1.1.1" in told.machine.tests
    assert told.technologies[:2] == ("HTML", "CSS")
    assert told.scope == f"{ORIGIN}/"


def test_an_evaluation_needs_a_run_and_a_name(story: Story) -> None:
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        with pytest.raises(EvaluationError, match="vierluik run"):
            new_evaluation(session, site, NOW, evaluators=["Anna"])
    story.run(page_tested("/"))
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        for wrong, sentence in (
            ({"evaluators": [" "]}, "at least one evaluator"),
            ({"evaluators": ["A", "B", "C"]}, "at most two"),
            ({"evaluators": ["A" * 201]}, "at most 200"),
            ({"evaluators": ["A"], "norm_id": "wcag3"}, "no norm 'wcag3'"),
            ({"evaluators": ["A"], "method": "by feeling"}, "WCAG-EM 2.0"),
            ({"evaluators": ["A"], "colour": "red"}, "has no colour"),
        ):
            with pytest.raises(EvaluationError, match=sentence):
                new_evaluation(session, site, NOW, **wrong)  # type: ignore[arg-type]


def test_what_is_saved_stands_as_it_was_written_and_each_revision_stays(made: tuple[Story, int]) -> None:
    story, number = made
    texts = {"description": "Foto zonder tekst.", "cause": "CMS", "effect": "blind", "alternative": "bel", "measure": "vul in"}
    first = said(1, **texts, planned_on=date(2027, 3, 1), exemption=Exemption.BURDEN)
    with story.database.session() as session:
        saved = save_assessment(session, number, first, NOW)
        assert saved.kept and saved.now == replace(first, version=1, saved_at=NOW)
        second = save_assessment(session, number, replace(saved.now, outcome=Outcome.PASSED, description="Hersteld."), NOW)
        assert second.kept and second.now.version == 2
    with story.database.session() as session:
        told = load_evaluation(session, session.get_one(StoredEvaluation, number))
        assert told.assessments == (second.now,)
        history = revisions_of_cell(session, number, "1.1.1", 1)
        assert [(one.version, one.outcome, one.texts["description"]) for one in history] == [
            (2, "passed", "Hersteld."),
            (1, "failed", "Foto zonder tekst."),
        ]


def test_two_who_save_the_same_cell_at_once_lose_nobody_s_text(made: tuple[Story, int]) -> None:
    story, number = made
    both, results = Barrier(2), []

    def save(text: str) -> None:
        both.wait()
        with story.database.session() as session:
            results.append((text, save_assessment(session, number, said(1, description=text), NOW)))

    threads = [Thread(target=save, args=(text,)) for text in ("een", "twee")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(saved.kept for _, saved in results) == [False, True]
    [winner] = [text for text, saved in results if saved.kept]
    [loser] = [text for text, saved in results if not saved.kept]
    [refused] = [saved for _, saved in results if not saved.kept]
    assert (refused.now.description, refused.now.version) == (winner, 1)
    with story.database.session() as session:
        assert {(one.texts["description"], one.refused) for one in revisions_of_cell(session, number, "1.1.1", 1)} == {
            (winner, False),
            (loser, True),
        }
        later = save_assessment(session, number, said(1, description="oud", version=0), NOW)
        assert not later.kept and later.now.description == winner
        assert save_assessment(session, number, said(1, description="nieuw", version=1), NOW).kept


def test_what_cannot_be_said_is_a_sentence(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        for wrong, sentence in (
            (said(99), "no page 99"),
            (said(1, by="Dirk"), "'Dirk' is no evaluator"),
            (Assessment("9.9.9", 1, "Anna", Outcome.FAILED), "no criterion 9.9.9"),
            (Assessment("2.5.8", 1, "Anna", Outcome.FAILED), "no criterion 2.5.8"),
            (said(1, cause="x" * 10_001), "longer than 10000"),
        ):
            with pytest.raises(EvaluationError, match=sentence):
                save_assessment(session, number, wrong, NOW)


def test_an_assessment_is_copied_to_pages_of_the_same_template_only_where_nothing_is_said(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        told = load_evaluation(session, session.get_one(StoredEvaluation, number))
        assert [page.number for page in alike(told, 3)] == [4]
        assert alike(told, 1) == alike(told, 77) == []
        one = save_assessment(session, number, said(3, description="Kopje."), NOW).now
        assert copy_assessment(session, number, one, [3, 4], NOW) == [4]
        assert copy_assessment(session, number, one, [4], NOW) == []
        assert load_evaluation(session, session.get_one(StoredEvaluation, number)).cell("1.1.1", 4)[0].description == "Kopje."


def test_a_replaced_page_is_logged_and_the_next_of_the_draw_comes(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        row = session.get_one(StoredEvaluation, number)
        drawn = load_evaluation(session, row).sample[-1]
        came = replace_page(session, row, drawn.number, "Staat achter een inlog.", "", NOW)
        assert replace_page(session, row, 2, "Is leeg.", f"{ORIGIN}/paspoort/11", NOW) == f"{ORIGIN}/paspoort/11"
        told = load_evaluation(session, row)
        assert came and came != drawn.url
        assert [(one.url, one.reason, one.by_url) for one in told.replaced] == [
            (f"{ORIGIN}/contact", "Is leeg.", f"{ORIGIN}/paspoort/11"),
            (drawn.url, "Staat achter een inlog.", came),
        ]
        for wrong, sentence in (((2, "x", ""), "no page 2"), ((1, " ", ""), "Say why"), ((1, "x", came), "already")):
            with pytest.raises(EvaluationError, match=sentence):
                replace_page(session, row, *wrong, NOW)


def test_a_larger_structured_part_draws_more_and_keeps_what_was_drawn(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        row = session.get_one(StoredEvaluation, number)
        before = load_evaluation(session, row).sample
        for path in range(8):
            add_page(session, row, f"{ORIGIN}/mijn/stap/{path}", f"Stap {path}", SampleRole.PROCESS, NOW)
        with pytest.raises(EvaluationError, match="already"):
            add_page(session, row, f"{ORIGIN}/mijn/stap/1", "", SampleRole.PROCESS, NOW)
        assert draw(session, row, NOW) == 1
        assert draw(session, row, NOW) == 0
        after = load_evaluation(session, row).sample
    assert set(before) < set(after)
    assert sum(page.part is SamplePart.RANDOM for page in after) == 2


def test_a_page_that_is_gone_from_the_site_is_known(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        assert gone_pages(session, session.get_one(StoredEvaluation, number)) == set()
    story.run(page_tested("/", failure()), *PAPER)
    with story.database.session() as session:
        assert gone_pages(session, session.get_one(StoredEvaluation, number)) == {2}


def test_details_are_not_overwritten_by_who_looked_at_older_ones(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        row = session.get_one(StoredEvaluation, number)
        changes = {
            "summary": " Goed. ",
            "evaluators": ["Anna"],
            "reviewer": "",
            "technologies": ["HTML"],
            "made_on": date(2027, 1, 1),
        }
        assert change_details(session, row, 1, changes, NOW)
        assert not change_details(session, row, 1, {"summary": "Slecht."}, NOW)
        with pytest.raises(EvaluationError, match="longer"):
            change_details(session, row, 2, {"summary": "x" * 10_001}, NOW)
        told = load_evaluation(session, row)
    assert (told.summary, told.evaluators, told.technologies, told.on) == ("Goed.", ("Anna",), ("HTML",), date(2027, 1, 1))


def test_a_retest_asks_again_only_for_what_failed(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        row = session.get_one(StoredEvaluation, number)
        with pytest.raises(EvaluationError, match="Nothing failed"):
            retest(session, row, NOW)
        save_assessment(session, number, said(1, description="Foto."), NOW)
        save_assessment(session, number, said(2, Outcome.PASSED), NOW)
        save_assessment(session, number, Assessment("1.4.3", WHOLE_SAMPLE, "Bram", Outcome.PASSED), NOW)
        again = retest(session, row, NOW)
        told = load_evaluation(session, again)
    assert (told.kind, told.retested) == (EvaluationKind.RETEST, ("1.1.1",))
    assert [(one.criterion, one.page, one.outcome, one.description) for one in told.assessments] == [
        ("1.1.1", 1, Outcome.UNTESTED, "Foto."),
        ("1.1.1", 2, Outcome.PASSED, ""),
        ("1.4.3", 0, Outcome.PASSED, ""),
    ]
    assert len(told.sample) == 4


def test_evidence_is_kept_and_only_pictures_are_shown(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        row = session.get_one(StoredEvaluation, number)
        picture = add_evidence(session, row, said(1), "..\\..\\foto.png", b"\x89PNG\r\n\x1a\n...", "kijk", NOW)
        page = add_evidence(session, row, said(1), "x/y.png", b"<script>alert(1)</script>", "", NOW)
        note = add_evidence(session, row, said(1), "", b"", "Met NVDA gehoord.", NOW)
        assert (picture.name, picture.media_type) == ("foto.png", "image/png")
        assert (page.name, page.media_type) == ("y.png", "application/octet-stream")
        assert (note.media_type, note.size) == ("text/plain", 0)
        for content, text in ((b"x" * 5_000_001, ""), (b"", " ")):
            with pytest.raises(EvaluationError):
                add_evidence(session, row, said(1), "a", content, text, NOW)
        assert evidence_by_number(session, number + 1, picture.id) is None
        assert [one.name for one in load_evaluation(session, row).evidence] == ["foto.png", "y.png", ""]


def test_the_machine_s_findings_stand_beside_the_cells(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        told = load_evaluation(session, session.get_one(StoredEvaluation, number))
        run = told.machine.run or 0
        grid = machine_grid(session, told, run)
        assert grid[("1.1.1", 1)] == (1, 0)
        assert ("1.1.1", 2) not in grid
        [found] = machine_findings(session, told, run, "1.1.1", 1)
        assert (found.rule, found.outcome, found.count) == ("image-alternative", Outcome.FAILED, 1)
        assert machine_findings(session, told, run, "1.4.3", 1) == []


def test_an_evaluation_goes_with_all_that_was_said_in_it(made: tuple[Story, int]) -> None:
    story, number = made
    with story.database.session() as session:
        save_assessment(session, number, said(1), NOW)
        remove_evaluation(session, session.get_one(StoredEvaluation, number))
        assert revisions_of_cell(session, number, "1.1.1", 1) == []


def test_every_step_of_a_process_is_in_the_sample_also_what_no_run_has_met(story: Story) -> None:
    story.run(page_tested("/"), page_tested("/melden"), *PAPER)
    steps = ("/", "/melden?", "/melden/gegevens", "https://formulier.example.nl/stap-3")
    seen = tuple(
        StepSeen(StepOutcome.PASSED, url=path if path.startswith("http") else f"{ORIGIN}{path}", title=f"Stap {place}")
        for place, path in enumerate(steps, 1)
    )
    with story.database.session() as session:
        for title, confirmed in (("Melding doen", True), ("Voorstel", False)):
            journey = Journey(title, tuple(JourneyStep(StepKind.OPEN, path) for path in steps), "Een doel", "", "doen", ())
            row = keep_journey(session, story.site_id, journey, "file", NOW, confirmed=confirmed)
            short = WaySeen(Way.KEYBOARD, seen[:2])  # the way that saw the most tells the steps
            keep_walk(session, row, [WaySeen(Way.MOUSE, seen), short], {}, Verdict.COMPLETED, {}, "seed", NOW, NOW)
        site = session.get_one(Site, story.site_id)
        number = new_evaluation(session, site, NOW, evaluators=["Anna"], seed="x").id
        told = load_evaluation(session, session.get_one(StoredEvaluation, number))
    process = {page.url: page for page in told.sample if page.role is SampleRole.PROCESS}
    outside = "https://formulier.example.nl/stap-3"
    assert set(process) == {f"{ORIGIN}/", f"{ORIGIN}/melden", f"{ORIGIN}/melden/gegevens", outside}
    assert [bool(process[url].page_id) for url in (f"{ORIGIN}/melden", f"{ORIGIN}/melden/gegevens", outside)] == [
        True,
        False,
        False,
    ]
    assert process[f"{ORIGIN}/melden/gegevens"].title == "Stap 3"
    assert len({page.url for page in told.sample}) == len(told.sample)
