"""Asks a watched address as a visitor would, and reads what its page says. One request, small, at the host's pace."""

from __future__ import annotations

import json
import time

from selectolax.lexbor import LexborHTMLParser

from crawler.host_page import host_page
from crawler.link_asker import LinkAsker
from crawler.robots import LARGEST as LARGEST_ROBOTS
from crawler.robots import Robots
from crawler.soft_answers import HTML
from crawler.visit import Visitor
from crawler.world import VisitFailed
from rules.address import origin_of
from rules.availability import Answer
from rules.observation import Evidence
from rules.probe import World

LARGEST_PAGE = 1_000_000  # bytes that are read
FIELDS = (
    "form textarea",
    "form select",
    'form input:not([type="hidden" i]):not([type="search" i]):not([type="submit" i]):not([type="button" i])',
)
SEARCHES = (
    'form[role="search" i], search form, form[action*="zoek" i], form[action*="search" i], form:has(input[type="search" i])'
)


async def ask_address(asker: LinkAsker, url: str) -> Answer:
    """One look. Never raises: no answer is one too."""
    begun = time.monotonic()
    answer, body = await asker.read(url, LARGEST_PAGE)
    took = round(1000 * (time.monotonic() - begun))
    known = Answer(url, answer.status, answer.error, answer.final_url, milliseconds=took, size=len(body))
    if answer.status != 200 or answer.content_type not in HTML:
        return known
    source = body.decode("utf-8", "replace")
    page = host_page(source, answer.final_url or url)
    if page is None:
        return known
    return Answer(
        url,
        answer.status,
        answer.error,
        answer.final_url,
        page.title,
        page.heading,
        page.words,
        _has_form(source),
        len(body),
        True,
        took,
    )


async def robots_allow(asker: LinkAsker, url: str) -> bool:
    """Whether robots.txt lets this address be asked."""
    answer, body = await asker.read(f"{origin_of(url)}/robots.txt", LARGEST_ROBOTS)
    return Robots.of(answer.status, body).allows(url)


def _has_form(source: str) -> bool:
    """Whether the page's own source has a form with something to fill in, other than a search."""
    tree = LexborHTMLParser(source)
    for search in tree.css(SEARCHES):
        search.decompose()
    return any(tree.css_first(fields) for fields in FIELDS)


# What keeps our browser from a page says nothing of a visitor's.
OF_OUR_BROWSER = frozenset(
    {"browser-crashed", "navigated-away", "refused", "needs-login", "login-page", "login-lost", "login-failed"}
)
SHOWN = f"""(() => {{
  const said = (element) => (element ? element.innerText || "" : "").replace(/\\s+/g, " ").trim();
  const isSearch = (field) => field.closest({json.dumps(SEARCHES)}) !== null;
  const words = said(document.body).split(" ").slice(0, 5000).filter((word) => word);
  const fields = [...document.querySelectorAll({json.dumps(", ".join(FIELDS))})];
  return JSON.stringify({{
    title: document.title.slice(0, 300), heading: said(document.querySelector("h1")).slice(0, 300), words: words.length,
    form: fields.some((field) => !isSearch(field)),
  }});
}})()"""


class ShownProbe:
    """What an open page shows of what a watched address is judged by: {"title", "heading", "words", "form"}."""

    name = "availability"
    sources: tuple[str, ...] = ()
    deadline_s = 10.0
    touches = False
    watches = False

    async def gather(self, page: World) -> Evidence:
        return Evidence(self.name, complete=True, data=json.loads(await page.evaluate(SHOWN)))


async def open_address(visitor: Visitor, url: str) -> Answer | None:
    """One look in a browser that has a ShownProbe; None: it says nothing of the site."""
    begun = time.monotonic()
    try:
        page = await visitor.visit(url)
    except VisitFailed as failure:
        return None if failure.reason in OF_OUR_BROWSER else Answer(url, None, failure.reason)
    shown = page.evidence[ShownProbe.name]
    if not shown.complete:
        return None
    took = round(1000 * (time.monotonic() - begun))
    final = page.response.url if page.response.url != url else ""
    facts = shown.data
    return Answer(
        url, page.response.status, "", final, facts["title"], facts["heading"], facts["words"], facts["form"], 1, True, took
    )
