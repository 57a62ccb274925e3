"""What is known of the pages of a site from the runs that tested them, for a run that asks what has changed since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, Subquery, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rules.incremental import AssetVersion, LastCheck
from rules.observation import BROKEN, PageLink
from rules.outcome import Outcome
from rules.rule import answer_rules, host_rules
from rules.task import PageStatus
from storage.blobs import get_json, get_texts, short_hash
from storage.check_models import Asset, PageCheck
from storage.models import LOADED, Finding, Link, Page, PageState, Run, table_of
from storage.outcome_lists import of_operated_pages
from storage.runs import FetchFacts, mark_done


def note_check(session: Session, run_id: int, page_id: int) -> None:
    """Write down that a page was tested in a run."""
    kind = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(kind(table_of(PageCheck)).on_conflict_do_nothing(), [{"page_id": page_id, "run_id": run_id}])


def carried_over(site_id: int, run_id: int) -> Subquery:
    """The pages that stood tested in a run and were not tested by it: `page_id`, and the run of their result, `since`.

    A page of which no test is written down is of the time when every run tested all.
    """
    since = func.max(PageCheck.run_id).label("since")
    return (
        select(PageCheck.page_id, since)
        .join(Page, Page.id == PageCheck.page_id)
        .join(PageState, PageState.page_id == PageCheck.page_id)
        .where(Page.site_id == site_id, PageCheck.run_id <= run_id)
        .where(PageState.status == PageStatus.TESTED, PageState.first_run_id <= run_id)
        .where(or_(PageState.closed_run_id.is_(None), PageState.closed_run_id > run_id))
        .group_by(PageCheck.page_id)
        .having(since < run_id)
        .subquery()
    )


def carried_since(session: Session, site_id: int, run_id: int, pages: Sequence[int] | None = None) -> dict[int, int]:
    """The run of its result, by page, of the pages that a run carried over; of some pages only, or of all."""
    carried = carried_over(site_id, run_id)
    query = select(carried.c.page_id, carried.c.since)
    if pages is not None:
        query = query.where(carried.c.page_id.in_(pages))
    return dict(session.execute(query).all())


def last_checks(session: Session, site_id: int, *, confirms: bool) -> dict[str, LastCheck]:
    """The pages of a site that stand tested today, by identity. `confirms`: failures wait for a second look."""
    newest = select(PageCheck.page_id, func.max(PageCheck.run_id).label("run_id")).group_by(PageCheck.page_id).subquery()
    query = (
        select(PageState, Page.identity, Run.id, Run.started_at)
        .join(Page, Page.id == PageState.page_id)
        .join(newest, newest.c.page_id == Page.id)
        .join(Run, Run.id == newest.c.run_id)
        .where(Page.site_id == site_id, PageState.closed_run_id.is_(None), PageState.status == PageStatus.TESTED)
    )
    rows = session.execute(query).all()
    assets = {
        digest: tuple(json.loads(text)) for digest, text in get_texts(session, [row[0].assets_blob for row in rows]).items()
    }
    touched = of_operated_pages(session, [row[0].outcomes_blob for row in rows])
    waiting = set(session.scalars(_with_unconfirmed(site_id))) if confirms else set()
    broken = set(session.scalars(_broken(site_id)))
    return {
        identity: LastCheck(
            page_id=state.page_id,
            identity=identity,
            run_id=run_id,
            checked_at=checked_at,
            judged_with=state.judged_with or "",
            dom_hash=state.dom_hash or "",
            assets_hash=state.assets_hash or "",
            assets=assets.get(state.assets_blob or "", ()),
            etag=state.etag or "",
            last_modified=state.last_modified or "",
            links_blob=state.links_blob or "",
            is_waiting=state.page_id in waiting,
            is_broken=state.page_id in broken,
            was_touched=state.outcomes_blob in touched,
        )
        for state, identity, run_id, checked_at in rows
    }


def _with_unconfirmed(site_id: int) -> Select[int]:
    """Pages with a failure that nobody has looked at a second time; what no browser meets is confirmed by later runs."""
    return (
        select(Finding.page_id)
        .where(
            Finding.site_id == site_id,
            Finding.closed_run_id.is_(None),
            Finding.state == LOADED,
            Finding.outcome == Outcome.FAILED,
            Finding.confirmation.is_(None),
            Finding.rule.not_in(host_rules() | answer_rules()),
        )
        .distinct()
    )


def _broken(site_id: int) -> Select[int]:
    """Pages that answer, and show that nothing is there."""
    return (
        select(Page.id)
        .join(Link, (Link.site_id == Page.site_id) & (Link.url_hash == Page.identity_hash))
        .where(Page.site_id == site_id, Link.closed_run_id.is_(None), Link.link_class.in_(BROKEN))
    )


def stored_links(session: Session, last: LastCheck) -> tuple[PageLink, ...]:
    """What a page referred to when it was last tested."""
    return tuple(PageLink(*link) for link in get_json(session, last.links_blob, []))


def carry_over(session: Session, run_id: int, last: LastCheck, facts: FetchFacts) -> None:
    """A page keeps its result; by which its site is asked next time is renewed in place."""
    if (facts.etag, facts.last_modified) != (last.etag, last.last_modified):
        where = (PageState.page_id == last.page_id, PageState.closed_run_id.is_(None))
        values = {"etag": facts.etag or None, "last_modified": facts.last_modified or None}
        session.execute(update(PageState).where(*where).values(**values).execution_options(synchronize_session=False))
    mark_done(session, run_id, last.identity, PageStatus.CARRIED_OVER)


# --- style sheets and scripts ----------------------------------------------------------------------------------------


def assets_hash(addresses: Iterable[str], assets: Mapping[str, AssetVersion]) -> str:
    """The hash of the style sheets and scripts of a page, with their content; empty where one of them could not be asked."""
    digests = [(url, assets[url].digest if url in assets else "") for url in addresses]
    if not all(digest for _, digest in digests):
        return ""
    return hashlib.sha256(json.dumps(digests).encode()).hexdigest()[:32]


def known_assets(session: Session, site_id: int) -> list[AssetVersion]:
    """The style sheets and scripts of a site as the newest run met them."""
    rows = session.scalars(select(Asset).where(Asset.site_id == site_id).order_by(Asset.id))
    return [AssetVersion(row.url, row.digest, row.etag, row.last_modified, tuple(row.references)) for row in rows]


def store_assets(session: Session, site_id: int, run_id: int, assets: Mapping[str, AssetVersion]) -> None:
    """Keep the style sheets and scripts that pages load today, and give the pages that a run tested the hash of theirs."""
    tested = select(PageCheck.page_id).where(PageCheck.run_id == run_id)
    is_open = (PageState.closed_run_id.is_(None), PageState.assets_blob.is_not(None))
    of_site = select(Page.id).where(Page.site_id == site_id)
    blobs = session.scalars(select(PageState.assets_blob).where(PageState.page_id.in_(of_site), *is_open).distinct())
    lists: dict[str, list[str]] = {digest: json.loads(text) for digest, text in get_texts(session, blobs).items()}
    for digest, addresses in lists.items():
        where = (PageState.page_id.in_(tested), PageState.assets_blob == digest, *is_open)
        values = {"assets_hash": assets_hash(addresses, assets) or None}
        session.execute(update(PageState).where(*where).values(**values).execution_options(synchronize_session=False))
    loaded = {url for addresses in lists.values() for url in addresses}
    _replace_assets(session, site_id, [assets[url] for url in sorted(loaded & assets.keys())])


def _replace_assets(session: Session, site_id: int, assets: list[AssetVersion]) -> None:
    if assets == sorted(known_assets(session, site_id), key=lambda asset: asset.url):
        return
    session.execute(delete(Asset).where(Asset.site_id == site_id))
    rows: list[dict[str, Any]] = [
        {
            "site_id": site_id,
            "url": asset.url,
            "url_hash": short_hash(asset.url.encode("utf-8", "surrogatepass")),
            "digest": asset.digest,
            "etag": asset.etag,
            "last_modified": asset.last_modified,
            "references": list(asset.references),
        }
        for asset in assets
    ]
    if rows:
        session.execute(insert(table_of(Asset)), rows)
