"""Runs told in a few words: which pages were met, and what failed on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from rules.finding import Finding as JudgedFinding
from rules.finding import Target
from rules.observation import LinkClass
from rules.outcome import Impact, Outcome
from rules.run import Coverage
from rules.task import PageResult, PageStatus
from storage.clusters import apply_verdicts, find_causes, pages_to_see_again, store_second_look
from storage.database import Database
from storage.every_model import Base
from storage.models import Finding, PageState, Run
from storage.questions.clusters import CauseOnSite, causes_of_run
from storage.results import JudgedLink, store_links, store_page
from storage.runs import FetchFacts, RunMadeWith, add_found, finish_run, mark_done, start_run

ORIGIN = "https://www.example.nl"
MADE_WITH = RunMadeWith(norm="en301549-3.2.1", rule_set="0" * 64, engines={"axe": "4"})


def failure(
    rule: str = "image-alternative", name: str = "foto", *, impact: Impact = Impact.SERIOUS, engine: str = "axe"
) -> JudgedFinding:
    """A failed finding; findings of other names stand on other elements."""
    target = Target((), f"img.{name}", f'<img class="{name}" src="/{name}.png">', f"html > body > img.{name}")
    return JudgedFinding(rule, 1, Outcome.FAILED, impact, (engine,), target, "failed")


def page_tested(path: str, *findings: JudgedFinding, untested_rules: Iterable[str] = ()) -> PageResult:
    """A page that was tested; every rule ran but those named."""
    outcomes = dict.fromkeys(("image-alternative", "link-name"), Outcome.PASSED)
    outcomes |= {finding.rule: finding.outcome for finding in findings}
    outcomes |= dict.fromkeys(untested_rules, Outcome.UNTESTED)
    url = f"{ORIGIN}{path}"
    return PageResult(
        url, PageStatus.TESTED, final_url=url, http_status=200, title=path, language="nl", findings=findings, outcomes=outcomes
    )


def page_untested(path: str, reason: str = "load-timeout") -> PageResult:
    return PageResult(f"{ORIGIN}{path}", PageStatus.UNTESTED, reason)


@dataclass
class Story:
    """One site and its runs."""

    database: Database
    site_id: int

    def run(
        self,
        *pages: PageResult,
        skipped: Mapping[str, str] | None = None,
        links: Mapping[str, LinkClass] | None = None,
        complete: bool = True,
        again: Iterable[PageResult] = (),
    ) -> tuple[int, Coverage]:
        """Tell a run; gives its number and its coverage. `again`: what a second look at pages brings."""
        now = datetime.now(UTC)
        with self.database.session() as session:
            run_id = start_run(session, self.site_id, MADE_WITH, "here:1", "", now).id
        for page in pages:
            with self.database.session() as session:
                add_found(session, run_id, [(page.url, page.url, 1)])
                store_page(session, self.site_id, run_id, page.url, page, FetchFacts(page.url, 1))
        self.look_again(run_id, {page.url: page for page in again})
        with self.database.session() as session:
            for path, reason in (skipped or {}).items():
                add_found(session, run_id, [(f"{ORIGIN}{path}", f"{ORIGIN}{path}", 1)])
                mark_done(session, run_id, f"{ORIGIN}{path}", PageStatus.SKIPPED, reason)
            judged = [JudgedLink(url, kind, 200, "", "", "text/html") for url, kind in (links or {}).items()]
            store_links(session, self.site_id, run_id, judged, complete=complete, now=now)
            run = session.get_one(Run, run_id)
            coverage = finish_run(session, run, complete=complete, documents=0, now=now)
        return run_id, coverage

    def look_again(self, run_id: int, seconds: Mapping[str, PageResult]) -> None:
        with self.database.session() as session:
            find_causes(session, self.site_id, run_id)
            for page in pages_to_see_again(session, self.site_id, run_id, 100):
                if second := seconds.get(page.identity):
                    store_second_look(session, page, second)
            apply_verdicts(session, self.site_id)

    def causes(self, run_id: int) -> list[CauseOnSite]:
        with self.database.session() as session:
            return causes_of_run(session, self.site_id, run_id)

    def findings(self) -> list[Finding]:
        """Every interval, oldest first."""
        with self.database.session() as session:
            return list(session.scalars(select(Finding).order_by(Finding.id)))

    def open_findings(self) -> list[Finding]:
        return [finding for finding in self.findings() if finding.closed_run_id is None]

    def states(self) -> list[PageState]:
        with self.database.session() as session:
            return list(session.scalars(select(PageState).order_by(PageState.id)))


def rows(database: Database) -> dict[str, int]:
    """How many rows every table holds."""
    with database.session() as session:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
