"""What is set on the screens: for all sites, and for one; and what was changed by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.account_models import AuditEntry
from storage.models import Site
from storage.settings_models import InstallationSettings

ONLY = 1  # the number of the one row
COLUMNS = ("name", "start_url", "origins", "path_prefix", "time_zone")  # of a site; the rest stands in its settings
PUBLIC, PUBLIC_ON = "public", "on"


def settings_for_all(session: Session) -> dict[str, Any]:
    """What is set on the screen for all sites."""
    return dict(session.get_one(InstallationSettings, ONLY).values)


def change_for_all(session: Session, changes: Mapping[str, Any]) -> None:
    """Set what is named; None takes a setting away."""
    row = session.get_one(InstallationSettings, ONLY)
    row.values = _changed(row.values, changes)
    session.flush()


def settings_of_site(site: Site) -> dict[str, Any]:
    """Everything that is set for a site, by name: of its columns and of its settings."""
    own = {key: value for key, value in site.settings.items() if key != PUBLIC}
    is_public = bool(site.settings.get(PUBLIC, {}).get(PUBLIC_ON))
    return own | {name: getattr(site, name) for name in COLUMNS} | {PUBLIC: is_public}


def change_site(session: Session, site: Site, changes: Mapping[str, Any]) -> None:
    """Set what is named of a site; None takes a setting away. Columns always have a value."""
    for name in changes.keys() & set(COLUMNS):
        setattr(site, name, changes[name])
    rest = {name: value for name, value in changes.items() if name not in COLUMNS}
    if PUBLIC in rest:
        rest[PUBLIC] = {**site.settings.get(PUBLIC, {}), PUBLIC_ON: bool(rest[PUBLIC])}
    if rest:
        site.settings = _changed(site.settings, rest)
    session.flush()


def _changed(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def hold_for_change(session: Session, site: Site | None) -> None:
    """Until this session ends nobody else changes these settings; what is read from here on is what they are now."""
    table, row = (Site, site) if site else (InstallationSettings, session.get_one(InstallationSettings, ONLY))
    same = update(table).where(table.id == row.id).values(id=table.id)
    session.execute(same.execution_options(synchronize_session=False))
    session.refresh(row)


def changes_of_settings(session: Session, site_id: int | None, limit: int) -> Sequence[AuditEntry]:
    """Who changed which setting of a site, or of all sites, the newest first."""
    table = Site.__tablename__ if site_id is not None else InstallationSettings.__tablename__
    query = select(AuditEntry).where(AuditEntry.site_id == site_id, AuditEntry.table == table, AuditEntry.action == "changed")
    return session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def change_of_settings(session: Session, site_id: int | None, number: int) -> AuditEntry | None:
    """One of them."""
    entry = session.get(AuditEntry, number)
    table = Site.__tablename__ if site_id is not None else InstallationSettings.__tablename__
    return entry if entry and entry.site_id == site_id and entry.table == table and entry.action == "changed" else None
