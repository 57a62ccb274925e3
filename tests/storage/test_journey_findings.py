"""What is found at a step of a journey stands in the one worklist, with its step; no look at the page alone closes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from stored_story import ORIGIN, Story, failure, page_tested

from rules.finding import Finding as JudgedFinding
from rules.journey import Journey, JourneyStep, StepKind, Way
from storage.journey_findings import STATE, JudgedState, findings_at_steps, keep_state_findings, steps_of_findings
from storage.journeys import journey_of_site, keep_journey, remove_journey
from storage.models import LOADED, Cluster

NOW = datetime(2026, 11, 23, tzinfo=UTC)
RAN = frozenset({"image-alternative", "link-name"})
ON_PAGE, IN_MENU = failure(name="kop"), failure(name="menu")
JPEG = b"\xff\xd8a picture"


def state(step: int, *findings: JudgedFinding, way: Way = Way.MOUSE, path: str = "/a", ran: frozenset[str] = RAN) -> JudgedState:
    return JudgedState(way, step, f"{ORIGIN}{path}", findings, ran, {len(findings) - 1: JPEG} if findings else {})


@pytest.fixture
def journey(story: Story) -> int:
    with story.database.session() as session:
        steps = (JourneyStep(StepKind.OPEN, "/a"), JourneyStep(StepKind.CLICK, "Menu"), JourneyStep(StepKind.EXPECT, "Afval"))
        return keep_journey(session, story.site_id, Journey("Afval melden", steps), "file", NOW).id


def walk(story: Story, journey: int, *states: JudgedState) -> None:
    with story.database.session() as session:
        row = journey_of_site(session, story.site_id, journey)
        assert row is not None
        keep_state_findings(session, row, states)


def open_findings(story: Story) -> dict[str, str]:
    """The state of what is open, by the selector of its element."""
    return {one.selector: one.state for one in story.findings() if one.closed_run_id is None}


def test_finding_carries_its_step_and_stands_with_its_like(story: Story, journey: int) -> None:
    run, _ = story.run(page_tested("/a", ON_PAGE))
    walk(story, journey, state(0, ON_PAGE), state(1, ON_PAGE, IN_MENU), state(1, IN_MENU, way=Way.KEYBOARD))
    assert open_findings(story) == {"img.kop": LOADED, "img.menu": STATE}  # what stands there anyway is one finding
    with story.database.session() as session:
        at_step = next(one for one in story.findings() if one.state == STATE)
        told = steps_of_findings(session, [one.id for one in story.findings()])
        assert [(one.title, one.step, one.ways) for one in told[at_step.id]] == [("Afval melden", 2, (Way.MOUSE, Way.KEYBOARD))]
        assert [one.id for one in findings_at_steps(session, journey, 5)[Way.MOUSE, 1]] == [one.id for one in story.findings()]
        cluster = session.get_one(Cluster, at_step.cluster_id)
        assert cluster.rule == "image-alternative" and cluster.picture_blob
    (cause,) = story.causes(run)
    assert (cause.failed, cause.pages) == (2, 1)


def test_no_look_at_the_page_closes_what_only_a_walk_meets(story: Story, journey: int) -> None:
    story.run(page_tested("/a", ON_PAGE))
    walk(story, journey, state(1, ON_PAGE, IN_MENU))
    story.run(page_tested("/a"), again=[page_tested("/a")])
    assert open_findings(story) == {"img.menu": STATE}
    assert [one.outcome for one in story.findings() if one.closed_run_id is None] == ["failed"]


def test_walk_that_comes_by_and_does_not_meet_it_closes_it(story: Story, journey: int) -> None:
    story.run(page_tested("/a"))
    walk(story, journey, state(1, IN_MENU))
    walk(story, journey)  # it broke before that step: nothing is known
    walk(story, journey, state(1, ran=frozenset({"link-name"})))  # the engine of that rule failed
    walk(story, journey, state(1, IN_MENU), state(1, ran=frozenset({"journey-entry-lost"})))  # looked at, and measured
    assert open_findings(story) == {"img.menu": STATE}
    second, _ = story.run(page_tested("/a"))
    walk(story, journey, state(1, IN_MENU))
    assert [one.confirmation for one in story.findings()] == ["confirmed"]  # another walk met it again
    walk(story, journey, state(1))
    assert [one.closed_run_id for one in story.findings()] == [second]


def test_state_at_an_address_that_no_run_knows_belongs_to_the_page_before_it(story: Story, journey: int) -> None:
    story.run(page_tested("/a"))
    walk(story, journey, state(0), state(1, IN_MENU, path="/a/stap-2"))
    assert [(one.page_id, one.state) for one in story.findings()] == [(1, STATE)]


def test_site_without_a_finished_run_has_no_worklist_yet(story: Story, journey: int) -> None:
    walk(story, journey, state(1, IN_MENU))
    assert story.findings() == []


def test_what_only_a_journey_met_goes_with_it(story: Story, journey: int) -> None:
    story.run(page_tested("/a", ON_PAGE))
    walk(story, journey, state(1, ON_PAGE, IN_MENU))
    with story.database.session() as session:
        row = journey_of_site(session, story.site_id, journey)
        assert row is not None
        remove_journey(session, row)
    assert open_findings(story) == {"img.kop": LOADED}
