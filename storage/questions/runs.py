"""Which runs there were, how far the present one is, and how the figures went from run to run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from rules.run import RunState, Step
from storage import runs
from storage.models import Run, RunFigure
from storage.runs import WHOLE_SITE

WHOLE = Run.kind.in_(WHOLE_SITE)  # a run over the site; one page looked at again is not a new state of it


@dataclass(frozen=True)
class RunPoint:
    """A finished run with its figures."""

    run: Run
    figures: dict[str, float] = field(default_factory=dict)

    def figure(self, name: str) -> int | None:
        """A figure that counts; None where the run did not write it."""
        value = self.figures.get(name)
        return None if value is None else round(value)


@dataclass(frozen=True)
class Progress:
    """How far a run is, in pages."""

    found: int  # still to be fetched
    fetched: int  # waits for the browser
    done: int

    @property
    def total(self) -> int:
        return self.found + self.fetched + self.done


def latest_run(session: Session, site_id: int) -> Run | None:
    """The newest finished run over the site: what the site's screens show."""
    return session.scalars(_finished(site_id).where(WHOLE).limit(1)).first()


def latest_look(session: Session, site_id: int) -> Run | None:
    """The newest finished run of any kind: what one page's screen shows, also after that page was looked at again."""
    return session.scalars(_finished(site_id).limit(1)).first()


def unfinished_run(session: Session, site_id: int) -> Run | None:
    """The newest run over the site, if it is not a finished one."""
    newest = session.scalars(select(Run).where(Run.site_id == site_id, WHOLE).order_by(Run.id.desc()).limit(1)).first()
    return newest if newest and newest.state != RunState.FINISHED else None


def run_of_process(session: Session, site_id: int, process: str) -> Run | None:
    """The newest run over a site that this process made, or takes part in."""
    made = select(Run).where(Run.site_id == site_id, Run.process == process)
    return session.scalar(made.order_by(Run.id.desc()).limit(1))


def run_history(session: Session, site_id: int, limit: int = 24) -> list[RunPoint]:
    """The newest finished runs over the site, oldest first."""
    newest = session.scalars(_finished(site_id).where(WHOLE).limit(limit)).all()
    return with_figures(session, list(reversed(newest)))


def runs_of_site(session: Session, site_id: int, limit: int, offset: int = 0) -> Sequence[Run]:
    """Runs in every state, newest first."""
    newest_first = select(Run).where(Run.site_id == site_id).order_by(Run.id.desc())
    return session.scalars(newest_first.limit(limit).offset(offset)).all()


def runs_before(session: Session, site_id: int, limit: int, before: int) -> Sequence[Run]:
    """Runs in every state that began before one, newest first; 0: from the newest on."""
    query = select(Run).where(Run.site_id == site_id, *([Run.id < before] if before else []))
    return session.scalars(query.order_by(Run.id.desc()).limit(limit)).all()


def number_of_runs(session: Session, site_id: int) -> int:
    return session.scalar(select(func.count()).select_from(Run).where(Run.site_id == site_id)) or 0


def with_figures(session: Session, shown: Sequence[Run]) -> list[RunPoint]:
    figures: dict[int, dict[str, float]] = {run.id: {} for run in shown}
    for row in session.scalars(select(RunFigure).where(RunFigure.run_id.in_(figures))):
        figures[row.run_id][row.name] = row.value
    return [RunPoint(run, figures[run.id]) for run in shown]


def progress(session: Session, run_id: int) -> Progress:
    counts = runs.progress(session, run_id)
    return Progress(counts.get(Step.FOUND, 0), counts.get(Step.FETCHED, 0), counts.get(Step.DONE, 0))


def runs_by_id(session: Session, ids: set[int]) -> dict[int, Run]:
    return {run.id: run for run in session.scalars(select(Run).where(Run.id.in_(ids)))} if ids else {}


def _finished(site_id: int) -> Select[Run]:
    return select(Run).where(Run.site_id == site_id, Run.state == RunState.FINISHED).order_by(Run.id.desc())
