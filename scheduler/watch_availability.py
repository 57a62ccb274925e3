"""Asks every watched address that is due: `python -m scheduler.watch_availability DATABASE`.

An address that gives no good answer is looked at again half a minute later; only two looks alike make it down. Once an hour one
that answers well is opened in a browser too: what a script makes may fail while the server is well. What fails there is opened at
every look until it is well again.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from checks.availability import expectation, judge_answer
from crawler.address_guard import AddressGuard
from crawler.availability import ShownProbe, ask_address, open_address, robots_allow
from crawler.browser import BrowserMissing, find_browser
from crawler.link_asker import LinkAsker
from crawler.visit import Visitor, driver
from rules.address import host_of
from rules.availability import Answer, Availability, Expected, Look, WatchKind
from scheduler.admission import NotAdmitted, admitted
from scheduler.check_again import settings_as_before
from scheduler.run_settings import RunSettings
from storage.availability import due_addresses, is_to_be_opened, note_look, note_opened
from storage.availability_models import WatchedAddress
from storage.database import Database
from storage.models import Site
from storage.sites import scope_of

EVERY = timedelta(minutes=5)
OPENED_EVERY = timedelta(hours=1)
SECOND_LOOK_AFTER_S = 30.0
PERHAPS_OURS = frozenset({"unknown-host", "timeout", "connection-failed"})  # what a broken network of our own looks like
FAR_AWAY = ("192.0.2.1", 9)  # an address for documentation (RFC 5737): nothing is sent, only a route is looked up


@dataclass(frozen=True)
class Seen:
    """What became of one address in a round."""

    site: Site
    address: WatchedAddress
    answer: Answer
    look: Look


async def watch(
    database: Database,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    pause_s: float = SECOND_LOOK_AFTER_S,
    has_route: Callable[[], bool] | None = None,
    opens: bool = False,
) -> int:
    """One round over everything that is due, each site at its own pace. Gives how many addresses were asked.

    `opens`: also in a browser, where its turn has come.
    """
    with database.session() as session:
        due = due_addresses(session, now(), EVERY)
        sites = {number: session.get_one(Site, number) for number in due}
        settings = {number: settings_as_before(session, site) for number, site in sites.items()}
    rounds = await asyncio.gather(
        *(_ask_site(sites[number], addresses, settings[number], pause_s) for number, addresses in due.items())
    )
    seen = [one for of_site in rounds for one in of_site]
    ours = our_network_is_down(seen, has_route or route_exists)
    if opens and not ours:
        seen = await open_in_browser(database, seen, settings, now(), pause_s)
    for one in seen:
        look = Look(Availability.UNKNOWN, "own-network") if ours and _may_be_ours(one) else one.look
        expects = expectation(one.answer, Expected.of_stored(one.address.expects))
        with database.session() as session:
            note_look(session, one.address.id, look, one.answer, expects, now(), one.site.time_zone, EVERY)
    return len(seen)


async def _ask_site(site: Site, addresses: Iterable[WatchedAddress], settings: RunSettings, pause_s: float) -> list[Seen]:
    """Look at every address, and a second time at those that do not seem well."""
    try:
        # Logging in every few minutes fills the site's own log, and locks the account once its password has changed.
        if settings.login and settings.login.recipe:
            raise NotAdmitted("needs-login", "")
        settings = await admitted(settings, tuple(site.origins))
    except NotAdmitted as refused:
        unknown = Look(Availability.UNKNOWN, refused.reason)
        return [Seen(site, address, Answer(address.url, None), unknown) for address in addresses]
    guard = AddressGuard.for_origins(tuple(site.origins), offline=settings.offline)
    asker = LinkAsker(guard, settings.pace, settings.user_agent, settings.door)
    try:
        seen = await _look(asker, site, addresses, settings)
        again = {one.address.id: one for one in seen if one.look.state is not Availability.UP}
        if again:
            await asyncio.sleep(pause_s)
            second = await _look(asker, site, [one.address for one in again.values()], settings)
            again = {one.address.id: one for one in second}
        return [again.get(one.address.id, one) for one in seen]
    finally:
        await asker.close()


async def _look(asker: LinkAsker, site: Site, addresses: Iterable[WatchedAddress], settings: RunSettings) -> list[Seen]:
    covers = scope_of(site).covers

    async def look(address: WatchedAddress) -> Seen:
        if address.kind == WatchKind.SEARCH and settings.pace.obey_robots and not await robots_allow(asker, address.url):
            return Seen(site, address, Answer(address.url, None), Look(Availability.UNKNOWN, "robots"))
        answer = await ask_address(asker, address.url)
        return Seen(site, address, answer, judge_answer(answer, Expected.of_stored(address.expects), covers))

    return await asyncio.gather(*(look(address) for address in addresses))


async def open_in_browser(
    database: Database, seen: list[Seen], settings: dict[int, RunSettings], now: datetime, pause_s: float
) -> list[Seen]:
    """Open what answers well and has its turn; one that fails twice in a browser is down. One browser, site after site."""
    due = [one for one in seen if one.look.state is Availability.UP and is_to_be_opened(one.address, now, OPENED_EVERY)]
    if not due:
        return seen
    try:
        browser = find_browser()
    except BrowserMissing:  # the run and `doctor` say so
        return seen
    failing: dict[int, Seen] = {}
    async with driver() as playwright:
        for site_id in sorted({one.site.id for one in due}):
            of_site = [one for one in due if one.site.id == site_id]
            site, how = of_site[0].site, await admitted(settings[site_id], tuple(of_site[0].site.origins))
            guard = AddressGuard.for_origins(tuple(site.origins), offline=how.offline)
            patience, agent = how.load_timeout_s, how.user_agent
            async with Visitor(
                playwright, browser, guard, [ShownProbe()], agent, load_timeout_s=patience, door=how.door
            ) as visitor:
                for one in of_site:
                    if bad := await _open(database, visitor, one, now, pause_s):
                        failing[one.address.id] = bad
    return [failing.get(one.address.id, one) for one in seen]


async def _open(database: Database, visitor: Visitor, one: Seen, now: datetime, pause_s: float) -> Seen | None:
    """What a browser met, where that is bad twice; None: it is well, or nobody knows."""
    expected, covers = Expected.of_stored(one.address.shows), scope_of(one.site).covers
    answer = await open_address(visitor, one.address.url)
    if answer is not None and judge_answer(answer, expected, covers).state is Availability.DOWN:
        await asyncio.sleep(pause_s)
        answer = await open_address(visitor, one.address.url)
    if answer is None:
        return None
    look = judge_answer(answer, expected, covers)
    with database.session() as session:
        note_opened(session, one.address.id, look, expectation(answer, expected), now)
    return Seen(one.site, one.address, answer, look) if look.state is Availability.DOWN else None


def our_network_is_down(seen: Iterable[Seen], has_route: Callable[[], bool]) -> bool:
    """Whether it is more likely that we are cut off than that the sites are down.

    So it is where nothing answered and there is no route to anywhere, or where hosts of different names fell silent at once.
    """
    hosts: dict[str, bool] = {}
    for one in seen:
        host = host_of(one.address.url)
        hosts[host] = hosts.get(host, True) and _may_be_ours(one)
    if not hosts or not all(hosts.values()):
        return False
    return len(hosts) > 1 or not has_route()


def _may_be_ours(one: Seen) -> bool:
    return one.answer.status is None and one.answer.error in PERHAPS_OURS


def route_exists() -> bool:
    """Whether this machine knows a way to the internet at large."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(FAR_AWAY)
        except OSError:
            return False
    return True


def main() -> None:
    asyncio.run(watch(Database(sys.argv[1]), opens=True))


if __name__ == "__main__":
    main()
