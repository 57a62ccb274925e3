"""Findings at the states of journeys: in the same worklist as those of pages, each with the steps at which it was met.

A state belongs to the page at its address; where no run knows that page, to the page of the nearest step before it. What also
stands on the page as it loads is one finding, with its steps beside it. The others are findings of their own, with the state
"journey", which no look at the page itself can close: only a walk that came by the same place with the same rules can.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from rules.address import page_identity
from rules.confirm import Confirmation
from rules.finding import Finding as JudgedFinding
from rules.finding import fingerprints
from rules.journey import Way, read_journey
from rules.outcome import Outcome
from storage.blobs import put_picture, put_texts, short_hash
from storage.clusters import cause_for
from storage.journey_models import JourneyFinding, JourneyRow
from storage.models import LOADED, Cluster, Finding, Page, PageState, table_of
from storage.questions.runs import latest_run

STATE = "journey"


@dataclass(frozen=True)
class JudgedState:
    """What was said of a page as it stood after a step, in one way."""

    way: Way
    step: int  # index
    url: str  # without its query, which may hold what was filled in
    findings: tuple[JudgedFinding, ...]
    ran: frozenset[str]  # the rules that ran to their end there
    pictures: Mapping[int, bytes]  # of some findings, by their place in `findings`


def keep_state_findings(session: Session, journey: JourneyRow, states: Sequence[JudgedState]) -> int:
    """Keep what was found at the states of one walk; gives how many findings the journey has now.

    Nothing is kept of a site that no run has finished on: there is no worklist yet.
    """
    run = latest_run(session, journey.site_id)
    if run is None:
        return 0
    was = _rows_of(session, journey.id)
    met: dict[int, set[tuple[str, int]]] = defaultdict(set)
    fresh: list[int] = []
    page, way = None, None
    for state in sorted(states, key=lambda one: (list(Way).index(one.way), one.step)):
        page = _page_of(session, journey.site_id, state.url) or (page if state.way is way else None)
        way = state.way
        if page is None:
            continue
        for number, is_new in _kept(session, journey.site_id, run.id, *page, state):
            met[number].add((state.way, state.step))
            if is_new:
                fresh.append(number)
    length = len(read_journey(journey.text).steps)
    _forget_what_is_gone(session, journey.id, run.id, was, met, states, length)
    session.execute(delete(JourneyFinding).where(JourneyFinding.journey_id == journey.id, JourneyFinding.finding_id.in_(met)))
    rows = [
        {"finding_id": number, "journey_id": journey.id, "way": way, "step": step}
        for number, places in met.items()
        for way, step in sorted(places)
    ]
    if rows:
        session.execute(insert(table_of(JourneyFinding)), rows)
    _give_causes(session, journey.site_id, run.id, fresh)
    _give_pictures(session, states, journey.site_id)
    return len(met)


def _rows_of(session: Session, journey_id: int) -> dict[int, tuple[Finding, set[tuple[str, int]]]]:
    """The open findings that a journey has met, by their number, with the ways and steps."""
    query = (
        select(Finding, JourneyFinding.way, JourneyFinding.step)
        .join(JourneyFinding, JourneyFinding.finding_id == Finding.id)
        .where(JourneyFinding.journey_id == journey_id, Finding.closed_run_id.is_(None))
    )
    found: dict[int, tuple[Finding, set[tuple[str, int]]]] = {}
    for finding, way, step in session.execute(query):
        found.setdefault(finding.id, (finding, set()))[1].add((way, step))
    return found


def _page_of(session: Session, site_id: int, url: str) -> tuple[int, str] | None:
    identity = page_identity(url)
    digest = short_hash(identity.encode())
    stands = select(PageState.id).where(PageState.page_id == Page.id, PageState.closed_run_id.is_(None)).exists()
    number = session.scalar(select(Page.id).where(Page.site_id == site_id, Page.identity_hash == digest, stands))
    return None if number is None else (number, identity)


def _kept(
    session: Session, site_id: int, run_id: int, page_id: int, identity: str, state: JudgedState
) -> Iterable[tuple[int, bool]]:
    """The number of each finding at a state, and whether it is new; what also stands on the page as it loads is that one."""
    as_loaded = [mark for mark, _ in fingerprints(identity, LOADED, state.findings)]
    at_state = [mark for mark, _ in fingerprints(page_identity(state.url), STATE, state.findings)]
    query = select(Finding).where(Finding.page_id == page_id, Finding.closed_run_id.is_(None))
    is_open = {row.fingerprint: row for row in session.scalars(query.where(Finding.fingerprint.in_([*as_loaded, *at_state])))}
    snippets = put_texts(session, "snippet", (one.target.html for one in state.findings))
    for loaded, mark, finding in zip(as_loaded, at_state, state.findings, strict=True):
        if same := is_open.get(loaded):
            yield same.id, False
            continue
        if same := is_open.get(mark):
            if finding.outcome is Outcome.FAILED and same.outcome == Outcome.FAILED and same.first_run_id < run_id:
                same.confirmation = Confirmation.CONFIRMED  # another walk, after another run, met it again
            same.outcome, same.impact, same.rule_version = finding.outcome.value, finding.impact.value, finding.rule_version
            yield same.id, False
            continue
        row = Finding(
            site_id=site_id,
            page_id=page_id,
            fingerprint=mark,
            state=STATE,
            rule=finding.rule,
            rule_version=finding.rule_version,
            outcome=finding.outcome.value,
            impact=finding.impact.value,
            engines=list(finding.engines),
            frames=list(finding.target.frames),
            selector=finding.target.selector,
            path=finding.target.path,
            snippet_blob=snippets[finding.target.html],
            message=finding.message,
            arguments=finding.arguments,
            first_run_id=run_id,
        )
        session.add(row)
        session.flush()
        is_open[mark] = row
        yield row.id, True


def _forget_what_is_gone(
    session: Session,
    journey_id: int,
    run_id: int,
    was: Mapping[int, tuple[Finding, set[tuple[str, int]]]],
    met: Mapping[int, set[tuple[str, int]]],
    states: Iterable[JudgedState],
    length: int,
) -> None:
    """Close what this walk came by and did not meet; what it did not come by stays. `length`: steps that the journey has now."""
    ran: dict[tuple[str, int], set[str]] = defaultdict(set)
    for state in states:
        ran[state.way.value, state.step] |= state.ran
    for number, (finding, places) in was.items():
        if number in met or not all(finding.rule in ran[place] for place in places if place[1] < length):
            continue
        _leave(session, journey_id, run_id, finding)


def _leave(session: Session, journey_id: int, run_id: int, finding: Finding) -> None:
    """A journey does not meet a finding any more; one that no other journey meets either is over."""
    of_journey = (JourneyFinding.finding_id == finding.id, JourneyFinding.journey_id == journey_id)
    session.execute(delete(JourneyFinding).where(*of_journey))
    others = session.scalar(select(JourneyFinding.journey_id).where(JourneyFinding.finding_id == finding.id).limit(1))
    if others is not None or finding.state != STATE:
        return
    if finding.first_run_id == run_id:
        session.delete(finding)
    else:
        finding.closed_run_id = run_id
    session.flush()


def leave_journey(session: Session, journey: JourneyRow) -> None:
    """What only a journey met is over when the journey is taken away."""
    run = latest_run(session, journey.site_id)
    for finding, _ in _rows_of(session, journey.id).values():
        if run is not None:
            _leave(session, journey.id, run.id, finding)


def _give_causes(session: Session, site_id: int, run_id: int, numbers: Sequence[int]) -> None:
    """The next run finds causes anew, of all there is; until then what is new stands with its like."""
    rows = session.scalars(select(Finding).where(Finding.id.in_(numbers))).all()
    if not rows:
        return
    causes = cause_for(session, site_id, run_id, rows)
    for row in rows:
        row.cluster_id = causes[row.id]
    session.flush()


def _give_pictures(session: Session, states: Iterable[JudgedState], site_id: int) -> None:
    """A cause that has no picture yet takes one of an element at a state."""
    for state in states:
        marks = [mark for mark, _ in fingerprints(page_identity(state.url), STATE, state.findings)]
        for place, picture in state.pictures.items():
            query = select(Cluster, Finding.page_id).join(Finding, Finding.cluster_id == Cluster.id)
            query = query.where(Cluster.site_id == site_id, Finding.fingerprint == marks[place], Cluster.picture_blob.is_(None))
            for cluster, page_id in session.execute(query.limit(1)):
                cluster.picture_blob, cluster.picture_page_id = put_picture(session, picture), page_id


@dataclass(frozen=True)
class MetAt:
    """At which step of a journey a finding was met."""

    journey_id: int
    title: str
    step: int  # from 1
    ways: tuple[Way, ...]


def steps_of_findings(session: Session, numbers: Iterable[int]) -> dict[int, list[MetAt]]:
    """Where journeys met some findings, by the finding's number; in the order of journeys and steps."""
    query = (
        select(JourneyFinding.finding_id, JourneyRow.id, JourneyRow.title, JourneyFinding.step, JourneyFinding.way)
        .join(JourneyRow, JourneyRow.id == JourneyFinding.journey_id)
        .where(JourneyFinding.finding_id.in_(list(numbers)))
        .order_by(JourneyRow.title, JourneyFinding.step)
    )
    found: dict[int, dict[tuple[int, int], MetAt]] = defaultdict(dict)
    for finding, journey, title, step, way in session.execute(query):
        known = found[finding].get((journey, step), MetAt(journey, title, step + 1, ()))
        ways = sorted((*known.ways, Way(way)), key=list(Way).index)
        found[finding][journey, step] = replace(known, ways=tuple(ways))
    return {finding: list(places.values()) for finding, places in found.items()}


def findings_at_steps(session: Session, journey_id: int, most: int) -> dict[tuple[Way, int], list[Finding]]:
    """The open findings of a journey by way and index of the step; of each step at most so many, failures first."""
    query = (
        select(JourneyFinding.way, JourneyFinding.step, Finding)
        .join(Finding, Finding.id == JourneyFinding.finding_id)
        .where(JourneyFinding.journey_id == journey_id, Finding.closed_run_id.is_(None))
        .order_by(Finding.outcome.desc(), Finding.id)
    )
    found: dict[tuple[Way, int], list[Finding]] = defaultdict(list)
    for way, step, finding in session.execute(query):
        if len(found[Way(way), step]) < most:
            found[Way(way), step].append(finding)
    return dict(found)
