"""What a website owes as a whole is kept as findings on its start page that appear, stay and close like all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.causes import rules_without_criteria
from rules.crawl import CrawlEnded
from rules.norm import norms
from rules.observation import HostAnswer, HostObservation
from rules.outcome import Outcome
from rules.register import RegisterStatement
from rules.site import Scope
from rules.task import PageResult, PageStatus
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage import runs
from storage.clusters import find_causes, pages_to_see_again
from storage.database import Database
from storage.models import Finding, Run, Site
from storage.questions.pages import PageFilter, pages_of_site
from storage.register import keep_register
from storage.report import report_of_run
from storage.results import store_page
from storage.sites import add_site

ORIGIN = "https://www.example.nl"
NOW = "2026-03-02T09:00:00+00:00"
START = PageResult(f"{ORIGIN}/", PageStatus.TESTED, title="Start", outcomes={"page-title": Outcome.PASSED})


def answers(**headers: str) -> HostObservation:
    return HostObservation(ORIGIN, NOW, home=(HostAnswer(f"{ORIGIN}/", 200, headers=headers),))


WITHOUT = answers()
WITH = answers(**{"strict-transport-security": "max-age=31536000"})
SILENT = HostObservation(ORIGIN, NOW, home=(HostAnswer(f"{ORIGIN}/", None, "timeout"),))


@dataclass
class Watched:
    """A site with one page, and the runs over it."""

    database: Database
    site: Site

    def run(self, *hosts: HostObservation) -> int:
        made_with = runs.RunMadeWith(norm=norms()["en301549-4.1.1"].id, rule_set="0" * 64)
        with self.database.session() as session:
            number = runs.start_run(session, self.site.id, made_with, "here:1", "", datetime.now(UTC)).id
            runs.add_found(session, number, [(START.url, START.url, 0)])
            store_page(session, self.site.id, number, START.url, START, runs.FetchFacts(START.url, 0))
        run = SiteRun(self.database, self.site, RunSettings(), run_id=number, hosts=list(hosts))
        run._judge_hosts(CrawlEnded())
        with self.database.session() as session:
            find_causes(session, self.site.id, number)
            assert pages_to_see_again(session, self.site.id, number, 10) == []  # no browser meets what hosts answer
            runs.finish_run(session, session.get_one(Run, number), complete=True, documents=0, now=datetime.now(UTC))
        return number

    def findings(self) -> list[tuple[str, int, int | None]]:
        query = select(Finding.outcome, Finding.first_run_id, Finding.closed_run_id).where(Finding.rule == "hsts")
        with self.database.session() as session:
            return [tuple(row) for row in session.execute(query.order_by(Finding.id))]

    def report(self, run: int) -> dict[str, Any]:
        with self.database.session() as session:
            return report_of_run(session, session.get_one(Run, run), {})


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        site = add_site(session, "example", f"{ORIGIN}/", Scope((ORIGIN,)), datetime.now(UTC))
    yield Watched(database, site)
    database.close()


def test_a_fault_of_a_host_appears_stays_closes_and_opens_again(watched: Watched) -> None:
    first, _, third, fourth = (watched.run(host) for host in (WITHOUT, WITHOUT, WITH, WITHOUT))
    assert watched.findings() == [("failed", first, third), ("failed", fourth, None)]


def test_a_host_that_does_not_answer_closes_nothing(watched: Watched) -> None:
    first = watched.run(WITHOUT)
    watched.run(SILENT)
    watched.run()
    assert watched.findings() == [("failed", first, None)]


def test_a_duty_that_fails_is_in_the_report_and_no_page_with_an_accessibility_failure(watched: Watched) -> None:
    run = watched.run(WITHOUT)
    report = watched.report(run)
    (page,) = report["pages"]
    found = {one["rule"]: one for one in page["findings"]}
    assert found["hsts"]["outcome"] == "failed"
    assert found["hsts"]["criteria"] == []
    assert "www.example.nl" in found["hsts"]["message"]["nl"]
    assert page["outcomes"]["hsts"] == "failed"
    assert "failed" not in page["criteria"].values()
    assert [cluster["rule"] for cluster in report["clusters"] if cluster["rule"] == "hsts"] == ["hsts"]
    figures = {one["id"]: one["value"] for one in report["kpis"]}
    assert figures["pages_with_failure"] == 0
    assert figures["failed_findings"] == 1
    with watched.database.session() as session:
        failing = pages_of_site(session, watched.site.id, run, PageFilter(with_failures=True), rules_without_criteria(), 10, 0)
    assert failing.total == 0


def registered(watched: Watched, host: HostObservation = WITH) -> list[dict[str, Any]]:
    """What a run says of the site's statement in the register."""
    (page,) = watched.report(watched.run(host))["pages"]
    return [one for one in page["findings"] if one["rule"] == "statement-registered"]


def test_the_register_is_only_asked_about_where_somebody_brought_it_in(watched: Watched) -> None:
    assert registered(watched) == []
    of_others = RegisterStatement("1", "elders.nl", "Elders", "A", date(2026, 1, 1), "")
    with watched.database.session() as session:
        keep_register(session, [of_others], datetime(2026, 2, 28, tzinfo=UTC))
    (missing,) = registered(watched)
    assert missing["outcome"] == "cantTell"
    assert "2026-02-28" in missing["message"]["nl"]
    assert registered(watched, replace(WITH, is_public=False)) == [missing]  # not asked: what was found stays
    with watched.database.session() as session:
        sound = replace(of_others, host="example.nl", agreed_on=datetime.now(UTC).date())
        keep_register(session, [sound], datetime.now(UTC))
    assert registered(watched) == []
