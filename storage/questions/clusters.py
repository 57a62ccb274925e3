"""Causes: what one repair mends, how many pages it touches, and what it looks like."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from rules.cause import CauseKind
from rules.outcome import Outcome
from rules.spoken import Spoken
from storage.models import Cluster, Finding
from storage.questions.intervals import judged_pages, standing
from storage.remembered import remembered, run_ended


@dataclass(frozen=True)
class CauseOnSite:
    """One cause with its numbers at the end of a run."""

    id: int
    kind: CauseKind
    rule: str
    region: str  # the landmark that it stands in; "" where it stands in none, or in many
    mender: str
    confirmation: str | None
    picture: str | None  # hash of a framed picture of one element
    failed: int
    cannot_tell: int
    failed_pages: int
    pages: int
    example: int  # a finding that shows it


@remembered(run_ended)
def causes_of_run(session: Session, site_id: int, run_id: int, rule: str = "") -> list[CauseOnSite]:
    """Every cause with a finding at the end of a run, of one rule or of all; the most pages first."""
    open_findings = standing(
        Finding,
        run_id,
        Finding.site_id == site_id,
        Finding.cluster_id.is_not(None),
        Finding.page_id.in_(judged_pages(site_id, run_id)),
        *([Finding.rule == rule] if rule else []),
        columns=(Finding.id, Finding.cluster_id, Finding.page_id, Finding.outcome),
    ).c
    is_failed = open_findings.outcome == Outcome.FAILED
    pages = func.count(open_findings.page_id.distinct())
    query = (
        select(
            Cluster,
            func.sum(case((is_failed, 1), else_=0)).label("failed"),
            func.count().label("all"),
            func.count(case((is_failed, open_findings.page_id)).distinct()).label("failed_pages"),
            pages.label("pages"),
            func.min(open_findings.id).label("example"),
        )
        .join(Cluster, Cluster.id == open_findings.cluster_id)
        .group_by(Cluster.id)
        .order_by(pages.desc(), Cluster.id)
    )
    return [
        CauseOnSite(
            id=cluster.id,
            kind=CauseKind(cluster.kind),
            rule=cluster.rule,
            region=cluster.region,
            mender=cluster.mender,
            confirmation=cluster.confirmation,
            picture=cluster.picture_blob,
            failed=failed,
            cannot_tell=every - failed,
            failed_pages=failed_pages,
            pages=on_pages,
            example=example,
        )
        for cluster, failed, every, failed_pages, on_pages, example in session.execute(query)
    ]


@dataclass(frozen=True)
class CauseExample:
    """How one element of a cause looks and sounds, and the page that it stands on."""

    page_id: int
    picture: str | None  # hash of a framed picture
    spoken: Spoken | None


def examples_of_causes(session: Session, causes: set[int], page_id: int) -> dict[int, CauseExample]:
    """An example of each of some causes, by the cause's number.

    A component is the same everywhere; of content only an example from the page itself says something about it.
    """
    query = select(Cluster).where(
        Cluster.id.in_(causes),
        Cluster.picture_page_id.is_not(None),
        or_(Cluster.kind != CauseKind.CONTENT, Cluster.picture_page_id == page_id),
    )
    return {
        cluster.id: CauseExample(
            cluster.picture_page_id or 0,
            cluster.picture_blob,
            Spoken.stored(cluster.details["spoken"]) if "spoken" in cluster.details else None,
        )
        for cluster in session.scalars(query)
    }
