"""What runs have learned of a site by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from rules.incremental import PERIOD_DAYS, VolatilePart
from rules.observation import Cookie
from storage.check_models import SiteMemory


def volatile_parts(session: Session, site_id: int) -> tuple[VolatilePart, ...]:
    """The parts of a site's pages that are others each time they are asked."""
    memory = session.get(SiteMemory, site_id)
    return tuple(VolatilePart(**part) for part in memory.volatile) if memory else ()


def remember_volatile_parts(session: Session, site_id: int, parts: Iterable[VolatilePart]) -> None:
    """They replace those that were known."""
    _memory(session, site_id).volatile = [asdict(part) for part in parts]


def known_cookies(session: Session, site_id: int, now: datetime) -> dict[tuple[str, str], Cookie] | None:
    """What pages of a site leave in a browser, by host and name, as far as it was met in the days in which every page is opened.

    None: no run that opened all pages has told.
    """
    memory = session.get(SiteMemory, site_id)
    if memory is None or memory.cookies is None:
        return None
    oldest = (now - timedelta(days=PERIOD_DAYS)).isoformat()
    kept = [one for one in memory.cookies if one["met"] >= oldest]
    return {(one["host"], one["name"]): Cookie(one["name"], one["host"], one["days"]) for one in kept}


def remember_cookies(session: Session, site_id: int, met: Iterable[Cookie], now: datetime, *, all_pages: bool) -> None:
    """What a run has met. `all_pages`: it opened every page, and what it did not meet is not there any more."""
    memory = _memory(session, site_id)
    before = [] if all_pages else memory.cookies
    if before is not None:
        fresh = {(one.host, one.name): {**asdict(one), "met": now.isoformat()} for one in met}
        oldest = (now - timedelta(days=PERIOD_DAYS)).isoformat()
        kept = [one for one in before if (one["host"], one["name"]) not in fresh and one["met"] >= oldest]
        memory.cookies = [*kept, *fresh.values()]


def _memory(session: Session, site_id: int) -> SiteMemory:
    memory = session.get(SiteMemory, site_id)
    if memory is None:
        memory = SiteMemory(site_id=site_id, volatile=[])
        session.add(memory)
    return memory
