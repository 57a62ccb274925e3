"""The words by which a page is found are those of its main content."""

from __future__ import annotations

import asyncio

import pytest
from sites.hostile import page, serve

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.visit import driver
from rules.norm import norms
from rules.task import PageResult, PageText
from scheduler.check_pages import result_of, visitor_for
from scheduler.run_settings import RunSettings

pytestmark = [pytest.mark.slow]
BODY = """<nav><a href="/">Menu met woorden</a></nav>
<main><h1>Paspoort aanvragen</h1><p>Een paspoort kost <b>75 euro</b>.</p><h2>Meenemen</h2><ul><li>Uw oude paspoort</li></ul>
</main>
<footer>Bel ons</footer>"""


WORDS = PageText(("Paspoort aanvragen", "Meenemen"), "Paspoort aanvragen\nEen paspoort kost 75 euro.\nMeenemen\nUw oude paspoort")


@pytest.mark.parametrize(("engine", "words"), [("vierluik", WORDS), ("axe", None)])
def test_the_words_of_a_page(browser: BrowserFile, engine: str, words: PageText | None) -> None:
    async def look(url: str) -> PageResult:
        guard = AddressGuard.for_origins((url,))
        async with driver() as playwright, visitor_for(playwright, browser, guard, RunSettings(engines=(engine,))) as visitor:
            return result_of(await visitor.visit(f"{url}/"), norms()["en301549-3.2.1"])

    with serve({"/": page(BODY)}) as site:
        assert asyncio.run(look(site.url)).text == words
