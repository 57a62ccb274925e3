"""Search tasks, how a site is searched, and the results of tests: kept, confirmed and taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.findability import (
    JudgedAnswer,
    QueryKind,
    ResultList,
    RightPage,
    SearchTask,
    SiteSearch,
    TaskDetails,
    TaskFigures,
    TaskState,
    TaskVerdict,
)
from rules.run import RunState
from storage.models import FindabilityResult, FindabilityRun, FindabilityTask, SiteSearchRow


def keep_tasks(
    session: Session, site_id: int, tasks: Iterable[SearchTask], state: TaskState, source: str, now: datetime
) -> tuple[int, int]:
    """Keep tasks; one of the same title takes the place of the one before. A proposal never changes what is there already.

    Gives how many are new and how many changed.
    """
    known = {task.title: task for task in tasks_of_site(session, site_id)}
    new = changed = 0
    for task in tasks:
        values = {"product": task.product, "queries": list(task.queries), "grades": task.grades}
        stored = known.get(task.title)
        if stored is None:
            session.add(FindabilityTask(site_id=site_id, title=task.title, state=state, source=source, created_at=now, **values))
            new += 1
        elif state is TaskState.CONFIRMED:
            before = (stored.product, stored.queries, stored.grades, stored.state)
            changed += before != (*values.values(), state)
            for name, value in {**values, "state": state}.items():
                setattr(stored, name, value)
    session.flush()
    return new, changed


def tasks_of_site(session: Session, site_id: int, state: TaskState | None = None) -> list[FindabilityTask]:
    query = select(FindabilityTask).where(FindabilityTask.site_id == site_id).order_by(FindabilityTask.title)
    return list(session.scalars(query.where(FindabilityTask.state == state) if state else query))


def task_of_site(session: Session, site_id: int, task_id: int) -> FindabilityTask | None:
    task = session.get(FindabilityTask, task_id)
    return task if task and task.site_id == site_id else None


def search_task(row: FindabilityTask) -> SearchTask:
    """The task of a stored row."""
    right = tuple(RightPage(str(url), int(grade)) for url, grade in row.grades.items())
    return SearchTask(row.title, tuple(row.queries), right, row.product)


def search_of_site(session: Session, site_id: int) -> SiteSearchRow | None:
    return session.get(SiteSearchRow, site_id)


def keep_search(
    session: Session, site_id: int, search: SiteSearch, state: TaskState, now: datetime, example: ResultList | None = None
) -> None:
    """Keep how a site is searched; without an example the one before stays."""
    row = session.get(SiteSearchRow, site_id)
    if row is None:
        row = SiteSearchRow(site_id=site_id, example={})
        session.add(row)
    row.state, row.settings, row.learned_at = state, search.as_stored(), now
    if example is not None:
        row.example = asdict(example)


# --- tests -------------------------------------------------------------------------------------------------------------


def start_test(session: Session, site_id: int, by: str, now: datetime) -> int:
    """A new test; one that was left unfinished is interrupted, as only one goes on at a time."""
    unfinished = select(FindabilityRun).where(FindabilityRun.site_id == site_id, FindabilityRun.state == RunState.RUNNING)
    for left in session.scalars(unfinished):
        left.state = RunState.INTERRUPTED
    run = FindabilityRun(site_id=site_id, state=RunState.RUNNING, requested_by=by, started_at=now, figures={})
    session.add(run)
    session.flush()
    return run.id


def keep_result(
    session: Session, run_id: int, task_id: int, verdict: TaskVerdict, figures: TaskFigures, details: TaskDetails
) -> None:
    """What a test says of a task; twice is once."""
    session.merge(
        FindabilityResult(
            run_id=run_id,
            task_id=task_id,
            verdict=verdict,
            rank=rank_of(details.answers),
            figures=asdict(figures),
            details=details.as_stored(),
        )
    )


def rank_of(answers: Iterable[JudgedAnswer]) -> int | None:
    """Where the first right page stands for the most usual words of a task."""
    return next((one.rank for one in answers if one.kind is QueryKind.AS_WRITTEN), None)


def end_test(session: Session, run_id: int, state: RunState, reason: str, figures: Mapping[str, Any], now: datetime) -> None:
    run = session.get_one(FindabilityRun, run_id)
    run.state, run.reason, run.figures, run.finished_at = state, reason, dict(figures), now
