"""What our checks make of words: links by their context and addresses, languages, headings, labels and references."""

from __future__ import annotations

from typing import Any

import pytest

from checks.accessibility.headings import check as headings
from checks.accessibility.images import check as images
from checks.accessibility.language import check as language
from checks.accessibility.links import check as links
from checks.accessibility.sensory_words import check as sensory_words
from checks.accessibility.wording import bare, words
from checks.verdict import DocumentFacts, Judgement, Verdict
from rules.observation import PageSnapshot, Response
from rules.outcome import Outcome

ELEMENT = {"selector": "a", "path": "html > body > a", "html": "<a>"}
PAGE = PageSnapshot("https://een.example/", Response("https://een.example/", 200), "", "nl", (), {})


def verdicts(judge: Judgement, facts: Any) -> list[Verdict]:
    return list(judge(DocumentFacts(facts, (), PAGE)))


def link(name: str, target: str, context: str = "", **more: Any) -> dict[str, Any]:
    facts = {"description": "", "heading": "", "row": "", "popup": False, "afterList": False, "inNavigation": False}
    return facts | {"name": name, "target": target, "context": context or name, "element": ELEMENT} | more


def link_outcomes(rule: str, *of: dict[str, Any]) -> list[Outcome]:
    empty: dict[str, list[Any]] = {"newWindow": [], "files": [], "addresses": [], "scripted": [], "twins": []}
    found = verdicts(links.judge, {"element": ELEMENT, "links": list(of), **empty})
    return [one.outcome for one in found if one.rule == rule and one.outcome is not Outcome.PASSED]


def text_on(declared: str, text: str) -> list[Verdict]:
    page = {"text": text, "length": len(text), "element": ELEMENT}
    return verdicts(language.judge, {"isPage": True, "language": declared, "page": page, "parts": [], "blocks": []})


def test_bare_words_have_no_case_marks_or_arrows() -> None:
    assert bare("  Lees MEER » ") == "lees meer"
    assert words("De burgemeester's brug, 2026") == ["de", "burgemeester's", "brug"]


@pytest.mark.parametrize("name", ["Lees meer", "Klik hier", "Read more →", "HIER"])
def test_link_that_says_nothing_fails_without_context_and_passes_with_it(name: str) -> None:
    assert link_outcomes(links.PURPOSE, link(name, "https://een.example/a")) == [Outcome.FAILED]
    assert link_outcomes(links.PURPOSE, link(name, "https://een.example/a", f"Paspoort aanvragen {name}")) == []


def test_empty_phrases_around_a_link_are_no_context() -> None:
    assert link_outcomes(links.PURPOSE, link("hier", "https://een.example/a", "Klik hier voor meer informatie")) == [
        Outcome.FAILED
    ]


@pytest.mark.parametrize(
    ("first", "second", "outcomes"),
    [
        ("/afval", "/afval/", []),
        ("/afval?utm_source=brief", "/afval", []),
        ("/index.html", "/", []),
        ("/contact", "/over-ons/contact", []),
        ("/contact", "/contact/formulier", []),
        ("/stuk?id=1", "/stuk?id=2", [Outcome.FAILED]),
        ("/stuk?sessie=1", "/stuk?sessie=2", [Outcome.CANNOT_TELL]),
        ("/markt", "/kermis", [Outcome.CANNOT_TELL]),
    ],
)
def test_links_of_one_name_are_compared_by_address(first: str, second: str, outcomes: list[Outcome]) -> None:
    both = [link("Bekijk het stuk", f"https://een.example{path}") for path in (first, second)]
    assert link_outcomes(links.SAME_NAME, *both) == outcomes


def test_links_of_one_name_in_another_context_are_not_compared() -> None:
    both = [link("Aanvragen", f"https://een.example/{name}?id={name}", f"{name} Aanvragen") for name in ("paspoort", "rijbewijs")]
    assert link_outcomes(links.SAME_NAME, *both) == []


def test_page_in_another_language_than_it_says_fails() -> None:
    assert [one.outcome for one in text_on("en", "Maak eerst een afspraak bij de balie van het stadhuis.")] == [Outcome.FAILED]
    assert [one.outcome for one in text_on("nl", "Please make an appointment at the town hall first.")] == [Outcome.FAILED]


@pytest.mark.parametrize(
    "text",
    [
        "Maak eerst een afspraak bij de balie van het stadhuis.",
        "Wy binne der foar alle ynwenners fan de gemeente en helpe jo graach fierder.",
        "Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore.",
        "Jan de Vries Mohammed El Amrani Fatima Bouzid Mehmet Öztürk Sjoerd Dijkstra Anne Hoekstra",
        "Microsoft Teams SharePoint Online OneDrive for Business Power BI Azure Active Directory",
    ],
)
def test_dutch_frisian_filler_and_names_are_fine_on_a_dutch_page(text: str) -> None:
    assert {one.outcome for one in text_on("nl", text)} <= {Outcome.PASSED, Outcome.CANNOT_TELL}


def test_language_that_nobody_can_tell_apart_is_not_judged() -> None:
    assert text_on("tlh", "Maak eerst een afspraak bij de balie van het stadhuis.") == []


@pytest.mark.parametrize(
    ("name", "file", "outcome"),
    [
        ("IMG_20231105_141500.jpg", "a.jpg", Outcome.FAILED),
        ("Afbeelding 12", "a.jpg", Outcome.FAILED),
        ("Logo gemeente Voorbeeldstad", "rijksoverheid-logo.svg", Outcome.CANNOT_TELL),
        ("Logo gemeente Voorbeeldstad", "logo-vbs.svg", Outcome.PASSED),
        ("Logo gemeente Voorbeeldstad", "logo_2019_wit.svg", Outcome.PASSED),
        ("Paspoort", "paspoort.jpg", Outcome.PASSED),
        ("A12", "a12.jpg", Outcome.PASSED),
    ],
)
def test_name_of_a_picture(name: str, file: str, outcome: Outcome) -> None:
    size = {"width": 300, "height": 200, "kind": "img", "title": "", "caption": "", "text": "", "inControl": False}
    picture = {"name": name, "file": file, "element": ELEMENT, **size}
    found = verdicts(images.judge, {"words": "", "pictures": [picture], "hidden": [], "backgrounds": []})
    assert [one.outcome for one in found if one.rule == images.NAME] == [outcome]


def test_main_heading_is_asked_about_only_where_none_of_its_words_comes_back() -> None:
    heading = {"text": "Openingstijden", "level": 1, "link": "", "element": ELEMENT}
    near = {"headings": [heading], "rest": {"index": 0, "text": "Wij zijn open van maandag tot en met vrijdag"}}
    far = {"headings": [heading], "rest": {"index": 0, "text": "Het gaat morgen de hele dag regenen en waaien"}}
    assert [one.outcome for one in verdicts(headings.judge, near)] == [Outcome.PASSED]
    assert [one.outcome for one in verdicts(headings.judge, far)] == [Outcome.CANNOT_TELL]


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("Klik op de groene knop.", [Outcome.CANNOT_TELL]),
        ("Klik op de groene knop 'Verder' onderaan.", [Outcome.PASSED]),
        ("Press the button on the right.", [Outcome.CANNOT_TELL]),
        ("Het formulier ligt bij de rechtbank.", []),
        ("De link in de rechtszaak is duidelijk.", []),
        ("Handige links voor inwoners.", []),
        ("Zet de groene container rechts van de weg.", []),
    ],
)
def test_only_references_to_parts_of_the_page_count(text: str, outcomes: list[Outcome]) -> None:
    counts = dict.fromkeys(("button", "nav", "list", "link", "field", "form", "picture", "frame", "table"), 2)
    facts = {"texts": [{"text": text, "hasLink": False, "element": ELEMENT}], "names": [], "counts": counts}
    assert [one.outcome for one in verdicts(sensory_words.judge, facts)] == outcomes
