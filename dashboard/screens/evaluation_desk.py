"""The evaluation desk: one criterion on one page of the sample, with what the machine found beside what a person says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from dashboard.page_marks import marks_of
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.screens.evaluations import EvaluationScreen, Who
from dashboard.security import is_own_post
from rules.evaluation import (
    TEXTS,
    WHOLE_SAMPLE,
    Assessment,
    Evaluation,
    EvaluationError,
    Exemption,
    SamplePage,
    is_disputed,
)
from rules.outcome import Outcome
from storage.evaluations import (
    LONGEST,
    MOST_EVIDENCE_BYTES,
    PICTURES,
    add_evidence,
    alike,
    copy_assessment,
    evidence_by_number,
    revisions_of_cell,
    save_assessment,
)
from storage.models import Cluster, Finding
from storage.page_pictures import kept_picture
from storage.questions.evaluations import MachineFinding, machine_findings

router = APIRouter()

Criterion = Annotated[str, Path(pattern=r"^\d\.\d\.\d{1,2}$")]
PageOfSample = Annotated[int, Path(ge=0, le=100_000)]
MOST_FIELDS = 30


@dataclass(frozen=True)
class Neighbour:
    """A cell before or after this one."""

    criterion: str
    page: int


@router.get("/{language}/evaluations/{evaluation_id}/{criterion}", name="evaluation_criterion", response_class=HTMLResponse)
def evaluation_criterion(screen: AnyScreen, evaluation_id: Id, criterion: Criterion, who: Who = 0) -> HTMLResponse:
    """One criterion on every page of the sample."""
    with screen.database.session() as session:
        shown = EvaluationScreen(screen, session, evaluation_id, who)
        if criterion not in shown.evaluation.norm.criteria:
            raise HTTPException(404)
        found = {
            page.number: machine_findings(session, shown.evaluation, shown.run_id, criterion, page.number)
            for page in shown.evaluation.sample
            if page.is_asked(criterion)
        }
        return shown.show(
            "evaluation_criterion.html.j2",
            criterion=criterion,
            found=found,
            disputed=[
                number
                for number in (WHOLE_SAMPLE, *found)
                if is_disputed(shown.evaluation.cell(criterion, number), shown.evaluation.reviewer)
            ],
        )


@router.get("/{language}/evaluations/{evaluation_id}/{criterion}/{number}", name="cell", response_class=HTMLResponse)
def cell(screen: AnyScreen, evaluation_id: Id, criterion: Criterion, number: PageOfSample, who: Who = 0) -> HTMLResponse:
    with screen.database.session() as session:
        shown = EvaluationScreen(screen, session, evaluation_id, who)
        return _show(shown, criterion, number)


@router.post("/{language}/evaluations/{evaluation_id}/{criterion}/{number}", name="write_cell")
async def write_cell(
    screen: AnyScreen, evaluation_id: Id, criterion: Criterion, number: PageOfSample, request: Request, who: Who = 0
) -> Response:
    """Keep what one person says of a cell, and the evidence that comes with it."""
    if not is_own_post(request):
        raise HTTPException(403)
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > MOST_EVIDENCE_BYTES + 20 * LONGEST["text"]:
        return await run_in_threadpool(_refuse, screen, evaluation_id, criterion, number, who, "file-large")
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=8 * LONGEST["text"]) as form:
        typed = {name: value for name, value in form.items() if isinstance(value, str)}
        sent = form.get("file")
        file = (sent.filename or "", await sent.read()) if isinstance(sent, UploadFile) and sent.size else ("", b"")
    return await run_in_threadpool(_keep, screen, evaluation_id, criterion, number, who, typed, file)


def _refuse(screen: Screen, evaluation_id: int, criterion: str, number: int, who: int, wrong: str) -> Response:
    with screen.database.session() as session:
        return _show(EvaluationScreen(screen, session, evaluation_id, who), criterion, number, wrong=wrong)


def _keep(
    screen: Screen, evaluation_id: int, criterion: str, number: int, who: int, typed: dict[str, str], file: tuple[str, bytes]
) -> Response:
    try:
        with screen.database.session() as session:
            shown = EvaluationScreen(screen, session, evaluation_id, who)
            mine = _read(Assessment(criterion, number, shown.me, Outcome.UNTESTED), typed)
            try:
                saved = save_assessment(session, evaluation_id, mine, screen.now)
                if not saved.kept:
                    return _show(shown, criterion, number, replace(mine, version=saved.now.version), "changed", saved.now)
                if file[1] or typed.get("note", "").strip():
                    add_evidence(session, shown.row, mine, *file, typed.get("note", ""), screen.now)
                if typed.get("copy"):
                    pages = [page.number for page in alike(shown.evaluation, number)]
                    copy_assessment(session, evaluation_id, saved.now, pages, screen.now)
            except EvaluationError as error:
                raise _Unread(mine, error.key) from error
            after = _neighbours(shown.evaluation, criterion, number)[1] if typed.get("what") == "next" else None
    except _Unread as error:
        with screen.database.session() as session:
            return _show(EvaluationScreen(screen, session, evaluation_id, who), criterion, number, error.read, error.key)
    target = after or Neighbour(criterion, number)
    address = screen.path("cell", evaluation_id=evaluation_id, criterion=target.criterion, number=target.page)
    questions = {"as": str(who)} | ({} if after else {"saved": "1"})
    return RedirectResponse(f"{address}?{urlencode(questions)}#judge", status_code=303)


def _read(mine: Assessment, typed: dict[str, str]) -> Assessment:
    """What a form says. Every text is read before anything is refused, so that it can be shown again."""
    texts: dict[str, Any] = {name: typed.get(name, "").replace("\r\n", "\n") for name in TEXTS}
    read = replace(mine, **texts, version=int(typed.get("version", "0")) if typed.get("version", "0").isdecimal() else 0)
    try:
        read = replace(read, outcome=Outcome(typed.get("outcome", "")), exemption=Exemption(typed.get("exemption", "")))
    except ValueError as error:
        raise _Unread(read, "no-outcome") from error
    if planned := typed.get("planned_on", "").strip():
        try:
            read = replace(read, planned_on=date.fromisoformat(planned))
        except ValueError as error:
            raise _Unread(read, "no-day") from error
    return read


class _Unread(EvaluationError):
    """A form that cannot be kept, with what could be read of it: it is shown again."""

    def __init__(self, read: Assessment, key: str) -> None:
        super().__init__(key, "The form cannot be kept.")
        self.read = read


def _show(
    shown: EvaluationScreen,
    criterion: str,
    number: int,
    typed: Assessment | None = None,
    wrong: str = "",
    theirs: Assessment | None = None,
) -> HTMLResponse:
    told = shown.evaluation
    page = told.page(number)
    if criterion not in told.norm.criteria or (number and (page is None or not page.is_asked(criterion))):
        raise HTTPException(404)
    said = told.cell(criterion, number)
    mine = typed or next(
        (one for one in said if one.assessor == shown.me), Assessment(criterion, number, shown.me, Outcome.UNTESTED)
    )
    found = machine_findings(shown.session, told, shown.run_id, criterion, number) if page and shown.run_id else []
    places = [finding for group in found for finding in group.findings if isinstance(finding, Finding)]
    whole = kept_picture(shown.session, page.page_id) if page and page.page_id else None
    before, after = _neighbours(told, criterion, number)
    status = {"": 200, "changed": 409}.get(wrong, 422)
    return shown.show(
        "evaluation_cell.html.j2",
        status,
        criterion=criterion,
        page=page,
        number=number,
        mine=mine,
        theirs=theirs,
        others=[one for one in said if one.assessor != shown.me],
        disputed=is_disputed(said, told.reviewer),
        found=found,
        pictures={} if whole else _pictures(shown, found),
        whole=whole,
        marks=marks_of(whole, places) if whole else [],
        numbers={finding.id: place for place, finding in enumerate(places, 1)} if whole else {},
        alike=alike(told, number),
        evidence=[one for one in told.evidence if (one.criterion, one.page) == (criterion, number)],
        shown_types=tuple(PICTURES),
        revisions=revisions_of_cell(shown.session, shown.row.id, criterion, number),
        before=before,
        after=after,
        outcomes=list(Outcome),
        exemptions=list(Exemption),
        saved=wrong == "" and shown.screen.request.query_params.get("saved") == "1",
        wrong=wrong,
    )


def _pictures(shown: EvaluationScreen, found: list[MachineFinding]) -> dict[str, str]:
    """Of each rule the picture of its cause: the element framed on the page."""
    clusters = {group.rule: getattr(group.findings[0], "cluster_id", None) for group in found if group.findings}
    rows = {rule: shown.session.get(Cluster, number) for rule, number in clusters.items() if number}
    return {rule: row.picture_blob for rule, row in rows.items() if row and row.picture_blob}


def _neighbours(told: Evaluation, criterion: str, number: int) -> tuple[Neighbour | None, Neighbour | None]:
    """The cells before and after this one: the same criterion on the next page, then the next criterion."""
    order = [Neighbour(one, page) for one in told.norm.criteria for page in (*_asked(told.sample, one), WHOLE_SAMPLE)]
    place = order.index(Neighbour(criterion, number))
    return (order[place - 1] if place else None, order[place + 1] if place + 1 < len(order) else None)


def _asked(sample: tuple[SamplePage, ...], criterion: str) -> list[int]:
    return [page.number for page in sample if page.is_asked(criterion)]


@router.get("/{language}/evaluations/{evaluation_id}/evidence/{number}/file", name="evidence")
def evidence(screen: AnyScreen, evaluation_id: Id, number: Id) -> Response:
    """A file that somebody added: a picture is shown, all else is only handed out."""
    with screen.database.session() as session:
        EvaluationScreen(screen, session, evaluation_id)
        found = evidence_by_number(session, evaluation_id, number)
        if found is None or not found.size:
            raise HTTPException(404)
        kind, name, content = found.media_type, found.name, found.content
    shown = "inline" if kind in PICTURES else "attachment"
    headers: dict[str, Any] = {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name or 'file', safe='')}"}
    return Response(content, media_type=kind, headers=headers)
