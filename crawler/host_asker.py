"""Asks each host of a site what it owes as a website, once a run: a few addresses, at the host's pace, and its certificate."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from crawler.address_guard import AddressGuard, is_public
from crawler.certificate import certificate_of
from crawler.host_page import host_page
from crawler.link_asker import LinkAsker, media_type
from crawler.robots import LARGEST as LARGEST_ROBOTS
from crawler.robots import Robots
from crawler.soft_answers import HTML, MADE_UP, SoftAnswers
from crawler.woo_index import ask_woo_indexes
from rules.address import host_of, port_of
from rules.observation import HostAnswer, HostObservation, is_security_txt

MOST_HOSTS = 20
MOST_HOPS = 6
START_OF_PAGE = 200_000  # bytes
LARGEST_SECURITY_TXT = 100_000  # bytes
SECURITY_TXT = ("/.well-known/security.txt", "/security.txt")

logger = logging.getLogger(__name__)


def hosts_of(origins: Iterable[str]) -> list[str]:
    """One origin for each host of a site: the secure one where it has both."""
    chosen: dict[tuple[str, int], str] = {}
    for origin in sorted(origins):  # http: before https:
        port = port_of(origin)
        chosen[host_of(origin), 443 if port == 80 else port] = origin
    return list(chosen.values())[:MOST_HOSTS]


def plain_address(origin: str) -> str:
    """Where a host answers without TLS; empty where a port of its own says nothing of that."""
    return f"http://{origin.partition('://')[2]}/" if port_of(origin) in (80, 443) else ""


class HostAsker:
    """One per run."""

    def __init__(self, asker: LinkAsker, soft: SoftAnswers, guard: AddressGuard, covers: Callable[[str], bool]) -> None:
        """`covers`: whether an address is the site's own."""
        self.covers = covers
        self.asker = asker
        self.soft = soft
        self.guard = guard

    async def ask(self, origin: str, robots: Robots, plain: str | None = None) -> HostObservation:
        """All that is asked of one host. Never raises: what gave no answer says so, and a host that cannot be asked was not."""
        try:
            return await self._ask(origin, robots, plain)
        except Exception:  # what a host answers may surprise us in any way; the other hosts are asked all the same
            logger.exception("What %s owes as a website could not be asked", host_of(origin))
            return HostObservation(origin, datetime.now(UTC).isoformat())

    async def _ask(self, origin: str, robots: Robots, plain: str | None) -> HostObservation:
        host, port = host_of(origin), port_of(origin)
        plain = plain_address(origin) if plain is None else plain
        is_secure = origin.startswith("https:")
        addresses = self.guard.addresses.get((host, port), [])
        return HostObservation(
            origin=origin,
            asked_at=datetime.now(UTC).isoformat(),
            # A host that was adopted on the way is none of those that the guard was given: it lets only public ones answer.
            is_public=all(map(is_public, addresses)),
            plain=await self._hops(plain) if plain else (),
            home=await self._hops(f"{origin}/"),
            certificate=await certificate_of(host, port, self.guard) if is_secure else None,
            security_txt=await self._security_txt(origin),
            robots_txt=await self.asker.answer_of(f"{origin}/robots.txt", LARGEST_ROBOTS, follow=True),
            favicon=await self.asker.answer_of(f"{origin}/favicon.ico", 0, follow=True),
            made_up=_read(await self.soft.answer(origin)) if robots.allows(f"{origin}{MADE_UP}") else None,
            woo=await ask_woo_indexes(origin, robots.sitemaps, self.asker, self.covers),
        )

    async def _hops(self, url: str) -> tuple[HostAnswer, ...]:
        """The answer of an address and of what it redirects to, while that stays on its host."""
        hops: list[HostAnswer] = []
        while url and len(hops) < MOST_HOPS:
            answer = _read(await self.asker.answer_of(url, START_OF_PAGE))
            hops.append(answer)
            following = answer.leads_to
            stays = bool(following) and host_of(following) == host_of(url)
            url = following if stays and following not in [one.url for one in hops] else ""
        return tuple(hops)

    async def _security_txt(self, origin: str) -> HostAnswer:
        """The file at its place, or else at the older one; redirects followed."""
        answers = []
        for path in SECURITY_TXT:
            answer = await self.asker.answer_of(f"{origin}{path}", LARGEST_SECURITY_TXT, follow=True)
            if is_security_txt(answer):
                return answer
            answers.append(answer)
        return answers[0]


def _read(answer: HostAnswer) -> HostAnswer:
    """An answer with what its page shows, instead of the page's source."""
    is_page = media_type(answer.headers.get("content-type", "")) in HTML
    page = host_page(answer.body, answer.leads_to or answer.url) if is_page else None
    return replace(answer, body="", page=page)
