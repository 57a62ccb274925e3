"""What is learned from searches: which belong together, which tasks are proposed, and how many people come for each."""

from __future__ import annotations

from datetime import timedelta

from stored_story import ORIGIN, Story
from test_search_gaps import NOW, bring_in, read_pages, visit

from rules.findability import ProposalReason, RightPage, SearchTask, TaskState
from scheduler.learn_from_searches import learn_from_searches
from storage.findability import keep_tasks, refuse, tasks_of_site
from storage.models import Site
from storage.questions.searches import days_of_logs
from storage.search_clusters import clusters_of_site, grouped
from storage.search_report import report


def write_log(story: Story) -> None:
    with story.database.session() as session:
        rows = []
        for number in range(30):  # thirty days: what is a month is all of it
            at = NOW - timedelta(days=number)
            rows += visit(at, ("paspoort", 3), ("paspoort", "/paspoort"))
            rows += visit(at + timedelta(hours=1), ("grof huishoudelijk afval", 3))
            if number % 3 == 0:
                rows += visit(at + timedelta(hours=2), ("paspoort aanvragen", 3), ("paspoort aanvragen", "/paspoort"))
            if number % 5 == 0:
                rows += visit(at + timedelta(hours=3), ("papsoort", 0))
                rows += visit(at + timedelta(hours=4), ("papegaai", 0))
        bring_in(session, rows)


def test_tasks_are_proposed_by_what_residents_ask_and_click(story: Story) -> None:
    read_pages(story)
    write_log(story)
    learn_from_searches(story.database, 1, NOW)
    with story.database.session() as session:
        found = [(task.title, task.queries, task.people, task.reason) for task in tasks_of_site(session, 1, TaskState.PROPOSED)]
    assert found == [
        ("Grof huishoudelijk afval wegbrengen", ["grof huishoudelijk afval"], 30, ProposalReason.SAID),
        ("Paspoort", ["paspoort"], 46, ProposalReason.CLICKED),  # 30, 10 with what is done with it, 6 misspelt
    ]


def test_what_was_refused_stays_away_and_a_task_of_a_person_is_counted(story: Story) -> None:
    read_pages(story)
    write_log(story)
    learn_from_searches(story.database, 1, NOW)
    with story.database.session() as session:
        refuse(session, tasks_of_site(session, 1)[0])
        task = SearchTask("Reisdocument", ("Paspoort aanvragen",), (RightPage(f"{ORIGIN}/paspoort"),))
        keep_tasks(session, 1, [task], TaskState.CONFIRMED, "person", NOW)
    learn_from_searches(story.database, 1, NOW)
    with story.database.session() as session:
        assert {task.title: (task.state, task.people) for task in tasks_of_site(session, 1)} == {
            "Grof huishoudelijk afval wegbrengen": (TaskState.REFUSED, 30),
            "Reisdocument": (TaskState.CONFIRMED, 46),
        }


def test_lines_of_one_thing_are_added_up(story: Story) -> None:
    read_pages(story)
    write_log(story)
    learn_from_searches(story.database, 1, NOW)
    with story.database.session() as session:
        known = days_of_logs(session, 1)
        assert known is not None
        lines = report(session, session.get_one(Site, 1), *known).queries
        groups = grouped(lines, clusters_of_site(session, 1))
    assert [[line.text for line in group.lines] for group in groups] == [
        ["paspoort", "paspoort aanvragen", "papsoort"],
        ["grof huishoudelijk afval"],
        ["papegaai"],
    ]
    assert sum(group.total.searches for group in groups) == sum(line.searches for line in lines)
    total = groups[0].total
    assert total.zero_results and (total.zero_results.count, total.zero_results.of) == (6, 46)
    assert total.clicked and (total.clicked.count, total.clicked.of) == (40, 46)
