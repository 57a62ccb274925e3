"""Who changed what, field by field: written down with every change of what people decide, by itself."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import event, insert, select
from sqlalchemy import inspect as look_at
from sqlalchemy.orm import Session

from storage.account_models import Account, AuditEntry, Membership
from storage.barrier_models import StoredBarrier
from storage.desk_models import OwnerRule
from storage.kpi_models import Annotation, KpiTarget
from storage.models import Base, Decision, Site
from storage.schedule_models import Schedule
from storage.settings_models import InstallationSettings

SECRET = frozenset({"password_hash", "totp_secret", "recovery", "totp_step", "what"})  # "what" may be taken back, all of it
NOISE = frozenset({"failed", "locks", "seen_at", "id", "content", "planned_at", "next_at", "last_at", "request_id"})
AUDITED: set[type[Base]] = {
    Account, Annotation, Decision, InstallationSettings, KpiTarget, Membership, OwnerRule, Schedule, Site, StoredBarrier,
}  # fmt: skip
OF_MANY: dict[type[Base], str] = {Site: "settings", InstallationSettings: "values"}  # a field that holds many: each is told


@dataclass
class Actor:
    """Who is at work; known a little later than the work begins."""

    person: str = ""


ACTOR: ContextVar[Actor] = ContextVar("actor")


@event.listens_for(Session, "after_flush")
def _note(session: Session, _context: object) -> None:
    actor = ACTOR.get(None)
    if actor is None or not actor.person:
        return
    now = datetime.now(UTC)
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for action, changed in (("added", session.new), ("changed", session.dirty), ("removed", session.deleted)):
        for one in changed:
            if type(one) not in AUDITED:
                continue
            changes = _changes(one, action)
            if changes:
                row = _row(one, action, changes)
                rows.setdefault((action, row["table"], row["key"]), {**row, "at": now, "person": actor.person})
    if rows:
        session.execute(insert(AuditEntry), list(rows.values()))


def _row(one: Any, action: str, changes: dict[str, Any]) -> dict[str, Any]:
    key = one.batch if isinstance(one, Decision) and one.batch else str(one.id)
    return {
        "action": action,
        "table": one.__tablename__,
        "key": key,
        "site_id": one.id if isinstance(one, Site) else getattr(one, "site_id", None),
        "changes": changes,
    }


def _changes(one: Any, action: str) -> dict[str, Any]:
    """What each field was and is; of a secret only that it changed."""
    changes: dict[str, Any] = {}
    for attribute in look_at(one).mapper.column_attrs:
        name = attribute.key
        if name in NOISE:
            continue
        history = look_at(one).attrs[name].history
        if action == "removed":
            was, now = getattr(one, name), None
        elif action == "added":
            was, now = None, getattr(one, name)
        elif history.has_changes():
            was, now = (history.deleted or [None])[0], getattr(one, name)
        else:
            continue
        if name == OF_MANY.get(type(one)):
            before, after = was or {}, now or {}
            names = sorted(before.keys() | after.keys())
            changes |= {key: [before.get(key), after.get(key)] for key in names if before.get(key) != after.get(key)}
        elif was != now and not (was in (None, "") and now in (None, "")):
            changes[name] = ["…", "…"] if name in SECRET else [_plain(was), _plain(now)]
    return changes


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def audit_entries(session: Session, site_id: int | None, limit: int, before: int = 0) -> list[AuditEntry]:
    """Who changed what of one site, or of everything where none is named, the newest first."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if site_id is not None:
        query = query.where(AuditEntry.site_id == site_id)
    if before:
        query = query.where(AuditEntry.id < before)
    return list(session.scalars(query))
