"""Series that others measured: a value takes the place of the one of the same series, source, page and period."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from rules.measurement import Measurement
from storage.blobs import short_hash
from storage.models import Measurement as Row
from storage.remembered import remembered


@dataclass(frozen=True)
class Series:
    """One series of one source, of the whole site or of one page."""

    name: str
    source: str
    address: str  # empty: the whole site
    values: tuple[Row, ...]  # the oldest first


def keep_measurements(session: Session, site_id: int, measured: Iterable[Measurement], now: datetime) -> tuple[int, int]:
    """Keep values; gives how many are new and how many changed."""
    new = changed = 0
    for one in measured:
        address = short_hash(one.address.encode()) if one.address else ""
        row = session.get(Row, (site_id, one.series, one.source, address, one.first_day, one.last_day))
        said = (one.value, one.answers, one.kpi)
        if row is None:
            row = Row(
                site_id=site_id, series=one.series, source=one.source, address_hash=address,
                first_day=one.first_day, last_day=one.last_day, address=one.address,
            )  # fmt: skip
            session.add(row)
            new += 1
        elif (row.value, row.answers, row.kpi) == said:
            continue
        else:
            changed += 1
        row.value, row.answers, row.kpi = said
        row.imported_at = now
    session.flush()
    return new, changed


def series_of_site(
    session: Session, site_id: int, *, address: str | None = None, kpis: Iterable[str] | None = None
) -> list[Series]:
    """Every series, by name. `address`: only those of this page; `kpis`: only those that belong beside one of these."""
    digest = None if address is None else short_hash(address.partition("?")[0].encode())
    if digest is None:
        return _series(session, site_id, None if kpis is None else tuple(kpis))
    query = select(Row).where(Row.site_id == site_id, Row.address_hash == digest)
    return _grouped(session, query if kpis is None else query.where(Row.kpi.in_(list(kpis))))


def measurements_came(session: Session, site_id: int) -> Hashable:
    """Another whenever measurements were brought in."""
    return tuple(session.execute(select(func.count(), func.max(Row.imported_at)).where(Row.site_id == site_id)).one())


@remembered(measurements_came)
def _series(session: Session, site_id: int, kpis: tuple[str, ...] | None) -> list[Series]:
    query = select(Row).where(Row.site_id == site_id)
    return _grouped(session, query if kpis is None else query.where(Row.kpi.in_(kpis)))


def _grouped(session: Session, query: Select[Row]) -> list[Series]:
    rows = session.scalars(query.order_by(Row.series, Row.source, Row.address, Row.first_day, Row.last_day))
    return [
        Series(name, source, where, tuple(values))
        for (name, source, where), values in groupby(rows, key=lambda row: (row.series, row.source, row.address))
    ]


def first_series(session: Session, site_id: int, most: int) -> list[Series]:
    """Some series of a site, by name: there may be one of every page, and only the rows of these are read."""
    return _first_series(session, site_id, most)


@remembered(measurements_came)
def _first_series(session: Session, site_id: int, most: int) -> list[Series]:
    key = (Row.series, Row.source, Row.address_hash, Row.first_day, Row.last_day)
    rows = session.scalars(select(Row).where(Row.site_id == site_id).order_by(*key).execution_options(yield_per=200))
    of_one = groupby(rows, key=lambda row: (row.series, row.source, row.address))
    found = [Series(name, source, where, tuple(values)) for (name, source, where), values in islice(of_one, most)]
    rows.close()
    return sorted(found, key=lambda one: (one.name, one.source, one.address))
