"""The editor's desk: what is to be mended on somebody's pages, in the order of its worth."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import merge
from itertools import islice
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
from storage.decisions import decisions_changed, standing
from storage.models import Cluster, Decision, Finding, Measurement, Page, PageState, Run, Site
from storage.owners import owners_changed
from storage.people import VISITS, People, people_of_site
from storage.remembered import remembered, searches_came

AT_ONCE = 500  # pages in one question
Pairs = set[tuple[int, str]]  # of a page and a rule
PerFinding = dict[tuple[int, str], list[Decision]]  # by page and fingerprint
PerCause = dict[int, list[Decision]]


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

    def add(self, cluster: int | None, run: int) -> None:
        """One more finding."""
        self.count += 1
        self.first_run_id = min(self.first_run_id or run, run)
        self.cluster_id = self.cluster_id or cluster


def desk_changed(session: Session, site_id: int) -> Hashable:
    """Another whenever what waits on a site, its order or its owners may be other: decisions are asked for each time."""
    visits = select(func.max(Measurement.imported_at)).where(Measurement.site_id == site_id, Measurement.kpi == VISITS)
    settings = repr(session.get_one(Site, site_id).settings)
    return session.scalar(visits), settings, owners_changed(session, site_id), searches_came(session, site_id)


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
    standing_now = _waiting(session, site.id, now.date(), tuple(sorted(menders)))
    live = _decided_about(session, site.id, mine, menders, standing_now.people, now)
    keys = [key for key in standing_now.things if mine is None or key in mine]
    lists: list[list[_Thing | DeskThing]] = [
        [one for one in standing_now.things[key] if (one.page_id, one.rule) not in live.about] for key in keys
    ]
    met, gone = _barriers(session, site.id, mine, menders, standing_now.people.by_hash, now)
    lists += [[*live.things], sorted(met, key=lambda one: _order(one, now.date()))]
    order = merge(*lists, key=lambda one: _order(one, now.date()))
    shown = _with_heads(session, site.id, list(islice(order, skip, skip + most)))
    runs = {one.first_run_id for one in shown if one.barrier is None}
    of_template = standing_now.of_template
    return Desk(
        things=shown,
        total=sum(map(len, lists)),
        pages=len({one.page_id for each in lists for one in each}),
        minutes=sum(one.minutes for one in shown),
        source=standing_now.people.source,
        template_findings=sum(count for owner, count in of_template.items() if mine is None or owner in mine) + live.of_template,
        decided=live.decided + len(gone),
        first_seen=dict(session.execute(select(Run.id, Run.started_at).where(Run.id.in_(runs))).all()) if runs else {},
    )


@dataclass(frozen=True, slots=True)
class _Thing:
    """One thing that nobody decided anything about, without what its page is called: there may be a hundred thousand."""

    page_id: int
    rule: str
    outcome: str
    count: int
    first_run_id: int
    people: float | None
    minutes: int
    worth: float
    cluster_id: int | None

    @property
    def due_on(self) -> None:
        return None


@dataclass(frozen=True)
class _Waiting:
    """All that waits on a site, as if nobody had decided anything: by owner in small letters, in the order of its worth."""

    things: dict[str, list[_Thing]]
    of_template: Counter[str]  # findings that are not of these menders
    people: People


@remembered(desk_changed)
def _waiting(session: Session, site_id: int, today: date, menders: Collection[Mender]) -> _Waiting:
    people = people_of_site(session, session.get_one(Site, site_id), today)
    of_template: Counter[str] = Counter()
    groups: dict[tuple[int, str, str], _Group] = {}
    for row in session.execute(_open(site_id)):
        page_id, address, key, title, language, owner, mender, rule_id, outcome, _, cluster, run = row
        rule = rule_named(rule_id)
        if rule is None or (outcome == Outcome.CANNOT_TELL and rule.is_advice):
            continue
        if Mender(mender or rule.mender) not in menders:
            of_template[owner.casefold()] += 1
            continue
        group = groups.setdefault(
            (page_id, rule_id, outcome), _Group((page_id, address, key, title, language, owner), rule, outcome)
        )
        group.add(cluster, run)
    things: dict[str, list[_Thing]] = defaultdict(list)
    for group in groups.values():
        one = _thing(group, people.by_hash)
        things[one.owner.casefold()].append(_Thing(*(getattr(one, name) for name in _Thing.__slots__)))
    for each in things.values():
        each.sort(key=lambda one: _order(one, today))
    return _Waiting(dict(things), of_template, people)


@dataclass(frozen=True)
class _Live:
    """What people decided something about, as it stands this moment."""

    about: Pairs
    things: list[DeskThing]  # in order
    of_template: int  # more or fewer than if nobody had decided anything
    decided: int  # things that a decision hides


def _decided_about(
    session: Session, site_id: int, mine: Collection[str] | None, menders: Collection[Mender], people: People, now: datetime
) -> _Live:
    per_finding, per_cause = _decisions(session, site_id)
    groups: dict[tuple[int, str, str], _Group] = {}
    of_template = 0
    pairs, rows = _open_and_decided(session, site_id, tuple(sorted(menders)))
    decided: set[tuple[int, str]] = set()
    for row in rows:
        page_id, address, key, title, language, owner, mender, rule_id, outcome, fingerprint, cluster, run = row
        rule = rule_named(rule_id)
        if rule is None or (outcome == Outcome.CANNOT_TELL and rule.is_advice):
            continue
        about = [*per_finding.get((page_id, fingerprint), ()), *per_cause.get(cluster or 0, ())]
        newest = _newest(about, now)
        given = newest.get(DecisionKind.GIVEN)
        is_mine = mine is None or (given.assignee if given else owner).casefold() in mine
        if Mender(mender or rule.mender) not in menders:
            of_template += is_mine - (mine is None or owner.casefold() in mine)
            continue
        if not is_mine:
            continue
        if any(kind in newest for kind in HIDES):
            decided.add((page_id, rule_id))
            continue
        group = groups.setdefault(
            (page_id, rule_id, outcome), _Group((page_id, address, key, title, language, owner), rule, outcome)
        )
        group.add(cluster, run)
        group.given = group.given or given
        group.question = group.question or newest.get(DecisionKind.QUESTION)
        group.came_back = group.came_back or next((one for one in about if standing(one, now) is Standing.OVER), None)
        group.waits = group.waits or next((one for one in about if standing(one, now) is Standing.WAITS), None)
    things = sorted((_thing(group, people.by_hash) for group in groups.values()), key=lambda one: _order(one, now.date()))
    return _Live(pairs, things, of_template, len(decided))


def _decided_or_changed(session: Session, site_id: int) -> Hashable:
    """Another whenever anything was decided, or what waits may be other."""
    return decisions_changed(session, site_id), desk_changed(session, site_id)


@remembered(_decided_or_changed)
def _open_and_decided(session: Session, site_id: int, menders: Collection[Mender]) -> tuple[Pairs, list[Any]]:
    """The pages and rules that somebody decided something about, and what is open of them."""
    pairs = _decided_pairs(session, site_id, *_decisions(session, site_id), menders)
    return pairs, list(_open_of(session, site_id, pairs))


def _decided_pairs(
    session: Session, site_id: int, per_finding: PerFinding, per_cause: PerCause, menders: Collection[Mender]
) -> Pairs:
    """The pages and rules that somebody decided something about.

    A decision about a cause that others mend changes nothing on a desk, unless it gives the cause to somebody.
    """
    pairs = {(page, one.rule) for (page, _), rows in per_finding.items() for one in rows if one.rule}
    nameless = [fingerprint for (_, fingerprint), rows in per_finding.items() if not all(one.rule for one in rows)]
    causes = {
        cause.id: cause.rule
        for cause in session.scalars(select(Cluster).where(Cluster.id.in_(per_cause)))
        if not cause.mender
        or Mender(cause.mender) in menders
        or any(one.kind == DecisionKind.GIVEN for one in per_cause[cause.id])
    }
    is_open = (Finding.site_id == site_id, Finding.closed_run_id.is_(None))
    found = select(Finding.page_id, Finding.rule).distinct().where(*is_open)
    if nameless:
        pairs.update((page, rule) for page, rule in session.execute(found.where(Finding.fingerprint.in_(nameless))))
    if causes:
        of_causes = found.where(Finding.rule.in_(set(causes.values())), Finding.cluster_id.in_(causes))
        pairs.update((page, rule) for page, rule in session.execute(of_causes))
    return pairs


def _open_of(session: Session, site_id: int, pairs: Pairs) -> Iterator[Any]:
    """What is open of some pages and rules."""
    pages, rules = sorted({page for page, _ in pairs}), sorted({rule for _, rule in pairs})
    for start in range(0, len(pages), AT_ONCE):
        query = _open(site_id).where(Finding.page_id.in_(pages[start : start + AT_ONCE]), Finding.rule.in_(rules))
        yield from (row for row in session.execute(query) if (row[0], row[7]) in pairs)


def _with_heads(session: Session, site_id: int, things: Sequence[_Thing | DeskThing]) -> list[DeskThing]:
    """The same things with what their pages are called."""
    pages = {one.page_id for one in things if isinstance(one, _Thing)}
    query = (
        select(Page.id, Page.identity, PageState.title, PageState.language, Page.owner)
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(Page.site_id == site_id, Page.id.in_(pages))
    )
    heads = {row[0]: row[1:] for row in session.execute(query)} if pages else {}
    shown = []
    for one in things:
        if isinstance(one, DeskThing):
            shown.append(one)
        elif one.page_id in heads:
            address, title, language, owner = heads[one.page_id]
            values = {name: getattr(one, name) for name in _Thing.__slots__}
            shown.append(DeskThing(address=address, title=title, language=language, owner=owner, **values))
    return shown


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


@remembered(decisions_changed)
def _decisions(session: Session, site_id: int) -> tuple[PerFinding, PerCause]:
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
    people: Mapping[str, float],
    now: datetime,
) -> tuple[list[DeskThing], set[tuple[int, str]]]:
    """What people met or saw on these pages, and what of it a decision hides."""
    found: list[DeskThing] = []
    hidden: set[tuple[int, str]] = set()
    decisions, _ = _decisions(session, site_id)
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


def _order(thing: DeskThing | _Thing, today: date) -> tuple[float, float, int, str]:
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
