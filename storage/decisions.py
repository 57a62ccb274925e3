"""Decisions of people about findings: kept for ever, and whether one holds is derived from its dates.

A decision stands with the fingerprint of a finding: where the element changes it has another fingerprint, and is open again
by itself. Where the day has passed or somebody took the decision back, the finding is open again too.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from rules.barrier import number_of
from rules.decision import HIDES, DecisionKind, Kept, Standing, Wanted, checked, needs_second, standing_of
from rules.norm import success_criteria
from rules.policy import rule_named
from storage.barriers import barrier_by_number, barriers_by_number
from storage.models import Cluster, Decision, Finding, Page, Run, Site


@dataclass(frozen=True)
class Thing:
    """What is decided about: all that one rule says of one page, or a whole cause."""

    page_id: int | None
    rule: str
    cluster_id: int | None = None


class NothingThere(LookupError):
    """There is no open finding to decide about: it was mended meanwhile, or never was of this site."""


def decide(
    session: Session, site: Site, things: Iterable[Thing], wanted: Wanted, person: str, people: int, now: datetime
) -> list[Decision]:
    """Keep one decision about some things: a row for every finding that is open now. Raises DecisionError, NothingThere.

    `people`: how many may decide about the site; where there are two, the second has to agree with what needs it.
    """
    today = now.astimezone(ZoneInfo(site.time_zone)).date()
    wanted = checked(wanted, today)
    batch = secrets.token_hex(16)
    ends = _midnight_after(wanted.until, site.time_zone) if wanted.until else None
    rows = [
        Decision(
            site_id=site.id,
            page_id=page_id,
            cluster_id=cluster_id,
            fingerprint=fingerprint,
            rule=rule,
            batch=batch,
            kind=wanted.kind.value,
            reason=wanted.reason,
            note=wanted.note,
            person=person,
            needs_second=needs_second(wanted.kind, levels_of(rule), people),
            assignee=wanted.to,
            due_on=wanted.until if wanted.kind in (DecisionKind.LATER, DecisionKind.GIVEN, DecisionKind.QUESTION) else None,
            decided_at=now,
            expires_at=ends if wanted.kind in HIDES else None,
        )
        for page_id, cluster_id, fingerprint, rule in _open_findings(session, site.id, things)
    ]
    if not rows:
        raise NothingThere
    session.add_all(rows)
    session.flush()
    return rows


def _open_findings(session: Session, site_id: int, things: Iterable[Thing]) -> list[tuple[int | None, int | None, str, str]]:
    """Page, cause, fingerprint and rule of what is open; of a whole cause one row without a fingerprint."""
    found: list[tuple[int | None, int | None, str, str]] = []
    for thing in dict.fromkeys(things):
        if thing.cluster_id is not None:
            cluster = session.get(Cluster, thing.cluster_id)
            if cluster is not None and cluster.site_id == site_id and cluster.rule:
                found.append((None, cluster.id, "", cluster.rule))
            continue
        if number := number_of(thing.rule):
            barrier = barrier_by_number(session, site_id, number)
            if barrier is not None and barrier.row.closed_at is None:
                found.append((barrier.page.id if barrier.page else None, None, thing.rule, thing.rule))
            continue
        query = select(Finding.fingerprint).where(
            Finding.page_id == thing.page_id,
            Finding.site_id == site_id,
            Finding.rule == thing.rule,
            Finding.closed_run_id.is_(None),
        )
        found += [(thing.page_id, None, fingerprint, thing.rule) for fingerprint in session.scalars(query)]
    return found


def levels_of(rule_id: str) -> frozenset[str]:
    """The levels of the criteria that a rule is about; what people met counts as level A, so that nobody waves it away alone."""
    if number_of(rule_id):
        return frozenset({"A"})
    rule = rule_named(rule_id)
    return frozenset(success_criteria()[number].level for number in rule.criteria) if rule else frozenset()


def _midnight_after(day: date, zone: str) -> datetime:
    """The end of a day at the site."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def holds(now: datetime) -> ColumnElement[bool]:
    """The decisions that hold at a moment."""
    return and_(
        Decision.withdrawn_at.is_(None),
        or_(Decision.expires_at.is_(None), Decision.expires_at > now),
        or_(Decision.needs_second.is_(False), Decision.seconded_by != ""),
    )


def standing(decision: Decision, now: datetime) -> Standing:
    return standing_of(
        needs_second=decision.needs_second,
        seconded=bool(decision.seconded_by),
        expires_at=decision.expires_at,
        withdrawn_at=decision.withdrawn_at,
        now=now,
    )


def not_seconded(decision: Decision) -> bool:
    """Whether something that the norm asks for was waved away by one person: every export says so."""
    return decision.kind == DecisionKind.NOT_CORRECT and not decision.seconded_by and bool(levels_of(decision.rule) & {"A", "AA"})


def of_batch(session: Session, site_id: int, batch: str) -> Sequence[Decision]:
    query = select(Decision).where(Decision.site_id == site_id, Decision.batch == batch, Decision.batch != "")
    return session.scalars(query.order_by(Decision.id)).all()


class OwnDecision(ValueError):
    """Nobody agrees with themselves: the second person is somebody else."""


def second(session: Session, site_id: int, batch: str, person: str, now: datetime) -> Sequence[Decision]:
    """A second person agrees. Raises OwnDecision where it is the same person."""
    rows = of_batch(session, site_id, batch)
    for row in rows:
        if row.person == person:
            raise OwnDecision
        if not row.seconded_by and standing(row, now) in (Standing.WAITS, Standing.HOLDS):
            row.seconded_by, row.seconded_at = person, now
    return rows


def withdraw(session: Session, site_id: int, batch: str, person: str, now: datetime) -> Sequence[Decision]:
    """Somebody takes a decision back: what it was about is open again."""
    rows = of_batch(session, site_id, batch)
    for row in rows:
        if row.withdrawn_at is None:
            row.withdrawn_at, row.withdrawn_by = now, person
    return rows


def answer(session: Session, site_id: int, batch: str, words: str, person: str) -> Sequence[Decision]:
    """Answer a question."""
    rows = of_batch(session, site_id, batch)
    for row in rows:
        if row.kind == DecisionKind.QUESTION:
            row.answer, row.answered_by = words, person
    return rows


@dataclass(frozen=True)
class DecisionLine:
    """What was decided in one go, as a list shows it."""

    first: Decision
    pages: int
    findings: int
    page_id: int | None
    address: str
    standing: Standing


def decisions_of_site(
    session: Session, site_id: int, now: datetime, kinds: Collection[str], limit: int, offset: int = 0
) -> tuple[list[DecisionLine], int]:
    """What was decided, the newest first, and the number of all of it."""
    of_site = [Decision.site_id == site_id, Decision.batch != "", Decision.kind.in_(kinds)]
    batches = select(func.max(Decision.id).label("id"), func.count(), func.count(Decision.page_id.distinct())).where(*of_site)
    batches = batches.group_by(Decision.batch)
    total = session.scalar(select(func.count()).select_from(batches.subquery())) or 0
    rows = session.execute(batches.order_by(func.max(Decision.id).desc()).limit(limit).offset(offset)).all()
    shown = {row.id: row for row in session.scalars(select(Decision).where(Decision.id.in_([number for number, _, _ in rows])))}
    wanted = [row.page_id for row in shown.values() if row.page_id]
    addresses = dict(session.execute(select(Page.id, Page.identity).where(Page.id.in_(wanted))).all())
    return [
        DecisionLine(
            shown[number], pages, count, shown[number].page_id, addresses.get(shown[number].page_id or 0, ""),
            standing(shown[number], now),
        )
        for number, count, pages in rows
    ], total  # fmt: skip


@dataclass(frozen=True)
class Promise:
    """Something that was promised for a day, and what became of it."""

    first: Decision
    address: str
    findings: int
    kept: Kept


def promises_of_site(session: Session, site: Site, now: datetime, limit: int = 200) -> list[Promise]:
    """What was promised for a day, the nearest day first; a promise that was taken back is none."""
    newest = (
        select(Finding.page_id, Finding.fingerprint, func.max(Finding.id).label("id"))
        .where(Finding.page_id.in_(select(Decision.page_id).where(Decision.site_id == site.id, Decision.due_on.is_not(None))))
        .group_by(Finding.page_id, Finding.fingerprint)
        .subquery()
    )
    query = (
        select(Decision, Finding.closed_run_id, Run.started_at, Page.identity)
        .outerjoin(newest, (newest.c.page_id == Decision.page_id) & (newest.c.fingerprint == Decision.fingerprint))
        .outerjoin(Finding, Finding.id == newest.c.id)
        .outerjoin(Run, Run.id == Finding.closed_run_id)
        .join(Page, Page.id == Decision.page_id)
        .where(
            Decision.site_id == site.id,
            Decision.due_on.is_not(None),
            Decision.kind.in_((DecisionKind.LATER.value, DecisionKind.GIVEN.value)),
            Decision.withdrawn_at.is_(None),
        )
        .order_by(Decision.due_on.desc(), Decision.id)
        .limit(limit * 50)
    )
    per_batch: dict[str, list[tuple[Decision, datetime | None, str]]] = {}
    rows_found = session.execute(query).all()
    barriers = barriers_by_number(session, {number for row in rows_found if (number := number_of(row[0].rule))})
    for decision, _, run_at, address in rows_found:
        barrier = barriers.get(number_of(decision.rule))
        closed_at = barrier.closed_at if barrier else run_at
        per_batch.setdefault(decision.batch, []).append((decision, closed_at, address))
    promises = []
    for rows in per_batch.values():
        first, _, address = rows[0]
        assert first.due_on is not None
        ends = _midnight_after(first.due_on, site.time_zone)
        closed = [moment for _, moment, _ in rows]
        if all(moment is not None for moment in closed):
            kept = Kept.IN_TIME if max(moment for moment in closed if moment) < ends else Kept.TOO_LATE
        else:
            kept = Kept.OPEN if now < ends else Kept.OVERDUE
        promises.append(Promise(first, address, len(rows), kept))
    return promises[:limit]


def decisions_on_page(session: Session, page_id: int) -> Mapping[str, list[Decision]]:
    """Every decision about the findings of a page that was not taken back, by fingerprint, the newest first."""
    query = select(Decision).where(Decision.page_id == page_id, Decision.withdrawn_at.is_(None)).order_by(Decision.id.desc())
    found: dict[str, list[Decision]] = {}
    for row in session.scalars(query):
        found.setdefault(row.fingerprint, []).append(row)
    return found


def decided_causes(session: Session, site_id: int, now: datetime) -> dict[int, Decision]:
    """The newest decision that holds about a whole cause, by the cause's number."""
    query = select(Decision).where(Decision.site_id == site_id, Decision.cluster_id.is_not(None), holds(now))
    return {row.cluster_id: row for row in session.scalars(query.order_by(Decision.id)) if row.cluster_id}


def decided_findings(session: Session, site_id: int, now: datetime) -> dict[tuple[int, str], Decision]:
    """The newest decision that holds about a finding, by page and fingerprint; for exports."""
    query = select(Decision).where(Decision.site_id == site_id, Decision.page_id.is_not(None), holds(now))
    hiding = query.where(Decision.kind.in_([kind.value for kind in HIDES])).order_by(Decision.id)
    return {(row.page_id or 0, row.fingerprint): row for row in session.scalars(hiding)}
