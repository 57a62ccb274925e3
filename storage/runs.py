"""Runs: their beginning, their heartbeat, their frontier and their end."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Update, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rules.crawl import KnownPage
from rules.observation import PageLink
from rules.outcome import Outcome
from rules.rule import catalogue, duties
from rules.run import Coverage, RunState, Step
from rules.task import PageStatus
from storage.blobs import get_json, packed_links, put_texts, short_hash
from storage.models import Finding, Link, Page, PageState, Run, RunFigure, RunPage, RunRule, table_of
from storage.page_queue import forget_pages
from storage.panel import panel_figures
from storage.questions.confirmed import is_confirmed
from storage.questions.outcomes import outcomes_per_rule
from storage.weight import weight_figures

FULL = "full"  # kinds of run: over a site, every page is tested …
INCREMENTAL = "incremental"  # … or what has not changed keeps its result …
ONE_PAGE = "page"  # … or one page that somebody wanted looked at again; not a new state of the site …
LINKS, DOCUMENTS = "links", "documents"  # … or what is stored of one of these is asked again; not a new state either
OF_STORED = (LINKS, DOCUMENTS)
WHOLE_SITE = (FULL, INCREMENTAL)
SILENT_FOR = timedelta(minutes=2)  # a run whose heartbeat is older has no process any more


@dataclass(frozen=True)
class FetchFacts:
    """What the crawler saw of a page before the browser did."""

    url: str = ""
    depth: int | None = None
    etag: str = ""
    last_modified: str = ""
    links: tuple[PageLink, ...] = ()
    dom_hash: str = ""
    judged_with: str = ""  # hash of all that its result will depend on but the page itself


FACTS = TypeAdapter(FetchFacts)


class RunError(ValueError):
    """The run cannot be started or continued; the sentence says why and what to do."""


@dataclass(frozen=True)
class RunMadeWith:
    """What the results of a run depend on; runs are comparable where this is equal."""

    norm: str
    rule_set: str
    engines: dict[str, str] = field(default_factory=dict)
    browser: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


def start_run(
    session: Session, site_id: int, made_with: RunMadeWith, process: str, by: str, now: datetime, *, kind: str = FULL
) -> Run:
    """Begin a run. Raises RunError while another run over the same site is alive."""
    mark_interrupted(session, now, site_id)
    alive = session.scalar(select(Run).where(Run.site_id == site_id, Run.state == RunState.RUNNING))
    if alive:
        raise RunError(
            f"Run {alive.id} over this site is still going on (process {alive.process}). Wait until it has ended, "
            f"or stop that process."
        )
    run = Run(
        site_id=site_id,
        kind=kind,
        state=RunState.RUNNING,
        process=process,
        requested_by=by,
        started_at=now,
        heartbeat_at=now,
        coverage={},
        **asdict(made_with),
    )
    session.add(run)
    session.flush()
    return run


def mark_interrupted(session: Session, now: datetime, site_id: int | None = None, *, gone: Iterable[str] = ()) -> list[Run]:
    """Mark runs that say they are running but whose process is silent, or known to be gone; gives those runs."""
    running = select(Run).where(Run.state == RunState.RUNNING)
    if site_id is not None:
        running = running.where(Run.site_id == site_id)
    silent = [run for run in session.scalars(running) if run.heartbeat_at < now - SILENT_FOR or run.process in set(gone)]
    for run in silent:
        run.state = RunState.INTERRUPTED
        run.reason = "process-gone"
    return silent


def running_processes(session: Session) -> list[str]:
    """Host and process number of every run that says it is running."""
    return list(session.scalars(select(Run.process).where(Run.state == RunState.RUNNING)))


def last_whole_run(session: Session, site_id: int) -> Run | None:
    """The newest run over the whole site, however it ended."""
    whole = select(Run).where(Run.site_id == site_id, Run.kind.in_(WHOLE_SITE))
    return session.scalar(whole.order_by(Run.id.desc()).limit(1))


def latest_interrupted(session: Session, site_id: int) -> Run | None:
    """The newest run of a site, where that one was interrupted."""
    newest = last_whole_run(session, site_id)
    return newest if newest and newest.state == RunState.INTERRUPTED else None


def continue_run(session: Session, run: Run, process: str, now: datetime) -> list[KnownPage]:
    """Take up an interrupted run; gives everything it knew, the pages that are tested included.

    Pages that were left out or could not be tested are forgotten: they will be met again, and get another chance.
    """
    left = (RunPage.run_id == run.id, RunPage.status.in_([PageStatus.SKIPPED, PageStatus.UNTESTED]))
    session.execute(delete(RunPage).where(*left))
    run.state = RunState.RUNNING
    run.reason = ""
    run.process = process
    run.heartbeat_at = now
    run.stop_asked = ""
    run.progress = {}
    rows = session.scalars(select(RunPage).where(RunPage.run_id == run.id).order_by(RunPage.id))
    return [KnownPage(row.identity, row.url, row.depth, Step(row.step)) for row in rows]


def beat(session: Session, run_id: int, process: str, progress: dict[str, Any], now: datetime) -> str:
    """A sign of life, with how far the run is (a scheduler.run_site.Progress, and `seconds` that it took so far).

    Gives why it must stop, a rules.run.StopAsked or a key of rules.reason; empty: it goes on.
    """
    mine = (Run.id == run_id, Run.process == process, Run.state == RunState.RUNNING)
    beaten = update(Run).where(*mine).values(heartbeat_at=now, progress=progress).returning(Run.stop_asked)
    asked = session.scalar(beaten.execution_options(synchronize_session=False))
    if asked is not None:
        return asked
    return "site-removed" if session.get(Run, run_id) is None else "taken-over"


# --- the frontier --------------------------------------------------------------------------------------------------


def add_found(session: Session, run_id: int, found: Iterable[tuple[str, str, int | None]]) -> None:
    """Note addresses that a run has found: identity, address and depth. Those it knew already stay as they are."""
    rows = [
        {
            "run_id": run_id,
            "identity": identity,
            "identity_hash": short_hash(identity.encode()),
            "url": url,
            "depth": depth,
            "step": Step.FOUND,
        }
        for identity, url, depth in found
    ]
    if rows:
        kind = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(kind(table_of(RunPage)).on_conflict_do_nothing(), rows)


def forget_found(session: Session, run_id: int, identity: str) -> None:
    """An address that turned out to be no page is not part of what was found."""
    session.execute(delete(RunPage).where(RunPage.run_id == run_id, RunPage.identity_hash == short_hash(identity.encode())))


def mark_fetched(session: Session, run_id: int, identity: str, facts: FetchFacts) -> None:
    """A page waits for the browser, with what the crawler saw of it."""
    packed = zlib.compress(FACTS.dump_json(facts), 1)
    session.execute(_update_of(run_id, identity).values(step=Step.FETCHED, facts=packed))


def facts_of(session: Session, run_id: int, identity: str) -> FetchFacts:
    """What the crawler saw of a page; nothing where the page was not marked."""
    where = (RunPage.run_id == run_id, RunPage.identity_hash == short_hash(identity.encode()))
    packed = session.scalar(select(RunPage.facts).where(*where))
    return FACTS.validate_json(zlib.decompress(packed)) if packed else FetchFacts()


def mark_done(session: Session, run_id: int, identity: str, status: PageStatus, reason: str = "") -> None:
    session.execute(_update_of(run_id, identity).values(step=Step.DONE, status=status, reason=reason, facts=None))


def mark_left(session: Session, run_id: int, identities: Iterable[str], status: PageStatus, reason: str) -> None:
    """Addresses that are left out, or could not be fetched; those not known yet are added."""
    hashes = {short_hash(identity.encode()): identity for identity in identities}
    add_found(session, run_id, [(identity, identity, None) for identity in hashes.values()])
    keys = sorted(hashes)
    for start in range(0, len(keys), 500):
        where = (RunPage.run_id == run_id, RunPage.identity_hash.in_(keys[start : start + 500]))
        session.execute(update(RunPage).where(*where).values(step=Step.DONE, status=status, reason=reason, facts=None))


def _update_of(run_id: int, identity: str) -> Update:
    # Past the object layer: this is written twice for every page.
    table = table_of(RunPage)
    return update(table).where(table.c.run_id == run_id, table.c.identity_hash == short_hash(identity.encode()))


def links_so_far(session: Session, run_id: int) -> list[tuple[int | None, tuple[PageLink, ...]]]:
    """What every page that a run has fetched refers to, with the page's depth."""
    waiting = session.execute(select(RunPage.depth, RunPage.facts).where(RunPage.run_id == run_id, RunPage.facts.is_not(None)))
    known = [(depth, FACTS.validate_json(zlib.decompress(facts or b"")).links) for depth, facts in waiting]
    tested = (
        select(RunPage.depth, PageState.links_blob)
        .join(Run, Run.id == RunPage.run_id)
        .join(Page, (Page.site_id == Run.site_id) & (Page.identity_hash == RunPage.identity_hash))
        .join(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(RunPage.run_id == run_id, RunPage.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]))
    )
    for depth, digest in session.execute(tested):
        known.append((depth, tuple(PageLink(*link) for link in get_json(session, digest, []))))
    # Nearest first: what a page refers to is as deep as the shortest way to it.
    return sorted(known, key=lambda page: (page[0] is None, page[0] or 0))


def tested_so_far(session: Session, run_id: int) -> int:
    """How many pages of a run have a result: tested, or carried over."""
    where = (RunPage.run_id == run_id, RunPage.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]))
    return session.scalar(select(func.count()).select_from(RunPage).where(*where)) or 0


def carried_so_far(session: Session, run_id: int) -> int:
    """How many of them keep an earlier result."""
    where = (RunPage.run_id == run_id, RunPage.status == PageStatus.CARRIED_OVER)
    return session.scalar(select(func.count()).select_from(RunPage).where(*where)) or 0


def progress(session: Session, run_id: int) -> dict[str, int]:
    """How many addresses of a run that goes on are at which step."""
    rows = session.execute(select(RunPage.step, func.count()).where(RunPage.run_id == run_id).group_by(RunPage.step))
    return {step: count for step, count in rows}  # noqa: C416  # dict() would lose the types


# --- the end -------------------------------------------------------------------------------------------------------


def interrupt_run(session: Session, run_id: int, reason: str, now: datetime, *, process: str) -> None:
    """A run was stopped before its end. What it stored stays, and so does its frontier: it can be continued.

    Only the process that makes it says so: another may have taken it over.
    """
    values = {"state": RunState.INTERRUPTED, "reason": reason, "heartbeat_at": now}
    session.execute(update(Run).where(Run.id == run_id, Run.process == process).values(values))


def finish_run(
    session: Session,
    run: Run,
    *,
    complete: bool,
    documents: int,
    now: datetime,
    failed_because: str = "",
    untested_because: str = "not-finished",
) -> Coverage:
    """End a run: coverage, roll-ups, and everything closed that is no longer there. Gives the coverage.

    `complete`: the walk was not cut short. Only then is a page that was not met again known to be gone; otherwise its
    findings stay open. `failed_because`: the reason why nothing could be judged; empty where something was.
    `untested_because`: the reason why a page that was fetched was not judged.
    """
    session.execute(
        update(RunPage)
        .where(RunPage.run_id == run.id, RunPage.status.is_(None))
        .values(step=Step.DONE, status=PageStatus.UNTESTED, reason=untested_because)
    )
    _open_states_of_pages_not_looked_at(session, run)
    _close_pages_not_met(session, run, PageState)
    if complete:
        _close_pages_not_met(session, run, Finding)
    _forget_facts_of_closed_states(session, run)
    counts = dict(
        session.execute(select(RunPage.status, func.count()).where(RunPage.run_id == run.id).group_by(RunPage.status)).all()
    )
    coverage = Coverage(
        found=sum(counts.values()),
        tested=counts.get(PageStatus.TESTED, 0),
        carried_over=counts.get(PageStatus.CARRIED_OVER, 0),
        untested=counts.get(PageStatus.UNTESTED, 0),
        skipped=counts.get(PageStatus.SKIPPED, 0),
        documents=documents,
    )
    run.coverage = asdict(coverage)
    run.state = RunState.FAILED if failed_because else RunState.FINISHED
    run.reason = failed_because
    run.finished_at = now
    run.heartbeat_at = now
    session.flush()
    _roll_up(session, run, coverage)
    session.execute(delete(RunPage).where(RunPage.run_id == run.id))
    forget_pages(session, run.id)
    return coverage


def end_page_run(session: Session, run: Run, now: datetime) -> None:
    """End a run over one page: nothing is closed elsewhere, and no figures of the site are written."""
    tested = tested_so_far(session, run.id)
    run.coverage = asdict(Coverage(found=1, tested=tested, untested=1 - tested))
    run.state = RunState.FINISHED
    run.finished_at = run.heartbeat_at = now
    _forget_facts_of_closed_states(session, run)
    session.execute(delete(RunPage).where(RunPage.run_id == run.id))


def depth_of(session: Session, site_id: int, identity: str) -> int | None:
    """How many clicks from the start page a page was when it was last met."""
    query = (
        select(PageState.depth)
        .join(Page)
        .where(
            Page.site_id == site_id,
            Page.identity_hash == short_hash(identity.encode()),
            PageState.closed_run_id.is_(None),
        )
    )
    return session.scalar(query)


def _open_states_of_pages_not_looked_at(session: Session, run: Run) -> None:
    """Pages that were left out or not tested get a state of their own that says why, with the links that the crawler saw."""
    rows = session.scalars(
        select(RunPage).where(RunPage.run_id == run.id, RunPage.status.in_([PageStatus.SKIPPED, PageStatus.UNTESTED]))
    ).all()
    pages = page_ids(session, run.site_id, [row.identity for row in rows], run.id)
    states = open_states(session, pages.values())
    links = {row.id: _links_of(row) for row in rows if row.facts}
    blobs = put_texts(session, "links", links.values())
    fresh: list[dict[str, Any]] = []
    for row in rows:
        page_id = pages[row.identity]
        state = states.get(page_id)
        links_blob = blobs.get(links.get(row.id, "")) or (state.links_blob if state else None)
        if state and (state.status, state.reason, state.links_blob) == (row.status, row.reason, links_blob):
            continue
        if state:
            state.closed_run_id = run.id
        fresh.append(
            {
                "page_id": page_id,
                "first_run_id": run.id,
                "status": row.status,
                "reason": row.reason,
                "depth": row.depth,
                "title": state.title if state else "",
                "language": state.language if state else "",
                "links_blob": links_blob,
                "notes": [],
            }
        )
    session.flush()
    if fresh:
        session.execute(insert(table_of(PageState)), fresh)


def _links_of(row: RunPage) -> str:
    return packed_links(FACTS.validate_json(zlib.decompress(row.facts or b"")).links)


def _close_pages_not_met(session: Session, run: Run, table: type[PageState] | type[Finding]) -> None:
    met = select(RunPage.identity_hash).where(RunPage.run_id == run.id)
    gone = select(Page.id).where(Page.site_id == run.site_id, Page.identity_hash.not_in(met))
    where = (table.page_id.in_(gone), table.closed_run_id.is_(None))
    session.execute(update(table).where(*where).values(closed_run_id=run.id).execution_options(synchronize_session=False))


def _forget_facts_of_closed_states(session: Session, run: Run) -> None:
    """Only what a page is today is compared with other pages."""
    where = (PageState.closed_run_id == run.id, PageState.sample_blob.is_not(None))
    session.execute(update(PageState).where(*where).values(sample_blob=None).execution_options(synchronize_session=False))


def page_ids(session: Session, site_id: int, identities: Iterable[str], run_id: int) -> dict[str, int]:
    """The number of each page by identity; pages not known yet are added."""
    hashes = {short_hash(identity.encode()): identity for identity in identities}
    known: dict[str, int] = {}
    keys = sorted(hashes)
    for start in range(0, len(keys), 500):
        batch = keys[start : start + 500]
        query = select(Page.identity_hash, Page.id).where(Page.site_id == site_id, Page.identity_hash.in_(batch))
        known |= dict(session.execute(query).all())
    fresh = [
        {
            "site_id": site_id,
            "identity": hashes[digest],
            "identity_hash": digest,
            "first_run_id": run_id,
            "owner": "",
            "page_type": "",
        }
        for digest in keys
        if digest not in known
    ]
    if fresh:
        added = session.execute(insert(Page).returning(Page.identity_hash, Page.id), fresh)
        known |= dict(added.all())
    return {hashes[digest]: number for digest, number in known.items()}


def open_states(session: Session, pages: Iterable[int]) -> dict[int, PageState]:
    """Today's state of pages, by page."""
    wanted = sorted(set(pages))
    states: dict[int, PageState] = {}
    for start in range(0, len(wanted), 500):
        query = select(PageState).where(PageState.page_id.in_(wanted[start : start + 500]), PageState.closed_run_id.is_(None))
        states |= {state.page_id: state for state in session.scalars(query)}
    return states


def _run_before(session: Session, run: Run) -> Run | None:
    """The newest whole run that ended well before a run."""
    query = select(Run).where(
        Run.site_id == run.site_id, Run.id < run.id, Run.kind.in_(WHOLE_SITE), Run.state == RunState.FINISHED
    )
    return session.scalar(query.order_by(Run.id.desc()).limit(1))


def _roll_up(session: Session, run: Run, coverage: Coverage) -> None:
    """Write the figures of a run that trends read; they stay when details go."""
    tested = (
        select(Page.id)
        .join(RunPage, (RunPage.run_id == run.id) & (RunPage.identity_hash == Page.identity_hash))
        .where(Page.site_id == run.site_id, RunPage.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]))
    )
    is_open = (Finding.site_id == run.site_id, Finding.closed_run_id.is_(None), Finding.page_id.in_(tested))
    rules: dict[str, dict[str, int]] = {}
    query = (
        select(
            Finding.rule,
            Finding.outcome,
            func.count(),
            func.count(Finding.page_id.distinct()),
            func.max(Finding.rule_version),
            func.sum(case((Finding.first_run_id == run.id, 1), else_=0)),
        )
        .where(*is_open)
        .group_by(Finding.rule, Finding.outcome)
    )
    for rule, outcome, count, pages, version, new in session.execute(query):
        row = rules.setdefault(rule, {"rule_version": version, "new": 0})
        row["rule_version"] = max(row["rule_version"], version)
        row["failed" if outcome == "failed" else "cannot_tell"] = count
        row["new"] += int(new or 0)
        if outcome == "failed":
            row["failed_pages"] = pages
    closed = session.execute(
        select(Finding.rule, func.count(), func.max(Finding.rule_version))
        .where(Finding.site_id == run.site_id, Finding.closed_run_id == run.id)
        .group_by(Finding.rule)
    ).all()
    for rule, count, version in closed:
        rules.setdefault(rule, {"rule_version": version})["closed"] = count
    outcomes = outcomes_per_rule(session, run.site_id, run.id)
    ran = {rule: counts.total() - counts[Outcome.UNTESTED] for rule, counts in outcomes.items()}
    for rule in ran:
        rules.setdefault(rule, {"rule_version": catalogue()[rule].version if rule in catalogue() else 1})
    defaults = {"failed": 0, "cannot_tell": 0, "failed_pages": 0, "new": 0, "closed": 0}
    rows = [{"run_id": run.id, "rule": rule, **defaults, "pages": ran.get(rule, 0), **row} for rule, row in rules.items()]
    if rows:
        session.execute(insert(RunRule), rows)
    # The duties of a website that are no matter of WCAG are counted by their rules, never as pages that shut people out.
    fails = (*is_open, Finding.outcome == "failed", Finding.rule.not_in(duties()))
    with_failure = session.scalar(select(func.count(Finding.page_id.distinct())).where(*fails))
    confirmed = (*fails, is_confirmed(Finding, run.site_id, run.id))
    with_confirmed = session.scalar(select(func.count(Finding.page_id.distinct())).where(*confirmed))
    links = dict(
        session.execute(
            select(Link.link_class, func.count())
            .where(Link.site_id == run.site_id, Link.closed_run_id.is_(None))
            .group_by(Link.link_class)
        ).all()
    )
    figures = {
        "pages_tested": coverage.tested + coverage.carried_over,
        "pages_with_failure": with_failure or 0,
        "pages_with_confirmed_failure": with_confirmed or 0,
        "failed_findings": sum(row.get("failed", 0) for row in rules.values()),
        "cannot_tell_findings": sum(row.get("cannot_tell", 0) for row in rules.values()),
        "new_findings": sum(row.get("new", 0) for row in rules.values()),
        "closed_findings": sum(row.get("closed", 0) for row in rules.values()),
        "links": sum(links.values()),
        "dead_links": links.get("dead", 0) + links.get("soft-404", 0),
        **weight_figures(session, run.site_id, run.id),
        **panel_figures(session, run, _run_before(session, run), {rule: row["rule_version"] for rule, row in rules.items()}),
    }
    session.execute(insert(RunFigure), [{"run_id": run.id, "name": name, "value": value} for name, value in figures.items()])
