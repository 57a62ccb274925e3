"""Of the API: the rules, what one repair mends, and every finding."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from dashboard.api.call import AnyCall, AnyPart, Call, one_of
from dashboard.api.shapes import CauseShape, FindingShape, Part, RuleShape
from dashboard.api.sites import Owner
from dashboard.causes import Cause, causes, panel_of
from dashboard.screen import Id
from rules.kpi import Panel
from rules.norm import success_criteria
from rules.outcome import Mender, Outcome
from rules.policy import known_policies, rule_named
from rules.rule import catalogue
from storage.changes import Of
from storage.decisions import decided_causes
from storage.models import Finding, Page
from storage.questions.clusters import causes_of_run
from storage.questions.findings import FindingFilter, findings_after, snippets
from storage.questions.rules import tallies

router = APIRouter()

SHOWN = (Outcome.FAILED, Outcome.CANNOT_TELL)
LONGEST_RULE = 60
RuleId = Annotated[str, Query(max_length=LONGEST_RULE, description="A rule of the catalogue, by its id.")]
Criterion = Annotated[str, Query(max_length=10, description="A success criterion of WCAG, such as 1.1.1.")]
OfPanel = Annotated[str, Query(alias="panel", max_length=20, description="welkom, in-contact, doen or op-orde.")]
OfOutcome = Annotated[str, Query(alias="outcome", max_length=20, description="failed or cantTell.")]


@router.get("/rules", name="api_rules", tags=["findings"])
def rules(call: AnyCall, asked: AnyPart) -> Part[RuleShape]:
    """The rules of the catalogue, by id."""

    def shaped(rule_id: str) -> RuleShape:
        rule = catalogue()[rule_id]
        return RuleShape(
            id=rule.id,
            version=rule.version,
            title=rule.words[call.language].title,
            area=rule.area,
            criteria=list(rule.criteria),
            panel=panel_of(rule.id),
            impact=rule.impact,
            mender=rule.mender,
            minutes=rule.minutes,
        )

    names = sorted(catalogue())
    call.fresh(" ".join(f"{name} {catalogue()[name].version}" for name in names))
    return call.of_all(names, asked, lambda one: one, shaped)


def _rules(rule: str, criterion: str, panel: str) -> set[str] | None:
    """The rules that some questions leave over; None: all of them."""
    one_of(criterion, success_criteria(), "criterion")
    one_of(panel, list(Panel), "panel")
    if not (rule or criterion or panel):
        return None
    known = {one.id: one for one in (*catalogue().values(), *known_policies().values())}
    return {
        name
        for name, one in known.items()
        if rule in ("", name) and (not criterion or criterion in one.criteria) and (not panel or panel_of(name) == panel)
    } | ({rule} if rule and rule not in known and not criterion and not panel else set())


@router.get("/sites/{site_id}/causes", name="api_causes", tags=["findings"])
def causes_of_site(
    call: AnyCall,
    site_id: Id,
    asked: AnyPart,
    rule: RuleId = "",
    criterion: Criterion = "",
    panel: OfPanel = "",
    outcome: OfOutcome = "",
    mender: Annotated[str, Query(max_length=20, description="editor, web-manager or supplier.")] = "",
) -> Part[CauseShape]:
    """What one repair mends, with the pages that it touches; `order` says what is worth mending first."""
    one_of(outcome, SHOWN, "outcome")
    one_of(mender, list(Mender), "mender")
    with call.database.session() as session:
        _, run = call.judged(session, site_id, Of.DECISIONS)
        wanted = _rules(rule, criterion, panel)
        places = causes_of_run(session, site_id, run.id) if run else []
        ordered = causes(tallies(session, run.id), places) if run else []
        decided = decided_causes(session, site_id, call.now)
        kept = [
            (number, one)
            for number, one in enumerate(ordered, 1)
            if one.place
            and (wanted is None or one.id in wanted)
            and mender in ("", one.mender)
            and (not outcome or (one.failed if outcome == Outcome.FAILED else one.cannot_tell))
        ]
        kept.sort(key=lambda one: _number(one[1]))
        return call.of_all(kept, asked, lambda one: _number(one[1]), lambda one: _cause(call, *one, _number(one[1]) in decided))


def _number(cause: Cause) -> int:
    assert cause.place is not None
    return cause.place.id


def _cause(call: Call, order: int, one: Cause, decided: bool) -> CauseShape:
    place = one.place
    assert place is not None
    return CauseShape(
        id=place.id,
        kind=place.kind,
        rule=one.id,
        title=one.title(call.language),
        criteria=[criterion.number for criterion in one.criteria],
        panel=panel_of(one.id),
        impact=one.rule.impact if one.rule else None,
        mender=one.mender,
        region=place.region,
        confirmation=place.confirmation,
        failed=one.failed,
        cannot_tell=one.cannot_tell,
        failed_pages=one.failed_pages,
        pages=place.pages,
        order=order,
        decided=decided,
    )


@router.get("/sites/{site_id}/findings", name="api_findings", tags=["findings"])
def findings(
    call: AnyCall,
    site_id: Id,
    asked: AnyPart,
    rule: RuleId = "",
    criterion: Criterion = "",
    panel: OfPanel = "",
    outcome: OfOutcome = "",
    owner: Owner = "",
    page: Annotated[int, Query(ge=0, le=2**31 - 1, description="Of one page, by its number.")] = 0,
    cause: Annotated[int, Query(ge=0, le=2**31 - 1, description="Of one cause, by its number.")] = 0,
    confirmation: Annotated[str, Query(max_length=10, description="confirmed or unstable.")] = "",
    decided: Annotated[bool | None, Query(description="Whether a decision that holds hides it.")] = None,
) -> Part[FindingShape]:
    """What is wrong, and what a person has to look at, element by element, as the newest run left it."""
    one_of(outcome, SHOWN, "outcome")
    one_of(confirmation, ("confirmed", "unstable"), "confirmation")
    with call.database.session() as session:
        _, run = call.judged(session, site_id, Of.DECISIONS, Of.OWNERS)
        wanted = FindingFilter(_rules(rule, criterion, panel), outcome, owner.strip(), page, cause, confirmation, decided)
        found = findings_after(session, site_id, run.id, wanted, call.now, asked.limit + 1, asked.number) if run else []
        code = snippets(session, [one for one, _, _ in found])
        return call.part(found, asked, lambda one: one[0].id, lambda one: _finding(call, *one, code.get(one[0].id, "")))


def _finding(call: Call, one: Finding, page: Page, decided: bool, code: str) -> FindingShape:
    rule = rule_named(one.rule)
    return FindingShape.model_validate(
        {
            **{name: getattr(one, name) for name in ("id", "rule", "rule_version", "outcome", "impact", "engines", "frames")},
            **{name: getattr(one, name) for name in ("selector", "confirmation")},
            "page": page.id,
            "url": page.identity,
            "owner": page.owner,
            "criteria": list(rule.criteria) if rule else [],
            "panel": panel_of(one.rule),
            "html": code,
            "message": rule.message(call.language, one.message, one.arguments) if rule else one.rule,
            "cause": one.cluster_id,
            "first_run": one.first_run_id,
            "decided": decided,
        }
    )
