"""Asks every known link of a site again: `python -m scheduler.ask_links DATABASE REQUEST`.

Each is looked at as in a run over the site, a second time where the first look failed. What pages say of their links is judged
anew by the answers; of everything else that is said of them nothing changes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace

from checks.links.sample.broken import Answers
from checks.sample import Sample
from crawler.address_guard import AddressGuard
from crawler.link_asker import LinkAsker
from crawler.robots import LARGEST as LARGEST_ROBOTS
from crawler.robots import Robots
from crawler.soft_answers import HTML, READ, SoftAnswers, shown_of
from rules.address import host_of, origin_of
from rules.crawl import LinkSeen
from rules.login import logs_out
from rules.observation import LinkAnswer, LinkClass, LinkObservation, Shown
from rules.site import Scope
from scheduler.compare_pages import judge_pages
from scheduler.judged_links import judged_link
from scheduler.run_settings import RunSettings
from scheduler.stored_run import StoredRun, answer_request
from scheduler.suggest_replacements import suggest_replacements
from storage.clusters import apply_verdicts, find_causes
from storage.lost_links import found_broken
from storage.models import Link, Run
from storage.register import numbers_of_site
from storage.results import store_link_sources, store_links
from storage.runs import LINKS
from storage.sample import sample_of
from storage.sites import scope_of
from storage.stored_addresses import open_links, where_else_links_stand

LOOKS_AT_ONCE = 128  # that wait for their turn; the asker keeps to the pace of each host


async def ask_links(run: StoredRun) -> int:
    """Ask every link and store what it led to; what pages say of their links follows. No document is judged: gives 0."""
    with run.database.session() as session:
        known = open_links(session, run.site.id)
    scope = scope_of(run.site)
    async with _looks(run, scope) as looks:
        asked = [link for link in known if looks.may_ask(link)]
        seen = await looks.look(asked)
    network_works = looks.network_works
    fragments = {link.url: link.fragment for link in known}
    judged = [replace(judged_link(one, network_works=network_works), fragment=fragments[one.observation.url]) for one in seen]
    classes = {link.url: LinkClass(link.link_class) for link in known} | {link.url: link.link_class for link in judged}
    with run.database.session() as session:
        now = session.get_one(Run, run.run_id).heartbeat_at
        store_links(session, run.site.id, run.run_id, judged, complete=False, now=now)
        answers = Answers(classes, found_broken(session, run.site.id, run.run_id))
        registered = frozenset(numbers_of_site(session, run.site))
        numbers = sample_of(session, run.run_id)
    sample = Sample.of_answers(run.settings.norm, len(numbers), answers, registered)
    await judge_pages(run.database, run.site.id, run.run_id, sample, numbers, whole=True)
    with run.database.session() as session:
        find_causes(session, run.site.id, run.run_id)
        apply_verdicts(session, run.site.id)
        store_link_sources(session, run.site.id, run.run_id, *where_else_links_stand(session, run.site.id))
        suggest_replacements(session, run.site.id, scope)
    return 0


class Looks:
    """The looks of one run at the links of a site."""

    def __init__(self, asker: LinkAsker, scope: Scope, settings: RunSettings) -> None:
        self.asker = asker
        self.soft = SoftAnswers(asker)
        self.scope = scope
        self.settings = settings
        self.robots: dict[str, Robots] = {}
        self.others_asked = self.others_answered = 0

    async def read_robots(self) -> None:
        """Know what the site's own hosts let us ask, and how quickly."""
        for origin in self.scope.origins if self.settings.pace.obey_robots else ():
            answer, body = await self.asker.read(f"{origin}/robots.txt", LARGEST_ROBOTS)
            self.robots[origin] = robots = Robots.of(answer.status, body)
            if robots.delay_s:
                self.asker.slow_down(host_of(origin), robots.delay_s)

    @property
    def network_works(self) -> bool:
        """Whether another host answered, or none was asked: else our own connection may be at fault."""
        return not self.others_asked or self.others_answered > 0

    def may_ask(self, link: Link) -> bool:
        """What a run over the site did not ask is not asked here either, nor what robots.txt forbids by now."""
        if link.link_class == LinkClass.NOT_ASKED or (self.settings.door is not None and logs_out(link.url)):
            return False
        if not self.scope.covers(link.url):
            return not self.settings.offline
        robots = self.robots.get(origin_of(link.url))
        return not self.scope.excludes(link.url) and (robots is None or robots.allows(link.url))

    async def look(self, links: Collection[Link]) -> list[LinkSeen]:
        """Look at each, and after a while a second time at those that gave no good answer."""
        firsts: dict[str, tuple[LinkObservation, float]] = {}

        async def first(link: Link) -> None:
            answer, shown = await self._first(link)
            firsts[link.url] = LinkObservation(link.url, answer, shown=shown), time.monotonic()
            if not self.scope.covers(link.url):
                self.others_asked += 1
                self.others_answered += answer.status is not None

        await _some_at_once(first(link) for link in links)
        failed = [url for url, (seen, _) in firsts.items() if seen.first is not None and not _is_good(seen.first)]
        if failed:
            await asyncio.sleep(self.settings.seconds_before_second_look)

        async def second(url: str) -> None:
            seen, at = firsts[url]
            answer = await self.asker.ask(url)
            firsts[url] = replace(seen, second=answer, seconds_between=time.monotonic() - at), at

        await _some_at_once(second(url) for url in failed)
        return [LinkSeen(seen, own_site=self.scope.covers(url)) for url, (seen, _) in firsts.items()]

    async def _first(self, link: Link) -> tuple[LinkAnswer, Shown | None]:
        """One look; of a page of the site its source too, for it may say with status 200 that nothing is there."""
        if self.scope.covers(link.url) and link.content_type in HTML:
            answer, body = await self.asker.read(link.url, READ)
            if answer.status == 200 and answer.content_type in HTML:
                final = answer.final_url or link.url
                return answer, shown_of(body.decode("utf-8", "replace"), link.url, final, await self.soft.made_up(final))
        answer = await self.asker.ask(link.url)
        return answer, await self.soft.shown(answer) if _is_good(answer) else None


def _is_good(answer: LinkAnswer) -> bool:
    return answer.status is not None and answer.status < 400


async def _some_at_once(looks: Iterable[Coroutine[None, None, None]]) -> None:
    """Do them all, so many at once."""
    left = iter(looks)

    async def work() -> None:
        for look in left:
            await look

    async with asyncio.TaskGroup() as tasks:
        for _ in range(LOOKS_AT_ONCE):
            tasks.create_task(work())


@asynccontextmanager
async def _looks(run: StoredRun, scope: Scope) -> AsyncIterator[Looks]:
    guard = AddressGuard.for_origins(scope.origins, offline=run.settings.offline)
    asker = LinkAsker(guard, run.settings.pace, run.settings.user_agent, run.settings.door)
    try:
        looks = Looks(asker, scope, run.settings)
        await looks.read_robots()
        yield looks
    finally:
        await asker.close()


if __name__ == "__main__":
    answer_request(LINKS, ask_links)
