"""Pages of the shapes that suppliers make are walked like any other: whatever a resident can do there, each way can do."""

from __future__ import annotations

import asyncio
import os
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
Walks = tuple[dict[tuple[str, Way], WaySeen], dict[tuple[str, Way], WaySeen]]
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


# What only the mouse can do, or nobody can say: page, way, verdict, the step and why. The mouse itself gets to the end.
K, M = Way.KEYBOARD, Way.MOUSE
BROKEN, HINDERED, UNTESTED = Verdict.BROKEN, Verdict.HINDERED, Verdict.UNTESTED
CHOOSE_DOG = 'choose = "Nee"\nin = "Heeft u een hond?"'
AMISS: dict[str, tuple[tuple[str, ...], Way, Verdict, int, str]] = {
    "/knopdiv-zonder-toets": (GO_ON, K, BROKEN, 2, "keys-do-nothing"),
    "/keuzelijst-muis": ((CHOOSE_DOG, *GO_ON), K, BROKEN, 2, "unreachable"),
    "/venster-val": (('click = "Meer uitleg"', *GO_ON), K, BROKEN, 3, "keyboard-trap"),
    "/venster-muis": (('click = "Meer uitleg"', 'click = "Sluiten"', *GO_ON), K, BROKEN, 3, "unreachable"),
    "/kalender-muis": (('click = "13 mei 2027"', 'expect = "Gekozen: 13 mei 2027"', *GO_ON), K, BROKEN, 2, "unreachable"),
    "/kaarten-muis": (('choose = "Boom"\nin = "Waar gaat het over?"', *GO_ON), K, BROKEN, 2, "unreachable"),
    "/fout-stil": (('click = "Volgende"', 'expect = "Vul een postcode in"'), K, HINDERED, 3, "not-announced"),
    "/spa-kwijt": (('click = "Volgende"', 'expect = "Tweede vraag"', *GO_ON), K, HINDERED, 3, "not-announced"),
    "/frame-elders": ((NAME, *GO_ON), M, UNTESTED, 2, "journey-foreign-frame"),
    "/toestemming": (GO_ON, M, UNTESTED, 2, "cookie-wall"),
}


def journey(page: str, *steps: str) -> Journey:
    lines = [f'title = "{page}"', f'[[step]]\nopen = "{page}"', *(f"[[step]]\n{step}" for step in steps)]
    return read_journey("\n".join(lines))


@pytest.fixture(scope="module")
def site() -> Iterator[Journeyed]:
    with journeyed({**PAGES, **SHAPES}) as elsewhere:  # another port is another origin
        framed = SHAPES["/frame-elders"].replace("{elsewhere}", elsewhere.url)
        with journeyed({**PAGES, **SHAPES, "/frame-elders": framed}) as one:
            one.others = (elsewhere.url,)
            yield one


@pytest.fixture(scope="module")
def walked(site: Journeyed, browser: BrowserFile) -> Walks:
    return asyncio.run(walk(site, browser))


async def walk(site: Journeyed, browser: BrowserFile) -> Walks:
    guard, scope = AddressGuard.for_origins((site.url, *site.others), offline=True), Scope((site.url,))
    async with (
        driver() as playwright,
        JourneyWalker(playwright, browser, guard, (), "Vierluik test", scope, step_s=2.5, pictures=False) as walker,
    ):
        good = {
            (page, way): (await walker.walk(journey(page, *steps).to(site.url), way, proven=True)).seen
            for number, (page, steps) in enumerate(GOOD.items())
            for way in ways_of(number)
        }
        amiss = {
            (page, way): (await walker.walk(journey(page, *steps).to(site.url), way, proven=True)).seen
            for page, (steps, way, *_) in AMISS.items()
        }
        return good, amiss


def ways_of(number: int) -> list[Way]:
    """With the mouse and the keyboard every page, and each in one of the other ways; VIERLUIK_EVERY_WAY=1: each in all."""
    others = [Way.NARROW, Way.ZOOM, Way.COLOURS]
    return list(Way) if os.environ.get("VIERLUIK_EVERY_WAY") else [Way.MOUSE, Way.KEYBOARD, others[number % 3]]


@pytest.mark.parametrize(("page", "way"), [(page, way) for number, page in enumerate(GOOD) for way in ways_of(number)])
def test_what_a_resident_can_do_each_way_can(page: str, way: Way, walked: Walks) -> None:
    seen = walked[0][page, way]
    assert seen.verdict is Verdict.COMPLETED, told(seen)


@pytest.mark.parametrize("page", AMISS)
def test_what_is_amiss_is_told_at_its_step(page: str, walked: Walks) -> None:
    _, way, verdict, step, why = AMISS[page]
    seen = walked[1][page, way]
    at = seen.steps[step - 1]
    assert (seen.verdict, why in (at.reason, *(one.kind for one in at.problems))) == (verdict, True), told(seen)


def told(seen: WaySeen) -> list[tuple[int, StepSeen]]:
    return [(number, step) for number, step in enumerate(seen.steps, 1) if step.problems or step.reason]
