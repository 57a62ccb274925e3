"""(b) What people write today: a new context per page, `networkidle`, `Axe().run` with full results.

`python -m benchmarks.naive BROWSER FILE`: FILE names one address a line; prints JSON, per address the violations.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from benchmarks.floor import FLAGS


def main(browser_path: str, file: Path) -> None:
    found: dict[str, int] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for url in file.read_text(encoding="utf-8").split():
            context = browser.new_context()
            page = context.new_page()
            page.goto(url, wait_until="networkidle")
            found[url] = Axe().run(page, options={}).violations_count
            context.close()
        browser.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
