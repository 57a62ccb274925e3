"""What is known of the links and documents of a site, for a run that asks them again and opens no page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from rules.run import Coverage, RunState, Step
from rules.task import PageStatus
from storage.checks import known_assets
from storage.models import Document, DocumentState, Link, LinkSource, Page, PageState, Run, RunPage, table_of
from storage.runs import OF_STORED

STANDS = (PageState.closed_run_id.is_(None), PageState.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]))


def open_links(session: Session, site_id: int) -> Sequence[Link]:
    """Every address that the pages of a site refer to today."""
    query = select(Link).where(Link.site_id == site_id, Link.closed_run_id.is_(None))
    return session.scalars(query.order_by(Link.id)).all()


def where_else_links_stand(session: Session, site_id: int) -> tuple[dict[str, set[str]], dict[str, dict[str, str]]]:
    """The addresses that style sheets ask for, with those sheets; and those in documents, with the words of the link in each."""
    styles: dict[str, set[str]] = defaultdict(set)
    documents: dict[str, dict[str, str]] = defaultdict(dict)
    for asset in known_assets(session, site_id):
        for reference in asset.references:
            styles[reference.partition("#")[0]].add(asset.url)
    states = (
        select(Document.url, DocumentState.facts)
        .join(DocumentState, DocumentState.document_id == Document.id)
        .where(Document.site_id == site_id, DocumentState.closed_run_id.is_(None))
    )
    for url, facts in session.execute(states):
        for address in facts.get("links", ()):
            documents[address.partition("#")[0]][url] = ""
    sources = (
        select(Link.url, LinkSource.via, LinkSource.element, LinkSource.text)
        .join(LinkSource, LinkSource.link_id == Link.id)
        .where(Link.site_id == site_id, LinkSource.page_id.is_(None))
    )
    for url, via, element, words in session.execute(sources):
        if element == "css":
            styles[url].add(via)
        else:
            documents[url][via] = words
    return styles, documents


def take_stored_pages(session: Session, site_id: int, run_id: int) -> int:
    """The pages that stand tested take part in a run, each with the result it has; gives how many there are."""
    pages = session.execute(
        select(Page.identity, Page.identity_hash, PageState.depth)
        .join(PageState, PageState.page_id == Page.id)
        .where(Page.site_id == site_id, *STANDS)
    ).all()
    done = {"run_id": run_id, "step": Step.DONE, "status": PageStatus.CARRIED_OVER, "reason": ""}
    rows = [
        {**done, "identity": identity, "identity_hash": digest, "url": identity, "depth": depth}
        for identity, digest, depth in pages
    ]
    if rows:
        session.execute(insert(table_of(RunPage)), rows)
    return len(rows)


def end_run(session: Session, run: Run, *, pages: int, documents: int, now: datetime, failed_because: str = "") -> None:
    """End a run over what is stored: nothing else is closed, and no figures of the site are written."""
    run.coverage = asdict(Coverage(found=pages, carried_over=pages, documents=documents))
    run.state = RunState.FAILED if failed_because else RunState.FINISHED
    run.reason = failed_because
    run.finished_at = run.heartbeat_at = now
    session.execute(delete(RunPage).where(RunPage.run_id == run.id))


def forget_stopped_runs(session: Session, site_id: int, now: datetime) -> None:
    """Runs over what is stored that did not come to their end are not continued: the next one asks everything anew."""
    stopped = select(Run).where(Run.site_id == site_id, Run.kind.in_(OF_STORED), Run.state == RunState.INTERRUPTED)
    for run in session.scalars(stopped).all():
        end_run(session, run, pages=0, documents=0, now=now, failed_because=run.reason or "process-gone")
