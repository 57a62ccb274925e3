"""The statements of the public register, as somebody brought them in: an export takes the place of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from rules.register import RegisterStatement, host_of_address
from storage.models import Site, Statement, table_of


def keep_register(session: Session, statements: Sequence[RegisterStatement], now: datetime) -> None:
    """Keep an export; twice the same changes nothing."""
    session.execute(delete(Statement))
    session.execute(insert(table_of(Statement)), [{**asdict(one), "imported_at": now} for one in statements])


def register_since(session: Session) -> datetime | None:
    """When the register was brought in; None: never."""
    return session.scalar(select(Statement.imported_at).limit(1))


def registered_of_site(session: Session, site: Site) -> list[RegisterStatement]:
    """The same as `statements_of_site`, as plain values."""
    names = [field.name for field in fields(RegisterStatement)]
    return [RegisterStatement(*(getattr(one, name) for name in names)) for one in statements_of_site(session, site)]


def numbers_of_site(session: Session, site: Site) -> Sequence[str]:
    """The numbers in the register of all statements of the hosts of a site."""
    return session.scalars(select(Statement.number).where(Statement.host.in_(hosts_of(site)))).all()


def statements_of_site(session: Session, site: Site) -> Sequence[Statement]:
    """What the register has of the hosts of a site, the newest first."""
    query = select(Statement).where(Statement.host.in_(hosts_of(site))).order_by(Statement.agreed_on.desc(), Statement.number)
    return session.scalars(query.limit(10)).all()


def hosts_of(site: Site) -> set[str]:
    """The hosts that a site is known by in the register."""
    return {host_of_address(origin) for origin in site.origins}
