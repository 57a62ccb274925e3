"""The editor's desk: what is to be mended on somebody's pages, in the order of its worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import inf
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from rules.barrier import MINUTES
from rules.decision import HIDES, DecisionKind, Standing
from rules.outcome import Mender, Outcome
from rules.policy import rule_named
from rules.rule import Rule
from rules.task import PageStatus
from rules.worklist import MOST, PeopleSource, worth
from storage.barrier_models import StoredBarrier
from storage.barriers import open_barriers
from storage.decisions import standing
from storage.models import Cluster, Decision, Finding, Page, PageState, Run, Site
from storage.people import people_of_site


@dataclass(frozen=True)
class DeskThing:
    """What one rule says of one page: one thing to mend, or to judge."""

    page_id: int
    address: str
    title: str
    language: str
    rule: str
    outcome: str
    count: int
    first_run_id: int  # that saw the oldest of it
    people: float | None  # None: not known of this page
    minutes: int  # to mend all of it
    worth: float
    owner: str
    cluster_id: int | None = None  # its cause, where that is known
    given: Decision | None = None  # by somebody to who looks
    question: Decision | None = None
    came_back: Decision | None = None  # it was decided about, and that is over
    waits: Decision | None = None  # for a second person
    barrier: StoredBarrier | None = None  # it was met or seen by people; then `rule` is the name of the barrier

    @property
    def key(self) -> str:
        return f"{self.page_id}:{self.rule}"

    @property
    def due_on(self) -> date | None:
        return self.given.due_on if self.given else None


@dataclass(frozen=True)
class Desk:
    """The first things on a desk, and how much there is."""

    things: list[DeskThing]
    total: int
    pages: int  # that have something to mend
    minutes: int  # of the things that are shown
    source: PeopleSource
    template_findings: int  # on the same pages, that are not the editor's
    decided: int  # things that a decision hides
    first_seen: Mapping[int, datetime] = field(default_factory=dict)  # by run


@dataclass
class _Group:
    """The open findings of one rule with one outcome on one page."""

    page: tuple[int, str, str, str, str, str]
    rule: Rule
    outcome: str
    count: int = 0
    first_run_id: int = 0
    cluster_id: int | None = None
    given: Decision | None = None
    question: Decision | None = None
    came_back: Decision | None = None
    waits: Decision | None = None


def desk_of(
    session: Session,
    site: Site,
    owners: Collection[str] | None,
    now: datetime,
    *,
    most: int = MOST,
    skip: int = 0,
    menders: Collection[Mender] = (Mender.EDITOR,),
) -> Desk:
    """What is to be mended on the pages of some owners; None: on every page.

    What somebody gave to one of the owners is there too, and what an owner gave away is not.
    """
    mine = None if owners is None else {owner.casefold() for owner in owners}
    people = people_of_site(session, site, now)
    per_finding, per_cause = _decisions(session, site.id)
    groups: dict[tuple[int, str, str], _Group] = {}
    of_template = 0
    decided: set[tuple[int, str]] = set()
    for row in session.execute(_open(site.id)):
        page_id, address, key, title, language, owner, mender, rule_id, outcome, fingerprint, cluster, run = row
        rule = rule_named(rule_id)
        if rule is None or (outcome == Outcome.CANNOT_TELL and rule.is_advice):
            continue
        about = [*per_finding.get((page_id, fingerprint), ()), *per_cause.get(cluster or 0, ())]
        newest = _newest(about, now)
        given = newest.get(DecisionKind.GIVEN)
        if mine is not None and (given.assignee if given else owner).casefold() not in mine:
            continue
        if Mender(mender or rule.mender) not in menders:
            of_template += 1
            continue
        if any(kind in newest for kind in HIDES):
            decided.add((page_id, rule_id))
            continue
        group = groups.setdefault(
            (page_id, rule_id, outcome), _Group((page_id, address, key, title, language, owner), rule, outcome)
        )
        group.count += 1
        group.first_run_id = min(group.first_run_id or run, run)
        group.cluster_id = group.cluster_id or cluster
        group.given = group.given or given
        group.question = group.question or newest.get(DecisionKind.QUESTION)
        group.came_back = group.came_back or next((one for one in about if standing(one, now) is Standing.OVER), None)
        group.waits = group.waits or next((one for one in about if standing(one, now) is Standing.WAITS), None)
    met, gone = _barriers(session, site.id, mine, menders, per_finding, people.by_hash, now)
    decided |= gone
    found = [*(_thing(group, people.by_hash) for group in groups.values()), *met]
    things = sorted(found, key=lambda one: _order(one, now.date()))
    shown = things[skip : skip + most]
    runs = {one.first_run_id for one in shown if one.barrier is None}
    return Desk(
        things=shown,
        total=len(things),
        pages=len({one.page_id for one in things}),
        minutes=sum(one.minutes for one in shown),
        source=people.source,
        template_findings=of_template,
        decided=len(decided),
        first_seen=dict(session.execute(select(Run.id, Run.started_at).where(Run.id.in_(runs))).all()) if runs else {},
    )


def _open(site_id: int) -> Select[Any]:
    """Everything that is open on pages that were tested."""
    return (
        select(Page.id, Page.identity, Page.identity_hash, PageState.title, PageState.language, Page.owner, Cluster.mender)
        .add_columns(Finding.rule, Finding.outcome, Finding.fingerprint, Finding.cluster_id, Finding.first_run_id)
        .join(Page, Page.id == Finding.page_id)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .outerjoin(Cluster, Cluster.id == Finding.cluster_id)
        .where(Finding.site_id == site_id, Finding.closed_run_id.is_(None), PageState.status == PageStatus.TESTED)
    )


def _decisions(session: Session, site_id: int) -> tuple[dict[tuple[int, str], list[Decision]], dict[int, list[Decision]]]:
    """What was decided and not taken back: by page and fingerprint, and by cause; the newest first."""
    query = select(Decision).where(Decision.site_id == site_id, Decision.withdrawn_at.is_(None)).order_by(Decision.id.desc())
    per_finding: dict[tuple[int, str], list[Decision]] = defaultdict(list)
    per_cause: dict[int, list[Decision]] = defaultdict(list)
    for row in session.scalars(query):
        if row.cluster_id:
            per_cause[row.cluster_id].append(row)
        elif row.page_id or row.fingerprint:
            per_finding[row.page_id or 0, row.fingerprint].append(row)
    return per_finding, per_cause


def _barriers(
    session: Session,
    site_id: int,
    mine: Collection[str] | None,
    menders: Collection[Mender],
    decisions: Mapping[tuple[int, str], list[Decision]],
    people: Mapping[str, float],
    now: datetime,
) -> tuple[list[DeskThing], set[tuple[int, str]]]:
    """What people met or saw on these pages, and what of it a decision hides."""
    found: list[DeskThing] = []
    hidden: set[tuple[int, str]] = set()
    for seen in open_barriers(session, site_id):
        barrier, owner, page_id = seen.value, seen.page.owner if seen.page else "", seen.page.id if seen.page else 0
        about = [one for page in {page_id, 0} for one in decisions.get((page, barrier.rule), ())]
        newest = _newest(sorted(about, key=lambda one: -one.id), now)
        given = newest.get(DecisionKind.GIVEN)
        if barrier.mender not in menders or (mine is not None and (given.assignee if given else owner).casefold() not in mine):
            continue
        if any(kind in newest for kind in HIDES):
            hidden.add((page_id, barrier.rule))
            continue
        reached = people.get(seen.row.address_hash)
        found.append(
            DeskThing(
                page_id=page_id,
                address=barrier.address,
                title=seen.state.title if seen.state else "",
                language=seen.state.language if seen.state else "",
                rule=barrier.rule,
                outcome=Outcome.FAILED,
                count=1,
                first_run_id=0,
                people=reached,
                minutes=MINUTES,
                worth=worth(reached, barrier.impact, MINUTES, Outcome.FAILED),
                owner=owner,
                given=given,
                question=newest.get(DecisionKind.QUESTION),
                came_back=next((one for one in about if standing(one, now) is Standing.OVER), None),
                waits=next((one for one in about if standing(one, now) is Standing.WAITS), None),
                barrier=seen.row,
            )
        )
    return found, hidden


def _newest(about: Collection[Decision], now: datetime) -> dict[DecisionKind, Decision]:
    """The newest decision of each kind that holds; a question that was answered is none."""
    newest: dict[DecisionKind, Decision] = {}
    for row in about:
        if standing(row, now) is Standing.HOLDS and not (row.kind == DecisionKind.QUESTION and row.answer):
            newest.setdefault(DecisionKind(row.kind), row)
    return newest


def _thing(group: _Group, people: Mapping[str, float]) -> DeskThing:
    page_id, address, key, title, language, owner = group.page
    reached = people.get(key)
    minutes = max(group.rule.minutes, 1) * group.count
    return DeskThing(
        page_id=page_id,
        address=address,
        title=title,
        language=language,
        rule=group.rule.id,
        outcome=group.outcome,
        count=group.count,
        first_run_id=group.first_run_id,
        people=reached,
        minutes=minutes,
        worth=worth(reached, group.rule.impact, minutes, Outcome(group.outcome)),
        owner=owner,
        cluster_id=group.cluster_id,
        given=group.given,
        question=group.question,
        came_back=group.came_back,
        waits=group.waits,
    )


def _order(thing: DeskThing, today: date) -> tuple[float, float, int, str]:
    """What is overdue comes first, then what it is worth."""
    late = (thing.due_on - today).days if thing.due_on and thing.due_on <= today else inf
    return late, -thing.worth, thing.page_id, thing.rule


def findings_gone(session: Session, page_id: int, run_id: int) -> dict[str, int]:
    """How many failures of each rule one run saw gone from a page."""
    query = (
        select(Finding.rule, func.count())
        .where(Finding.page_id == page_id, Finding.closed_run_id == run_id, Finding.outcome == Outcome.FAILED)
        .group_by(Finding.rule)
    )
    return dict(session.execute(query).all())


def findings_left(session: Session, page_id: int) -> int:
    """How many failures stand on a page now."""
    open_now = and_(Finding.page_id == page_id, Finding.closed_run_id.is_(None), Finding.outcome == Outcome.FAILED)
    return session.scalar(select(func.count()).where(open_now)) or 0


def pages_by_identity(session: Session, digest: str) -> list[tuple[int, int]]:
    """The pages, with their sites, that have an identity: an address may be watched as part of several sites."""
    query = select(Page.id, Page.site_id).where(Page.identity_hash == digest).order_by(Page.site_id)
    return [(page, site) for page, site in session.execute(query)]
