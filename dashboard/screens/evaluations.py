"""Evaluations: those of a site, one as a whole, what is said of it, and its sample."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard.crawled import safe_href
from dashboard.exports.evaluation import ENDINGS, WORDS, EvaluationForm, written
from dashboard.exports.honest import honest_lines
from dashboard.exports.pdf_file import PdfMissing
from dashboard.languages import translations
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.screens import evidence
from dashboard.security import is_own_post
from rules.criteria import criteria_table
from rules.evaluation import METHODS, Evaluation, EvaluationError, Results, SamplePart, SampleRole
from rules.norm import norms
from storage.evaluation_models import StoredEvaluation
from storage.evaluations import (
    LONGEST,
    add_page,
    change_details,
    draw,
    evaluations_of_site,
    gone_pages,
    load_evaluation,
    new_evaluation,
    remove_evaluation,
    replace_page,
    retest,
    stored_evaluation,
)
from storage.models import Site
from storage.questions.evaluations import machine_grid
from storage.questions.runs import latest_run

router = APIRouter()
router.include_router(evidence.router)

Name = Annotated[str, Form(max_length=LONGEST["name"])]
Text = Annotated[str, Form(max_length=LONGEST["detail"])]
CHOSEN_ROLES = [role for role in SampleRole if role is not SampleRole.RANDOM]
DETAIL_FIELDS = (
    *("title", "commissioner", "contact", "scope", "support_baseline", "extra_requirements"),
    *("essential_functions", "page_types", "tools", "summary", "specifics"),
)


class EvaluationScreen:
    """One evaluation in the making of an answer: its row, its value, and who is looking."""

    def __init__(self, screen: Screen, session: Session, number: int, who: int = 0) -> None:
        row = stored_evaluation(session, number)
        if row is None:
            raise HTTPException(404)
        self.screen, self.session, self.row = screen, session, row
        self.site: Site = screen.site(session, row.site_id)
        self.evaluation: Evaluation = load_evaluation(session, row)
        self.people = [*row.evaluators, *([row.reviewer] if row.reviewer else [])]
        self.who = who if who < len(self.people) else 0
        run = latest_run(session, row.site_id)
        self.run_id = run.id if run else 0

    @property
    def me(self) -> str:
        return self.people[self.who]

    def show(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        results = Results.of(self.evaluation)
        shared = {
            "site": self.site,
            "row": self.row,
            "evaluation": self.evaluation,
            "results": results,
            "honest_lines": honest_lines(results, self.screen.language),
            "people": self.people,
            "who": self.who,
            "me": self.me,
            "criteria_rows": criteria_table(),
            "wrong": "",
        }
        return self.screen.show(template, status, **(shared | values))


Who = Annotated[int, Query(alias="as", ge=0, le=2)]


@router.get("/{language}/sites/{site_id}/evaluations", name="evaluations", response_class=HTMLResponse)
def evaluations(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    return _list(screen, site_id)


def _list(screen: Screen, site_id: int, wrong: str = "", typed: dict[str, str] | None = None) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        rows = [(row, Results.of(load_evaluation(session, row))) for row in evaluations_of_site(session, site_id)]
        return screen.show(
            "evaluations.html.j2",
            422 if wrong else 200,
            site=site,
            rows=rows,
            norms=list(norms().values()),
            run=latest_run(session, site_id),
            wrong=wrong,
            typed=typed or {},
        )


@router.post("/{language}/sites/{site_id}/evaluations", name="begin_evaluation")
def begin_evaluation(
    screen: AnyScreen,
    site_id: Id,
    first: Name = "",
    second: Name = "",
    reviewer: Name = "",
    commissioner: Name = "",
    norm: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Begin an evaluation; its sample is proposed from the newest run."""
    _check_post(screen)
    typed = {"first": first, "second": second, "reviewer": reviewer, "commissioner": commissioner, "norm": norm}
    try:
        with screen.database.session() as session:
            site = screen.site(session, site_id)
            people = [first, second]
            row = new_evaluation(
                session, site, screen.now, evaluators=people, reviewer=reviewer, norm_id=norm, commissioner=commissioner
            )
            number = row.id
    except EvaluationError as error:
        return _list(screen, site_id, error.key, typed)
    return screen.back_to("evaluation", evaluation_id=number)


@router.get("/{language}/evaluations/{evaluation_id}", name="evaluation", response_class=HTMLResponse)
def evaluation(
    screen: AnyScreen,
    evaluation_id: Id,
    who: Who = 0,
    page: Annotated[int, Query(ge=0)] = 0,
    remove: bool = False,
    wrong: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """The figures, the comparison, and every criterion; of one page where that is asked for."""
    with screen.database.session() as session:
        shown = EvaluationScreen(screen, session, evaluation_id, who)
        if page and shown.evaluation.page(page) is None:
            raise HTTPException(404)
        grid = machine_grid(session, shown.evaluation, shown.run_id) if shown.run_id else {}
        per_criterion = {
            number: tuple(sum(one[place] for (of, _), one in grid.items() if of == number) for place in (0, 1))
            for number in shown.evaluation.norm.criteria
        }
        rows = [criteria_table()[number] for number in shown.evaluation.norm.criteria]
        return shown.show(
            "evaluation.html.j2",
            principles=[(name, list(group)) for name, group in groupby(rows, lambda row: row.criterion.principle)],
            grid=grid,
            per_criterion=per_criterion,
            only=shown.evaluation.page(page) if page else None,
            gone=gone_pages(session, shown.row),
            evidence=evidence.kept_evidence(session, shown.evaluation, evaluation_id, shown.site.id),
            remove=remove,
            wrong=wrong,
            export_kinds={kind: translations(screen.language).gettext(words) for kind, words in WORDS.items()},
        )


@router.post("/{language}/evaluations/{evaluation_id}", name="steer_evaluation")
def steer_evaluation(screen: AnyScreen, evaluation_id: Id, what: Annotated[str, Form(max_length=10)]) -> RedirectResponse:
    """Begin a retest, or remove the evaluation."""
    _check_post(screen)
    with screen.database.session() as session:
        row = EvaluationScreen(screen, session, evaluation_id).row
        match what:
            case "retest":
                try:
                    number = retest(session, row, screen.now).id
                except EvaluationError as error:
                    return _back(screen, "evaluation", evaluation_id, {"wrong": error.key})
                return screen.back_to("evaluation", evaluation_id=number)
            case "remove":
                site_id = row.site_id
                remove_evaluation(session, row)
                return screen.back_to("evaluations", site_id=site_id)
    raise HTTPException(404)


@router.get("/{language}/evaluations/{evaluation_id}/export/{kind}", name="evaluation_export")
def evaluation_export(screen: AnyScreen, evaluation_id: Id, kind: EvaluationForm) -> Response:
    """The report in one form, as a file."""
    with screen.database.session() as session:
        results = Results.of(EvaluationScreen(screen, session, evaluation_id).evaluation)
    try:
        made = written(results, kind, screen.language)
    except PdfMissing:
        return _back(screen, "evaluation", evaluation_id, {"wrong": "no-pdf"})
    ending, media_type = ENDINGS[kind]
    name = f"{kind}-{evaluation_id}.{ending}"
    return Response(made, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# --- what is said of the whole ---------------------------------------------------------------------------------------


def typed_details(
    title: Text = "",
    commissioner: Text = "",
    contact: Text = "",
    scope: Text = "",
    support_baseline: Text = "",
    extra_requirements: Text = "",
    essential_functions: Text = "",
    page_types: Text = "",
    tools: Text = "",
    summary: Text = "",
    specifics: Text = "",
) -> dict[str, str]:
    return {name: value for name, value in locals().items() if name in DETAIL_FIELDS}


@router.get("/{language}/evaluations/{evaluation_id}/details", name="evaluation_details", response_class=HTMLResponse)
def evaluation_details(screen: AnyScreen, evaluation_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        return _details(EvaluationScreen(screen, session, evaluation_id))


def _details(shown: EvaluationScreen, typed: dict[str, str] | None = None, wrong: str = "") -> HTMLResponse:
    told = shown.evaluation
    values = {name: str(getattr(told, name)) for name in DETAIL_FIELDS} | {
        "technologies": "\n".join(told.technologies),
        "first": told.evaluators[0] if told.evaluators else "",
        "second": told.evaluators[1] if len(told.evaluators) > 1 else "",
        "reviewer": told.reviewer,
        "method": told.method,
        "made_on": told.on.isoformat() if told.on else "",
        "revision": str(told.revision),
    }
    return shown.show(
        "evaluation_details.html.j2", 422 if wrong else 200, values=values | (typed or {}), methods=METHODS, wrong=wrong
    )


@router.post("/{language}/evaluations/{evaluation_id}/details", name="write_evaluation")
def write_evaluation(
    screen: AnyScreen,
    evaluation_id: Id,
    details: Annotated[dict[str, str], Depends(typed_details)],
    version: Annotated[int, Form(ge=1)],
    first: Name = "",
    second: Name = "",
    reviewer: Name = "",
    technologies: Text = "",
    method: Annotated[str, Form(max_length=20)] = METHODS[0],
    made_on: Annotated[str, Form(max_length=10)] = "",
    revision: Annotated[int, Form(ge=1, le=10_000)] = 1,
) -> Response:
    """Keep what is said of the whole evaluation. What somebody else wrote meanwhile is not overwritten."""
    _check_post(screen)
    people = {"first": first, "second": second, "reviewer": reviewer}
    typed = {**details, **people, "technologies": technologies, "method": method, "made_on": made_on, "revision": str(revision)}
    with screen.database.session() as session:
        shown = EvaluationScreen(screen, session, evaluation_id)
        try:
            day = date.fromisoformat(made_on) if made_on else None
        except ValueError:
            return _details(shown, typed, "no-day")
        changes: dict[str, Any] = {
            **details,
            "method": method,
            "evaluators": [first, second],
            "reviewer": reviewer,
            "made_on": day,
        }
        lines = [line.strip() for line in technologies.splitlines() if line.strip()]
        try:
            changes |= {"technologies": lines, "revision": revision}
            kept = change_details(session, shown.row, version, changes, screen.now)
        except EvaluationError as error:
            return _details(shown, typed, error.key)
        if not kept:
            return _details(shown, typed, "changed")
    return screen.back_to("evaluation", evaluation_id=evaluation_id)


# --- the sample ------------------------------------------------------------------------------------------------------


@router.get("/{language}/evaluations/{evaluation_id}/sample", name="evaluation_sample", response_class=HTMLResponse)
def evaluation_sample(
    screen: AnyScreen,
    evaluation_id: Id,
    replace: Annotated[int, Query(ge=0)] = 0,
    wrong: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    with screen.database.session() as session:
        shown = EvaluationScreen(screen, session, evaluation_id)
        going = shown.evaluation.page(replace) if replace else None
        if replace and going is None:
            raise HTTPException(404)
        return shown.show(
            "evaluation_sample.html.j2",
            422 if wrong else 200,
            parts=[(part, [page for page in shown.evaluation.sample if page.part is part]) for part in SamplePart],
            going=going,
            gone=gone_pages(session, shown.row),
            roles=CHOSEN_ROLES,
            wrong=wrong,
        )


@router.post("/{language}/evaluations/{evaluation_id}/sample", name="change_sample")
def change_sample(
    screen: AnyScreen,
    evaluation_id: Id,
    what: Annotated[str, Form(max_length=10)],
    url: Annotated[str, Form(max_length=LONGEST["url"])] = "",
    title: Annotated[str, Form(max_length=LONGEST["title"])] = "",
    role: Annotated[SampleRole, Form()] = SampleRole.CHOSEN,
    number: Annotated[int, Form(ge=0)] = 0,
    reason: Annotated[str, Form(max_length=LONGEST["text"])] = "",
) -> RedirectResponse:
    """Add a page, replace one, or draw what the random part lacks."""
    _check_post(screen)
    address = url.strip()

    def change(session: Session, row: StoredEvaluation) -> None:
        if address and not safe_href(address):
            raise EvaluationError("no-address", "That is no web address.")
        match what:
            case "add" if address and role in CHOSEN_ROLES:
                add_page(session, row, address, title, role, screen.now)
            case "replace":
                replace_page(session, row, number, reason, address, screen.now)
            case "draw":
                draw(session, row, screen.now)
            case _:
                raise EvaluationError("no-address", "That is no web address.")

    return _tried(screen, evaluation_id, change, {"replace": str(number)} if what == "replace" else {})


def _tried(
    screen: Screen, evaluation_id: int, change: Callable[[Session, StoredEvaluation], None], again: dict[str, str]
) -> RedirectResponse:
    """Make a change, whole or not at all; what is wrong is said on the same screen."""
    try:
        with screen.database.session() as session:
            change(session, EvaluationScreen(screen, session, evaluation_id).row)
    except EvaluationError as error:
        kept = again if error.key == "no-reason" else {}
        return _back(screen, "evaluation_sample", evaluation_id, {**kept, "wrong": error.key})
    return screen.back_to("evaluation_sample", evaluation_id=evaluation_id)


def _back(screen: Screen, name: str, evaluation_id: int, questions: dict[str, str]) -> RedirectResponse:
    return RedirectResponse(f"{screen.path(name, evaluation_id=evaluation_id)}?{urlencode(questions)}", status_code=303)


def _check_post(screen: Screen) -> None:
    if not is_own_post(screen.request):
        raise HTTPException(403)
