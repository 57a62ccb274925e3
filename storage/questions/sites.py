"""Which sites are watched."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Site


def all_sites(session: Session, limit: int = 100) -> Sequence[Site]:
    return session.scalars(select(Site).order_by(Site.name).limit(limit)).all()


def site_by_id(session: Session, site_id: int) -> Site | None:
    return session.get(Site, site_id)
