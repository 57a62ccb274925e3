"""What stays the same writes nothing; what changes closes one interval and opens another; what was not seen stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from stored_story import ORIGIN, Story, failure, page_tested, page_untested, rows

from rules.observation import LinkClass
from rules.outcome import Impact
from rules.site import Scope
from storage.models import Link, Run, RunFigure
from storage.report import report_of_run
from storage.sites import add_site

KEEPS_GROWING = {"run", "run_figure", "run_rule", "page_check"}  # the last: two numbers for each page that was tested


def figure(story: Story, run_id: int, name: str) -> float:
    with story.database.session() as session:
        return session.get_one(RunFigure, (run_id, name)).value


def pages_of(story: Story, run_id: int) -> dict[str, list[str]]:
    """What the report of a run says: the rules with findings, by path."""
    with story.database.session() as session:
        report = report_of_run(session, session.get_one(Run, run_id), {"name": "Vierluik", "version": "0"})
    return {page["url"].removeprefix(ORIGIN): [one["rule"] for one in page["findings"]] for page in report["pages"]}


def test_a_run_with_the_same_results_writes_no_new_rows(story: Story) -> None:
    pages = (page_tested("/", failure()), page_tested("/a"), page_untested("/b"))
    links = {f"{ORIGIN}/c": LinkClass.OK, f"{ORIGIN}/d": LinkClass.DEAD}
    story.run(*pages, skipped={"/e": "robots"}, links=links)
    before = rows(story.database)
    second, _ = story.run(*pages, skipped={"/e": "robots"}, links=links)
    after = rows(story.database)
    assert {name: count for name, count in after.items() if count != before[name]}.keys() <= KEEPS_GROWING
    assert figure(story, second, "new_findings") == figure(story, second, "closed_findings") == 0


def test_a_finding_that_is_gone_is_closed_by_the_run_that_saw_it_gone(story: Story) -> None:
    first, _ = story.run(page_tested("/", failure()))
    second, _ = story.run(page_tested("/"))
    [finding] = story.findings()
    assert (finding.first_run_id, finding.closed_run_id) == (first, second)
    assert pages_of(story, first) == {"/": ["image-alternative"]}
    assert pages_of(story, second) == {"/": []}
    assert figure(story, second, "closed_findings") == 1


def test_a_finding_that_changes_closes_and_opens(story: Story) -> None:
    story.run(page_tested("/", failure(impact=Impact.SERIOUS)))
    second, _ = story.run(page_tested("/", failure(impact=Impact.CRITICAL)))
    old, new = story.findings()
    assert old.fingerprint == new.fingerprint
    assert (old.impact, old.closed_run_id) == ("serious", second)
    assert (new.impact, new.first_run_id, new.closed_run_id) == ("critical", second, None)


def test_a_finding_that_comes_back_gets_an_interval_of_its_own(story: Story) -> None:
    story.run(page_tested("/", failure()))
    second, _ = story.run(page_tested("/"))
    third, _ = story.run(page_tested("/", failure()))
    old, new = story.findings()
    assert old.fingerprint == new.fingerprint
    assert old.closed_run_id == second
    assert (new.first_run_id, new.closed_run_id) == (third, None)


def test_a_rule_that_is_untested_never_closes_a_finding(story: Story) -> None:
    story.run(page_tested("/", failure("link-name"), failure()))
    second, _ = story.run(page_tested("/", untested_rules=["image-alternative"]))
    assert [finding.rule for finding in story.open_findings()] == ["image-alternative"]
    assert figure(story, second, "closed_findings") == 1


def test_what_a_deep_audit_found_is_closed_by_a_deep_audit_only(story: Story) -> None:
    story.run(page_tested("/", failure(engine="alfa"), failure(name="axe")))
    nightly = replace(page_tested("/"), engines=frozenset({"axe", "vierluik"}))
    story.run(nightly)
    assert [row.engines for row in story.open_findings()] == [["alfa"]]
    story.run(replace(nightly, engines=frozenset({"axe", "alfa"})))
    assert story.open_findings() == []


def test_a_page_that_is_untested_keeps_its_findings(story: Story) -> None:
    story.run(page_tested("/", failure()))
    second, coverage = story.run(page_untested("/"))
    assert len(story.open_findings()) == 1
    assert coverage.untested == 1
    assert pages_of(story, second) == {"/": []}
    third, _ = story.run(page_tested("/", failure()))
    assert len(story.findings()) == 1
    assert pages_of(story, third) == {"/": ["image-alternative"]}


def test_a_page_that_is_not_met_by_a_whole_walk_is_closed_with_its_findings(story: Story) -> None:
    story.run(page_tested("/"), page_tested("/weg", failure()))
    second, _ = story.run(page_tested("/"))
    assert story.open_findings() == []
    assert pages_of(story, second).keys() == {"/"}


def test_a_page_that_is_not_met_by_a_walk_cut_short_keeps_its_findings(story: Story) -> None:
    story.run(page_tested("/"), page_tested("/verderop", failure()))
    second, coverage = story.run(page_tested("/"), complete=False)
    assert len(story.open_findings()) == 1
    assert [state.closed_run_id for state in story.states()] == [None, second]
    assert coverage.found == 1
    assert figure(story, second, "failed_findings") == 0


def test_storing_a_page_twice_in_one_run_is_storing_it_once(story: Story) -> None:
    page = page_tested("/", failure())
    run, coverage = story.run(page, page)
    assert len(story.findings()) == len(story.states()) == coverage.found == 1
    assert figure(story, run, "new_findings") == 1


def test_equal_elements_are_counted_one_by_one(story: Story) -> None:
    story.run(page_tested("/", failure(), failure(), failure()))
    second, _ = story.run(page_tested("/", failure(), failure()))
    assert len(story.open_findings()) == 2
    assert figure(story, second, "closed_findings") == 1
    assert figure(story, second, "new_findings") == 0


@pytest.mark.parametrize(("complete", "left"), [(True, 1), (False, 2)])
def test_a_link_that_is_not_met_is_closed_only_by_a_whole_walk(story: Story, complete: bool, left: int) -> None:
    story.run(page_tested("/"), links={f"{ORIGIN}/a": LinkClass.OK, f"{ORIGIN}/b": LinkClass.OK})
    story.run(page_tested("/"), links={f"{ORIGIN}/a": LinkClass.OK}, complete=complete)
    with story.database.session() as session:
        assert len(session.scalars(select(Link).where(Link.closed_run_id.is_(None))).all()) == left


def test_a_link_that_dies_closes_and_opens(story: Story) -> None:
    story.run(page_tested("/"), links={f"{ORIGIN}/a": LinkClass.OK})
    second, _ = story.run(page_tested("/"), links={f"{ORIGIN}/a": LinkClass.DEAD})
    with story.database.session() as session:
        old, new = session.scalars(select(Link).order_by(Link.id))
    assert (old.link_class, old.closed_run_id) == ("ok", second)
    assert (new.link_class, new.first_run_id) == ("dead", second)
    assert figure(story, second, "dead_links") == 1


def test_a_title_may_hold_any_character(story: Story) -> None:
    odd = replace(page_tested("/"), title="a\x00b 🏛 \u202e", language="\x00")
    story.run(odd)
    story.run(odd)
    [state] = story.states()
    assert state.title == "a\N{REPLACEMENT CHARACTER}b 🏛 \u202e"


def test_two_sites_keep_apart(story: Story) -> None:
    with story.database.session() as session:
        other = Story(story.database, add_site(session, "Ander", f"{ORIGIN}/", Scope((ORIGIN,)), datetime.now(UTC)).id)
    story.run(page_tested("/", failure()))
    other.run(page_tested("/"))
    assert len(story.open_findings()) == 1
