"""How many elements axe names on each page through the product's probe: `python -m benchmarks.product_nodes FILE`."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from checks.accessibility.engines.axe.probe import IsolatedAxe
from crawler.address_guard import AddressGuard
from crawler.browser import find_browser
from crawler.visit import Visitor, driver
from rules.address import origin_of
from rules.norm import DEFAULT_NORM, norms


async def main(urls: list[str]) -> None:
    guard = AddressGuard.for_origins(tuple({origin_of(url) for url in urls}))
    counts: dict[str, int] = {}
    async with driver() as playwright:
        visitor = Visitor(playwright, find_browser(), guard, [IsolatedAxe(norms()[DEFAULT_NORM])], "Vierluik benchmark")
        async with visitor:
            for url in urls:
                snapshot = await visitor.visit(url)
                counts[url] = sum(finding["total"] for finding in snapshot.evidence["axe"].data["findings"])
    print(json.dumps(counts))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text(encoding="utf-8").split()))
