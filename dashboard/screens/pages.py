"""Pages: the list of a site, and one page with all that is wrong on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard import charts, formatting
from dashboard.causes import criteria_states_of_page, impact_order, is_advice, norm_of, rules_without_criteria
from dashboard.measured import shown_series
from dashboard.screen import AnyScreen, Id, PageNumber, Screen
from rules.cause import CauseKind
from rules.decision import HIDES, REASONS, Standing
from rules.feedback import FEWEST, POSITIVE
from rules.norm import Language
from rules.observation import BROKEN, LinkClass
from rules.outcome import Mender, Outcome
from rules.page_type import PageType
from rules.policy import rule_named
from rules.rule import Rule, answer_rules, was_operated
from rules.spoken import heard_after, heard_now
from rules.task import PageStatus
from storage.barriers import open_barriers
from storage.checks import carried_since
from storage.decisions import decided_causes, decisions_on_page, standing
from storage.feedback import PageFeedback, feedback_of_page
from storage.measurements import series_of_site
from storage.models import Cluster, Decision, Finding, Page, PageState, Run, Site
from storage.questions.clusters import CauseExample, examples_of_causes
from storage.questions.findings import RuleOnPage, findings_of_page, findings_of_rule_on_page, snippets
from storage.questions.links import links_on_page
from storage.questions.outcomes import outcomes_of_page
from storage.questions.pages import (
    PageFilter,
    PageList,
    last_state_of_page,
    page_by_id,
    pages_of_site,
    state_of_page,
    status_counts,
    type_counts,
)
from storage.questions.requests import waiting_requests
from storage.questions.runs import latest_look, latest_run, runs_by_id

router = APIRouter()

PART = 100  # rows on one screen
MOST_COMMENTS = 10
MOST_MONTHS = 24
PER_RULE = 10  # elements of one rule on the page's screen; the rest is one link further


@dataclass(frozen=True)
class Example:
    """How one element of a cause looks, and what a screen reader says of it, now and once it is mended."""

    picture: str | None  # hash
    is_elsewhere: bool  # it is of another page
    heard_now: str  # both empty where mending changes nothing for the ear
    heard_after: str


@dataclass(frozen=True)
class Element:
    """One finding, ready to be shown."""

    finding: Finding
    message: str
    snippet: str
    since: Run | None
    example: Example | None  # how its cause looks and sounds, at the first element of each cause


@dataclass(frozen=True)
class Group:
    """The findings of one rule with one outcome on a page."""

    rule_id: str
    rule: Rule | None
    count: int
    elements: list[Element]
    mender: str = ""  # who can mend the most of it: a fault of the template is never the editor's
    is_fixed_part: bool = False  # it stands in a template or a component
    decisions: tuple[Decision, ...] = ()  # about any of the elements that are shown, the newest of each batch
    is_decided: bool = False  # every element that is shown is decided about


@router.get("/{language}/sites/{site_id}/pages", name="pages", response_class=HTMLResponse)
def pages(
    screen: AnyScreen,
    site_id: Id,
    status: Annotated[str, Query(max_length=20)] = "",
    failures: Annotated[bool, Query()] = False,
    kind: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    if (status and status not in set(PageStatus)) or (kind and kind not in set(PageType)):
        raise HTTPException(404)
    wanted = PageFilter(status, failures, q.strip(), kind)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        run = latest_run(session, site_id)
        found, counts, types = PageList([], 0), dict[str, int](), dict[str, int]()
        if run:
            found = pages_of_site(session, site_id, run.id, wanted, rules_without_criteria(), *screen.part(number, PART))
            counts = status_counts(session, site_id, run.id)
            types = type_counts(session, site_id, run.id)
    return screen.show(
        "pages.html.j2",
        site=site,
        run=run,
        wanted=wanted,
        statuses=list(PageStatus),
        counts=counts,
        types={one: types[one] for one in PageType if one in types},
        rows=found.rows,
        pagination=screen.pagination(number, found.total, PART),
    )


@router.get("/{language}/pages/{page_id}", name="page", response_class=HTMLResponse)
def page(screen: AnyScreen, page_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        shown, site, run = _page(session, screen, page_id)
        state = state_of_page(session, page_id, run.id) if run else None
        last_state = state or last_state_of_page(session, page_id)
        found = findings_of_page(session, page_id, run.id, PER_RULE) if run else []
        groups = with_decisions(session, screen, page_id, _groups(session, screen.language, found))
        outcomes = outcomes_of_page(session, last_state) if last_state else {}
        waiting = [request for request in waiting_requests(session, site.id) if request.kind == "check_page"]
        return screen.show(
            "page.html.j2",
            site=site,
            page=shown,
            state=last_state,
            is_gone=run is not None and state is None,
            run=run,
            judged_in=(judged_in := _judged_in(session, site.id, last_state)),
            is_carried_over=_is_carried_over(session, site.id, judged_in),
            failures=(failures := [group for group in _with(groups, Outcome.FAILED) if group.rule_id not in answer_rules()]),
            mine=[group for group in failures if group.mender == Mender.EDITOR],
            of_others=[group for group in failures if group.mender != Mender.EDITOR],
            kinds_of_reasons=REASONS,
            questions=[group for group in _with(groups, Outcome.CANNOT_TELL) if not is_advice(group.rule_id)],
            advice=[group for group in _with(groups, Outcome.CANNOT_TELL) if is_advice(group.rule_id)],
            links=links_on_page(session, site.id, page_id, run.id, BROKEN, PART) if run else [],
            moved=links_on_page(session, site.id, page_id, run.id, (LinkClass.MOVED,), PART, for_good=True) if run else [],
            barriers=open_barriers(session, site.id, shown),
            norm=norm_of(run.norm) if run else None,
            is_touched=was_operated(outcomes),
            criteria_states=criteria_states_of_page(norm_of(run.norm), outcomes) if run and outcomes else [],
            feedback=(found_feedback := feedback_of_page(session, shown, MOST_COMMENTS)),
            feedback_chart=_feedback_chart(screen, found_feedback),
            measured=shown_series(series_of_site(session, site.id, address=shown.identity)),
            fewest_answers=FEWEST,
            positive=POSITIVE,
            is_waiting=any(request.arguments.get("url") == shown.identity for request in waiting),
        )


@router.get("/{language}/pages/{page_id}/rules/{rule_id}", name="page_rule", response_class=HTMLResponse)
def page_rule(screen: AnyScreen, page_id: Id, rule_id: str, number: PageNumber = 1) -> HTMLResponse:
    with screen.database.session() as session:
        shown, site, run = _page(session, screen, page_id)
        if run is None:
            raise HTTPException(404)
        found, total = findings_of_rule_on_page(session, page_id, rule_id, run.id, PART, (number - 1) * PART)
        if not total:
            raise HTTPException(404)
        state = state_of_page(session, page_id, run.id) or last_state_of_page(session, page_id)
        group = Group(rule_id, rule_named(rule_id), total, _elements(session, screen.language, found))
        return screen.show(
            "page_rule.html.j2",
            site=site,
            page=shown,
            state=state,
            group=group,
            norm=norm_of(run.norm),
            pagination=screen.pagination(number, total, PART),
        )


def _feedback_chart(screen: Screen, feedback: PageFeedback | None) -> charts.Trend | None:
    """The positive share of each month, in per cent; None where one month is all there is."""
    months = feedback.months[-MOST_MONTHS:] if feedback else []
    if len(months) < 2:
        return None
    return charts.trend(
        [charts.Measurement(formatting.short_month(one.month, screen.language), round(100 * one.share.value)) for one in months]
    )


def _page(session: Session, screen: Screen, page_id: int) -> tuple[Page, Site, Run | None]:
    page = page_by_id(session, page_id)
    if page is None:
        raise HTTPException(404)
    return page, screen.site(session, page.site_id), latest_look(session, page.site_id)


def _judged_in(session: Session, site_id: int, state: PageState | None) -> Run | None:
    """The run whose verdict holds. A page that stays the same writes nothing: if it was tested, then in the latest run."""
    if state is None or state.status not in (PageStatus.TESTED, PageStatus.CARRIED_OVER):
        return None
    whole = latest_run(session, site_id)
    newest = whole.id if whole and state.closed_run_id is None else state.first_run_id
    run_id = carried_since(session, site_id, newest, [state.page_id]).get(state.page_id, max(newest, state.first_run_id))
    return runs_by_id(session, {run_id}).get(run_id)


def _is_carried_over(session: Session, site_id: int, judged_in: Run | None) -> bool:
    """Whether the latest run over the site let the page keep an earlier result."""
    whole = latest_run(session, site_id)
    return judged_in is not None and whole is not None and judged_in.id < whole.id


def _groups(session: Session, language: Language, found: list[RuleOnPage]) -> dict[tuple[str, str], Group]:
    elements = _elements(session, language, [finding for group in found for finding in group.findings])
    by_finding = {element.finding.id: element for element in elements}
    ordered = sorted(found, key=lambda group: (impact_order(group.rule), -group.count, group.rule))
    return {
        (group.rule, group.outcome): Group(
            group.rule,
            rule_named(group.rule),
            group.count,
            [by_finding[finding.id] for finding in group.findings],
        )
        for group in ordered
    }


def with_decisions(
    session: Session, screen: Screen, page_id: int, groups: dict[tuple[str, str], Group]
) -> dict[tuple[str, str], Group]:
    """Say with each group who can mend it, and what was decided about it."""
    decided = decisions_on_page(session, page_id)
    clusters = {one.finding.cluster_id for group in groups.values() for one in group.elements if one.finding.cluster_id}
    causes = {cause.id: cause for cause in session.scalars(select(Cluster).where(Cluster.id.in_(clusters)))}
    of_causes = decided_causes(session, next(iter(causes.values())).site_id, screen.now) if causes else {}

    def told(group: Group) -> Group:
        numbers = Counter(one.finding.cluster_id for one in group.elements)
        cause = causes.get(numbers.most_common(1)[0][0] or 0) if numbers else None
        per_element = [
            [one for one in decided.get(element.finding.fingerprint, ()) if standing(one, screen.now) is not Standing.OVER]
            + ([of_causes[number]] if (number := element.finding.cluster_id or 0) in of_causes else [])
            for element in group.elements
        ]
        hides = [any(one.kind in HIDES and standing(one, screen.now) is Standing.HOLDS for one in some) for some in per_element]
        return replace(
            group,
            mender=(cause.mender if cause else "") or (group.rule.mender if group.rule else ""),
            is_fixed_part=cause is not None and cause.kind != CauseKind.CONTENT,
            decisions=tuple({one.batch: one for some in per_element for one in some}.values()),
            is_decided=bool(hides) and all(hides),
        )

    return {key: told(group) for key, group in groups.items()}


def _with(groups: dict[tuple[str, str], Group], outcome: Outcome) -> list[Group]:
    return [group for (_, of_group), group in groups.items() if of_group == outcome]


def _elements(session: Session, language: Language, findings: list[Finding]) -> list[Element]:
    content = snippets(session, findings)
    runs = runs_by_id(session, {finding.first_run_id for finding in findings})
    causes = {finding.cluster_id for finding in findings if finding.cluster_id}
    examples = examples_of_causes(session, causes, findings[0].page_id) if findings else {}
    elements = []
    for finding in findings:
        found = examples.pop(finding.cluster_id or 0, None)
        example = _example(finding, found, language) if found else None
        message, snippet = _message(finding, language), content.get(finding.id, "")
        elements.append(Element(finding, message, snippet, runs.get(finding.first_run_id), example))
    return elements


def _example(finding: Finding, found: CauseExample, language: Language) -> Example:
    rule = rule_named(finding.rule)
    now = after = ""
    if rule and rule.spoken and found.spoken:
        now, after = heard_now(found.spoken, language), heard_after(found.spoken, rule.spoken, language)
    return Example(found.picture, found.page_id != finding.page_id, now, after)


def _message(finding: Finding, language: Language) -> str:
    rule = rule_named(finding.rule)
    return rule.message(language, finding.message, finding.arguments) if rule else ""
