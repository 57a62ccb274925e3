"""Tasks and tests are kept once: a proposal changes nothing that a person wrote, and a result of a task is stored once a test."""

from __future__ import annotations

from datetime import UTC, datetime

from stored_story import Story

from rules.findability import (
    AnswerOutcome,
    JudgedAnswer,
    ProposalReason,
    ProposedTask,
    QueryKind,
    RightPage,
    SearchTask,
    TaskDetails,
    TaskFigures,
    TaskState,
    TaskVerdict,
)
from rules.run import RunState
from storage.findability import end_test, keep_proposals, keep_result, keep_tasks, refuse, start_test, tasks_of_site
from storage.models import FindabilityResult, FindabilityRun, FindabilityTask, Site
from storage.questions.findability import finished_tests, history_of_task, last_test, lost_and_regained
from storage.sites import remove_site

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGE = RightPage("https://www.example.nl/paspoort")


def task(title: str, *queries: str) -> SearchTask:
    return SearchTask(title, queries or (title,), (PAGE,))


def told(story: Story, *ranks: int | None, verdict: TaskVerdict = TaskVerdict.FOUND) -> None:
    """A test for each rank, of one task."""
    with story.database.session() as session:
        keep_tasks(session, story.site_id, [task("paspoort")], TaskState.CONFIRMED, "file", NOW)
        (stored,) = tasks_of_site(session, story.site_id)
        for rank in ranks:
            run = start_test(session, story.site_id, "", NOW)
            answer = JudgedAnswer("paspoort", QueryKind.AS_WRITTEN, AnswerOutcome.FOUND, rank=rank)
            figures = TaskFigures(1, 0, 0, 0, 0, 0, 0, None)
            for _ in range(2):
                keep_result(session, run, stored.id, verdict, figures, TaskDetails((answer,)))
            end_test(session, run, RunState.FINISHED, "", {}, NOW)


def test_same_list_again_changes_nothing_and_a_proposal_never_does(story: Story) -> None:
    with story.database.session() as session:
        assert keep_tasks(session, story.site_id, [task("a"), task("b")], TaskState.CONFIRMED, "file", NOW) == (2, 0)
        assert keep_tasks(session, story.site_id, [task("a"), task("b", "ander")], TaskState.CONFIRMED, "file", NOW) == (0, 1)
        assert keep_tasks(session, story.site_id, [task("a", "voorstel"), task("c")], TaskState.PROPOSED, "crawl", NOW) == (1, 0)
    with story.database.session() as session:
        stored = {one.title: (one.queries, one.state) for one in tasks_of_site(session, story.site_id)}
    assert stored == {
        "a": (["a"], TaskState.CONFIRMED),
        "b": (["ander"], TaskState.CONFIRMED),
        "c": (["c"], TaskState.PROPOSED),
    }


def test_task_is_lost_where_its_page_leaves_the_first_three(story: Story) -> None:
    told(story, 3, 4)
    with story.database.session() as session:
        lost, regained = lost_and_regained(session, story.site_id)
        assert [(one.before, one.now) for one in lost] == [(3, 4)] and regained == []
        (stored,) = tasks_of_site(session, story.site_id)
        assert [result.rank for _, result in history_of_task(session, stored.id)] == [3, 4]
    told(story, 1)
    with story.database.session() as session:
        lost, regained = lost_and_regained(session, story.site_id)
        assert lost == [] and [(one.before, one.now) for one in regained] == [(3, 1)]


def test_loss_stands_until_the_page_is_found_again(story: Story) -> None:
    told(story, 1, None, None)
    told(story, None, verdict=TaskVerdict.UNTESTED)
    with story.database.session() as session:
        lost, _ = lost_and_regained(session, story.site_id)
        assert [(one.before, one.now, one.since) for one in lost] == [(1, None, NOW)]
    told(story, 2)
    with story.database.session() as session:
        lost, regained = lost_and_regained(session, story.site_id)
        assert lost == [] and [one.now for one in regained] == [2]
    told(story, 2)
    with story.database.session() as session:
        assert lost_and_regained(session, story.site_id) == ([], [])


def test_loss_is_seen_over_a_test_that_could_not_be_asked(story: Story) -> None:
    told(story, 1)
    told(story, None, verdict=TaskVerdict.UNTESTED)
    told(story, 9)
    with story.database.session() as session:
        assert [(one.before, one.now) for one in lost_and_regained(session, story.site_id)[0]] == [(1, 9)]


def test_what_was_refused_is_not_proposed_again_by_its_page_or_its_words(story: Story) -> None:
    def proposals(*queries: str, title: str, path: str) -> ProposedTask:
        return ProposedTask(SearchTask(title, queries, (RightPage(f"https://www.example.nl/{path}"),)), ProposalReason.CLICKED, 9)

    def propose(*tasks: ProposedTask, source: str = "log") -> dict[str, list[str]]:
        with story.database.session() as session:
            keep_proposals(session, story.site_id, tasks, source, NOW)
            return {task.title: task.queries for task in tasks_of_site(session, story.site_id, TaskState.PROPOSED)}

    first = proposals("paspoort", "pas verlengen", title="Paspoort", path="paspoort")
    assert propose(first) == {"Paspoort": ["paspoort", "pas verlengen"]}
    with story.database.session() as session:
        refuse(session, tasks_of_site(session, story.site_id)[0])
    assert propose(first) == {}
    assert propose(proposals("nieuw woord", title="Anders", path="paspoort")) == {}
    assert propose(proposals("paspoorten", "id-kaart", title="Anders", path="id")) == {"Anders": ["id-kaart"]}
    assert propose() == {}  # nobody asks for it any more


def test_proposal_of_a_log_goes_before_one_of_the_site(story: Story) -> None:
    of_site = ProposedTask(SearchTask("Paspoort aanvragen", ("paspoort",), (PAGE,)), ProposalReason.PRODUCT)
    of_log = ProposedTask(SearchTask("Paspoort", ("paspoort",), (PAGE,)), ProposalReason.CLICKED, 120)
    for first, second in ((of_site, of_log), (of_log, of_site)):
        with story.database.session() as session:
            for one in (first, second):
                keep_proposals(session, story.site_id, [one], "log" if one is of_log else "crawl", NOW)
        with story.database.session() as session:
            assert [(task.title, task.people) for task in tasks_of_site(session, story.site_id)] == [("Paspoort", 120)]


def test_what_could_not_be_asked_is_not_lost(story: Story) -> None:
    told(story, 1)
    told(story, None, verdict=TaskVerdict.UNTESTED)
    with story.database.session() as session:
        assert lost_and_regained(session, story.site_id) == ([], [])


def test_test_that_was_left_is_interrupted_by_the_next(story: Story) -> None:
    with story.database.session() as session:
        left = start_test(session, story.site_id, "", NOW)
        start_test(session, story.site_id, "", NOW)
    with story.database.session() as session:
        assert session.get_one(FindabilityRun, left).state == RunState.INTERRUPTED
        assert finished_tests(session, story.site_id) == []
        newest = last_test(session, story.site_id)
        assert newest is not None and newest.state == RunState.RUNNING


def test_site_that_goes_takes_its_tasks_and_tests_with_it(story: Story) -> None:
    told(story, 1, 2)
    with story.database.session() as session:
        remove_site(session, session.get_one(Site, story.site_id))
    with story.database.session() as session:
        assert [session.query(model).count() for model in (FindabilityTask, FindabilityRun, FindabilityResult)] == [0, 0, 0]
