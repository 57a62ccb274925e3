"""Makes the pictures of the handbooks anew, of a dashboard that runs: `python -m vierluik.handbook http://127.0.0.1:8000`.

The pictures in the repository are of `vierluik demo`; after a change of a screen they are made again by this command.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from crawler.browser import BrowserMissing, find_browser, launch_arguments

FOLDER = Path("docs/gebruik/beelden")
WIDTH, HEIGHT = 1200, 800
# The name of a picture, and the screen that it shows; {site} is the number of the site.
SCREENS = {
    "sites": "/nl/",
    "portfolio": "/nl/portfolio",
    "overzicht": "/nl/sites/{site}",
    "herstellen": "/nl/sites/{site}/rules",
    "paginas": "/nl/sites/{site}/pages?failures=1",
    "zoeken": "/nl/sites/{site}/search?q=paspoort",
    "zoekgedrag": "/nl/sites/{site}/searches",
    "niet-gevonden": "/nl/sites/{site}/not-found",
    "manager": "/nl/sites/{site}/manager",
    "simulator": "/nl/sites/{site}/simulator",
    "criteria": "/nl/criteria",
    "planning": "/nl/sites/{site}/planning",
    "instellingen": "/nl/sites/{site}/settings",
    "bereik": "/nl/sites/{site}/settings/scope",
}


def take_pictures(address: str, site: int, folder: Path) -> list[Path]:
    """Picture every screen of the handbooks. Raises BrowserMissing, and playwright's Error where a screen does not answer."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser().path), args=launch_arguments(pictures=True))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        for name, screen in SCREENS.items():
            answer = page.goto(f"{address.rstrip('/')}{screen.format(site=site)}")
            if answer is None or not answer.ok:
                raise Error(f"{screen} answers {answer.status if answer else 'nothing'}")
            file = folder / f"{name}.png"
            page.screenshot(path=file, animations="disabled")
            made.append(file)
        browser.close()
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the pictures of the handbooks anew.")
    parser.add_argument("address", help="of a dashboard that runs, such as http://127.0.0.1:8000")
    parser.add_argument("--site", type=int, default=1, help="the number of the site")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the pictures are written")
    wanted = parser.parse_args()
    try:
        made = take_pictures(wanted.address, wanted.site, wanted.folder)
    except (BrowserMissing, Error) as error:
        print(f"No pictures: {str(error).splitlines()[0]} Start a dashboard first: vierluik demo", file=sys.stderr)
        return 3
    print(f"{len(made)} pictures in {wanted.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
