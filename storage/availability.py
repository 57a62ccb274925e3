"""Watched addresses: which, how each look went, and how often they were up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rules.availability import Answer, Availability, Expected, Look, WatchKind
from rules.findability import SiteSearch, TaskState
from rules.page_type import PageType
from rules.task import PageStatus
from storage.availability_models import AvailabilityDay, AvailabilityInterval, WatchedAddress
from storage.findability import search_of_site, tasks_of_site
from storage.models import Page, PageState, Site
from storage.sites import scope_of

MOST_ADDRESSES = 40  # of one site that are proposed
MOST_FORMS = 20
HARMLESS = "contact"  # what the site's search is asked
NOT_LOOKED_FOR = 3  # turns: after a longer gap nobody knows how it was


def propose_addresses(session: Session, site: Site, now: datetime) -> int:
    """Watch what people need most, as the last run and the confirmed tasks know it; gives how many are new.

    What somebody switched off stays off, and nothing is taken away.
    """
    known = set(session.scalars(select(WatchedAddress.url).where(WatchedAddress.site_id == site.id)))
    room = MOST_ADDRESSES - len(known)
    new: dict[str, WatchedAddress] = {}
    for url, kind, label in _wanted(session, site):
        if url not in known and url not in new and len(new) < room:
            new[url] = WatchedAddress(site_id=site.id, url=url, kind=kind, label=label[:200], created_at=now, expects={})
    session.add_all(new.values())
    session.flush()
    return len(new)


def _wanted(session: Session, site: Site) -> Iterable[tuple[str, WatchKind, str]]:
    """Addresses with their kind and name, the most needed first."""
    scope = scope_of(site)
    yield site.start_url, WatchKind.START, ""
    for task in tasks_of_site(session, site.id, TaskState.CONFIRMED):
        best = max(task.grades.items(), key=lambda page: int(page[1]), default=None)
        if best and scope.covers(best[0]):
            yield best[0], WatchKind.TASK, task.title
    search = search_of_site(session, site.id)
    if search and search.state == TaskState.CONFIRMED and (template := SiteSearch.of_stored(search.settings).template):
        yield template.replace("{query}", quote_plus(HARMLESS)), WatchKind.SEARCH, ""
    forms = (
        select(Page.identity, PageState.title)
        .join(PageState, PageState.page_id == Page.id)
        .where(
            Page.site_id == site.id,
            Page.page_type == PageType.FORM,
            PageState.closed_run_id.is_(None),
            PageState.status.in_([PageStatus.TESTED, PageStatus.CARRIED_OVER]),
        )
        .order_by(PageState.depth, Page.id)
        .limit(MOST_FORMS)
    )
    for url, title in session.execute(forms):
        yield url, WatchKind.FORM, title


def add_address(session: Session, site: Site, url: str, now: datetime) -> bool:
    """Watch an address of the site that a person names. False: it is not the site's."""
    if not scope_of(site).covers(url):
        return False
    found = session.scalar(select(WatchedAddress).where(WatchedAddress.site_id == site.id, WatchedAddress.url == url))
    if found is None:
        found = WatchedAddress(site_id=site.id, url=url, kind=WatchKind.OTHER, created_at=now, expects={})
        session.add(found)
    found.is_on, found.proposed = True, False
    session.flush()
    return True


def addresses_of_site(session: Session, site_id: int) -> list[WatchedAddress]:
    query = select(WatchedAddress).where(WatchedAddress.site_id == site_id)
    return list(session.scalars(query.order_by(WatchedAddress.is_on.desc(), WatchedAddress.id)))


def switch_address(session: Session, site_id: int, number: int, *, on: bool, now: datetime) -> bool:
    """Watch an address again, or no more: nobody knows how it was in between. False: it is not there."""
    address = session.get(WatchedAddress, number)
    if address is None or address.site_id != site_id:
        return False
    address.is_on = on
    if not on:
        _begin(session, address.id, Availability.UNKNOWN, "not-watched", None, now)
    return True


def due_addresses(session: Session, now: datetime, every: timedelta) -> dict[int, list[WatchedAddress]]:
    """The addresses that are to be asked now, by site. A clock that was set back does not silence one."""
    query = select(WatchedAddress).where(WatchedAddress.is_on.is_(True)).order_by(WatchedAddress.id)
    due: dict[int, list[WatchedAddress]] = {}
    for address in session.scalars(query):
        if address.asked_at is None or not now - every < address.asked_at <= now:
            due.setdefault(address.site_id, []).append(address)
    return due


def note_look(
    session: Session, number: int, look: Look, answer: Answer, expects: Expected, now: datetime, zone: str, every: timedelta
) -> None:
    """Keep what one look says: a new interval where it says something else, and the day's line."""
    address = session.get(WatchedAddress, number)
    if address is None:
        return
    if address.asked_at is not None and now - address.asked_at > NOT_LOOKED_FOR * every:
        _begin(session, number, Availability.UNKNOWN, "not-watched", None, address.asked_at)
    _begin(session, number, look.state, look.reason, answer.status, now)
    address.asked_at = now
    if look.state is Availability.UP:
        address.expects = expects.as_stored()
    _add_to_day(session, number, look, answer.milliseconds, now.astimezone(ZoneInfo(zone)).date())


def is_to_be_opened(address: WatchedAddress, now: datetime, every: timedelta) -> bool:
    """Whether an address is to be opened in a browser now; one that failed there is opened at every look, until it is well."""
    return address.fails_opened or address.opened_at is None or not now - every < address.opened_at <= now


def note_opened(session: Session, number: int, look: Look, shows: Expected, now: datetime) -> None:
    """Keep what a browser met; what that says of the address is kept by `note_look`."""
    address = session.get(WatchedAddress, number)
    if address is not None:
        address.opened_at, address.fails_opened = now, look.state is Availability.DOWN
        if look.state is Availability.UP:
            address.shows = shows.as_stored()


def _begin(session: Session, number: int, state: Availability, reason: str, status: int | None, now: datetime) -> None:
    """End what was so and begin what is so from now, where that is something else."""
    lasting = session.scalar(
        select(AvailabilityInterval).where(AvailabilityInterval.address_id == number, AvailabilityInterval.ended_at.is_(None))
    )
    if lasting is not None:
        if lasting.state == state:
            return
        lasting.ended_at = max(now, lasting.began_at)
        session.flush()
    session.add(AvailabilityInterval(address_id=number, state=state, reason=reason, status=status, began_at=now))
    session.flush()


def _add_to_day(session: Session, number: int, look: Look, milliseconds: int, day: date) -> None:
    row = session.get(AvailabilityDay, (number, day))
    if row is None:
        earlier = select(AvailabilityDay).where(AvailabilityDay.address_id == number).order_by(AvailabilityDay.day.desc())
        if (last := session.scalar(earlier.limit(1))) is not None:
            last.times = []  # its median stands; single times are only kept while they can change it
        row = AvailabilityDay(address_id=number, day=day, asked=0, up=0, unknown=0, times=[])
        session.add(row)
    if look.state is Availability.UNKNOWN:
        row.unknown += 1
        return
    row.asked += 1
    if look.state is Availability.UP:
        row.up += 1
        row.times = [*row.times, milliseconds]
        row.slowest_ms, row.median_ms = max(row.times), round(median(row.times))


# --- what is shown -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Uptime:
    """Looks that say something, and those at which it was up."""

    asked: int = 0
    up: int = 0
    unknown: int = 0

    @property
    def share(self) -> float | None:
        """From 0 to 1; None: nobody looked."""
        return self.up / self.asked if self.asked else None


@dataclass(frozen=True)
class Incident:
    """A time in which an address was down."""

    address: WatchedAddress
    interval: AvailabilityInterval


def months_of_address(session: Session, site_id: int, first: date, last: date) -> dict[int, dict[date, Uptime]]:
    """Of each address of a site its months, by their first days; from its daily lines."""
    query = (
        select(AvailabilityDay)
        .join(WatchedAddress, WatchedAddress.id == AvailabilityDay.address_id)
        .where(WatchedAddress.site_id == site_id, AvailabilityDay.day.between(first, last))
        .order_by(AvailabilityDay.day)
    )
    months: dict[int, dict[date, Uptime]] = {}
    for row in session.scalars(query):
        of_address = months.setdefault(row.address_id, {})
        month = row.day.replace(day=1)
        so_far = of_address.get(month, Uptime())
        of_address[month] = Uptime(so_far.asked + row.asked, so_far.up + row.up, so_far.unknown + row.unknown)
    return months


def uptime(session: Session, site_id: int, kinds: Sequence[WatchKind], first: date, last: date) -> Uptime:
    """The figure of a KPI: how often the addresses of some kinds were up in a period, all looks alike."""
    query = (
        select(
            func.coalesce(func.sum(AvailabilityDay.asked), 0),
            func.coalesce(func.sum(AvailabilityDay.up), 0),
            func.coalesce(func.sum(AvailabilityDay.unknown), 0),
        )
        .join(WatchedAddress, WatchedAddress.id == AvailabilityDay.address_id)
        .where(WatchedAddress.site_id == site_id, WatchedAddress.kind.in_(kinds), AvailabilityDay.day.between(first, last))
    )
    asked, up, unknown = session.execute(query).one()
    return Uptime(int(asked), int(up), int(unknown))


def states_now(session: Session, site_id: int) -> dict[int, AvailabilityInterval]:
    """How each address is, by its number; those that nobody has asked yet are not among them."""
    query = (
        select(AvailabilityInterval)
        .join(WatchedAddress, WatchedAddress.id == AvailabilityInterval.address_id)
        .where(WatchedAddress.site_id == site_id, AvailabilityInterval.ended_at.is_(None))
    )
    return {interval.address_id: interval for interval in session.scalars(query)}


def incidents_of_site(session: Session, site_id: int, limit: int) -> list[Incident]:
    """When addresses were down, the newest first."""
    query = (
        select(WatchedAddress, AvailabilityInterval)
        .join(AvailabilityInterval, AvailabilityInterval.address_id == WatchedAddress.id)
        .where(WatchedAddress.site_id == site_id, AvailabilityInterval.state == Availability.DOWN)
        .order_by(AvailabilityInterval.began_at.desc(), AvailabilityInterval.id.desc())
    )
    return [Incident(address, interval) for address, interval in session.execute(query.limit(limit))]
