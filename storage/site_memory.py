"""What runs have learned of a site by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy.orm import Session

from rules.incremental import VolatilePart
from storage.check_models import SiteMemory


def volatile_parts(session: Session, site_id: int) -> tuple[VolatilePart, ...]:
    """The parts of a site's pages that are others each time they are asked."""
    memory = session.get(SiteMemory, site_id)
    return tuple(VolatilePart(**part) for part in memory.volatile) if memory else ()


def remember_volatile_parts(session: Session, site_id: int, parts: Iterable[VolatilePart]) -> None:
    """They replace those that were known."""
    memory = session.get(SiteMemory, site_id)
    if memory is None:
        memory = SiteMemory(site_id=site_id, volatile=[])
        session.add(memory)
    memory.volatile = [asdict(part) for part in parts]
