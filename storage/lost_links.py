"""What is known of addresses of a site that lead to nothing, and of the pages that could stand in their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from rules.address import page_identity
from rules.confirm import LATER
from rules.observation import BROKEN, LinkClass, is_document
from rules.rule import answer_rules
from rules.task import PageStatus
from storage.blobs import short_hash
from storage.models import Finding, Link, LinkSource, Page, PageState, Run

AT_ONCE = 500
MOST_TEXTS = 5  # different words of the links to one address


@dataclass(frozen=True)
class LostAddress:
    """A broken address with what earlier runs and the pages that refer to it say of it."""

    link_id: int
    url: str
    title: str
    texts: tuple[str, ...]
    moved_to: str
    stands_on: frozenset[str]


def found_broken(session: Session, site_id: int, run_id: int) -> dict[str, bool]:
    """The addresses that earlier runs found broken and that stand open; whether that was long enough ago to confirm it."""
    query = (
        select(Finding.arguments, Run.started_at)
        .join(Run, Run.id == Finding.first_run_id)
        .where(
            Finding.site_id == site_id,
            Finding.closed_run_id.is_(None),
            Finding.rule.in_(answer_rules()),
            Finding.first_run_id < run_id,
        )
    )
    now = session.get_one(Run, run_id).started_at
    found: dict[str, bool] = {}
    for arguments, first_seen in session.execute(query):
        url = str(arguments["url"])
        found[url] = found.get(url, False) or now - first_seen >= LATER
    return found


def lost_addresses(session: Session, site_id: int) -> Iterator[LostAddress]:
    """Every broken address that pages refer to today."""
    query = select(Link.id, Link.url, Link.url_hash).where(
        Link.site_id == site_id, Link.closed_run_id.is_(None), Link.link_class.in_(BROKEN)
    )
    rows = session.execute(query.order_by(Link.id)).all()
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        texts = _texts(session, [row.id for row in part])
        moved = _moved_to(session, site_id, [row.url_hash for row in part])
        titles = _titles(session, site_id, [row.url for row in part])
        pages = _pages_that_refer(session, [row.id for row in part])
        for number, url, digest in part:
            known = titles.get(url, ""), texts.get(number, ()), moved.get(digest, "")
            yield LostAddress(number, url, *known, frozenset(pages.get(number, ())))


def _texts(session: Session, links: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = select(LinkSource.link_id, LinkSource.text).where(LinkSource.link_id.in_(links), LinkSource.text != "").distinct()
    found: dict[int, list[str]] = defaultdict(list)
    for number, text in session.execute(query.order_by(LinkSource.link_id, LinkSource.text)):
        if len(found[number]) < MOST_TEXTS:
            found[number].append(text)
    return {number: tuple(texts) for number, texts in found.items()}


def _pages_that_refer(session: Session, links: Sequence[int]) -> dict[int, list[str]]:
    query = select(LinkSource.link_id, Page.identity).join(Page, Page.id == LinkSource.page_id)
    found: dict[int, list[str]] = defaultdict(list)
    for number, identity in session.execute(query.where(LinkSource.link_id.in_(links)).distinct()):
        found[number].append(identity)
    return found


def _moved_to(session: Session, site_id: int, hashes: Sequence[str]) -> dict[str, str]:
    """Where earlier runs saw addresses redirect to; the newest answer of each."""
    query = select(Link.url_hash, Link.final_url).where(
        Link.site_id == site_id, Link.url_hash.in_(hashes), Link.link_class == LinkClass.MOVED, Link.final_url != ""
    )
    return dict(session.execute(query.order_by(Link.id)).all())


def _titles(session: Session, site_id: int, urls: Sequence[str]) -> dict[str, str]:
    """The titles of pages when they were last seen."""
    hashes = {short_hash(page_identity(url).encode()): url for url in urls}
    query = (
        select(Page.identity_hash, PageState.title)
        .join(PageState, PageState.page_id == Page.id)
        .where(Page.site_id == site_id, Page.identity_hash.in_(hashes), PageState.title != "", PageState.http_status == 200)
        .order_by(PageState.id)
    )
    return {hashes[digest]: title for digest, title in session.execute(query)}


def live_addresses(session: Session, site_id: int) -> dict[str, str]:
    """The title of every page and document of a site that answers today, by address; a document's is empty."""
    broken = {
        page_identity(url)
        for url in session.scalars(
            select(Link.url).where(Link.site_id == site_id, Link.closed_run_id.is_(None), Link.link_class.in_(BROKEN))
        )
    }
    pages = (
        select(Page.identity, PageState.title)
        .join(PageState, PageState.page_id == Page.id)
        .where(
            Page.site_id == site_id,
            PageState.closed_run_id.is_(None),
            PageState.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]),
        )
    )
    documents = select(Link.url, Link.content_type).where(
        Link.site_id == site_id, Link.closed_run_id.is_(None), Link.link_class == LinkClass.OK
    )
    live = {url: "" for url, content_type in session.execute(documents) if is_document(content_type)}
    live |= {identity: title for identity, title in session.execute(pages) if identity not in broken}
    return live


def set_suggestions(session: Session, site_id: int, suggestions: Mapping[int, tuple[str, str]]) -> None:
    """Keep the address that should replace each broken one, and why, by the link's number; all others have none."""
    had = select(Link.id).where(Link.site_id == site_id, Link.closed_run_id.is_(None), Link.suggestion != "")
    gone = sorted(set(session.scalars(had)) - suggestions.keys())
    rows = [{"id": number, "suggestion": address, "suggestion_reason": why} for number, (address, why) in suggestions.items()]
    rows += [{"id": number, "suggestion": "", "suggestion_reason": ""} for number in gone]
    if rows:
        session.execute(update(Link), rows)
