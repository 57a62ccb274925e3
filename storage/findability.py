"""Search tasks, how a site is searched, and the results of tests: kept, confirmed and taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rules.findability import (
    JudgedAnswer,
    ProposedTask,
    QueryKind,
    ResultList,
    RightPage,
    SearchTask,
    SiteSearch,
    TaskDetails,
    TaskFigures,
    TaskState,
    TaskVerdict,
    is_found,
)
from rules.run import RunState
from rules.stemming import meaning
from storage.models import FindabilityLoss, FindabilityResult, FindabilityRun, FindabilityTask, SiteSearchRow


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


def keep_proposals(session: Session, site_id: int, proposals: Iterable[ProposedTask], source: str, now: datetime) -> int:
    """Put these proposals in the place of those of the same source before. Gives how many are new.

    What a person confirmed or refused is not proposed again: neither its page nor its words. A proposal of a log goes before
    one that only the site suggests.
    """
    tasks = tasks_of_site(session, site_id)
    known = {task.title: task for task in tasks if task.state == TaskState.PROPOSED and (source == "log" or task.source != "log")}
    stands = [task for task in tasks if task.title not in known]
    titles = {task.title for task in stands}
    pages = {url for task in stands for url in task.grades}
    words = {_words(query) for task in stands for query in task.queries}
    kept, new = set(), 0
    for one in proposals:
        task = one.task
        queries = [query for query in task.queries if _words(query) not in words]
        if not queries or task.title in titles or pages & task.grades.keys():
            continue
        row = known.get(task.title)
        if row is None:
            row = FindabilityTask(site_id=site_id, title=task.title, state=TaskState.PROPOSED, created_at=now)
            session.add(row)
            new += 1
        row.product, row.queries, row.grades = task.product, queries, task.grades
        row.source, row.reason, row.people = source, one.reason, one.people
        kept.add(task.title)
        pages |= task.grades.keys()
    for title, row in known.items():
        if title not in kept and (row.source == source or pages & row.grades.keys()):
            session.delete(row)
    session.flush()
    return new


def _words(query: str) -> tuple[str, ...]:
    return tuple(sorted(meaning(query)))


def refuse(session: Session, task: FindabilityTask) -> None:
    """A person does not want this task: its tests go, and it is not proposed again."""
    task.state = TaskState.REFUSED
    session.execute(delete(FindabilityResult).where(FindabilityResult.task_id == task.id))
    session.execute(delete(FindabilityLoss).where(FindabilityLoss.task_id == task.id))


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
    """How a test ended; of a finished one it is noted which tasks it lost and which it found again."""
    run = session.get_one(FindabilityRun, run_id)
    run.state, run.reason, run.figures, run.finished_at = state, reason, dict(figures), now
    if state is RunState.FINISHED:
        session.flush()
        for result in session.scalars(select(FindabilityResult).where(FindabilityResult.run_id == run_id)):
            _note_loss(session, result)


def _note_loss(session: Session, result: FindabilityResult) -> None:
    """Compare a result with the one before it that could be asked; what could not be asked is neither lost nor found."""
    if result.verdict == TaskVerdict.UNTESTED:
        return
    before = session.scalar(
        select(FindabilityResult)
        .join(FindabilityRun, FindabilityRun.id == FindabilityResult.run_id)
        .where(FindabilityResult.task_id == result.task_id, FindabilityResult.run_id < result.run_id)
        .where(FindabilityResult.verdict != TaskVerdict.UNTESTED, FindabilityRun.state == RunState.FINISHED)
        .order_by(FindabilityResult.run_id.desc())
        .limit(1)
    )
    lost = session.scalar(
        select(FindabilityLoss).where(FindabilityLoss.task_id == result.task_id, FindabilityLoss.found_run_id.is_(None))
    )
    if lost and is_found(result.rank):
        lost.found_run_id = result.run_id
    elif not lost and before and before.rank and is_found(before.rank) and not is_found(result.rank):
        session.add(FindabilityLoss(task_id=result.task_id, lost_run_id=result.run_id, rank_before=before.rank))
