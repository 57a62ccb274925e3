"""Brings a search log in: read and masked by `checks/search_log`, kept by `storage/search_log`, whole or not at all."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy.orm import Session

from checks.search_log.address import read_address
from checks.search_log.journeys import totals_of_day
from checks.search_log.read import Reading, ReadOptions, read_log
from rules.register import host_of_address
from rules.search_log import KNOWS, Fact, QueryTotal, SearchLogError, Source, Tally
from scheduler.learn_from_searches import learn_from_searches
from storage.database import Database
from storage.models import Site
from storage.products import products_since
from storage.search_log import ImportWriter, known_import, save_options, saved_options, source_of
from storage.search_retention import purge
from storage.sites import get_site

SHOW_EVERY = 20_000  # rows
SAMPLE = 5
AHEAD = timedelta(days=1)  # clocks of servers differ; more than this is another century's log


@dataclass(frozen=True)
class Imported:
    """What came of bringing a file in."""

    source: str
    tally: Tally
    searches: int
    clicks: int
    added: int
    days: tuple[str, str]
    again: bool = False  # the same file was brought in before; nothing was changed
    unknown: tuple[str, ...] = ()  # the facts that cannot be determined from this source
    sample: tuple[str, ...] = ()  # the first queries, of a preview


def import_search_log(
    database: Database,
    site_name: str,
    stream: BinaryIO,
    options: ReadOptions,
    now: datetime,
    *,
    name: str = "",
    preview: bool = False,
    progress: Callable[[Tally], None] = lambda _: None,
) -> Imported:
    """Bring a file in, in one transaction.

    Raises SearchLogError for a file that is bad as a whole, SiteError and DatabaseError: then nothing of it is kept.
    """
    tally = Tally()
    with database.session() as session, _no_garbage():
        site = get_site(session, site_name)
        reading = read_log(stream, _with_saved(session, site, options, name), tally)
        source = source_of(session, site, reading.source, name)
        writer = ImportWriter(session, site, source, now)
        sample = _take(reading, writer, tally, site, now, progress)
        digest = tally.digest.hexdigest()
        before = known_import(session, source, digest)
        if before is None:
            _add_up(writer, reading, at_end=True)
            writer.write_totals(reading.source)
            save_options(source, reading.mapping, [str(one) for one in options.addresses])
        row = before or writer.finish(tally, digest, reading.source)
        imported = Imported(
            reading.source.value,
            tally,
            row.searches,
            row.clicks,
            0 if before else row.added,
            (row.first_day.isoformat(), row.last_day.isoformat()),
            again=before is not None,
            unknown=tuple(fact.value for fact in Fact if fact not in KNOWS[reading.source]),
            sample=sample,
        )
        if before or preview:
            session.rollback()
        else:
            purge(session, now)
            if products_since(session):
                from scheduler.cover_products import count_searches  # what knows products takes long to load

                count_searches(session, site, now)
    if not before and not preview:
        learn_from_searches(database, site.id, now)
    return imported


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Millions of rows, and not one circle among them: looking for circles takes a seventh of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _with_saved(session: Session, site: Site, options: ReadOptions, name: str) -> ReadOptions:
    """The options with what was said of this source before, where nothing else is said now."""
    options = replace(options, zone=site.time_zone)
    if not options.mapping:
        options = replace(options, mapping=saved_options(session, site, name or Source.TABLE).get("mapping", {}))
    if not options.addresses:
        saved = saved_options(session, site, name or Source.COMBINED).get("addresses", ())
        options = replace(options, addresses=tuple(map(read_address, saved)))
    return options


def _take(
    reading: Reading, writer: ImportWriter, tally: Tally, site: Site, now: datetime, progress: Callable[[Tally], None]
) -> tuple[str, ...]:
    """Write the rows that are of this site and of a time that has been; gives the first queries."""
    hosts = {host_of_address(origin) for origin in site.origins}
    hosts |= {f"www.{host}" for host in hosts}
    latest_ms, latest_day = int((now + AHEAD).timestamp() * 1000), (now + AHEAD).date()
    others: set[str] = set()
    sample: list[str] = []
    searches, is_here = 0, False
    for number, row in enumerate(reading.rows):
        if number % SHOW_EVERY == 0:
            progress(tally)
            if writer.is_full:
                _add_up(writer, reading, at_end=False)
        if row.host and row.host not in hosts:
            others.add(row.host)
            tally.left_out["other-site"] += 1
        elif (row.first_day > latest_day) if isinstance(row, QueryTotal) else (row.at_ms > latest_ms):
            tally.left_out["in-the-future"] += 1
        else:
            writer.add(row)
            searches += 1
            is_here = is_here or bool(row.host)
            if len(sample) < SAMPLE:
                sample.append(row.query)
    progress(tally)
    if (
        tally.referers
        and not is_here
        and 2 * tally.referers.total() >= searches
        and not any(_is_of(host, hosts) for host in tally.referers)
    ):
        raise _of_another_site(tally.referers, site.name)
    _refuse_empty(writer, tally, others, site.name)
    return tuple(sample)


def _add_up(writer: ImportWriter, reading: Reading, *, at_end: bool) -> None:
    """Write the totals of the days of which something is new."""
    for day in writer.new_days(at_end=at_end):
        writer.write_day(day, totals_of_day(writer.events_of_day(day), KNOWS[reading.source], writer.text_of))


def _is_of(host: str, hosts: Collection[str]) -> bool:
    """Whether a host is one of these, or lies below one: a search on www.… may be asked on mijn.… too."""
    return any(host == one or host.endswith(f".{one.removeprefix('www.')}") for one in hosts)


def _of_another_site(others: Collection[str], site: str) -> SearchLogError:
    return SearchLogError(f"its searches are of {', '.join(sorted(others)[:3])}, not of the site '{site}'; choose another --site")


def _refuse_empty(writer: ImportWriter, tally: Tally, others: set[str], site: str) -> None:
    if not writer.is_empty:
        return
    if others:
        raise _of_another_site(others, site)
    if tally.left_out["in-the-future"]:
        raise SearchLogError(
            "all its searches are in the future; look at the clock of the server, or at the order of day and month"
        )
    raise SearchLogError("there is no search of a visitor in it")
