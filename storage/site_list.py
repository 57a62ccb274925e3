"""Brings a list of sites in: all of them or none; twice the same changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.address import origin_of
from rules.schedule import Plan, WorkKind
from rules.site import Scope
from rules.site_list import ListedSite, SiteListError
from storage.models import Site
from storage.schedules import find_schedule, remove_schedule, set_schedule
from storage.sites import add_site

OWNER = "owner"  # in a site's settings: the person or department that it belongs to
SPREAD_S = 3 * 3600  # over which many sites of one list begin


@dataclass(frozen=True)
class BroughtIn:
    """What became of a list."""

    added: int
    changed: int
    same: int


def bring_in_sites(session: Session, listed: Sequence[ListedSite], now: datetime) -> BroughtIn:
    """Watch the sites of a list from now on; of those that are known already the owner and the schedule are changed.

    Raises SiteListError, before anything is written, where a name or an address is that of another site.
    """
    known = session.scalars(select(Site)).all()
    by_name, by_address = {site.name: site for site in known}, {site.start_url: site for site in known}
    if faults := [fault for one in listed if (fault := _other(one, by_name.get(one.name), by_address.get(one.address)))]:
        raise SiteListError(faults)
    added = changed = 0
    for one in listed:
        site = by_name.get(one.name)
        if site is None:
            site = add_site(session, one.name, one.address, Scope((origin_of(one.address),)), now)
            _set(session, site, one)
            added += 1
        else:
            changed += _set(session, site, one)
    return BroughtIn(added, changed, len(listed) - added - changed)


def _other(one: ListedSite, named: Site | None, addressed: Site | None) -> str:
    """Why a line cannot be: its name or its address is another site's. Empty: it can."""
    if named and named.start_url != one.address:
        return (
            f"line {one.line}: '{one.name}' is watched already, at {named.start_url}. Choose another name, or first: "
            f"vierluik site remove {named.id}"
        )
    if addressed and addressed.name != one.name:
        return f"line {one.line}: {one.address} is watched already, as '{addressed.name}'. Write that name."
    return ""


def _set(session: Session, site: Site, one: ListedSite) -> bool:
    """Whether something of the site is other now. What the line does not say stays."""
    before = site.settings.get(OWNER, ""), _cron(session, site)
    if one.owner:
        site.settings = {**site.settings, OWNER: one.owner}
    if one.cron == "":
        remove_schedule(session, site.id, WorkKind.FULL)
    elif one.cron is not None and one.cron != before[1]:
        set_schedule(session, site.id, WorkKind.FULL, Plan(one.cron, site.time_zone, SPREAD_S))
    return before != (site.settings.get(OWNER, ""), _cron(session, site))


def _cron(session: Session, site: Site) -> str:
    schedule = find_schedule(session, site.id, WorkKind.FULL)
    return schedule.cron if schedule else ""
