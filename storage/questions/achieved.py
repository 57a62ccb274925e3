"""What got better, with its proof: how it was on which page, and which run saw it gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.outcome import Outcome
from rules.run import RunState
from storage.models import Cluster, Finding, Run
from storage.questions.findings import snippets
from storage.questions.rules import gone_since, page_heads
from storage.questions.runs import WHOLE
from storage.remembered import remembered, run_ended


@dataclass(frozen=True)
class Proof:
    """One failure that is gone."""

    page_id: int
    address: str
    title: str
    language: str
    snippet: str  # of the element as it was; empty: none was kept
    picture: str | None  # hash of a framed picture of its cause, as it was
    seen_at: datetime  # when the run began that first saw it
    gone_at: datetime  # when the run began that saw it gone


@dataclass(frozen=True)
class Proofs:
    """Part of the proofs, and the number of all of them."""

    rows: list[Proof]
    total: int


def first_run_since(session: Session, site_id: int, moment: datetime) -> Run | None:
    """The oldest finished run over the site from a moment on: what later runs are compared with."""
    query = select(Run).where(Run.site_id == site_id, Run.state == RunState.FINISHED, WHOLE, Run.started_at >= moment)
    return session.scalars(query.order_by(Run.id).limit(1)).first()


def run_of_site(session: Session, site_id: int, run_id: int) -> Run | None:
    """A finished run over the site by its number; None: there is none of that number."""
    query = select(Run).where(Run.id == run_id, Run.site_id == site_id, Run.state == RunState.FINISHED, WHOLE)
    return session.scalars(query).first()


@remembered(run_ended)
def proofs(session: Session, site_id: int, rule: str, since: int, run_id: int, limit: int, offset: int) -> Proofs:
    """Failures of a rule that stood after the run `since` and were gone after the run `run_id`, by page."""
    gone = (Finding.site_id == site_id, Finding.rule == rule, Finding.outcome == Outcome.FAILED, gone_since(since, run_id))
    total = session.scalar(select(func.count()).select_from(Finding).where(*gone)) or 0
    query = (
        select(Finding, Cluster.picture_blob)
        .outerjoin(Cluster, Cluster.id == Finding.cluster_id)
        .where(*gone)
        .order_by(Finding.page_id, Finding.id)
        .limit(limit)
        .offset(offset)
    )
    rows = session.execute(query).all()
    heads = page_heads(session, list({finding.page_id for finding, _ in rows}), run_id)
    texts = snippets(session, [finding for finding, _ in rows])
    numbers = {number for finding, _ in rows for number in (finding.first_run_id, finding.closed_run_id) if number}
    moments = {run.id: run.started_at for run in session.scalars(select(Run).where(Run.id.in_(numbers)))}
    return Proofs(
        [
            Proof(
                finding.page_id,
                *heads[finding.page_id],
                texts.get(finding.id, ""),
                picture,
                moments[finding.first_run_id],
                moments[finding.closed_run_id or finding.first_run_id],
            )
            for finding, picture in rows
        ],
        total,
    )
