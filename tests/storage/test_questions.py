"""Questions give the numbers that stand in the tables, at the latest run and at an older one."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from rules.observation import BROKEN
from rules.task import PageStatus
from storage.database import Database
from storage.models import (
    Base,
    Blob,
    Finding,
    Link,
    LinkSource,
    Page,
    PageState,
    Request,
    Run,
    RunFigure,
    RunPage,
    RunRule,
    Site,
)
from storage.questions.coverage import reasons
from storage.questions.findings import findings_of_page, findings_of_rule_on_page, snippets
from storage.questions.links import broken, class_counts, dead_per_thousand, links_of_class, links_on_page
from storage.questions.outcomes import outcomes_per_rule
from storage.questions.pages import PageFilter, last_state_of_page, pages_of_site, state_of_page, status_counts
from storage.questions.requests import waiting_requests
from storage.questions.rules import appeared, failures_new_and_gone, fixed, pages_with_rule, rule_history, tallies
from storage.questions.runs import (
    latest_look,
    latest_run,
    number_of_runs,
    progress,
    run_history,
    runs_of_site,
    unfinished_run,
)
from storage.questions.sites import all_sites, site_by_id
from storage.requests import AlreadyAsked, ask

WHEN = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    Base.metadata.create_all(database.engine)
    with database.session() as session:
        _fill(session)
        yield session
    database.close()


def _fill(session: Session) -> None:
    """Two sites. The first has runs 1, 2 and 4 (finished) and 5 (running); run 3 is the other site's."""
    for number in (1, 2):
        session.add(Site(id=number, name=f"Site {number}", start_url="https://a/", origins=[], created_at=WHEN))
    session.flush()
    for number, site, state in [
        (1, 1, "finished"),
        (2, 1, "finished"),
        (3, 2, "finished"),
        (4, 1, "finished"),
        (5, 1, "running"),
    ]:
        started = WHEN + timedelta(days=number)
        session.add(Run(id=number, site_id=site, state=state, started_at=started, heartbeat_at=started, norm="", rule_set="x"))
    session.flush()
    for number, site in [(1, 1), (2, 1), (3, 1), (4, 2)]:
        address = f"https://a/{'50%' if number == 2 else number}"
        session.add(Page(id=number, site_id=site, identity=address, identity_hash=str(number), first_run_id=1))
    session.flush()
    for page, first, closed, status, reason in [
        (1, 1, None, "tested", ""),
        (2, 1, 2, "untested", "timeout"),
        (2, 2, None, "tested", ""),
        (3, 1, 4, "tested", ""),
        (3, 4, 5, "skipped", "robots"),  # run 5 is under way and saw it otherwise
        (3, 5, None, "tested", ""),
        (4, 3, None, "tested", ""),
    ]:
        session.add(
            PageState(page_id=page, first_run_id=first, closed_run_id=closed, status=status, reason=reason, title=f"Page {page}")
        )
    snippet = "<img src=é>"
    session.add(Blob(hash="plain", kind="snippet", compressed=False, content=snippet.encode()))
    session.add(Blob(hash="packed", kind="snippet", compressed=True, content=zlib.compress(snippet.encode())))
    session.flush()
    for page, rule, outcome, first, closed, blob in [
        (1, "alt", "failed", 1, None, "plain"),
        (1, "alt", "failed", 1, 2, "packed"),
        (1, "alt", "cantTell", 2, None, None),
        (1, "contrast", "failed", 1, 5, "packed"),  # closed by the run under way
        (2, "alt", "failed", 2, None, None),
        (2, "advice", "cantTell", 1, None, None),
        (2, "contrast", "failed", 5, None, None),  # found by the run under way
        (3, "contrast", "failed", 1, 4, None),
        (4, "alt", "failed", 3, None, None),
    ]:
        session.add(
            Finding(
                site_id=2 if page == 4 else 1,
                page_id=page,
                fingerprint="f",
                rule=rule,
                rule_version=1,
                outcome=outcome,
                impact="serious",
                engines=[],
                frames=[],
                selector="p",
                snippet_blob=blob,
                message=outcome,
                first_run_id=first,
                closed_run_id=closed,
            )
        )
    for number, site, link_class, first, closed in [
        (1, 1, "dead", 1, None),
        (2, 1, "dead", 1, 4),
        (3, 1, "ok", 4, None),
        (4, 1, "soft-404", 2, 5),
        (5, 1, "not asked", 1, None),
        (6, 2, "dead", 3, None),
    ]:
        session.add(
            Link(
                id=number,
                site_id=site,
                url=f"https://b/{number}",
                url_hash=str(number),
                link_class=link_class,
                first_run_id=first,
                closed_run_id=closed,
            )
        )
    session.flush()
    session.add_all(LinkSource(link_id=1, page_id=page, text=f"on {page}") for page in (1, 1, 2, 3))
    session.add(LinkSource(link_id=4, page_id=None, element="css", via="https://a/style.css"))
    for run, failing in [(1, 3), (2, 2), (4, 2)]:
        session.add(RunFigure(run_id=run, name="pages_with_failure", value=failing))
        session.add(RunRule(run_id=run, rule="alt", rule_version=1, failed=run, failed_pages=1, pages=3))
    for number, step in enumerate(["done", "done", "fetched", "found"]):
        session.add(RunPage(run_id=5, identity=str(number), identity_hash=str(number), url="", step=step))
    session.flush()


ANY = PageFilter()


def test_latest_run_is_the_newest_that_finished(session: Session) -> None:
    assert [site.name for site in all_sites(session)] == ["Site 1", "Site 2"]
    assert site_by_id(session, 9) is None
    latest, running = latest_run(session, 1), unfinished_run(session, 1)
    assert latest is not None and latest.id == 4
    assert running is not None and running.id == 5
    assert unfinished_run(session, 2) is None
    assert latest_run(session, 9) is None
    assert [run.id for run in runs_of_site(session, 1, limit=2)] == [5, 4]
    assert number_of_runs(session, 1) == 4


def test_a_page_looked_at_again_is_not_a_run_over_the_site(session: Session) -> None:
    session.add(Run(id=6, site_id=1, kind="page", state="finished", started_at=WHEN, heartbeat_at=WHEN, norm="", rule_set="x"))
    session.flush()
    whole, look = latest_run(session, 1), latest_look(session, 1)
    assert whole is not None and whole.id == 4
    assert look is not None and look.id == 6
    assert [point.run.id for point in run_history(session, 1)] == [1, 2, 4]


def test_history_is_oldest_first_with_its_figures(session: Session) -> None:
    history = run_history(session, 1)
    assert [(point.run.id, point.figure("pages_with_failure")) for point in history] == [(1, 3), (2, 2), (4, 2)]
    assert history[0].figure("dead_links") is None
    assert [point.run.id for point in run_history(session, 1, limit=2)] == [2, 4]
    assert [(run.id, row.failed if row else None) for run, row in rule_history(session, 1, "alt")] == [
        (1, 1),
        (2, 2),
        (4, 4),
    ]
    assert [row for _, row in rule_history(session, 1, "other")] == [None, None, None]
    assert tallies(session, 4)["alt"].failed == 4


def test_progress_counts_the_frontier(session: Session) -> None:
    counted = progress(session, 5)
    assert (counted.found, counted.fetched, counted.done, counted.total) == (1, 1, 2, 4)
    assert progress(session, 4).total == 0


@pytest.mark.parametrize(
    ("run", "rows"),
    [
        (1, {1: ("tested", 3, 0), 2: ("untested", 0, 0), 3: ("tested", 1, 0)}),
        (2, {1: ("tested", 2, 1), 2: ("tested", 1, 0), 3: ("tested", 1, 0)}),
        (4, {1: ("tested", 2, 1), 2: ("tested", 1, 0), 3: ("skipped", 0, 0)}),
        (5, {1: ("tested", 1, 1), 2: ("tested", 2, 0), 3: ("tested", 0, 0)}),
    ],
)
def test_pages_are_as_they_were_at_the_end_of_a_run(session: Session, run: int, rows: dict[int, tuple[str, int, int]]) -> None:
    found = pages_of_site(session, 1, run, ANY, ["advice"], limit=100, offset=0)
    assert {row.page_id: (row.status, row.failed, row.cannot_tell) for row in found.rows} == rows
    assert found.total == 3
    assert [row.failed for row in found.rows] == sorted((row.failed for row in found.rows), reverse=True)


def test_pages_can_be_chosen_and_come_in_parts(session: Session) -> None:
    def chosen(wanted: PageFilter, limit: int = 100, offset: int = 0) -> tuple[list[int], int]:
        found = pages_of_site(session, 1, 4, wanted, ["advice"], limit, offset)
        return [row.page_id for row in found.rows], found.total

    assert chosen(PageFilter(status=PageStatus.SKIPPED)) == ([3], 1)
    assert chosen(PageFilter(with_failures=True)) == ([1, 2], 2)
    assert chosen(PageFilter(text="PAGE 2")) == ([2], 1)
    assert chosen(PageFilter(text="0%")) == ([2], 1)  # a per cent sign is no wildcard
    assert chosen(PageFilter(text="_")) == ([], 0)
    assert chosen(ANY, limit=1, offset=1) == ([2], 3)
    assert status_counts(session, 1, 4) == {"tested": 2, "skipped": 1}


def test_state_of_a_page_at_a_run(session: Session) -> None:
    assert [state.status if (state := state_of_page(session, 3, run)) else None for run in (1, 2, 4, 5)] == [
        "tested",
        "tested",
        "skipped",
        "tested",
    ]
    assert state_of_page(session, 4, 2) is None
    last = last_state_of_page(session, 3)
    assert last is not None and last.first_run_id == 5


def test_reasons_of_what_was_left_out(session: Session) -> None:
    assert reasons(session, 1, 1) == {"untested": [("timeout", 1)], "skipped": []}
    assert reasons(session, 1, 4) == {"untested": [], "skipped": [("robots", 1)]}


def test_findings_of_a_page_by_rule_and_outcome(session: Session) -> None:
    def found(run: int, per_rule: int = 10) -> dict[tuple[str, str], tuple[int, int]]:
        groups = findings_of_page(session, 1, run, per_rule)
        return {(group.rule, group.outcome): (group.count, len(group.findings)) for group in groups}

    assert found(1) == {("alt", "failed"): (2, 2), ("contrast", "failed"): (1, 1)}
    assert found(1, per_rule=1) == {("alt", "failed"): (2, 1), ("contrast", "failed"): (1, 1)}
    assert found(4) == {("alt", "failed"): (1, 1), ("alt", "cantTell"): (1, 1), ("contrast", "failed"): (1, 1)}
    assert found(5) == {("alt", "failed"): (1, 1), ("alt", "cantTell"): (1, 1)}
    part, total = findings_of_rule_on_page(session, 1, "alt", 2, limit=1, offset=0)
    assert (part[0].outcome, total) == ("failed", 2)


def test_snippets_are_unpacked(session: Session) -> None:
    (group, *_) = findings_of_page(session, 1, 1, 10)
    assert list(snippets(session, group.findings).values()) == ["<img src=é>", "<img src=é>"]


def test_what_went_and_came_with_a_run(session: Session) -> None:
    def changes(found: list) -> list[tuple[str, int, int]]:  # type: ignore[type-arg]
        return [(change.rule, change.findings, change.pages) for change in found]

    assert changes(fixed(session, 1, 2)) == [("alt", 1, 1)]
    assert changes(fixed(session, 1, 4)) == [("contrast", 1, 1)]
    assert changes(appeared(session, 1, 2)) == [("alt", 1, 1)]
    assert changes(appeared(session, 2, 2)) == []


def test_failures_that_came_and_went_by_run(session: Session) -> None:
    assert failures_new_and_gone(session, 1, [1, 2, 4]) == {1: (4, 0), 2: (1, 1), 4: (0, 1)}
    assert failures_new_and_gone(session, 1, []) == {}


def test_findings_that_stayed_open_on_an_untested_page_are_not_counted(session: Session) -> None:
    state = state_of_page(session, 2, 4)
    assert state is not None
    state.status = "untested"
    session.flush()
    assert [row.page_id for row in pages_with_rule(session, 1, "alt", 4, limit=10, offset=0).rows] == [1]
    row = next(row for row in pages_of_site(session, 1, 4, ANY, ["advice"], 10, 0).rows if row.page_id == 2)
    assert (row.failed, row.cannot_tell) == (0, 0)
    assert [row.page_id for row in pages_of_site(session, 1, 4, PageFilter(with_failures=True), [], 10, 0).rows] == [1]


def test_outcomes_are_counted_over_judged_pages(session: Session) -> None:
    for page, outcomes in [(1, '{"alt":"failed","contrast":"passed"}'), (2, '{"alt":"untested"}'), (3, '{"other":"passed"}')]:
        state = state_of_page(session, page, 4)
        assert state is not None
        session.add(Blob(hash=f"o{page}", kind="outcomes", compressed=page == 1, content=_packed(outcomes, page == 1)))
        session.flush()
        state.outcomes_blob = f"o{page}"
    session.flush()
    counts = outcomes_per_rule(session, 1, 4)  # page 3 was skipped
    assert counts == {"alt": {"failed": 1, "untested": 1}, "contrast": {"passed": 1}}


def _packed(text: str, compressed: bool) -> bytes:
    return zlib.compress(text.encode()) if compressed else text.encode()


def test_pages_with_a_rule(session: Session) -> None:
    found = pages_with_rule(session, 1, "alt", 4, limit=10, offset=0)
    assert [(row.page_id, row.title, row.failed, row.cannot_tell) for row in found.rows] == [
        (1, "Page 1", 1, 1),
        (2, "Page 2", 1, 0),
    ]
    assert pages_with_rule(session, 1, "contrast", 1, limit=1, offset=1).total == 2
    assert [row.page_id for row in pages_with_rule(session, 1, "contrast", 1, limit=1, offset=1).rows] == [3]
    assert pages_with_rule(session, 1, "nothing", 4, limit=10, offset=0).rows == []


def test_links_are_counted_by_class_at_a_run(session: Session) -> None:
    assert class_counts(session, 1, 1) == {"dead": 2, "not asked": 1}
    assert class_counts(session, 1, 2) == {"dead": 2, "not asked": 1, "soft-404": 1}
    assert class_counts(session, 1, 4) == {"dead": 1, "not asked": 1, "soft-404": 1, "ok": 1}
    assert broken(class_counts(session, 1, 4)) == 2
    assert dead_per_thousand(class_counts(session, 1, 4)) == pytest.approx(2000 / 3)
    assert dead_per_thousand({"not asked": 4}) is None


def test_links_come_with_their_first_places_and_the_number_of_all(session: Session) -> None:
    dead, soft = links_of_class(session, 1, 4, ("dead", "soft-404"), limit=10, offset=0, places=2)
    assert (dead.link.id, dead.count, [place.text for place in dead.places]) == (1, 4, ["on 1", "on 1"])
    assert (soft.link.id, soft.count) == (4, 1)
    assert (soft.places[0].page_id, soft.places[0].via) == (None, "https://a/style.css")
    on_page = links_on_page(session, 1, 2, 4, BROKEN, limit=10)
    assert [(row.link.id, row.count) for row in on_page] == [(1, 1)]


def test_a_request_waits_once(session: Session) -> None:
    ask(session, 1, "run", {}, "dashboard", WHEN)
    with pytest.raises(AlreadyAsked):
        ask(session, 1, "run", {}, "someone else", WHEN)
    ask(session, 2, "run", {}, "dashboard", WHEN)
    ask(session, 1, "check_page", {"url": "a"}, "dashboard", WHEN)
    ask(session, 1, "check_page", {"url": "b"}, "dashboard", WHEN)
    assert [(one.kind, one.arguments) for one in waiting_requests(session, 1)] == [
        ("run", {}),
        ("check_page", {"url": "a"}),
        ("check_page", {"url": "b"}),
    ]
    session.query(Request).update({Request.state: "done"})
    assert ask(session, 1, "run", {}, "dashboard", WHEN).state == "waiting"


def test_no_question_reads_a_whole_table(session: Session) -> None:
    """The lists of a site and of a page read indexes, however many other sites and older runs there are."""
    asked: list[tuple[str, Any]] = []
    event.listen(
        session.get_bind(),
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: asked.append((statement, values)),
    )
    pages_of_site(session, 1, 4, PageFilter(with_failures=True), ["advice"], 100, 0)
    findings_of_page(session, 1, 4, 10)
    pages_with_rule(session, 1, "alt", 4, 100, 0)
    links_of_class(session, 1, 4, ("dead",), 100, 0, 5)
    class_counts(session, 1, 4)
    reasons(session, 1, 4)
    fixed(session, 1, 4)
    questions = list(asked)
    steps = [
        row.detail
        for statement, values in questions
        for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    ]
    assert len(questions) > 7 and steps
    assert not [step for step in steps if step.startswith(("SCAN finding", "SCAN page_state", "SCAN link"))]
