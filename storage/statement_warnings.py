"""Which warnings of a statement's status were told, and on which day it was last looked whether one is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.message_models import ToldWarning
from storage.models import table_of

LOOKED = "looked"  # a key of its own: its moment is that of the last look


def take_look(session: Session, site_id: int, day_began: datetime, now: datetime) -> bool:
    """Take today's look at a site; False: another scheduler has it, or had it before a restart."""
    if note_told(session, site_id, [LOOKED], now):
        return True
    table = table_of(ToldWarning)
    query = update(table).where(table.c.site_id == site_id, table.c.key == LOOKED, table.c.told_at < day_began)
    return session.execute(query.values(told_at=now).returning(table.c.site_id)).first() is not None


def told_warnings(session: Session, site_id: int) -> set[str]:
    return set(session.scalars(select(ToldWarning.key).where(ToldWarning.site_id == site_id, ToldWarning.key != LOOKED)))


def note_told(session: Session, site_id: int, keys: Iterable[str], now: datetime) -> list[str]:
    """Note warnings as told; gives those that nobody had noted before."""
    table = table_of(ToldWarning)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"site_id": site_id, "key": key, "told_at": now} for key in keys]
    if not rows:
        return []
    written = insert(table).values(rows).on_conflict_do_nothing().returning(table.c.key)
    return list(session.scalars(written))
