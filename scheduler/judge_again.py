"""Judges the kept pages of a sample again: what probes brought back then, and what engines say of the archive now.

Nothing is asked of any host. What needs hands on the page is judged from its stored evidence only, and that is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from playwright.async_api import Playwright

from checks.accessibility.engines.opinions import engine_versions
from crawler.browser import BrowserFile, BrowserMissing, find_browser
from crawler.deadline import within
from crawler.page_archive import ArchiveError, read_archive
from crawler.replay import Replay, ReplayVisitor
from crawler.visit import driver
from crawler.world import VisitFailed
from rules.frozen_page import FrozenPage, JudgedAgain, compared, result_of_document
from rules.norm import norms
from rules.observation import PageSnapshot
from rules.outcome import Outcome
from rules.page_type import read_page_types
from rules.policy import read_stored_policies
from rules.probe import Probe
from rules.reason import reason_text
from rules.task import PageResult, PageStatus
from scheduler.check_pages import probes_for, result_of
from scheduler.check_targets import compared as compared_together
from scheduler.judge_documents import DocumentJudge, judge_content
from scheduler.run_settings import ENGINES, RunSettings, rule_set_hash
from scheduler.run_site import fault_of

REPLAY_TIMEOUT_S = 240.0  # for one page with all its probes: what loops for ever in it ends here at the latest
LONGEST_LOAD_S = 60.0
LONGEST_NAME = 500  # characters of a User-Agent
MOST_NAMED = 3
# What judging may stumble over in evidence that somebody wrote by hand.
MADE_UP = (LookupError, TypeError, ValueError, AttributeError, RecursionError, ArithmeticError)


class NotJudged(ValueError):
    """The pages cannot be judged again at all; the sentence says why."""


def settings_of(made: Mapping[str, Any]) -> RunSettings:
    """What the pages were judged with. Raises NotJudged where that is not there to be had."""
    try:
        if made["norm"] not in norms():
            raise NotJudged(f"The pages were judged by the norm {str(made['norm'])[:50]!r}, which this Vierluik does not know.")
        chosen = tuple(engine for engine in ENGINES if engine in made["chosen"])
        settings = RunSettings(
            norm_id=made["norm"],
            engines=chosen,
            policies=read_stored_policies(made["policies"]),
            page_types=read_page_types(made["page_types"]),
            review_months=int(made["review_months"]),
            load_timeout_s=min(float(made["load_timeout_s"]), LONGEST_LOAD_S),
        )
    except MADE_UP as error:
        if isinstance(error, NotJudged):
            raise
        raise NotJudged("The pack does not say, or not in a way that can be read, what its pages were judged with.") from error
    if not chosen:
        raise NotJudged("The pages were judged with engines that this Vierluik does not have.")
    return settings


def other_versions(made: Mapping[str, Any], settings: RunSettings, browser: str) -> list[str]:
    """What is installed here and was another version then, a sentence each. `browser`: empty: none is used."""
    now = {"Vierluik": version("vierluik"), **engine_versions(settings.engines)}
    then = {"Vierluik": made.get("vierluik"), **(made["engines"] if isinstance(made.get("engines"), dict) else {})}
    if browser:
        now["browser"], then["browser"] = browser, made.get("browser")
    found = [
        f"{name}: {str(then.get(name))[:100]} then, {now[name]} here; judged under another version."
        for name in now
        if then.get(name) != now[name]
    ]
    found += [f"{name[:100]}: it judged then and is not here." for name in then if name not in now and name in made["chosen"]]
    if made.get("rule_set") != rule_set_hash():
        found.append("The rules have changed since: judged under another version.")
    return found


def judge_again(
    pages: Sequence[FrozenPage], *, opens: bool = True, on_page: Callable[[int, int], None] = lambda done, total: None
) -> JudgedAgain:
    """Judge pages from what is kept of them. `opens`: also open their archives in a browser. Raises NotJudged."""
    if not pages:
        return JudgedAgain()
    made = next((page.made_with for page in pages if page.snapshot), pages[0].made_with)
    judging = Judging(pages, settings_of(made))
    judging.from_stored()
    asyncio.run(judging.from_files())
    if opens and any(page.archive and page.snapshot for page in pages):
        try:
            asyncio.run(judging.from_archives(find_browser(), on_page))
        except (BrowserMissing, BaseExceptionGroup) as error:
            if not isinstance(fault := fault_of(error), BrowserMissing):
                raise
            judging.not_repeated.append(f"No page was opened again: {fault}")
    judging.say_what_was_not_opened(opens)
    return JudgedAgain(
        pages=judging.judged,
        repeated=len(judging.opened),
        documents=judging.documents,
        findings=sum(len(page.result.findings) for page in pages if page.snapshot or (page.is_document and page.archive)),
        differences=tuple(judging.differences),
        not_repeated=tuple(judging.not_repeated),
        notes=(*other_versions(made, judging.settings, judging.browser), *judging.notes),
    )


@dataclass
class Judging:
    """One judgement of all pages of a pack."""

    pages: Sequence[FrozenPage]
    settings: RunSettings
    judged: int = 0
    documents: int = 0
    browser: str = ""
    opened: dict[int, PageSnapshot] = field(default_factory=dict)  # by the number of the page
    differences: list[str] = field(default_factory=list)
    not_repeated: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def from_stored(self) -> None:
        """Judge what every probe brought back then: pure, and the same for ever under the same version."""
        snapshots = {page.number: page.snapshot for page in self.pages if page.snapshot}
        self._compare("judged from its stored results", snapshots)
        self.judged = len(snapshots)

    def _compare(self, how: str, snapshots: Mapping[int, PageSnapshot]) -> None:
        """Judge pages, with all that are not among them as they were, and name the differences."""
        results: list[PageResult] = []
        for page in self.pages:
            snapshot = snapshots.get(page.number)
            try:
                result = result_of(snapshot, self.settings.norm, self.settings.policies) if snapshot else page.result
            except MADE_UP as error:
                self.differences.append(f"{_name(page)}: its stored results cannot be judged: {type(error).__name__}.")
                result = page.result
            results.append(result)
        try:
            results = compared_together(results, self.settings.norm)
        except MADE_UP as error:
            self.differences.append(f"The pages cannot be compared with one another: {type(error).__name__}.")
        for page, result in zip(self.pages, results, strict=True):
            if page.number not in snapshots:
                continue
            untested = {rule for rule, outcome in result.outcomes.items() if outcome is Outcome.UNTESTED}
            lost = (untested | result.partly) - page.result.partly
            lost &= {finding.rule for finding in page.result.findings}
            if lost:
                self.not_repeated.append(
                    f"{_name(page)}: {how}, these rules did not run to their end: {', '.join(sorted(lost))}."
                )
            self.differences += compared(_name(page), how, page.result, result, lost)

    async def from_files(self) -> None:
        """Judge the files of documents."""
        async with DocumentJudge(self.settings.norm_id) as judge:
            for page in self.pages:
                if not page.is_document or not page.archive:
                    continue
                again = result_of_document(await judge_content(judge, page.archive, page.url))
                if again.status is PageStatus.UNTESTED and page.result.status is not PageStatus.UNTESTED:
                    self.not_repeated.append(f"{_name(page)}: its file could not be judged again ({again.reason}).")
                    continue
                self.documents += 1
                untested = {rule for rule, outcome in again.outcomes.items() if outcome is Outcome.UNTESTED}
                lost = (untested | again.partly) - page.result.partly
                self.differences += compared(_name(page), "judged from its file", page.result, again, lost)

    # --- the archives ------------------------------------------------------------------------------------------------

    async def from_archives(self, browser: BrowserFile, on_page: Callable[[int, int], None]) -> None:
        """Open every page from its archive and have the engines look at it again."""
        with_archive = [page for page in self.pages if page.archive and page.snapshot]
        left = with_archive[::-1]
        probes = self._probes()

        async def open_what_is_left() -> None:
            async with self._visitor(playwright, browser, probes, with_archive[0].made_with) as visitor:
                self.browser = visitor.name
                while left:
                    page = left.pop()
                    await self._open(page, visitor)
                    on_page(len(with_archive) - len(left), len(with_archive))
                if visitor.refused:
                    self.notes.append(f"{visitor.refused} connections past the archives were tried; none was made.")

        async with driver() as playwright, asyncio.TaskGroup() as tasks:
            for _ in range(min(self.settings.browsers, len(left))):
                tasks.create_task(open_what_is_left())
        self._compare("opened from its archive", self.opened)

    def _probes(self) -> list[Probe]:
        return probes_for(self.settings.engines, self.settings.norm, self.settings.policies)

    def _visitor(
        self, playwright: Playwright, browser: BrowserFile, probes: list[Probe], made: Mapping[str, Any]
    ) -> ReplayVisitor:
        said = "".join(sign for sign in str(made.get("user_agent", "")) if sign.isprintable())[:LONGEST_NAME]
        return ReplayVisitor(playwright, browser, probes, said_to_be=said, load_timeout_s=self.settings.load_timeout_s)

    async def _open(self, page: FrozenPage, visitor: ReplayVisitor) -> None:
        then = page.snapshot
        assert then is not None
        if not page.url.startswith(("http://", "https://")):
            self.differences.append(f"{_name(page)}: its address is not one of the web. It was not opened.")
            return
        try:
            visitor.replay = Replay(read_archive(page.archive))
            visitor.clock_shift_ms = _shift(page)
            now = await within(REPLAY_TIMEOUT_S, visitor.visit(page.url))
        except ArchiveError as error:
            self.differences.append(f"{_name(page)}: {error}")
            return
        except VisitFailed as failure:
            self.not_repeated.append(f"{_name(page)}: it does not open from its archive. {reason_text(failure.reason, 'en')}")
            return
        except TimeoutError:
            self.not_repeated.append(f"{_name(page)}: it took longer than {REPLAY_TIMEOUT_S:.0f} s and was given up.")
            return
        if missing := visitor.replay.missing:
            named = ", ".join(url[:200] for url in list(missing)[:MOST_NAMED])
            self.notes.append(f"{_name(page)}: it asked for {len(missing)} addresses that are not in its archive: {named}.")
        failed = [evidence for evidence in now.evidence.values() if not evidence.complete]
        self.not_repeated += [
            f"{_name(page)}: {one.probe} did not look to its end. {reason_text(one.reason, 'en')}" for one in failed
        ]
        # What touched the page then is not done again: its evidence stands beside what was gathered now.
        evidence = {**then.evidence, **now.evidence}
        self.opened[page.number] = replace(
            now,
            url=then.url,
            response=then.response,
            evidence=evidence,
            touched=then.touched,
            cookies=then.cookies,
            page_type=then.page_type,
            review_months=then.review_months,
        )

    def say_what_was_not_opened(self, opens: bool) -> None:
        """Name what was judged from its stored results only."""
        for page in self.pages:
            if page.is_document and page.archive:
                continue
            if page.snapshot is None:
                key = page.result.reason
                self.not_repeated.append(f"{_name(page)}: nothing is kept of it but that. {_sentence(key)}")
            elif opens and not page.archive:
                self.not_repeated.append(f"{_name(page)}: its archive was not kept, so only its stored results were judged.")
        in_page = {probe.name for probe in self._probes() if not probe.touches}
        by_hand = {name for page in self.pages if page.snapshot for name in page.snapshot.evidence} - in_page
        if by_hand:
            self.not_repeated.append(
                "These need hands on the page, and were judged from what they brought back then: "
                + ", ".join(sorted(name[:100] for name in by_hand))
                + "."
            )


def _shift(page: FrozenPage) -> int:
    """How far the clock of the page is to be from ours, in milliseconds."""
    return round((page.frozen_at - datetime.now(UTC)).total_seconds() * 1_000)


def _sentence(key: str) -> str:
    try:
        return reason_text(key, "en")
    except KeyError:
        return ""


def _name(page: FrozenPage) -> str:
    return f"page {page.number} ({page.url[:200]})"
