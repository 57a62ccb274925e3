"""What the pages of a run say of one another is stored as findings that appear, stay, close and open again like all others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from checks.links.sample.broken import Answers
from checks.sample import Sample
from rules.norm import norms
from rules.observation import LinkClass, PageLink
from rules.outcome import Outcome
from rules.rule import catalogue
from rules.site import Scope
from rules.task import PageResult, PageStatus
from scheduler.check_targets import compared
from scheduler.compare_pages import compare_pages
from scheduler.run_settings import RunSettings
from scheduler.second_look import SecondLook
from storage import runs
from storage.clusters import apply_verdicts, find_causes, pages_to_see_again, store_second_look
from storage.database import Database
from storage.lost_links import found_broken
from storage.models import Finding, Page, PageState, Run, RunFigure, RunRule, Site
from storage.outcome_lists import get_outcomes
from storage.questions.clusters import causes_of_run
from storage.results import store_page
from storage.sites import add_site

ORIGIN = "https://www.example.nl"
NORM = norms()["en301549-4.1.1"]
MADE_WITH = runs.RunMadeWith(norm=NORM.id, rule_set="0" * 64)
MENU, TURNED = ("Nieuws", "Producten", "Bestuur", "Contact"), ("Contact", "Nieuws", "Producten", "Bestuur")
PATHS = ("/", "/a", "/b", "/c", "/d")
PLACE = {"selector": "nav", "path": "html > body > nav", "html": "<nav>"}


def page_tested(path: str, menu: Iterable[str] = MENU) -> PageResult:
    """A page with a menu, as the browsers bring it."""
    items = [[f"/{name}", name, f"/{name}", 1] for name in menu]
    block = {"kind": "navigation", "region": "header", "side": "before", "name": "", "hint": "", "element": PLACE, "items": items}
    facts: dict[str, Any] = {
        "language": "nl",
        "title": path,
        "titleElement": PLACE,
        "root": {**PLACE, "path": "html"},
        "heading": path,
        "canonical": "",
        "content": [len(path)],
        "form": False,
        "blocks": [block],
        "searches": [],
        "controls": [],
    }
    return PageResult(
        f"{ORIGIN}{path}",
        PageStatus.TESTED,
        title=path,
        language="nl",
        outcomes={"page-title": Outcome.PASSED},
        links=tuple(PageLink(f"{ORIGIN}{other}", other) for other in PATHS),
        sample=facts,
    )


def page_untested(path: str) -> PageResult:
    return PageResult(f"{ORIGIN}{path}", PageStatus.UNTESTED, "load-timeout")


def page_without_facts(path: str) -> PageResult:
    """A page on which our own checks stopped, or did not look."""
    return replace(page_tested(path), sample=None)


def page_linking_to(path: str, *others: str) -> PageResult:
    return replace(page_tested(path), links=tuple(PageLink(f"{ORIGIN}{other}", other) for other in others))


@dataclass
class Watched:
    """A site, and the runs over it."""

    database: Database
    site: Site

    def run(
        self,
        *pages: PageResult,
        complete: bool = True,
        killed_after: int = 0,
        again: PageResult | None = None,
        links: Mapping[str, LinkClass] | None = None,
        later: timedelta = timedelta(0),
    ) -> int:
        """One run; `killed_after` so many pages its process was gone, and another took it up. `again`: a second look.

        `links`: what addresses came to, by their paths.
        """
        with self.database.session() as session:
            run = runs.start_run(session, self.site.id, MADE_WITH, "here:1", "", datetime.now(UTC) + later)
            number = run.id
        for done, result in enumerate(pages, start=1):
            with self.database.session() as session:
                runs.add_found(session, number, [(result.url, result.url, 1)])
                store_page(session, self.site.id, number, result.url, result, runs.FetchFacts(result.url, 1))
            if done == killed_after:
                with self.database.session() as session:
                    runs.interrupt_run(session, number, "process-gone", datetime.now(UTC), process="here:1")
                    runs.continue_run(session, session.get_one(Run, number), "here:2", datetime.now(UTC))
        with self.database.session() as session:
            before = found_broken(session, self.site.id, number)
        answers = Answers({f"{ORIGIN}{path}": kind for path, kind in (links or {}).items()}, before)
        sample = asyncio.run(compare_pages(self.database, self.site, number, NORM, complete=complete, moved={}, answers=answers))
        if again:
            self._look_again(number, again, sample)
        with self.database.session() as session:
            find_causes(session, self.site.id, number)
            runs.finish_run(session, session.get_one(Run, number), complete=complete, documents=0, now=datetime.now(UTC))
        return number

    def _look_again(self, run: int, result: PageResult, sample: Sample) -> None:
        second = SecondLook(self.database, self.site, RunSettings(), run, sample)
        with self.database.session() as session:
            find_causes(session, self.site.id, run)
            [page] = pages_to_see_again(session, self.site.id, run, 10)
            store_second_look(session, page, second.compared(page, result))
            apply_verdicts(session, self.site.id)

    def findings(self, rule: str = "navigation-order") -> list[tuple[str, str, int, int | None]]:
        """Every interval of a rule: page, outcome, first and closing run."""
        query = (
            select(Page.identity, Finding.outcome, Finding.first_run_id, Finding.closed_run_id)
            .join(Finding, Finding.page_id == Page.id)
            .where(Finding.rule == rule)
            .order_by(Finding.id)
        )
        with self.database.session() as session:
            rows = session.execute(query).all()
        return [(address.removeprefix(ORIGIN), outcome, first, closed) for address, outcome, first, closed in rows]

    def outcome(self, path: str, run: int) -> str | None:
        """What the rule about menus said of a page in a run."""
        query = (
            select(PageState.outcomes_blob)
            .join(Page)
            .where(Page.identity == f"{ORIGIN}{path}", PageState.first_run_id <= run)
            .where(PageState.closed_run_id.is_(None) | (PageState.closed_run_id > run))
        )
        with self.database.session() as session:
            return get_outcomes(session, session.scalar(query)).get("navigation-order")

    def states(self) -> int:
        with self.database.session() as session:
            return session.scalar(select(func.count()).select_from(PageState)) or 0


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "example", f"{ORIGIN}/", Scope((ORIGIN,)), datetime.now(UTC))
    yield Watched(database, site)
    database.close()


GOOD = [page_tested(path) for path in PATHS]
FAULTY = [*GOOD[:-1], page_tested("/d", TURNED)]


def test_a_failure_appears_closes_when_mended_and_opens_again(watched: Watched) -> None:
    first, second, third = watched.run(*FAULTY), watched.run(*GOOD), watched.run(*FAULTY)
    assert watched.findings() == [("/d", "failed", first, second), ("/d", "failed", third, None)]
    assert [watched.outcome("/d", run) for run in (first, second, third)] == ["failed", "passed", "failed"]
    assert [watched.outcome("/a", run) for run in (first, second, third)] == ["passed"] * 3


def test_a_failure_stays_one_while_it_lasts_and_writes_nothing(watched: Watched) -> None:
    first = watched.run(*FAULTY)
    states = watched.states()
    watched.run(*FAULTY)
    assert watched.findings() == [("/d", "failed", first, None)]
    assert watched.states() == states


@pytest.mark.parametrize(
    ("pages", "complete"),
    [
        ([*GOOD[:2], page_untested("/b"), *GOOD[3:]], True),
        ([*GOOD[:2], page_without_facts("/b"), *GOOD[3:]], True),
        (GOOD[2:], False),
    ],
    ids=["a-page-untested", "a-page-without-facts", "cut-short"],
)
def test_a_run_that_saw_less_closes_nothing(watched: Watched, pages: list[PageResult], complete: bool) -> None:
    first = watched.run(*FAULTY)
    partial = watched.run(*pages, complete=complete)
    assert watched.findings() == [("/d", "failed", first, None)]
    assert watched.outcome("/d", partial) == "failed"
    whole = watched.run(*GOOD)
    assert watched.findings() == [("/d", "failed", first, whole)]


def test_a_site_that_is_always_cut_at_as_many_pages_still_closes_what_is_mended(watched: Watched) -> None:
    first, second = watched.run(*FAULTY, complete=False), watched.run(*GOOD, complete=False)
    assert watched.findings() == [("/d", "failed", first, second)]


def test_a_run_that_was_killed_and_taken_up_judges_all_its_pages(watched: Watched) -> None:
    run = watched.run(*FAULTY, killed_after=3)
    assert watched.findings() == [("/d", "failed", run, None)]


def test_a_page_that_is_gone_takes_its_finding_along(watched: Watched) -> None:
    first, second = watched.run(*FAULTY), watched.run(*GOOD[:-1])
    assert watched.findings() == [("/d", "failed", first, second)]


def test_a_run_that_gathered_nothing_to_compare_closes_nothing(watched: Watched) -> None:
    """Another choice of engines: our own checks did not look."""
    first = watched.run(*FAULTY)
    watched.run(*(page_without_facts(path) for path in PATHS))
    assert watched.findings() == [("/d", "failed", first, None)]


LINKED_ONCE = [
    *(page_linking_to(path, *PATHS[:-1]) for path in PATHS[:-2]),
    *(page_linking_to(path, other) for path, other in (("/c", "/d"), ("/d", "/"), ("/e", "/"))),
]
UNSEEN = [page_untested("/f"), page_without_facts("/f")]


def test_a_page_that_one_link_leads_to_fails(watched: Watched) -> None:
    run = watched.run(*LINKED_ONCE)
    assert ("/d", "failed", run, None) in watched.findings("multiple-ways")


@pytest.mark.parametrize("unseen", UNSEEN, ids=["untested", "without-facts"])
def test_a_page_is_not_said_to_have_one_way_in_while_a_page_was_not_seen(watched: Watched, unseen: PageResult) -> None:
    """What was not seen may link to it."""
    run = watched.run(*LINKED_ONCE, unseen)
    assert ("/d", "cantTell", run, None) in watched.findings("multiple-ways")


def test_only_what_a_page_is_today_is_kept_to_be_compared(watched: Watched) -> None:
    watched.run(*GOOD)
    watched.run(*GOOD[:2], page_untested("/b"), page_without_facts("/c"))
    with watched.database.session() as session:
        closed = select(func.count()).where(PageState.closed_run_id.is_not(None), PageState.sample_blob.is_not(None))
        assert session.scalar(closed) == 0


def test_every_rule_that_compares_pages_says_something_of_each(watched: Watched) -> None:
    run = watched.run(*GOOD)
    with watched.database.session() as session:
        blobs = session.scalars(select(PageState.outcomes_blob).where(PageState.first_run_id == run)).all()
        outcomes = [get_outcomes(session, blob) for blob in blobs]
    comparing = {rule.id for rule in catalogue().values() if rule.compares_pages}
    assert len(outcomes) == len(PATHS)
    assert all(comparing < set(one) for one in outcomes)


@pytest.mark.parametrize(("again", "outcome"), [(FAULTY[-1], "failed"), (GOOD[-1], "cantTell")], ids=["met-again", "not-met"])
def test_a_second_look_confirms_what_it_meets_again(watched: Watched, again: PageResult, outcome: str) -> None:
    run = watched.run(*FAULTY, again=again)
    assert watched.findings() == [("/d", outcome, run, None)]


def test_pages_that_are_checked_together_are_compared_when_they_are_of_one_host() -> None:
    failed = [result.outcomes["navigation-order"] is Outcome.FAILED for result in compared(FAULTY, NORM)]
    assert failed == [False] * 4 + [True]
    elsewhere = replace(FAULTY[-1], url="https://museum.example.nl/d")
    alone = compared([*GOOD[:-1], elsewhere], NORM)[-1]
    assert alone.outcomes["navigation-order"] is Outcome.UNTESTED
    assert "not-compared" in alone.notes
    assert compared(GOOD[:1], NORM)[0].outcomes["navigation-order"] is Outcome.UNTESTED


# --- what addresses answer -----------------------------------------------------------------------------------------

DEAD, OK, UNSURE = LinkClass.DEAD, LinkClass.OK, LinkClass.UNSURE


def test_a_dead_link_fails_on_its_page_until_it_is_mended_and_an_unsure_one_closes_nothing(watched: Watched) -> None:
    pages = [page_linking_to("/", "/a"), page_linking_to("/a", "/", "/weg"), page_linking_to("/b", "/")]
    first = watched.run(*pages, links={"/": OK, "/a": OK, "/weg": DEAD})
    assert watched.findings("link-dead") == [("/a", "failed", first, None)]
    watched.run(*pages, links={"/": OK, "/a": OK, "/weg": UNSURE})
    watched.run(*pages, links={"/": OK, "/a": OK, "/weg": UNSURE})
    watched.run(*pages, links={"/": OK, "/a": OK, "/weg": DEAD})
    assert watched.findings("link-dead") == [("/a", "failed", first, None)]
    last = watched.run(*pages, links={"/": OK, "/a": OK, "/weg": OK})
    assert watched.findings("link-dead") == [("/a", "failed", first, last)]


def test_an_unsure_link_that_was_never_broken_is_nothing(watched: Watched) -> None:
    watched.run(page_linking_to("/", "/a"), page_linking_to("/a", "/"), links={"/": OK, "/a": UNSURE})
    assert watched.findings("link-dead") == watched.findings("link-soft-404") == []


def test_a_link_that_is_taken_away_closes_its_finding(watched: Watched) -> None:
    first = watched.run(page_linking_to("/", "/weg", "/a"), page_linking_to("/a", "/"), links={"/weg": DEAD, "/": OK, "/a": OK})
    last = watched.run(page_linking_to("/", "/a"), page_linking_to("/a", "/"), links={"/": OK, "/a": OK})
    assert watched.findings("link-dead") == [("/", "failed", first, last)]


def test_a_dead_link_is_confirmed_by_a_run_hours_later(watched: Watched) -> None:
    pages = [page_linking_to("/", "/weg", "/a"), page_linking_to("/a", "/")]
    said = []
    for hours in (0, 1, 7):
        watched.run(*pages, links={"/weg": DEAD, "/": OK, "/a": OK}, later=timedelta(hours=hours))
        with watched.database.session() as session:
            said.append(session.scalars(select(Finding.confirmation).where(Finding.rule == "link-dead")).one())
    assert said == [None, None, "confirmed"]


def test_a_dead_link_on_every_page_is_one_cause_and_no_accessibility_failure(watched: Watched) -> None:
    pages = [page_linking_to(path, "/weg", *PATHS) for path in PATHS]
    number = watched.run(*pages, links={"/weg": DEAD, **dict.fromkeys(PATHS, OK)})
    with watched.database.session() as session:
        figures = dict(session.execute(select(RunFigure.name, RunFigure.value).where(RunFigure.run_id == number)).all())
        tally = session.get_one(RunRule, (number, "link-dead"))
        causes = causes_of_run(session, watched.site.id, number, "link-dead")
    assert [(cause.pages, cause.mender) for cause in causes] == [(5, "supplier")]
    assert (tally.failed, tally.failed_pages, tally.pages) == (5, 5, 5)
    assert figures["pages_with_failure"] == 0


def test_a_look_without_links_leaves_them_untested() -> None:
    pages = [page_linking_to("/", "/weg"), page_linking_to("/a", "/")]
    judged = compared(pages, NORM)
    assert {one.outcomes["link-dead"] for one in judged} == {Outcome.UNTESTED}
