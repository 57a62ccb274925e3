"""Walks the journeys of a site: `python -m scheduler.walk_journeys DATABASE REQUEST` for a button or a schedule.

Each journey is walked in five ways. What breaks is walked a second time at the end, and only counts where both looks agree;
each journey is stored as it comes.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from checks import own
from checks.content.plain_language.ease import reading_ease
from checks.journeys.walk.check import ASKED
from crawler.address_guard import AddressGuard
from crawler.browser import BrowserMissing, find_browser
from crawler.journey import STEP_S, Measured, Walked, without_typed
from crawler.journey_states import StateWorker
from crawler.visit import driver
from rules.findability import TaskState
from rules.finding import Finding, Target
from rules.journey import FINISHED, Journey, StepOutcome, StepSeen, Verdict, Way, WaySeen, read_journey, verdict_of
from rules.journey_figures import extra_clicks, figures_of
from rules.journey_sending import may_send_to
from rules.observation import Evidence, PageSnapshot, Response
from rules.outcome import Impact, Outcome
from rules.rule import catalogue
from rules.site import Scope
from rules.task import PageResult
from scheduler.admission import NotAdmitted, admitted
from scheduler.check_again import settings_as_before
from scheduler.check_pages import probes_for, result_of
from scheduler.run_settings import RunSettings
from storage.database import Database
from storage.journey_findings import JudgedState, keep_state_findings
from storage.journeys import is_proven, journey_of_site, journeys_of_site, keep_walk
from storage.models import Request, Site
from storage.questions.pages import depths_of_pages
from storage.requests import finish_request
from storage.sites import scope_of

MOST_FINDINGS = 100  # of one state
MEASURED = "walk"  # the topic of checks.journeys that judges what was measured on the way
WIDE = (Way.MOUSE, Way.KEYBOARD)  # the ways whose window is the one that probes know
KEEPS_OUT = (Impact.SERIOUS, Impact.CRITICAL)


@dataclass(frozen=True)
class FoundAtStep:
    """A finding at a state of a page that was seen first at this step, in this way."""

    way: Way
    step: int  # index
    finding: Finding


@dataclass(frozen=True)
class JourneyResult:
    """What became of a journey in all its ways."""

    ways: tuple[WaySeen, ...]
    states: tuple[JudgedState, ...] = ()
    reading: int | None = None  # Flesch-Douma of the hardest page; None: there was too little text

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.ways)

    @property
    def findings(self) -> list[FoundAtStep]:
        """What fails at the states."""
        return [
            FoundAtStep(state.way, state.step, one)
            for state in self.states
            for one in state.findings
            if one.outcome is Outcome.FAILED
        ]

    def by_step(self) -> dict[tuple[Way, int], Counter[str]]:
        """Of each way and step, how many elements fail which rule."""
        counted: dict[tuple[Way, int], Counter[str]] = {}
        for one in self.findings:
            counted.setdefault((one.way, one.step), Counter())[one.finding.rule] += 1
        return counted


class NothingToWalk(ValueError):
    """The site has no confirmed journey; the sentence says what to do."""


@dataclass
class JourneyTest:
    """All confirmed journeys of a site, walked once."""

    database: Database
    site: Site
    settings: RunSettings
    requested_by: str = ""
    on_journey: Callable[[int, int, str], None] = lambda done, total, title: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    step_s: float = STEP_S

    async def run(self) -> dict[int, JourneyResult]:
        """Walk them; gives what became of each, by its number. Raises NothingToWalk, NotAdmitted or BrowserMissing."""
        with self.database.session() as session:
            rows = journeys_of_site(session, self.site.id, TaskState.CONFIRMED)
            journeys = {row.id: read_journey(row.text) for row in rows}
            proven = {row.id: is_proven(session, row.id, row.text) for row in rows}
        if not journeys:
            raise NothingToWalk(
                f"'{self.site.name}' has no journey. Bring one in with: vierluik journey add FILE --site {self.site.id}"
            )
        results: dict[int, JourneyResult] = {}
        began: dict[int, datetime] = {}
        async with walking(
            self.settings, scope_of(self.site), may_send=may_send_to(self.site.settings), step_s=self.step_s
        ) as walker:
            for number, (key, journey) in enumerate(journeys.items()):
                self.on_journey(number, len(journeys), journey.title)
                began[key] = self.now()
                wanted = journey.to(self.site.start_url)
                results[key] = await walk_all_ways(walker, wanted, self.settings, proven=proven[key])
                if results[key].verdict not in (Verdict.BROKEN, Verdict.HINDERED):
                    self._keep(key, journey, results[key], began[key])
            # The second look comes last: what was amiss for a moment has had time to pass.
            for key, journey in journeys.items():
                if results[key].verdict in (Verdict.BROKEN, Verdict.HINDERED):
                    results[key] = await look_again(walker, journey.to(self.site.start_url), results[key])
                    self._keep(key, journey, results[key], began[key])
        self.on_journey(len(journeys), len(journeys), "")
        return results

    def _keep(self, key: int, journey: Journey, result: JourneyResult, began: datetime) -> None:
        barriers = {one.finding.rule for one in result.findings if one.finding.impact in KEEPS_OUT}
        with self.database.session() as session:
            row = journey_of_site(session, self.site.id, key)
            if row is None:
                return  # it was taken away meanwhile
            found = {place: dict(rules) for place, rules in result.by_step().items()}
            figures = figures_of(journey, result.ways, barriers) | self._more_figures(session, journey, result)
            keep_walk(session, row, result.ways, found, result.verdict, figures, self.requested_by, began, self.now())
            keep_state_findings(session, row, result.states)

    def _more_figures(self, session: Session, journey: Journey, result: JourneyResult) -> dict[str, float]:
        """What takes more than the walk itself to know."""
        more: dict[str, float] = {} if result.reading is None else {"reading": result.reading}
        mouse = next((way for way in result.ways if way.way is Way.MOUSE), None)
        if mouse is not None and mouse.verdict in FINISHED:
            depths = depths_of_pages(session, self.site.id, [step.url for step in mouse.steps if step.url])
            extra = extra_clicks(journey, mouse, depths)
            more |= {} if extra is None else {"extra_clicks": extra}
        return more


@asynccontextmanager
async def walking(
    settings: RunSettings, scope: Scope, *, may_send: Sequence[str] = (), step_s: float = STEP_S
) -> AsyncIterator[StateWorker]:
    """A browser that walks the journeys of one site. Raises NotAdmitted or BrowserMissing."""
    settings = await admitted(settings, scope.origins)
    guard = AddressGuard.for_origins(scope.origins, offline=settings.offline)
    probes = probes_for(settings.engines, settings.norm, settings.policies) if settings.opens_pages else []
    async with (
        driver() as playwright,
        StateWorker(
            playwright,
            find_browser(),
            guard,
            probes,
            settings.user_agent,
            scope,
            may_send=may_send,
            step_s=step_s,
            load_timeout_s=settings.load_timeout_s,
            door=settings.door,
            pictures=settings.takes_pictures,
        ) as walker,
    ):
        yield walker


async def walk_all_ways(
    walker: StateWorker,
    journey: Journey,
    settings: RunSettings,
    ways: Sequence[Way] = tuple(Way),
    *,
    proven: bool = False,
    on_way: Callable[[Way], None] = lambda way: None,
) -> JourneyResult:
    """Walk a journey, addresses made those of its site, in each way. `proven`: it was walked to its end before."""
    walker.looked.clear()
    seen: list[WaySeen] = []
    found: list[JudgedState] = []
    worked: set[str] = set()
    eases: list[int] = []
    for way in ways:
        on_way(way)
        walked = await walker.walk(journey, way, proven=proven)
        # What the mouse can do, the other ways should be able to do.
        proven = proven or (way is Way.MOUSE and walked.seen.verdict in FINISHED)
        seen.append(walked.seen)
        found += await _judged(walker, journey, walked, settings, worked)
        if own.ENGINE in settings.engines:
            interrupted = await walker.interrupt(journey, walked) if way is Way.MOUSE else []
            found += [_measured(walked, one, settings) for one in (*walked.measured, *interrupted)]
        eases += [ease for _, snapshot in walked.states if (ease := reading_ease(snapshot)) is not None]
    return JourneyResult(tuple(seen), tuple(found), min(eases, default=None))


async def _judged(
    walker: StateWorker, journey: Journey, walked: Walked, settings: RunSettings, worked: set[str]
) -> list[JudgedState]:
    """What the engines and checks say of each state; what no way has worked before is worked, where the window is wide."""
    way = walked.seen.way
    found = []
    for number, snapshot in walked.states:
        step = walked.seen.steps[number]
        pictures: dict[Target, bytes] = {}
        if way in WIDE and step.state not in worked:
            worked.add(step.state)
            state = await walker.work(journey, way, number, step.state, snapshot, lambda seen: _to_picture(seen, settings))
            snapshot, pictures = state.snapshot, state.pictures
        result = result_of(snapshot, settings.norm, settings.policies)
        findings = _most_important(result)
        ran = frozenset(rule for rule, outcome in result.outcomes.items() if outcome is not Outcome.UNTESTED) - result.partly
        shown = {place: pictures[one.target] for place, one in enumerate(findings) if one.target in pictures}
        kept = tuple(_without_typed(one, journey) for one in findings)
        found.append(JudgedState(way, number, step.url, kept, ran, shown))
    return found


def _without_typed(finding: Finding, journey: Journey) -> Finding:
    """A finding that does not repeat what was filled in."""

    def hidden(value: Any) -> Any:
        return without_typed(journey, value) if isinstance(value, str) else value

    arguments = {name: hidden(value) for name, value in finding.arguments.items()}
    return replace(finding, target=replace(finding.target, html=hidden(finding.target.html)), arguments=arguments)


def _measured(walked: Walked, measured: Measured, settings: RunSettings) -> JudgedState:
    """What was measured on the way, judged as what a probe brings from a page."""
    data = {"documents": [{"frames": [], "topics": {MEASURED: {"facts": measured.facts}}}]}
    url = walked.seen.steps[measured.step].url
    page = PageSnapshot(url, Response(url, 200), "", "", (), {MEASURED: Evidence(MEASURED, complete=True, data=data)})
    said = [one for one in own.judged(page) if catalogue()[one[0]].belongs_to(settings.norm)]
    ran = frozenset(rule for rule, outcome, _ in said if outcome not in (Outcome.UNTESTED, Outcome.INAPPLICABLE))
    if "again" in measured.facts and not any(rule == ASKED and outcome is Outcome.UNTESTED for rule, outcome, _ in said):
        ran |= {ASKED}  # a question that is not there any more is not asked again
    return JudgedState(walked.seen.way, measured.step, url, tuple(one for _, _, one in said if one), ran, {})


def _most_important(result: PageResult) -> tuple[Finding, ...]:
    """What fails first, and of that what keeps most people out."""
    in_order = sorted(result.findings, key=lambda one: (one.outcome is not Outcome.FAILED, -one.impact.weight))
    return tuple(in_order[:MOST_FINDINGS])


def _to_picture(snapshot: PageSnapshot, settings: RunSettings) -> list[Target]:
    failed = [one for one in result_of(snapshot, settings.norm, settings.policies).findings if one.outcome is Outcome.FAILED]
    return [one.target for one in sorted(failed, key=lambda one: -one.impact.weight)]


async def look_again(walker: StateWorker, journey: Journey, result: JourneyResult) -> JourneyResult:
    """Walk each way in which it broke once more: what is not so at both looks, nobody knows."""
    ways = []
    for seen in result.ways:
        if seen.verdict in (Verdict.BROKEN, Verdict.HINDERED):
            again = (await walker.walk(journey, seen.way, proven=True, looks=False)).seen
            seen = agreed(seen, again)  # what is known of it now
        ways.append(seen)
    return replace(result, ways=tuple(ways))


def agreed(first: WaySeen, second: WaySeen) -> WaySeen:
    """What two looks agree on. A step that broke at one of them only is untested, and so is what hindered only once."""
    steps = list(first.steps)
    for number, (one, two) in enumerate(zip(first.steps, second.steps, strict=True)):
        if one.outcome in (StepOutcome.BROKEN, StepOutcome.HINDERED) and not _same(one, two):
            steps[number] = replace(one, outcome=StepOutcome.UNTESTED, reason="looks-differ")
    return WaySeen(first.way, tuple(steps))


def _same(one: StepSeen, two: StepSeen) -> bool:
    return one.outcome is two.outcome and {problem.kind for problem in one.problems} == {problem.kind for problem in two.problems}


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        with database.session() as session:
            request = session.get_one(Request, request_id)
            site = session.get_one(Site, request.site_id)
            settings, by = settings_as_before(session, site), request.requested_by
        walked = asyncio.run(JourneyTest(database, site, settings, by).run())
        answer: dict[str, Any]
        state, answer = "done", {"verdicts": {str(number): result.verdict.value for number, result in walked.items()}}
    except (NothingToWalk, NotAdmitted, BrowserMissing) as error:
        state, answer = "failed", {"error": str(error)}
    except Exception as error:  # whoever pressed the button must get an answer
        state, answer = "failed", {"error": str(error) or type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
