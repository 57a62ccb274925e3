"""Causes keep their number from run to run, and a second look decides what is told."""

from __future__ import annotations

from stored_story import Story, failure, page_tested

from rules.cause import CauseKind
from storage.clusters import pages_to_see_again
from storage.models import Run
from storage.report import report_of_run

PATHS = ("/", "/a", "/b", "/c")


def test_the_same_component_on_many_pages_is_one_cause(story: Story) -> None:
    run_id, _ = story.run(*(page_tested(path, failure()) for path in PATHS))
    assert [(cause.kind, cause.failed, cause.pages) for cause in story.causes(run_id)] == [(CauseKind.COMPONENT, 4, 4)]


def test_a_cause_keeps_its_number(story: Story) -> None:
    first, _ = story.run(*(page_tested(path, failure()) for path in PATHS))
    second, _ = story.run(*(page_tested(path, failure()) for path in (*PATHS, "/new")))
    assert [cause.id for cause in story.causes(first)] == [cause.id for cause in story.causes(second)]


def test_a_failure_that_is_met_again_is_confirmed_with_its_whole_cause(story: Story) -> None:
    pages = [page_tested(path, failure()) for path in PATHS]
    story.run(*pages, again=pages[:1])
    assert {finding.confirmation for finding in story.open_findings()} == {"confirmed"}


def test_a_failure_that_is_not_met_again_is_unstable_and_only_asks(story: Story) -> None:
    run_id, _ = story.run(page_tested("/", failure()), again=[page_tested("/")])
    (finding,) = story.open_findings()
    assert (finding.outcome, finding.confirmation) == ("cantTell", "unstable")
    with story.database.session() as session:
        report = report_of_run(session, session.get_one(Run, run_id), {})
    assert report["pages"][0]["criteria"]["1.1.1"] == "cantTell"


def test_what_comes_and_goes_on_one_page_says_nothing_of_another(story: Story) -> None:
    pages = [page_tested("/", failure(name="een")), page_tested("/a", failure(name="twee"))]
    story.run(*pages, again=[page_tested("/")])
    assert [(finding.outcome, finding.confirmation) for finding in story.open_findings()] == [
        ("cantTell", "unstable"),
        ("failed", None),
    ]


def test_what_stays_unstable_stays_one_finding(story: Story) -> None:
    story.run(page_tested("/", failure()), again=[page_tested("/")])
    story.run(page_tested("/", failure()), again=[page_tested("/")])
    assert len(story.findings()) == 1


def test_an_unstable_failure_that_is_met_twice_fails_after_all(story: Story) -> None:
    page = page_tested("/", failure())
    story.run(page, again=[page_tested("/")])
    story.run(page, again=[page])
    (finding,) = story.open_findings()
    assert (finding.outcome, finding.confirmation) == ("failed", "confirmed")


def test_a_second_look_whose_rule_did_not_run_says_nothing(story: Story) -> None:
    story.run(page_tested("/", failure()), again=[page_tested("/", untested_rules=["image-alternative"])])
    (finding,) = story.open_findings()
    assert (finding.outcome, finding.confirmation) == ("failed", None)


def test_a_confirmed_cause_is_not_looked_at_again(story: Story) -> None:
    page = page_tested("/", failure())
    story.run(page, again=[page])
    run_id, _ = story.run(page)
    with story.database.session() as session:
        assert pages_to_see_again(session, story.site_id, run_id, 100) == []
