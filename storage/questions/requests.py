"""What buttons have asked for and nobody has taken up yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Request


def waiting_requests(session: Session, site_id: int) -> Sequence[Request]:
    query = select(Request).where(Request.site_id == site_id, Request.state == "waiting").order_by(Request.id)
    return session.scalars(query.limit(100)).all()


def last_requests(session: Session, site_id: int, kind: str, limit: int) -> Sequence[Request]:
    """The newest requests of a kind, in whatever state, the newest first."""
    query = select(Request).where(Request.site_id == site_id, Request.kind == kind).order_by(Request.id.desc())
    return session.scalars(query.limit(limit)).all()


def request_by_id(session: Session, number: int) -> Request | None:
    return session.get(Request, number)


def requests_by_id(session: Session, numbers: Collection[int]) -> dict[int, Request]:
    return {one.id: one for one in session.scalars(select(Request).where(Request.id.in_(numbers)))} if numbers else {}
