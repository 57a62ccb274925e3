"""Writes what a run sees, as it comes: each page in one transaction, so that a run that dies loses only pages in flight."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from rules.address import page_identity
from rules.click_depth import click_depths
from rules.confirm import Confirmation
from rules.finding import Finding as JudgedFinding
from rules.finding import fingerprints
from rules.observation import LinkAnswer, LinkClass, PageLink
from rules.outcome import Outcome
from rules.rule import catalogue
from rules.task import PageResult, PageStatus
from storage.blobs import content_of, packed_links, put_json, put_texts, short_hash
from storage.checks import note_check
from storage.models import LOADED, Blob, Document, Finding, Link, LinkSource, Page, PageState, table_of
from storage.outcome_lists import get_outcomes, put_outcomes
from storage.page_texts import store_page_text
from storage.runs import FetchFacts, mark_done, open_states, page_ids


def add_touched(session: Session, site_id: int, run_id: int, page_id: int, identity: str, touched: PageResult) -> None:
    """Add to a stored page what only a look with hands on it can say: the rules that its first look did not have."""
    state = open_states(session, [page_id]).get(page_id)
    if state is None:
        return
    before = get_outcomes(session, state.outcomes_blob)
    outcomes = {rule: outcome for rule, outcome in touched.outcomes.items() if rule not in before}
    findings = tuple(finding for finding in touched.findings if finding.rule in outcomes)
    store_findings(session, site_id, run_id, page_id, identity, replace(touched, findings=findings, outcomes=outcomes))
    set_outcomes(session, run_id, state, {**before, **outcomes})


def set_outcomes(session: Session, run_id: int, state: PageState, outcomes: Mapping[str, Outcome]) -> None:
    """Change what a run says of a page that it has stored; the runs before it were told otherwise, and stay so."""
    blob = put_outcomes(session, outcomes)
    if blob == state.outcomes_blob:
        return
    if state.first_run_id == run_id:
        state.outcomes_blob = blob
        return
    values = {column.name: getattr(state, column.name) for column in table_of(PageState).columns if column.name != "id"}
    state.closed_run_id, state.sample_blob = run_id, None
    session.flush()
    session.execute(insert(table_of(PageState)), [{**values, "first_run_id": run_id, "outcomes_blob": blob}])


def store_page(session: Session, site_id: int, run_id: int, identity: str, result: PageResult, fetched: FetchFacts) -> None:
    """Store the result of one page: its state, its findings, its links; and note in the frontier that it is done.

    Idempotent on (run, page). Findings are closed only for rules that ran to their end on this page.
    """
    page_id = page_ids(session, site_id, [identity], run_id)[identity]
    _store_state(session, run_id, page_id, result, fetched, result.links or fetched.links)
    if result.status is PageStatus.TESTED:
        note_check(session, run_id, page_id)
        store_findings(session, site_id, run_id, page_id, identity, result)
        if result.page_type:
            session.execute(
                update(Page).where(Page.id == page_id, Page.page_type != result.page_type).values(page_type=result.page_type)
            )
        if result.author:
            author = storable(result.author)
            session.execute(update(Page).where(Page.id == page_id, Page.author != author).values(author=author))
        if result.text is not None:
            store_page_text(session, page_id, result.title, result.text)
    mark_done(session, run_id, identity, result.status, result.reason)


def _store_state(
    session: Session, run_id: int, page_id: int, result: PageResult, fetched: FetchFacts, links: tuple[PageLink, ...]
) -> None:
    state = open_states(session, [page_id]).get(page_id)
    outcomes = dict(result.outcomes)
    if state and result.sample is not None:
        outcomes |= _of_sample(session, state)
    values = {
        "status": result.status.value,
        "reason": result.reason,
        "http_status": result.http_status,
        "title": storable(result.title),
        "language": storable(result.language),
        "outcomes_blob": put_outcomes(session, outcomes),
        "links_blob": put_texts(session, "links", [packed := packed_links(links)])[packed],
        "notes": list(result.notes),
    }
    renewed = _renewed(session, result, fetched)
    if state and result.status is not PageStatus.TESTED:
        values |= {"title": state.title, "language": state.language}
    if state and all(getattr(state, name) == value for name, value in values.items()):
        _set(state, renewed)
        return
    values |= renewed
    if state and state.first_run_id == run_id:
        _set(state, values)
        return
    if state:
        state.closed_run_id = run_id
        if renewed["sample_blob"]:
            state.sample_blob = None  # else it tells the comparison that the page is missing
        session.flush()
    row = {"page_id": page_id, "first_run_id": run_id, "depth": fetched.depth, **values}
    session.execute(insert(table_of(PageState)), [row])


def _renewed(session: Session, result: PageResult, fetched: FetchFacts) -> dict[str, str | None]:
    """What a state keeps in place: as the newest test met it, and no new state of the page."""
    is_whole = result.status is PageStatus.TESTED and result.whole
    return {
        "sample_blob": None if result.sample is None else put_json(session, "sample", result.sample),
        "dom_hash": fetched.dom_hash or None,
        "judged_with": (fetched.judged_with if is_whole else "") or None,
        "assets_blob": put_json(session, "assets", sorted(result.assets)) if is_whole else None,
        "assets_hash": None,  # known when the run ends
        "etag": fetched.etag or None,
        "last_modified": fetched.last_modified or None,
    }


def _set(state: PageState, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)


def _of_sample(session: Session, state: PageState) -> dict[str, Outcome]:
    """What the comparison with other pages, and its hosts, said of a page; it stands until they are asked again in the run."""
    outcomes = get_outcomes(session, state.outcomes_blob)
    known = {rule: catalogue()[rule] for rule in outcomes if rule in catalogue()}
    return {rule: outcomes[rule] for rule, one in known.items() if one.compares_pages or one.of_hosts}


def storable(text: str) -> str:
    """Text without the one character that PostgreSQL does not keep."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def stands_as_judged(identity: str, result: PageResult, were_open: Iterable[Any]) -> bool:
    """Whether what is open on a page is just what was judged: then `store_findings` would write nothing.

    `were_open`: of the open findings of its rules the columns that are compared here.
    """
    seen = dict(fingerprints(identity, LOADED, result.findings))
    is_gone = _gone_by(identity, result)
    for row in were_open:
        finding = seen.pop(row.fingerprint, None)
        if finding is None:
            if is_gone(row):
                return False
        elif not _is_as_it_was(finding, row) or finding.rule_version != row.rule_version or _is_settled(finding, row):
            return False
    return not seen


def _is_settled(finding: JudgedFinding, row: Any) -> bool:
    """Whether what was judged brings a verdict that is not stored yet."""
    return bool(finding.confirmation) and finding.confirmation != row.confirmation


def _gone_by(identity: str, result: PageResult) -> Callable[[Any], bool]:
    """Whether a finding that was not met again is gone by a result of its page."""
    ran = {rule for rule, outcome in result.outcomes.items() if outcome is not Outcome.UNTESTED} - result.partly
    unsure = {fingerprint for fingerprint, _ in fingerprints(identity, LOADED, result.unsure)}
    looked = result.engines

    def is_gone(row: Any) -> bool:
        return row.rule in ran and row.fingerprint not in unsure and (looked is None or bool(looked.intersection(row.engines)))

    return is_gone


def store_findings(session: Session, site_id: int, run_id: int, page_id: int, identity: str, result: PageResult) -> None:
    """Compare with what was open: what is new gets a row, what is gone is closed, what stays writes nothing.

    Only a rule that ran to its end closes, and only what one of the engines that looked had found, and what was not unsure.
    """
    seen: dict[str, JudgedFinding] = dict(fingerprints(identity, LOADED, result.findings))
    of_page = (Finding.page_id == page_id, Finding.state == LOADED, Finding.closed_run_id.is_(None))
    were_open = session.scalars(select(Finding).where(*of_page)).all()
    is_gone = _gone_by(identity, result)
    known = set()
    gone = []
    for row in were_open:
        finding = seen.get(row.fingerprint)
        if finding and _is_as_it_was(finding, row):
            if finding.confirmation:
                row.confirmation = finding.confirmation
            known.add(row.fingerprint)
            if finding.rule_version != row.rule_version:
                row.rule_version = finding.rule_version
        elif finding or is_gone(row):
            gone.append(row)
    for row in gone:
        if row.first_run_id == run_id:
            session.delete(row)
        else:
            row.closed_run_id = run_id
    session.flush()
    fresh = {fingerprint: finding for fingerprint, finding in seen.items() if fingerprint not in known}
    if not fresh:
        return
    snippets = put_texts(session, "snippet", (finding.target.html for finding in fresh.values()))
    session.execute(
        insert(table_of(Finding)),
        [
            {
                "site_id": site_id,
                "page_id": page_id,
                "fingerprint": fingerprint,
                "rule": finding.rule,
                "rule_version": finding.rule_version,
                "outcome": finding.outcome.value,
                "impact": finding.impact.value,
                "engines": list(finding.engines),
                "frames": list(finding.target.frames),
                "selector": finding.target.selector,
                "path": finding.target.path,
                "snippet_blob": snippets[finding.target.html],
                "message": finding.message,
                "arguments": finding.arguments,
                "confirmation": finding.confirmation or None,
                "first_run_id": run_id,
            }
            for fingerprint, finding in fresh.items()
        ],
    )


def engines_that_found(session: Session, site_id: int, identity: str) -> set[str]:
    """The engines that found what is open on a page."""
    query = (
        select(Finding.engines)
        .join(Page, Page.id == Finding.page_id)
        .where(Page.site_id == site_id, Page.identity_hash == short_hash(identity.encode()), Finding.closed_run_id.is_(None))
    )
    return {engine for engines in session.scalars(query) for engine in engines}


def _is_as_it_was(finding: JudgedFinding, row: Any) -> bool:
    """Whether a finding is the stored one unchanged. What is unstable stays so until a second look has met it again."""
    if row.confirmation == Confirmation.UNSTABLE and not finding.confirmation:
        return True
    return (finding.outcome, finding.impact) == (row.outcome, row.impact)


@dataclass(frozen=True)
class JudgedLink:
    """An address with its class; `url` has no fragment."""

    url: str
    link_class: LinkClass
    status: int | None
    reason: str
    final_url: str
    content_type: str
    permanent: bool = False  # every redirect on the way said that it is for good
    fragment: str = ""  # a rules.observation.FragmentState; empty: not checked
    is_earlier: bool = False  # the answer is that of an earlier run


def store_links(
    session: Session, site_id: int, run_id: int, links: Iterable[JudgedLink], *, complete: bool, now: datetime
) -> None:
    """Store what every address led to. `complete`: addresses not met in this run are no longer referred to."""
    were_open = {
        row.url_hash: row for row in session.scalars(select(Link).where(Link.site_id == site_id, Link.closed_run_id.is_(None)))
    }
    fresh = []
    met: set[str] = set()
    for link in links:
        digest = short_hash(link.url.encode("utf-8", "surrogatepass"))
        if digest in met:
            continue
        met.add(digest)
        values = {**asdict(link), "link_class": link.link_class.value}
        del values["is_earlier"]
        row = were_open.get(digest)
        asked_at = (row.asked_at if row else None) if link.is_earlier or link.link_class is LinkClass.NOT_ASKED else now
        if row and all(getattr(row, name) == value for name, value in values.items()):
            row.asked_at = asked_at
            continue
        if row:
            row.closed_run_id = run_id
        fresh.append({"site_id": site_id, "url_hash": digest, "first_run_id": run_id, "asked_at": asked_at, **values})
    for digest, row in were_open.items():
        if complete and digest not in met:
            row.closed_run_id = run_id
    session.flush()
    if fresh:
        session.execute(insert(table_of(Link)), fresh)


def fresh_answers(session: Session, site_id: int, since: datetime) -> list[LinkAnswer]:
    """The sound answers that addresses gave when they were asked since then."""
    query = select(Link).where(
        Link.site_id == site_id,
        Link.closed_run_id.is_(None),
        Link.link_class.in_([LinkClass.OK.value, LinkClass.MOVED.value]),
        Link.asked_at >= since,
    )
    return [
        LinkAnswer(link.url, link.status, "", link.final_url, link.permanent, link.content_type)
        for link in session.scalars(query.order_by(Link.id))
    ]


def store_link_sources(
    session: Session, site_id: int, run_id: int, styles: Mapping[str, set[str]], in_documents: Mapping[str, Mapping[str, str]]
) -> None:
    """Write down where every link stands that is not fine, or leads to a document.

    `styles`: address, and the style sheets that ask for it. `in_documents`: address, and the words of the link in documents.
    """
    documents = select(Document.url).where(Document.site_id == site_id)
    troubled = {
        row.url: row.id
        for row in session.scalars(
            select(Link).where(
                Link.site_id == site_id,
                Link.closed_run_id.is_(None),
                or_(Link.link_class.not_in([LinkClass.OK.value, LinkClass.NOT_ASKED.value]), Link.url.in_(documents)),
            )
        )
    }
    open_links = select(Link.id).where(Link.site_id == site_id)
    session.execute(delete(LinkSource).where(LinkSource.link_id.in_(open_links)).execution_options(synchronize_session=False))
    rows: list[dict[str, Any]] = [
        {"link_id": number, "page_id": None, "text": "", "element": "css", "via": style}
        for url, number in troubled.items()
        for style in sorted(styles.get(url, ()))
    ]
    rows += [
        {"link_id": number, "page_id": None, "text": storable(words), "element": "document", "via": document}
        for url, number in troubled.items()
        for document, words in sorted(in_documents.get(url, {}).items())
    ]
    for page_id, link in links_of_pages(session, site_id, run_id):
        if number := troubled.get(link.url.partition("#")[0]):
            rows.append({"link_id": number, "page_id": page_id, "text": link.text, "element": link.element, "via": ""})
    if rows:
        session.execute(insert(table_of(LinkSource)), rows)


def store_click_depths(session: Session, site_id: int, run_id: int, start: str, moved: dict[str, str]) -> None:
    """Write how many clicks every page of a run is from the start page, and how many pages lead to it.

    `moved`: address, and where it leads today.
    """
    states = {
        state.page_id: (identity, state)
        for identity, state in session.execute(
            select(Page.identity, PageState)
            .join(PageState, PageState.page_id == Page.id)
            .where(Page.site_id == site_id, PageState.closed_run_id.is_(None))
        )
    }
    identity_of = cache(page_identity)
    leads_to: dict[str, list[str]] = defaultdict(list)
    for page_id, link in links_of_pages(session, site_id, run_id):
        if link.element in ("a", "area", "link-page"):
            url = link.url.partition("#")[0]
            leads_to[states[page_id][0]].append(identity_of(moved.get(url, url)))
    depths = click_depths(page_identity(moved.get(start, start)), leads_to)
    for identity, state in states.values():
        if state.depth != depths.get(identity):
            state.depth = depths.get(identity)
    linked = Counter(target for source, targets in leads_to.items() for target in set(targets) if target != source)
    were = dict(session.execute(select(Page.id, Page.linked_from).where(Page.site_id == site_id)).all())
    counts = [(page_id, linked[identity]) for page_id, (identity, _) in states.items() if were[page_id] != linked[identity]]
    if counts:
        session.execute(update(Page), [{"id": page_id, "linked_from": count} for page_id, count in counts])


def links_of_pages(session: Session, site_id: int, run_id: int) -> Iterator[tuple[int, PageLink]]:
    """Every reference of every page that was tested in a run, page by page."""
    query = (
        select(PageState.page_id, Blob)
        .join(Page, Page.id == PageState.page_id)
        .join(Blob, Blob.hash == PageState.links_blob)
        .where(Page.site_id == site_id, *during(PageState, run_id))
        .execution_options(yield_per=100)
    )
    for page_id, blob in session.execute(query):
        for url, text, element in json.loads(content_of(blob)):
            yield page_id, PageLink(url, text, element)


def during(table: type[PageState] | type[Finding] | type[Link], run_id: int) -> tuple[ColumnElement[bool], ...]:
    """The rows of an interval table that held in a run."""
    return table.first_run_id <= run_id, or_(table.closed_run_id.is_(None), table.closed_run_id > run_id)
