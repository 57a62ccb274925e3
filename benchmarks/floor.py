"""(a) The floor: one headless browser, reused tabs, axe-core in an isolated world, nothing else.

`python -m benchmarks.floor BROWSER TABS FILE`: FILE names one address a line; prints JSON, per address the number of
elements that each axe rule found. Nothing of the product runs here but its axe options, so that both do the same audit.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from checks.accessibility.engines.axe.mapping import options_for
from checks.accessibility.engines.axe.probe import axe_script
from rules.norm import DEFAULT_NORM, norms

FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
OPTIONS = {**options_for(norms()[DEFAULT_NORM]), "iframes": False}
# A rule may have elements that fail and elements that it cannot tell of.
COUNTS = "(found, rule) => ({...found, [rule.id]: (found[rule.id] ?? 0) + rule.nodes.length})"
RUN = (
    f"axe.run(document, {json.dumps(OPTIONS)}).then(results => "
    f"JSON.stringify([...results.violations, ...results.incomplete].reduce({COUNTS}, {{}})))"
)


async def audit(tab: Page, url: str) -> dict[str, int]:
    session: Any = await tab.context.new_cdp_session(tab)
    await tab.goto(url, wait_until="load")
    tree = await session.send("Page.getFrameTree")
    world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
    at = {"contextId": world["executionContextId"]}
    await session.send("Runtime.evaluate", {"expression": axe_script(), **at})
    answer = await session.send("Runtime.evaluate", {"expression": RUN, "awaitPromise": True, "returnByValue": True, **at})
    await session.detach()
    await tab.goto("about:blank")
    found: dict[str, int] = json.loads(answer["result"]["value"])
    return found


async def work(tab: Page, urls: asyncio.Queue[str], found: dict[str, dict[str, int]]) -> None:
    while not urls.empty():
        url = urls.get_nowait()
        found[url] = await audit(tab, url)


async def main(browser_path: str, tabs: int, addresses: list[str]) -> None:
    urls: asyncio.Queue[str] = asyncio.Queue()
    for url in addresses:
        urls.put_nowait(url)
    found: dict[str, dict[str, int]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        context = await browser.new_context(viewport={"width": 1280, "height": 800})
        pages = [await context.new_page() for _ in range(tabs)]
        await asyncio.gather(*(work(page, urls, found) for page in pages))
        await browser.close()
    print(json.dumps(found))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]).read_text(encoding="utf-8").split()))
