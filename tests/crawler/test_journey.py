"""A journey is walked by the names on the screen, in each way; whatever a page does, it ends in what is known of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sites.journeys import Journeyed, journeyed

from crawler.address_guard import AddressGuard
from crawler.border import is_border, is_border_page
from crawler.browser import BrowserFile
from crawler.journey import JourneyWalker
from crawler.visit import driver
from rules.journey import Journey, StepOutcome, StepSeen, Verdict, Way, WaySeen, read_journey
from rules.journey_words import PROBLEMS, problem_text
from rules.site import Scope

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

GO_ON = ('click = "Verder"', 'expect = "Bedankt."')
NAME = 'fill = "Uw naam"\nwith = "Test"'
TWICE = (NAME, 'click = "Volgende"', NAME, 'click = "Volgende"', 'expect = "Bedankt."')
SEND = ('fill = "Naam"\nwith = "Test"', 'stop = "Versturen"')


def journey(page: str, *steps: str) -> Journey:
    lines = [f'title = "{page}"', f'[[step]]\nopen = "{page}"', *(f"[[step]]\n{step}" for step in steps)]
    return read_journey("\n".join(lines))


@dataclass(frozen=True)
class Case:
    """A page, what is done on it in which way, and at which step (from 1) what comes of it."""

    page: str
    way: Way
    verdict: Verdict
    step: int = 2
    why: str = ""  # the kind of the problem, or the reason
    steps: tuple[str, ...] = GO_ON
    proven: bool = False


M, K, N, C = Way.MOUSE, Way.KEYBOARD, Way.NARROW, Way.COLOURS
DONE, BROKEN, UNTESTED, HINDERED, BORDER = (
    Verdict.COMPLETED,
    Verdict.BROKEN,
    Verdict.UNTESTED,
    Verdict.HINDERED,
    Verdict.BORDER,
)
CASES = {
    "none": Case("/", M, UNTESTED, 2, "not-found", ('click = "Paspoort"', 'expect = "x"')),
    "none any more": Case("/", M, BROKEN, 2, "not-found", ('click = "Paspoort"', 'expect = "x"'), proven=True),
    "perhaps renamed": Case("/hernoemd", M, UNTESTED, 2, "not-found", ('click = "Verder gaan"', 'expect = "x"'), proven=True),
    "two": Case("/twee", M, UNTESTED, 2, "ambiguous"),
    "two, told apart": Case("/twee", M, DONE, steps=('click = "Verder"\nin = "Afval"', 'expect = "Bedankt."')),
    "two to one address": Case("/twee-gelijk", M, DONE),
    "cookie wall": Case("/cookies", M, UNTESTED, 2, "cookie-wall"),
    "cookie wall, answered": Case("/cookies", M, DONE, steps=('click = "Alleen noodzakelijk"', *GO_ON)),
    "chat over the button": Case("/chat", M, BROKEN, 2, "covered"),
    "chat that goes away": Case("/chat-gaat-weg", M, DONE),
    "windows": Case("/vensters", M, DONE),
    "slow third parties": Case("/traag", M, DONE),
    "never stands still": Case("/tikt", M, DONE),
    "sends": Case(
        "/post", M, UNTESTED, 3, "journey-sends", ('fill = "Naam"\nwith = "Test"', 'click = "Volgende"', 'expect = "x"')
    ),
    "sends by script": Case("/fetch", M, UNTESTED, 2, "journey-sends", ('click = "Volgende"', 'expect = "x"')),
    "would send": Case("/verstuurt", M, UNTESTED, 2, "journey-would-send", ('click = "Aanvraag versturen"', 'expect = "x"')),
    "DigiD": Case("/digid", K, BORDER, 2, "", ('click = "Doorgaan met DigiD"', 'expect = "x"')),
    "DigiD of the site itself": Case("/digid-hier", M, BORDER, 2, "", ('click = "Doorgaan"', 'expect = "x"')),
    "elsewhere": Case("/elders", M, UNTESTED, 2, "journey-elsewhere", ('click = "Doorgaan"', 'expect = "x"')),
    "page gone": Case("/weg", M, BROKEN, 2, "page-missing"),
    "server in trouble": Case("/weg", M, UNTESTED, 2, "server-error", ('click = "Storing"', 'expect = "x"')),
    "not what was expected": Case("/", M, BROKEN, 3, "not-expected", ('click = "Verder"', 'expect = "Gelukt"')),
    "keys do nothing": Case("/toetsen", K, BROKEN, 2, "keys-do-nothing"),
    "mouse does": Case("/toetsen", M, DONE),
    "switched off": Case("/uit", M, BROKEN, 2, "switched-off"),
    "arrows": Case("/dubbel-onder", K, DONE),
    "dialog that Escape closes": Case("/venster-met-uitweg", K, DONE),
    "focus lost": Case("/kwijt", K, DONE, 2, "focus-lost", ('click = "Verder"', 'expect = "Opgeslagen"'), proven=True),
    "folded menu": Case("/menu", N, DONE),
    "sideways": Case("/breed", N, HINDERED, 2, "sideways"),
    "vanishes": Case("/kleur", C, HINDERED, 2, "vanishes"),
    "warns before it forgets": Case("/waarschuwt", K, DONE, steps=SEND),
    "asks twice": Case("/vraagt", M, HINDERED, 4, "asked-twice", TWICE),
    "asks twice and knows": Case("/onthoudt", M, DONE, 4, "", TWICE),
    "forgets": Case("/verloopt", K, HINDERED, 3, "time-out", SEND),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Journeyed]:
    with journeyed() as one:
        yield one


@pytest.fixture(scope="module")
def walked(site: Journeyed, browser: BrowserFile) -> dict[str, WaySeen]:
    """Every case, walked in one browser."""

    async def walk() -> dict[str, WaySeen]:
        guard = AddressGuard.for_origins((site.url,), offline=True)
        async with (
            driver() as playwright,
            JourneyWalker(
                playwright, browser, guard, (), "Vierluik test", Scope((site.url,)), step_s=1.5, pictures=False
            ) as walker,
        ):
            found = {}
            for name, case in CASES.items():
                wanted = journey(case.page, *case.steps).to(site.url)
                found[name] = (await walker.walk(wanted, case.way, proven=case.proven)).seen
            return found

    return asyncio.run(walk())


@pytest.mark.parametrize("name", CASES)
def test_what_a_page_does_is_told_at_its_step(name: str, walked: dict[str, WaySeen]) -> None:
    case, seen = CASES[name], walked[name]
    at = seen.steps[case.step - 1]
    assert (seen.verdict, at.reason or "", [problem.kind for problem in at.problems]) == (
        case.verdict,
        "journey-unclear" if case.verdict is UNTESTED and case.why in PROBLEMS else "" if case.why in PROBLEMS else case.why,
        [case.why] if case.why in PROBLEMS else [],
    ), seen


def test_message_names_the_candidates(walked: dict[str, WaySeen]) -> None:
    (none,) = walked["none"].steps[1].problems
    assert problem_text(none, "en") == 'There is nothing called "Paspoort". What there is: "Verder".'
    (two,) = walked["two"].steps[1].problems
    assert two.more == ('link "Verder" (Afval)', 'link "Verder" (Parkeren)')
    (chat,) = walked["chat over the button"].steps[1].problems
    assert chat.more == ('"Stel uw vraag"',)


def test_nothing_is_ever_sent(site: Journeyed, walked: dict[str, WaySeen]) -> None:
    assert walked
    assert {method for method, _ in site.asked} == {"GET"}


def test_what_was_not_reached_is_neither_passed_nor_broken(walked: dict[str, WaySeen]) -> None:
    assert walked["none"].steps[2] == StepSeen(StepOutcome.NOT_REACHED)


def test_border_is_known_by_its_address_or_by_address_and_heading() -> None:
    assert is_border("https://www.digid.nl/x") and is_border("https://inloggen.example/?SAMLRequest=abc")
    assert not is_border("https://nietdigid.nl/") and not is_border("https://www.voorbeeld.nl/digid")
    assert is_border_page("https://a.nl/sso/digid", "", "Inloggen met DigiD")
    assert not is_border_page("https://a.nl/digid", "Wat is DigiD?", "Wat is DigiD?")
