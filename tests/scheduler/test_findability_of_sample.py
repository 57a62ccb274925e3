"""The tasks that are planted in the sample site get their known verdicts; what is lost between two tests is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sites.hostile import page
from sites.hostile import serve as serve_pages
from sites.searches import searched

from rules.findability import AnswerOutcome, QueryKind, TaskState, TaskVerdict
from rules.run import RunState
from rules.site import Scope
from rules.task_file import read_tasks
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from scheduler.test_findability import FindabilityOutcome, FindabilityTest, NothingToTest, propose_tasks
from storage.database import Database
from storage.findability import keep_tasks, search_of_site, task_of_site, tasks_of_site
from storage.models import FindabilityResult, Site
from storage.questions.findability import finished_tests, lost_and_regained, results_of_test
from storage.sites import add_site
from vierluik.demo import TASKS
from vierluik.sample_site import SampleServer, serve

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("findability")]
SETTINGS = RunSettings(engines=("vierluik",), confirms=False, seconds_before_second_look=1.0, offline=True)


@dataclass
class Watched:
    """The sample site with its tasks, after a run over it and a test."""

    database: Database
    site: Site
    server: SampleServer
    tested: FindabilityOutcome

    def test(self, *engines: str) -> FindabilityOutcome:
        settings = replace(SETTINGS, engines=(*SETTINGS.engines, *engines))
        return asyncio.run(FindabilityTest(self.database, self.site, settings).run())

    def results(self, tested: FindabilityOutcome) -> dict[str, FindabilityResult]:
        with self.database.session() as session:
            titles = {task.id: task.title for task in tasks_of_site(session, self.site.id)}
            return {titles[number]: result for number, result in results_of_test(session, tested.run_id).items()}


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('findability') / 'vierluik.db'}")
    database.migrate()
    now = datetime.now(UTC)
    with serve("2") as server:
        with database.session() as session:
            site = add_site(session, "Voorbeeldstad", f"{server.url}/", Scope((server.url,)), now)
            keep_tasks(session, site.id, read_tasks(TASKS.read_bytes(), site.start_url), TaskState.CONFIRMED, "file", now)
        asyncio.run(SiteRun(database, site, SETTINGS).run())
        watched = Watched(database, site, server, FindabilityOutcome(0, RunState.RUNNING))
        watched.tested = watched.test()
        yield watched
    database.close()


def test_planted_tasks_get_their_verdicts(watched: Watched) -> None:
    results = watched.results(watched.tested)
    assert {title: (result.verdict, result.rank) for title, result in results.items()} == {
        "Paspoort aanvragen": (TaskVerdict.FOUND, 1),
        "Grofvuil laten ophalen": (TaskVerdict.FOUND, 1),
        "Terras neerzetten": (TaskVerdict.WRONG_WORDS, 7),
        "Container aanvragen": (TaskVerdict.WRONG_WORDS, None),
        "Kerstboom inleveren": (TaskVerdict.SEARCH_BROKEN, None),
        "Vragenlijst binnenstad lezen": (TaskVerdict.HIDDEN, 1),
        "Zwemles aanvragen": (TaskVerdict.CONTENT_MISSING, None),
    }
    words = [
        (one["query"], one["outcome"]) for one in results["Container aanvragen"].details["answers"] if one["kind"] == "as-written"
    ]
    assert words == [("vuilnisbak", AnswerOutcome.NO_RESULTS), ("kliko", AnswerOutcome.FOUND)]


def test_way_without_search_is_told_of_each_page(watched: Watched) -> None:
    results = watched.results(watched.tested)
    passport = results["Paspoort aanvragen"].details["ways"][0]
    assert 1 <= len(passport["shortest"]) <= 3
    assert passport["arrives"]
    survey = results["Vragenlijst binnenstad lezen"].details["ways"][0]
    assert survey["shortest"] is None and survey["only_in_sitemap"]


def test_search_was_learned_and_waits_for_a_person(watched: Watched) -> None:
    with watched.database.session() as session:
        search = search_of_site(session, watched.site.id)
        assert search is not None and search.state == TaskState.PROPOSED
        assert search.settings["template"] == f"{watched.server.url}/zoeken?q={{query}}"
        assert search.example["results"]


def test_variants_are_scored_apart(watched: Watched) -> None:
    result = watched.results(watched.tested)["Paspoort aanvragen"]
    kinds = {one["kind"] for one in result.details["answers"]}
    assert {QueryKind.TYPING_ERROR, QueryKind.INFLECTION} <= kinds
    assert result.figures["queries"] == 2
    assert 0 < result.figures["forgiven"] < 1


def test_task_that_is_lost_is_told(watched: Watched) -> None:
    with watched.database.session() as session:
        task = next(one for one in tasks_of_site(session, watched.site.id) if one.title == "Paspoort aanvragen")
        before = list(task.queries)
        task.queries = ["reispapier"]
    tested = watched.test()
    with watched.database.session() as session:
        lost, regained = lost_and_regained(session, watched.site.id)
        assert [(one.task.title, one.before, one.now) for one in lost] == [("Paspoort aanvragen", 1, None)]
        assert regained == []
        assert len(finished_tests(session, watched.site.id)) == 2
        stored = task_of_site(session, watched.site.id, task.id)
        assert stored is not None
        stored.queries = before
    assert tested.state is RunState.FINISHED


def test_products_are_proposed_and_change_nothing_that_is_confirmed(watched: Watched) -> None:
    assert propose_tasks(watched.database, watched.site, datetime.now(UTC)) > 10
    assert propose_tasks(watched.database, watched.site, datetime.now(UTC)) == 0
    with watched.database.session() as session:
        tasks = {task.title: task for task in tasks_of_site(session, watched.site.id)}
        assert tasks["Paspoort aanvragen"].state == TaskState.CONFIRMED
        assert tasks["Rijbewijs aanvragen of verlengen"].state == TaskState.PROPOSED
        assert tasks["Rijbewijs aanvragen of verlengen"].grades == {f"{watched.server.url}/producten/rijbewijs": 3}


def test_result_page_that_keeps_people_out_is_a_barrier(watched: Watched) -> None:
    watched.server.edition = "1"
    with watched.database.session() as session:
        for task in tasks_of_site(session, watched.site.id):
            if task.title != "Grofvuil laten ophalen":
                task.state = TaskState.PROPOSED
    result = watched.results(watched.test("axe"))["Grofvuil laten ophalen"]
    assert result.verdict == TaskVerdict.BARRIER
    assert "form-field-name" in {one["rule"] for one in result.details["barriers"] if "/zoeken?q=" in one["url"]}


def test_content_is_missing_only_where_no_page_of_the_site_says_it(watched: Watched) -> None:
    watched.server.edition = "2"
    tasks = b"taak;zoekwoorden;pagina\nRijbewijs;rijbewijs;/producten/rijbewijs-oud\nZwembad;zwemles;/producten/zwembad"
    with watched.database.session() as session:
        for task in tasks_of_site(session, watched.site.id):
            task.state = TaskState.REFUSED
        keep_tasks(
            session, watched.site.id, read_tasks(tasks, watched.site.start_url), TaskState.CONFIRMED, "file", datetime.now(UTC)
        )
    results = watched.results(watched.test())
    assert results["Zwembad"].verdict == TaskVerdict.CONTENT_MISSING and not results["Zwembad"].details["instead"]
    assert results["Rijbewijs"].details["instead"] == f"{watched.server.url}/producten/rijbewijs"
    assert results["Rijbewijs"].verdict in (TaskVerdict.FOUND, TaskVerdict.BARRIER) and results["Rijbewijs"].rank == 1


def test_site_without_tasks_or_without_search_says_so(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    now = datetime.now(UTC)
    with serve_pages({"/": page()}) as served:
        with database.session() as session:
            site = add_site(session, "Leeg", f"{served.url}/", Scope((served.url,)), now)
        with pytest.raises(NothingToTest, match="vierluik import tasks"):
            asyncio.run(FindabilityTest(database, site, SETTINGS).run())
        with database.session() as session:
            tasks = read_tasks(b"taak;zoekwoorden;pagina\nx;x;/", site.start_url)
            keep_tasks(session, site.id, tasks, TaskState.CONFIRMED, "file", now)
        tested = asyncio.run(FindabilityTest(database, site, SETTINGS).run())
    assert (tested.state, tested.reason) == (RunState.FAILED, "search-form-unknown")
    database.close()


def test_result_that_leads_there_by_way_of_another_address_is_the_page(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    now = datetime.now(UTC)
    with searched("counted") as served:
        with database.session() as session:
            site = add_site(session, "Geteld", f"{served.url}/", Scope((served.url,)), now)
            tasks = read_tasks(b"taak;zoekwoorden;pagina\nSpoed;paspoort;/burgerzaken/spoed", site.start_url)
            keep_tasks(session, site.id, tasks, TaskState.CONFIRMED, "file", now)
        tested = asyncio.run(FindabilityTest(database, site, SETTINGS).run())
        with database.session() as session:
            (result,) = results_of_test(session, tested.run_id).values()
    assert (result.verdict, result.rank) == (TaskVerdict.FOUND, 3)
    assert "/klik?naar=" in result.details["answers"][0]["first"][0]["url"]
    database.close()
