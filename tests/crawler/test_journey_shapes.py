"""Pages of the shapes that suppliers make are walked like any other: whatever a resident can do there, each way can do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sites.journeys import PAGES, Journeyed, journeyed
from sites.odd_shapes import SHAPES

from crawler.address_guard import AddressGuard
from crawler.browser import BrowserFile
from crawler.journey import JourneyWalker
from crawler.visit import driver
from rules.journey import Journey, StepSeen, Verdict, Way, WaySeen, read_journey
from rules.site import Scope

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

GO_ON = ('click = "Verder"', 'expect = "Bedankt."')
NAME = 'fill = "Uw naam"\nwith = "Test"'
GOOD: dict[str, tuple[str, ...]] = {
    "/schaduw": (NAME, *GO_ON),
    "/schaduw-stappen": (NAME, 'click = "Volgende"', 'expect = "Controleer uw gegevens."', *GO_ON),
    "/frame": (NAME, *GO_ON),
    "/kaarten": ('choose = "Boom"\nin = "Waar gaat het over?"', 'choose = "Ik ga akkoord"', *GO_ON),
    "/keuzelijst": ('choose = "Nee"\nin = "Heeft u een hond?"', *GO_ON),
    "/aanvullen": ('fill = "Straat"\nwith = "Dorps"', 'choose = "Dorpsweg"', 'expect = "Gekozen: Dorpsweg"', *GO_ON),
    "/datum": ('fill = "Datum van de verhuizing"\nwith = "12-05-2027"', 'fill = "Tijd"\nwith = "09:30"', *GO_ON),
    "/kalender": ('click = "Kies een datum"', 'click = "13 mei 2027"', *GO_ON),
    "/knopdiv": GO_ON,
    "/spa": ('click = "Volgende"', 'expect = "Stap 2"', *GO_ON),
    "/nieuw-tabblad": ('click = "Verder (opent in een nieuw tabblad)"', 'expect = "Bedankt."'),
    "/eerst-goed": (NAME, 'fill = "Postcode"\nwith = "1234 AB"', *GO_ON),
    "/zoekt": ('search = "paspoort"', 'expect = "Bedankt."'),
    "/legenda": ('choose = "Ja"\nin = "Heeft u een auto?"', 'choose = "Nee"\nin = "Heeft u een hond?"', *GO_ON),
    "/bijlage": ('fill = "Foto van de plek"\nwith = "plek.png"', *GO_ON),
    "/bijlage-knop": ('fill = "Kies een foto"\nwith = "plek.png"', 'expect = "plek.png"', *GO_ON),
    "/venster": ('click = "Meer uitleg"', 'expect = "Zo werkt het."', 'click = "Sluiten"', *GO_ON),
    "/plakt": GO_ON,
    "/toestemming": ('click = "Alleen noodzakelijk"', *GO_ON),
    "/vinkdiv": ('choose = "Ik heb een hond"', 'choose = "Stuur mij bericht"', *GO_ON),
    "/uitklap": ('click = "Meer weten"', 'expect = "Uitleg over de regeling."', *GO_ON),
    "/laad": GO_ON,
}


def journey(page: str, *steps: str) -> Journey:
    lines = [f'title = "{page}"', f'[[step]]\nopen = "{page}"', *(f"[[step]]\n{step}" for step in steps)]
    return read_journey("\n".join(lines))


@pytest.fixture(scope="module")
def site() -> Iterator[Journeyed]:
    with journeyed({**PAGES, **SHAPES}) as one:
        yield one


@pytest.fixture(scope="module")
def walked(site: Journeyed, browser: BrowserFile) -> dict[tuple[str, Way], WaySeen]:
    return asyncio.run(walk(site, browser))


async def walk(site: Journeyed, browser: BrowserFile) -> dict[tuple[str, Way], WaySeen]:
    guard, scope = AddressGuard.for_origins((site.url,), offline=True), Scope((site.url,))
    async with (
        driver() as playwright,
        JourneyWalker(playwright, browser, guard, (), "Vierluik test", scope, step_s=2.5, pictures=False) as walker,
    ):
        return {
            (page, way): (await walker.walk(journey(page, *steps).to(site.url), way, proven=True)).seen
            for page, steps in GOOD.items()
            for way in Way
        }


@pytest.mark.parametrize("page", GOOD)
@pytest.mark.parametrize("way", Way)
def test_what_a_resident_can_do_each_way_can(page: str, way: Way, walked: dict[tuple[str, Way], WaySeen]) -> None:
    seen = walked[page, way]
    assert seen.verdict is Verdict.COMPLETED, told(seen)


def told(seen: WaySeen) -> list[tuple[int, StepSeen]]:
    return [(number, step) for number, step in enumerate(seen.steps, 1) if step.problems or step.reason]
