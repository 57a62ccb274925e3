"""The sites that are watched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from rules.schedule import Plan, WorkKind
from rules.site import Scope
from storage.blobs import remove_unused
from storage.models import Site
from storage.schedules import set_schedule


class SiteError(ValueError):
    """The site is not there, or is there already; the sentence says what to do."""


def add_site(session: Session, name: str, start_url: str, scope: Scope, now: datetime, *, cron: str = "") -> Site:
    """Watch a site from now on, with full runs by a cron line if there is one. Raises SiteError where the name is taken."""
    if session.scalar(select(Site).where(Site.name == name)):
        raise SiteError(f"There is a site named '{name}' already. Choose another name, or see: vierluik site list")
    site = Site(
        name=name,
        start_url=start_url,
        origins=list(scope.origins),
        path_prefix=scope.path_prefix,
        settings={},
        created_at=now,
    )
    session.add(site)
    session.flush()
    if cron:
        set_schedule(session, site.id, WorkKind.FULL, Plan(cron, site.time_zone))
    return site


def find_site(session: Session, name: str) -> Site | None:
    """A site by its name, its number or its start address."""
    found = session.scalar(select(Site).where((Site.name == name) | (Site.start_url == name)).order_by(Site.id))
    if found is None and name.isdigit():
        found = session.get(Site, int(name))
    return found


def get_site(session: Session, name: str) -> Site:
    """A site by its name, number or start address. Raises SiteError where there is none."""
    site = find_site(session, name)
    if site is None:
        raise SiteError(f"There is no site '{name}'. See the list with: vierluik site list")
    return site


def all_sites(session: Session) -> list[Site]:
    return list(session.scalars(select(Site).order_by(Site.name)))


def remove_site(session: Session, site: Site) -> None:
    """Stop watching a site and remove everything that was stored of it, down to the snippets of its pages."""
    session.delete(site)
    session.flush()
    remove_unused(session)


def scope_of(site: Site) -> Scope:
    settings = site.settings
    return Scope(
        origins=tuple(site.origins),
        path_prefix=site.path_prefix,
        include=tuple(settings.get("include", ())),
        exclude=tuple(settings.get("exclude", ())),
    )
