"""The national list of product names (UPL), as somebody brought it in: a newer list takes the place of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from rules.upl import Product
from storage.models import ListedProduct, table_of

FIELDS = tuple(field.name for field in fields(Product))


def keep_products(session: Session, products: Sequence[Product], now: datetime) -> bool:
    """Keep a list; False: it is the one that is kept already, and nothing changes."""
    if set(products_kept(session)) == set(products):
        return False
    session.execute(delete(ListedProduct))
    session.execute(insert(table_of(ListedProduct)), [{**asdict(one), "imported_at": now} for one in products])
    return True


def products_kept(session: Session) -> list[Product]:
    """All products of the list; none: nobody has brought it in."""
    rows = session.execute(select(*(getattr(ListedProduct, name) for name in FIELDS)).order_by(ListedProduct.name))
    return [Product(*row) for row in rows]


def products_since(session: Session) -> datetime | None:
    """When the list was brought in; None: never."""
    return session.scalar(select(ListedProduct.imported_at).limit(1))
