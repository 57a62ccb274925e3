"""Findability: the tasks of a site, how each goes from test to test, how the site is searched, and what waits for a person."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard import charts, formatting
from dashboard.measured import shown_series
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from rules.findability import NEEDS_WORK, TEST, TaskState, TaskVerdict
from rules.search_log import LEARN
from rules.task_file import LONGEST_TITLE, TaskFileError, task_of
from storage.findability import keep_tasks, refuse, search_of_site, task_of_site, tasks_of_site
from storage.kpis import annotations_of_site
from storage.measurements import series_of_site
from storage.models import FindabilityResult, FindabilityTask, Site
from storage.questions.findability import (
    count_tasks,
    finished_tests,
    history_of_task,
    last_test,
    lost_and_regained,
    results_of_test,
)
from storage.questions.requests import waiting_requests
from storage.questions.searches import has_search_log
from storage.requests import AlreadyAsked, ask

router = APIRouter()

KPIS = ("success-at-3", "tasks-found")  # what is measured elsewhere of these stands on this screen too

LONGEST_CELL = 20_000  # characters of all search words or pages of one task
LONGEST_TEST = timedelta(hours=2)  # what takes longer has died
FIRST_SHOWN = 10  # proposals
SHOWN = 20  # pages of the list of what nothing leads to


@dataclass(frozen=True)
class Written:
    """What stands in the form, and what is wrong with it."""

    title: str = ""
    queries: str = ""
    pages: str = ""
    product: str = ""
    wrong: str = ""  # the field in which something is wrong


def written(
    title: Annotated[str, Form(max_length=LONGEST_TITLE)] = "",
    queries: Annotated[str, Form(max_length=LONGEST_CELL)] = "",
    pages: Annotated[str, Form(max_length=LONGEST_CELL)] = "",
    product: Annotated[str, Form(max_length=LONGEST_TITLE)] = "",
) -> Written:
    return Written(title, queries, pages, product)


@router.get("/{language}/sites/{site_id}/tasks", name="tasks", response_class=HTMLResponse)
def tasks(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        return _list(screen, session, screen.site(session, site_id), Written())


@router.post("/{language}/sites/{site_id}/tasks", name="write_task")
def write_task(screen: AnyScreen, site_id: Id, form: Annotated[Written, Depends(written)]) -> Response:
    """Keep the task of the form; one of the same title is changed. What is wrong is said beside the form."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        try:
            cells = {"title": form.title, "queries": form.queries, "pages": form.pages, "product": form.product}
            task = task_of(cells, site.start_url)
        except TaskFileError as error:
            return _list(screen, session, site, replace(form, wrong=error.field), 422)
        keep_tasks(session, site_id, [task], TaskState.CONFIRMED, "person", screen.now)
        if has_search_log(session, site_id):
            with suppress(AlreadyAsked):  # to count how many people ask for it
                ask(session, site_id, LEARN, {}, screen.who.name, screen.now)
    return screen.back_to("tasks", site_id=site_id)


@router.post("/{language}/sites/{site_id}/tasks/test", name="ask_test")
def ask_test(screen: AnyScreen, site_id: Id) -> RedirectResponse:
    """Ask the scheduler to test all confirmed tasks."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        screen.site(session, site_id)
        with suppress(AlreadyAsked):  # the screen says that it waits, whoever asked first
            ask(session, site_id, TEST, {}, screen.who.name, screen.now)
    return screen.back_to("tasks", site_id=site_id)


@router.post("/{language}/sites/{site_id}/tasks/search", name="judge_search")
def judge_search(screen: AnyScreen, site_id: Id, right: Annotated[bool, Form()]) -> RedirectResponse:
    """How the site is searched is right; or it is not, and is found out anew by the next test."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        screen.site(session, site_id)
        if search := search_of_site(session, site_id):
            if right:
                search.state = TaskState.CONFIRMED
            else:
                session.delete(search)
    return screen.back_to("tasks", site_id=site_id)


@router.get("/{language}/sites/{site_id}/tasks/{task_id}", name="task", response_class=HTMLResponse)
def task(screen: AnyScreen, site_id: Id, task_id: Id) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        shown = _task(session, site_id, task_id)
        history = history_of_task(session, task_id)
        labels = formatting.run_labels([run.started_at for run, _ in history], screen.language, site.time_zone)
        return screen.show(
            "task.html.j2",
            site=site,
            task=shown,
            history=list(zip(labels, history, strict=True))[::-1],
            result=history[-1][1] if history else None,
            test=history[-1][0] if history else None,
        )


@router.post("/{language}/sites/{site_id}/tasks/{task_id}", name="judge_task")
def judge_task(screen: AnyScreen, site_id: Id, task_id: Id, right: Annotated[bool, Form()]) -> RedirectResponse:
    """Confirm a task; or refuse it, with its tests: it is not proposed again."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        shown = _task(session, site_id, task_id)
        was_proposed = shown.state == TaskState.PROPOSED
        if right:
            shown.state = TaskState.CONFIRMED
        else:
            refuse(session, shown)
        more = was_proposed and count_tasks(session, site_id, TaskState.PROPOSED)
    place = "#proposed" if more else ""  # who judges one proposal goes on with the next
    return RedirectResponse(screen.path("tasks", site_id=site_id) + place, status_code=303)


def _task(session: Session, site_id: int, task_id: int) -> FindabilityTask:
    found = task_of_site(session, site_id, task_id)
    if found is None:
        raise HTTPException(404)
    return found


def _list(screen: Screen, session: Session, site: Site, form: Written, status: int = 200) -> HTMLResponse:
    tests = finished_tests(session, site.id)
    newest = last_test(session, site.id)
    results = results_of_test(session, tests[-1].id) if tests else {}
    confirmed = tasks_of_site(session, site.id, TaskState.CONFIRMED)
    lost, regained = lost_and_regained(session, site.id)
    happened = annotations_of_site(session, site.id)
    return screen.show(
        "tasks.html.j2",
        status,
        site=site,
        tests=tests,
        failed=newest if newest and newest.state in ("failed", "interrupted") else None,
        running=newest is not None and newest.state == "running" and screen.now - newest.started_at < LONGEST_TEST,
        rows=sorted(((task, results.get(task.id)) for task in confirmed), key=_urgency),
        proposed=sorted(tasks_of_site(session, site.id, TaskState.PROPOSED), key=lambda task: (-(task.people or 0), task.title)),
        first_shown=FIRST_SHOWN,
        refused=tasks_of_site(session, site.id, TaskState.REFUSED),
        lost=lost,
        regained=regained,
        chart=charts.trend(_success(screen, site, tests), happened),
        measured=shown_series(series_of_site(session, site.id, kpis=KPIS), happened),
        shape=tests[-1].figures.get("shape") if tests else None,
        shown=SHOWN,
        search=search_of_site(session, site.id),
        waiting=any(request.kind == TEST for request in waiting_requests(session, site.id)),
        form=form,
    )


def _urgency(row: tuple[FindabilityTask, FindabilityResult | None]) -> tuple[int, int, str]:
    """What needs work first, then what could not be tested, then what is found; each by the people who come for it."""
    task, result = row
    verdict = TaskVerdict(result.verdict) if result else TaskVerdict.UNTESTED
    group = 0 if verdict in NEEDS_WORK else 1 if verdict is TaskVerdict.UNTESTED else 2
    return group, -(task.people or 0), task.title


def _success(screen: Screen, site: Site, tests: list[Any]) -> list[charts.Measurement]:
    """The share of queries with a right page among the first three, in per cent, test by test."""
    measured = [(test, test.figures["success_at_3"]) for test in tests if "success_at_3" in test.figures]
    labels = formatting.run_labels([test.started_at for test, _ in measured], screen.language, site.time_zone)
    return [
        charts.Measurement(label, round(100 * value), day=test.started_at.date())
        for label, (test, value) in zip(labels, measured, strict=True)
    ]
