"""What is proposed from a search log: the page that most visits clicked, else the one that says it."""

from __future__ import annotations

from checks.findability.proposals import AskedThing, tasks_of_log
from rules.content_gap import FoundPage
from rules.findability import ProposalReason, RightPage


def page(name: str, title: str = "") -> FoundPage:
    return FoundPage(len(name), f"https://www.example.nl/{name}", title or f"{name.title()} | Gemeente", (), 1.0)


PASSPORT, WASTE, NEWS = page("paspoort"), page("afval"), page("nieuws")


def test_the_page_that_most_visits_clicked_is_right() -> None:
    (one,) = tasks_of_log([AskedThing("paspoort", 80, {PASSPORT: 60, NEWS: 12}, NEWS, "paspoort")], 10)
    assert (one.task.title, one.task.queries, one.task.right) == ("Paspoort", ("paspoort",), (RightPage(PASSPORT.identity),))
    assert (one.reason, one.people, one.task.product) == (ProposalReason.CLICKED, 80, "paspoort")


def test_without_a_dominant_click_the_page_that_says_it() -> None:
    for clicked in ({}, {PASSPORT: 4}, {PASSPORT: 30, NEWS: 30}):  # none, too few, in all directions
        (one,) = tasks_of_log([AskedThing("afval", 80, clicked, WASTE)], 10)
        assert (one.task.right, one.reason) == ((RightPage(WASTE.identity),), ProposalReason.SAID)


def test_what_few_ask_or_no_page_answers_is_not_proposed() -> None:
    assert tasks_of_log([AskedThing("afval", 4, {WASTE: 9}, WASTE), AskedThing("zwembad", 400, {}, None)], 10) == []


def test_words_for_one_page_are_one_task_and_most_people_come_first() -> None:
    things = [
        AskedThing("pas verlengen", 20, {PASSPORT: 9}, None),
        AskedThing("afval", 90, {}, WASTE),
        AskedThing("paspoort", 80, {PASSPORT: 60}, None),
    ]
    found = tasks_of_log(things, 10)
    assert [(one.task.queries, one.people) for one in found] == [(("paspoort", "pas verlengen"), 100), (("afval",), 90)]
    assert len(tasks_of_log(things, 1)) == 1


def test_two_pages_of_one_title_are_two_tasks() -> None:
    other = page("paspoort2", PASSPORT.title)
    things = [AskedThing("paspoort", 80, {PASSPORT: 60}, None), AskedThing("id kaart", 60, {other: 50}, None)]
    assert {one.task.title for one in tasks_of_log(things, 10)} == {"Paspoort", "id kaart"}
