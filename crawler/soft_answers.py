"""Tells the answer of a host that never says 404 from a page: what an address shows beside what a made-up address shows.

A host is asked once for an address that cannot exist. Where it answers 404 or 410 its other answers are taken at their word;
where it answers 200, what it shows there is kept to hold every other answer against (soft 404s, after Bar-Yossef et al., 2004).
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.link_asker import LinkAsker, media_type
from crawler.references import is_tangled
from rules.address import origin_of
from rules.observation import HostAnswer, LinkAnswer, Shown

MADE_UP = "/vierluik-deze-pagina-bestaat-niet-7f3a91c0"
READ = 200_000  # bytes of an answer; what says "not found" says so at its start
MOST_WORDS = 3_000
LONGEST = 200  # characters kept of a title or heading
HTML = frozenset({"text/html", "application/xhtml+xml"})

NO_TEXT = ["script", "style", "template", "noscript"]
NOTICE = re.compile(r"404|gevonden|found|bestaat|exist|beschikbaar", re.IGNORECASE)
HOMES = frozenset({"", "/home", "/index.html", "/index.htm", "/index.php", "/default.aspx", "/start", "/nl", "/en"})
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Answered:
    """What an address showed: where it ended, its title and first heading, and its words."""

    final: str
    title: str
    heading: str
    words: frozenset[str]

    @classmethod
    def of(cls, final: str, source: str) -> Answered:
        title, heading, text = _read(source)
        words = frozenset(word[0].lower() for word in islice(WORD.finditer(text), MOST_WORDS))
        return cls(final, title, heading, words)

    def beside(self, made_up: Answered, asked: str) -> Shown:
        """What is seen when the answer to an address that was asked is laid beside that to a made-up one."""
        either = self.words | made_up.words
        likeness = len(self.words & made_up.words) / len(either) if either else 1.0
        return Shown(self.title, self.heading, likeness, same_end=self.final == made_up.final and _leads_away(asked, self.final))


class SoftAnswers:
    """One per run: what each host shows at an address that cannot exist, asked when it is first needed."""

    def __init__(self, asker: LinkAsker) -> None:
        self.asker = asker
        self._of: dict[str, asyncio.Task[tuple[HostAnswer, Answered | None]]] = {}

    async def made_up(self, url: str) -> Answered | None:
        """What the host of an address shows for one that does not exist; None: it says so, or shows nothing."""
        try:
            origin = origin_of(url)
        except ValueError:
            return None
        return (await self._asked(origin))[1]

    async def answer(self, origin: str) -> HostAnswer:
        """How an origin answers an address that cannot exist."""
        return (await self._asked(origin))[0]

    async def _asked(self, origin: str) -> tuple[HostAnswer, Answered | None]:
        """Each origin is asked once, whoever wants to know."""
        if origin not in self._of:
            self._of[origin] = asyncio.create_task(self._ask(origin + MADE_UP))
        return await self._of[origin]

    async def shown(self, answer: LinkAnswer) -> Shown | None:
        """What an address of a host that never says 404 shows; None: its answer can be taken at its word."""
        if answer.status != 200 or (answer.content_type and answer.content_type not in HTML):
            return None
        end = answer.final_url or answer.url
        made_up = await self.made_up(end)
        if made_up is None:
            return None
        read, body = await self.asker.read(answer.url, READ)
        if read.status != 200 or read.content_type not in HTML:
            return None
        return Answered.of(read.final_url or read.url, body.decode("utf-8", "replace")).beside(made_up, answer.url)

    async def _ask(self, url: str) -> tuple[HostAnswer, Answered | None]:
        answer = await self.asker.answer_of(url, READ, follow=True)
        is_page = answer.status == 200 and media_type(answer.headers.get("content-type", "")) in HTML
        return answer, Answered.of(answer.leads_to or url, answer.body) if is_page else None


def shown_of(source: str, asked: str, final: str, made_up: Answered | None) -> Shown | None:
    """What a page of the site shows that may be a "not found". `made_up`: what its host shows where nothing is."""
    return Answered.of(final, source).beside(made_up, asked) if made_up else notice_of(source)


def notice_of(source: str) -> Shown | None:
    """The title and heading of a page whose host says 404 elsewhere, where they may well say that nothing was found."""
    title, heading, _ = _read(source)
    return Shown(title, heading) if NOTICE.search(f"{title} {heading}") else None


def _leads_away(asked: str, final: str) -> bool:
    """Whether an address ended somewhere else; another host or scheme for one path is the same place, and so is a home page."""
    before, after = (urlsplit(url).path.rstrip("/").lower() for url in (asked, final))
    return before != after and before not in HOMES


def _read(source: str) -> tuple[str, str, str]:
    """The title, the first heading and the text at the start of a page; nothing where its source is too tangled to read."""
    start = source[:READ]
    if is_tangled(start):
        return "", "", ""
    tree = LexborHTMLParser(start)
    tree.strip_tags(NO_TEXT)
    return _first(tree, "title"), _first(tree, "h1"), tree.body.text(separator=" ") if tree.body else ""


def _first(tree: LexborHTMLParser, tag: str) -> str:
    node = tree.css_first(tag)
    return " ".join(node.text(separator=" ").split())[:LONGEST] if node else ""
