"""What a manager asks: which causes stand on which pages, what was achieved, and what the supplier holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from rules.cause import CauseKind
from rules.confirm import Confirmation
from rules.decision import DecisionKind
from rules.outcome import Mender, Outcome
from rules.rule import catalogue
from storage.decisions import holds
from storage.models import Cluster, Decision, Finding, Page, PageState, Run
from storage.questions.clusters import CauseOnSite
from storage.questions.intervals import judged_pages
from storage.questions.rules import RuleChange, fixed_since
from storage.questions.runs import WHOLE

SINCE = timedelta(days=92)  # what was achieved is told over a quarter


def causes_on_pages(session: Session, site_id: int, run_id: int) -> dict[int, set[int]]:
    """The causes of confirmed failures of accessibility on each judged page."""
    asked = [rule.id for rule in catalogue().values() if rule.criteria]
    query = (
        select(Finding.page_id, Finding.cluster_id)
        .join(Cluster, Cluster.id == Finding.cluster_id)
        .where(
            Finding.site_id == site_id,
            Finding.closed_run_id.is_(None),
            Finding.outcome == Outcome.FAILED,
            Finding.rule.in_(asked),
            or_(Finding.confirmation == Confirmation.CONFIRMED, Cluster.confirmation == Confirmation.CONFIRMED),
            Finding.page_id.in_(judged_pages(site_id, run_id)),
        )
        .distinct()
    )
    found: dict[int, set[int]] = {}
    for page, cause in session.execute(query):
        if cause is not None:
            found.setdefault(page, set()).add(cause)
    return found


@dataclass(frozen=True)
class Achievement:
    """Failures of one rule that are gone, with the proof of how it looked before."""

    change: RuleChange
    picture: str | None  # hash of a framed picture from before


def achieved(session: Session, site_id: int, run: Run) -> tuple[Run | None, list[Achievement]]:
    """What was mended in a quarter, and since which run; only what has not come back."""
    query = select(Run).where(Run.site_id == site_id, WHOLE, Run.state == "finished", Run.id < run.id)
    earlier = session.scalars(query.where(Run.started_at >= run.started_at - SINCE).order_by(Run.id).limit(1)).first()
    if earlier is None:
        return None, []
    changes = fixed_since(session, site_id, earlier.id, run.id)
    pictures = dict(
        session.execute(
            select(Cluster.rule, func.min(Cluster.picture_blob))
            .where(Cluster.site_id == site_id, Cluster.rule.in_([one.rule for one in changes]), Cluster.picture_blob.is_not(None))
            .group_by(Cluster.rule)
        ).all()
    )
    return earlier, [Achievement(one, pictures.get(one.rule)) for one in changes]


@dataclass(frozen=True)
class ForSupplier:
    """A cause that an editor cannot mend, and since when the supplier holds it."""

    cause: CauseOnSite
    ticket: Decision | None

    def days(self, now: datetime) -> int | None:
        """That the supplier holds it; our own clock stands still meanwhile."""
        return (now - self.ticket.decided_at).days if self.ticket else None


def for_supplier(session: Session, site_id: int, causes: list[CauseOnSite], now: datetime) -> list[ForSupplier]:
    """The causes with failures that are not an editor's; what nobody gave to the supplier comes first."""
    query = select(Decision).where(
        Decision.site_id == site_id, Decision.kind == DecisionKind.WITH_SUPPLIER, Decision.cluster_id.is_not(None), holds(now)
    )
    tickets = {row.cluster_id: row for row in session.scalars(query.order_by(Decision.id))}
    found = [ForSupplier(one, tickets.get(one.id)) for one in causes if one.failed and one.mender != Mender.EDITOR]
    return sorted(found, key=lambda one: (one.ticket is not None, -one.cause.failed_pages, one.cause.id))


@dataclass(frozen=True)
class TicketFacts:
    """A cause with what a supplier needs to mend it."""

    cluster: Cluster
    finding: Finding
    pages: list[tuple[str, str]]  # address and title, the first of them
    count: int


def ticket_facts(session: Session, site_id: int, number: int, most: int) -> TicketFacts | None:
    """None where there is no such cause of the site, or nothing of it is open."""
    cluster = session.get(Cluster, number)
    if cluster is None or cluster.site_id != site_id or cluster.kind not in set(CauseKind):
        return None
    is_open = (Finding.cluster_id == number, Finding.closed_run_id.is_(None))
    finding = session.scalars(select(Finding).where(Finding.site_id == site_id, *is_open).order_by(Finding.id).limit(1)).first()
    if finding is None:
        return None
    pages = (
        select(Page.identity, PageState.title)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(Page.id.in_(select(Finding.page_id).where(Finding.site_id == site_id, *is_open)))
        .order_by(Page.identity)
    )
    count = session.scalar(select(func.count(Finding.page_id.distinct())).where(Finding.site_id == site_id, *is_open)) or 0
    return TicketFacts(cluster, finding, [(address, title) for address, title in session.execute(pages.limit(most))], count)
