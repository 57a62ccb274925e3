"""What a page about a product leaves out is asked about; what is said in other words is not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from growth import LINEAR, growth

from checks.municipal.product.check import ASKED, ELSEWHERE, RULE, SIGNS, judge
from checks.verdict import DocumentFacts
from rules.observation import PageSnapshot, Response
from rules.outcome import Outcome
from rules.page_type import PageType

URL = "https://a.example/wonen/kap"
FILLER = "Op deze pagina leest u er meer over en ziet u waar het om gaat in de stad en in de dorpen eromheen."


def asked(heading: str, text: str, kind: PageType = PageType.PRODUCT, **more: Any) -> set[str] | None:
    """The parts that are missing; None where the rule has nothing to say."""
    words = f"{heading} {text} {FILLER}"
    facts: dict[str, Any] = {"heading": heading, "text": words, "words": len(words.split()), "links": [], "buttons": []}
    facts |= {"fields": 0, "embedded": 0, "root": {"selector": "main", "path": "main", "html": ""}, **more}
    page = PageSnapshot(URL, Response(URL, 200), "", "nl", (), {}, page_type=kind)
    verdicts = list(judge(DocumentFacts(facts, (), page)))
    if not verdicts:
        return None
    [verdict] = verdicts
    assert verdict.rule == RULE
    missing = {part for part, sign in verdict.arguments.items() if sign}
    assert (verdict.outcome is Outcome.CANNOT_TELL) is bool(missing)
    return missing


@pytest.mark.parametrize(
    "text",
    [
        "Wat kost het? Niets. Hoe lang duurt het? Een week. Voor wie? U woont hier. U vraagt het aan de balie.",
        "Als u hier woont kunt u dit gratis online regelen. U hoort binnen 8 weken meer.",
        "Tarief: 12 euro. Levertijd: vijf werkdagen. Bewoners maken een afspraak.",
        "Leges € 90. Beslistermijn acht weken. Ondernemers sturen het formulier op.",
        "The fee is 12 euro. You get an answer within 5 working days. Make an appointment.",
    ],
)
def test_all_parts_in_any_words_are_enough(text: str) -> None:
    assert asked("Kapvergunning", text) == set()


def test_what_nothing_speaks_of_is_missing() -> None:
    assert asked("Kapvergunning", "Bomen maken de stad groen.") == set(SIGNS)
    assert asked("Kapvergunning", "Bomen maken de stad groen. U vraagt de vergunning op tijd.") == {"cost", "term"}
    assert asked("Een boom kappen: vergunning aanvragen", "Als u kapt: € 90, in 8 weken.", links=[["Start", "/f"]]) == set()


@pytest.mark.parametrize(
    ("heading", "text", "more"),
    [
        ("Kapvergunning", "", {"kind": PageType.NEWS}),
        ("Bomen in de stad", "Bomen maken de stad groen.", {}),
        ("Rijbewijs", "Dit vraagt u aan bij de RDW.", {}),
        ("Dakkapelvergunning", "Voor een kleine dakkapel is geen vergunning nodig.", {}),
        ("Kapvergunning", "", {"embedded": 1}),
        ("Kapvergunning", "", {"links": [[f"Deel {n}", f"{URL}/{n}"] for n in range(6)]}),
    ],
)
def test_what_owes_nothing_is_left_alone(heading: str, text: str, more: dict[str, Any]) -> None:
    assert asked(heading, text, **more) is None


@pytest.mark.parametrize("piece", ["een 1 ", "vergunnin"])
@pytest.mark.parametrize("pattern", [ASKED, ELSEWHERE, *SIGNS.values()])
def test_hostile_text_costs_no_more_than_its_length(pattern: re.Pattern[str], piece: str) -> None:
    assert growth(lambda count: pattern.search(piece * count), 500) < LINEAR
