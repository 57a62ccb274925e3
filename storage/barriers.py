"""Barriers that people met or saw, as they are kept: written down once, masked, and closed by a person only."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from rules.barrier import LONGEST_TEXT, Barrier, BarrierError, BarrierSource, Closing
from rules.need import Need
from rules.outcome import Impact, Mender
from rules.personal_data import masked
from storage.barrier_models import StoredBarrier
from storage.blobs import short_hash
from storage.models import Page, PageState, Site
from storage.sites import scope_of

MOST_FILE_BYTES = 5_000_000
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}  # shown; all else is only handed out


@dataclass(frozen=True)
class KeptBarriers:
    """What came of writing barriers down."""

    numbers: list[int]  # of those that are new
    known: int  # that were there already, open or closed
    masked: Counter[str]  # personal data that was replaced, by kind


@dataclass(frozen=True)
class SeenBarrier:
    """A stored barrier with its page, where a run has met that."""

    row: StoredBarrier
    page: Page | None
    state: PageState | None  # as it stands now

    @property
    def value(self) -> Barrier:
        row = self.row
        return Barrier(
            address=row.address,
            what=row.what,
            source=BarrierSource(row.source),
            on=row.met_on,
            criterion=row.criterion,
            who=row.who,
            needs=tuple(Need(one) for one in row.needs),
            impact=Impact(row.impact),
            mender=Mender(row.mender),
            number=row.id,
            page_id=self.page.id if self.page else None,
        )


def keep_barriers(
    session: Session, site: Site, barriers: Iterable[Barrier], person: str, now: datetime, file: tuple[str, bytes] = ("", b"")
) -> KeptBarriers:
    """Write barriers down, each once; `file` goes with each of them. Raises BarrierError: then nothing is kept.

    Personal data of residents is masked before anything is written. What is known already, closed or not, stays as it is.
    """
    name, content = file
    if len(content) > MOST_FILE_BYTES:
        raise BarrierError("file", f"the file is larger than {MOST_FILE_BYTES // 1_000_000} MB; make it smaller")
    scope, hidden = scope_of(site), Counter[str]()
    rows: dict[str, StoredBarrier] = {}
    for one in barriers:
        if not scope.covers(one.address):
            raise BarrierError("address", f"{one.address[:200]} does not belong to the site '{site.name}'")
        (what, of_what), (who, of_who) = masked(one.what), masked(one.who)
        hidden += of_what + of_who
        told = replace(one, what=what, who=who)
        rows[_key(told)] = StoredBarrier(
            site_id=site.id,
            address_hash=short_hash(told.address.encode()),
            key=_key(told),
            **_columns(told),
            entered_by=person,
            entered_at=now,
            name=name.replace("\\", "/").rpartition("/")[2][:200] if content else "",
            media_type=next((kind for kind, start in PICTURES.items() if content.startswith(start)), "application/octet-stream"),
            content=content or None,
        )
    known = set[str]()
    keys = list(rows)
    for start in range(0, len(keys), 500):
        query = select(StoredBarrier.key).where(
            StoredBarrier.site_id == site.id, StoredBarrier.key.in_(keys[start : start + 500])
        )
        known.update(session.scalars(query))
    new = [row for key, row in rows.items() if key not in known]
    session.add_all(new)
    session.flush()
    return KeptBarriers([row.id for row in new], len(known), hidden)


def _columns(one: Barrier) -> dict[str, object]:
    return {
        "address": one.address,
        "criterion": one.criterion,
        "what": one.what,
        "who": one.who,
        "needs": [need.value for need in one.needs],
        "source": one.source.value,
        "met_on": one.on,
        "impact": one.impact.value,
        "mender": one.mender.value,
    }


def _key(one: Barrier) -> str:
    parts = [one.address, one.criterion, one.what, one.source, one.on.isoformat()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def close_barrier(session: Session, row: StoredBarrier, closing: Closing, note: str, person: str, now: datetime) -> bool:
    """Close a barrier. False: somebody else did so before, and it stays as they said."""
    if row.closed_at is not None:
        return False
    row.closing, row.closed_by, row.closed_at = closing.value, person, now
    row.closing_note = masked(note.strip()[:LONGEST_TEXT])[0]
    if closing is Closing.MISTAKE:
        row.what = row.who = row.name = ""
        row.content = None
    session.flush()
    return True


def open_again(session: Session, row: StoredBarrier) -> None:
    """A barrier that was closed stands open again; of one that was taken back nothing is left to open."""
    if row.closing != Closing.MISTAKE:
        row.closing = row.closing_note = row.closed_by = ""
        row.closed_at = None
        session.flush()


def open_barriers(session: Session, site_id: int, page: Page | None = None) -> list[SeenBarrier]:
    """The open barriers of a site, or of one of its pages, the newest first."""
    query = _seen(site_id).where(StoredBarrier.closed_at.is_(None))
    if page is not None:
        query = query.where(StoredBarrier.address_hash == page.identity_hash)
    return _read(session, query.order_by(StoredBarrier.met_on.desc(), StoredBarrier.id.desc()))


def closed_barriers(session: Session, site_id: int, limit: int) -> list[SeenBarrier]:
    """The barriers that were closed, the last one first."""
    query = _seen(site_id).where(StoredBarrier.closed_at.is_not(None))
    return _read(session, query.order_by(StoredBarrier.closed_at.desc(), StoredBarrier.id.desc()).limit(limit))


def barrier_by_number(session: Session, site_id: int, number: int) -> SeenBarrier | None:
    return next(iter(_read(session, _seen(site_id).where(StoredBarrier.id == number))), None)


def barriers_by_number(session: Session, numbers: Collection[int]) -> dict[int, StoredBarrier]:
    query = select(StoredBarrier).where(StoredBarrier.id.in_(numbers))
    return {row.id: row for row in session.scalars(query)} if numbers else {}


def _seen(site_id: int) -> Select[StoredBarrier, Page, PageState]:
    return (
        select(StoredBarrier, Page, PageState)
        .outerjoin(Page, (Page.site_id == StoredBarrier.site_id) & (Page.identity_hash == StoredBarrier.address_hash))
        .outerjoin(PageState, (PageState.page_id == Page.id) & PageState.closed_run_id.is_(None))
        .where(StoredBarrier.site_id == site_id)
    )


def _read(session: Session, query: Select[StoredBarrier, Page, PageState]) -> list[SeenBarrier]:
    return [SeenBarrier(row, page, state) for row, page, state in session.execute(query)]


def count_barriers(session: Session, site_id: int) -> dict[BarrierSource, int]:
    """The open barriers of a site by their source; each source is there."""
    query = select(StoredBarrier.source, func.count()).where(StoredBarrier.site_id == site_id, StoredBarrier.closed_at.is_(None))
    found = dict(session.execute(query.group_by(StoredBarrier.source)).all())
    return {source: found.get(source.value, 0) for source in BarrierSource}
