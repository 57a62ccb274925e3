"""KPIs of a site: measured from what is stored, kept from run to run, and set beside their targets and last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.availability import WatchKind
from rules.findability import TaskVerdict
from rules.kpi import Kpi, Reckoning, Target, Value, kpis, reckon
from rules.outcome import Outcome
from rules.rule import catalogue
from storage.availability import uptime
from storage.journeys import completed
from storage.kpi_models import Annotation, KpiPoint, KpiTarget
from storage.measurements import Series, series_of_site
from storage.models import Run, RunFigure, RunRule, Site
from storage.panel import BEFORE, NOW, SAME_PAGES, panel_figures
from storage.questions.findability import finished_tests, results_of_test
from storage.questions.links import broken, class_counts, dead_per_thousand
from storage.questions.outcomes import outcomes_per_rule
from storage.questions.rules import count_pages_with_any, tallies
from storage.questions.runs import WHOLE, latest_run
from storage.questions.searches import days_of_logs
from storage.remembered import remembered, run_ended
from storage.search_report import QueryLine, Share, total_searches

OUT_OF_DATE = ("date-passed", "year-passed", "page-not-reviewed")  # rules whose pages may no longer be true
HARD = "plain-paragraph"
DAYS_OF_SEARCHES, DAYS_OF_FORMS = 90, 30
YEAR = timedelta(days=365)
AROUND = timedelta(days=45)  # a year ago, for what is not measured every day
JUDGED = frozenset(Outcome) - {Outcome.UNTESTED}


def measure(session: Session, site: Site, now: datetime) -> dict[str, Value]:
    """Every KPI that can be told now; one that is not in it is unknown."""
    found: dict[str, Value | None] = {}
    if run := latest_run(session, site.id):
        found |= _of_run(session, site, run)
    found |= _of_searches(session, site)
    found |= _of_tasks(session, site)
    found["journeys-completed"] = _share(*completed(session, site.id))
    forms = uptime(session, site.id, [WatchKind.FORM], now.date() - timedelta(days=DAYS_OF_FORMS), now.date())
    found["forms-available"] = _share(forms.up, forms.asked)
    return {name: value for name, value in found.items() if value is not None}


def _of_run(session: Session, site: Site, run: Run) -> dict[str, Value | None]:
    figures = dict(session.execute(select(RunFigure.name, RunFigure.value).where(RunFigure.run_id == run.id)).all())
    tested, failing = figures.get("pages_tested"), figures.get("pages_with_failure")
    rules = tallies(session, run.id)
    failed = {number for name, row in rules.items() if row.failed for number in _criteria(name)}
    links = class_counts(session, site.id, run.id)
    dead = dead_per_thousand(links)
    outcomes = outcomes_per_rule(session, site.id, run.id)
    hard_pages = sum(count for outcome, count in outcomes.get(HARD, {}).items() if outcome in JUDGED)
    hard = (rules[HARD].cannot_tell + rules[HARD].failed) if HARD in rules else 0
    is_dated = any(outcomes[rule].keys() & JUDGED for rule in OUT_OF_DATE if rule in outcomes)
    met, duties = duties_met(outcomes)
    return {
        "pages-without-failure": _share(tested - failing, tested) if tested and failing is not None else None,
        "criteria-with-failures": Value(len(failed)) if tested else None,
        "hard-paragraphs": Value(hard / hard_pages, hard, hard_pages) if hard_pages else None,
        "dead-links-per-thousand": None if dead is None else Value(dead, broken(links), sum(links.values())),
        "stale-pages": Value(count_pages_with_any(session, site.id, OUT_OF_DATE, run.id)) if is_dated else None,
        "duties-met": _share(met, duties),
    }


def _criteria(rule: str) -> tuple[str, ...]:
    known = catalogue().get(rule)
    return known.criteria if known else ()


def duties_met(outcomes: Mapping[str, Mapping[Outcome, int]]) -> tuple[int, int]:
    """How many of the duties of a website are met, of those that could be judged. What does not apply is not counted."""
    duties = [outcomes[rule.id] for rule in catalogue().values() if rule.area == "website" and rule.duty and rule.id in outcomes]
    judged = [duty for duty in duties if duty.get(Outcome.PASSED) or duty.get(Outcome.FAILED)]
    return sum(not duty.get(Outcome.FAILED) for duty in judged), len(judged)


def _of_searches(session: Session, site: Site) -> dict[str, Value | None]:
    known = days_of_logs(session, site.id)
    if known is None:
        return {}
    line = total_searches(session, site, max(known[0], known[1] - timedelta(days=DAYS_OF_SEARCHES - 1)), known[1])
    return {"zero-result-rate": _of_share(line.zero_results), "reformulation-rate": _reformulated(line)}


def _reformulated(line: QueryLine) -> Value | None:
    return None if line.reformulated is None else _share(sum(line.reformulated.values()), line.searches)


def _of_tasks(session: Session, site: Site) -> dict[str, Value | None]:
    tests = finished_tests(session, site.id, 1)
    if not tests:
        return {}
    results = results_of_test(session, tests[-1].id)
    told = [one for one in results.values() if one.verdict != TaskVerdict.UNTESTED]
    first = tests[-1].figures.get("success_at_3")
    return {
        "success-at-3": None if first is None or not told else Value(100 * float(first), None, len(told)),
        "tasks-found": _share(sum(one.verdict == TaskVerdict.FOUND for one in told), len(told)),
    }


def _share(count: float, of: float) -> Value | None:
    return Value(100 * count / of, count, of) if of else None


def _of_share(share: Share | None) -> Value | None:
    return Value(100 * share.value, share.count, share.of) if share and share.of else None


def keep_points(session: Session, site: Site, now: datetime) -> None:
    """Keep every KPI of today; done when a run ends, so that a trend grows by itself."""
    run = latest_run(session, site.id)
    for name, value in measure(session, site, now).items():
        session.merge(
            KpiPoint(
                site_id=site.id,
                kpi=name,
                day=now.date(),
                version=kpis()[name].version,
                value=value.value,
                count=value.count,
                of=value.of,
                made_with=run.rule_set if run else "",
            )
        )
    session.flush()


@dataclass(frozen=True)
class LastYear:
    """The value of about a year ago, and whether it may be compared."""

    then: float
    now: float  # on the same pages and rules where that is known; else the value of today
    day: date
    same: int | None  # pages that both values are counted over; None: that is not known
    source: str  # whose measurement it is; empty: our own


@dataclass(frozen=True, slots=True)
class Point:
    """What a KPI was on a day; there is one of each KPI for every night, for ever."""

    kpi: str
    day: date
    version: int  # of the definition
    value: float
    made_with: str  # the rule set of the run
    count: float | None
    of: float | None


@dataclass(frozen=True)
class KpiLine:
    """A KPI as the panels show it."""

    kpi: Kpi
    actual: Value | None
    target: KpiTarget | None
    reckoning: Reckoning | None
    last_year: LastYear | None
    points: Sequence[Point]
    measured: Sequence[Series]


def kpi_lines(session: Session, site: Site, now: datetime) -> list[KpiLine]:
    """The whole register, with what is known of this site."""
    actual = measure(session, site, now)
    targets = targets_of_site(session, site.id)
    points: dict[str, list[Point]] = {}
    columns = (KpiPoint.kpi, KpiPoint.day, KpiPoint.version, KpiPoint.value, KpiPoint.made_with, KpiPoint.count, KpiPoint.of)
    for row in session.execute(select(*columns).where(KpiPoint.site_id == site.id).order_by(KpiPoint.day)):
        points.setdefault(row.kpi, []).append(Point(*row))
    series: dict[str, list[Series]] = {}
    for one in series_of_site(session, site.id, kpis=list(kpis())):
        if not one.address:
            series.setdefault(one.values[0].kpi, []).append(one)
    return [
        KpiLine(
            kpi,
            value := actual.get(kpi.id),
            target := targets.get(kpi.id),
            reckon(kpi, value.value, path_of(target), now.date()) if value and target else None,
            _last_year(session, site, kpi, value, points.get(kpi.id, []), series.get(kpi.id, []), now),
            points.get(kpi.id, []),
            series.get(kpi.id, []),
        )
        for kpi in kpis().values()
    ]


def _last_year(
    session: Session,
    site: Site,
    kpi: Kpi,
    value: Value | None,
    points: Sequence[Point],
    series: Sequence[Series],
    now: datetime,
) -> LastYear | None:
    if value is None:
        return None
    wanted = (now - YEAR).date()
    if kpi.id == "pages-without-failure" and (exact := _same_pages(session, site, now)):
        return exact
    ours = [(abs(one.day - wanted), one.day, one.value, "") for one in points if one.version == kpi.version]
    theirs = [
        (abs(row.last_day - wanted), row.last_day, row.value, one.source) for one in series for row in one.values
    ]  # fmt: skip
    near = [one for one in (*ours, *theirs) if one[0] <= AROUND]
    if not near:
        return None
    _, day, then, source = min(near)
    return LastYear(then, value.value, day, None, source)


def _same_pages(session: Session, site: Site, now: datetime) -> LastYear | None:
    """Pages without a failure a year ago and now, over the pages that both runs judged and the rules that are the same."""
    run = latest_run(session, site.id)
    if run is None:
        return None
    then = session.scalars(
        select(Run).where(
            Run.site_id == site.id,
            WHOLE,
            Run.state == "finished",
            Run.started_at >= now - YEAR - AROUND,
            Run.started_at <= now - YEAR + AROUND,
        )
    ).all()
    if not then:
        return None
    before = min(then, key=lambda one: abs(one.started_at - (now - YEAR)))
    figures = _compared(session, site.id, run.id, before.id)
    same = figures.get(SAME_PAGES)
    if not same:
        return None
    was, is_now = (100 * (same - figures[name]) / same for name in (BEFORE, NOW))
    return LastYear(was, is_now, before.started_at.date(), int(same), "")


@remembered(run_ended)
def _compared(session: Session, site_id: int, run_id: int, before_id: int) -> dict[str, float]:
    """What two runs of a site say of the same pages by the same rules."""
    versions = dict(session.execute(select(RunRule.rule, RunRule.rule_version).where(RunRule.run_id == run_id)).all())
    return panel_figures(session, session.get_one(Run, run_id), session.get_one(Run, before_id), versions)


def path_of(target: KpiTarget) -> Target:
    return Target(target.first_day, target.first_value, target.last_day, target.last_value)


def targets_of_site(session: Session, site_id: int) -> dict[str, KpiTarget]:
    """The target of each KPI that has one."""
    query = select(KpiTarget).where(KpiTarget.site_id == site_id, KpiTarget.ended_at.is_(None)).order_by(KpiTarget.id)
    return {row.kpi: row for row in session.scalars(query)}


def set_target(
    session: Session, site_id: int, kpi: str, target: Target, owner: str, review_on: date | None, by: str, now: datetime
) -> None:
    """Set a target; the one before it is kept, with the day on which it ended."""
    end_target(session, site_id, kpi, now)
    row = KpiTarget(site_id=site_id, kpi=kpi, owner=owner, review_on=review_on, said_by=by, said_at=now)
    row.first_day, row.first_value, row.last_day, row.last_value = (
        target.first_day,
        target.first_value,
        target.last_day,
        target.last_value,
    )
    session.add(row)
    session.flush()


def end_target(session: Session, site_id: int, kpi: str, now: datetime) -> None:
    """Take a target back."""
    if row := targets_of_site(session, site_id).get(kpi):
        row.ended_at = now
        session.flush()


def annotations_of_site(session: Session, site_id: int, limit: int = 100) -> Sequence[Annotation]:
    """What happened, the newest first."""
    query = select(Annotation).where(Annotation.site_id == site_id).order_by(Annotation.day.desc(), Annotation.id.desc())
    return session.scalars(query.limit(limit)).all()


def annotate(session: Session, site_id: int, day: date, kind: str, words: str, person: str) -> None:
    session.add(Annotation(site_id=site_id, day=day, kind=kind, words=words, person=person))
    session.flush()


def remove_annotation(session: Session, site_id: int, number: int) -> bool:
    row = session.scalars(select(Annotation).where(Annotation.site_id == site_id, Annotation.id == number)).first()
    if row is not None:
        session.delete(row)
    return row is not None
