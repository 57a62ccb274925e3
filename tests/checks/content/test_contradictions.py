"""An alarm only where two pages name the same subject and state different facts; another notation is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from page_of import PLACE, facts

from checks.accessibility.sample.facts import SamplePage
from checks.content.sample.contradictions import Contradictions
from checks.content.sample.facts import read_said, said_by
from rules.outcome import Outcome


def page(name: str, *lines: str, **changes: Any) -> SamplePage:
    said = said_by(facts(*lines, **changes))
    assert said
    kept = json.loads(json.dumps(said))
    return SamplePage(
        address=f"https://a.example/{name}",
        language="nl",
        title=name,
        title_element=None,
        root=PLACE,
        heading="",
        canonical="",
        content=frozenset(),
        has_form=False,
        blocks=(),
        controls=(),
        has_search=False,
        links=(),
        places=None,
        said=read_said(kept),
    )


def contradictions(*pages: SamplePage) -> set[tuple[str, str]]:
    """The pages that are asked about something, with the message."""
    sample = Contradictions()
    for one in pages:
        sample.add(one)
    found = {
        (one.title, verdict.message) for one in pages for verdict in sample.judge(one) if verdict.outcome is Outcome.CANNOT_TELL
    }
    return {(name, message) for name, message in found}


HOURS = "Maandag t/m vrijdag van 9.00 tot 17.00 uur, zaterdag gesloten."


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ("Telefoon: 0118 - 67 50 00", "Bel 0118 67 55 00.", "cantTell_phone"),
        ("Bel 14 0118.", "Bel 14 0113.", "cantTell_phone"),
        ("Mail naar afval@a.example.", "Mail naar milieu@a.example.", "cantTell_mail"),
        ("Havenstraat 88, 4331 BD Stad", "Havenstraat 98, 4331 BD Stad", ""),
        (HOURS, "Maandag t/m vrijdag van 8.30 tot 17.00 uur.", "cantTell_hours"),
        (HOURS, "Zaterdag van 10.00 tot 12.00 uur.", "cantTell_hours"),
    ],
)
def test_different_facts_of_one_place_are_asked_about_on_both_pages(one: str, other: str, message: str) -> None:
    pages = (
        page("a", "h1: Contact", "h2: Milieustraat", one),
        page("b", "h1: Afval", "h2: Openingstijden van de milieustraat", other),
    )
    assert contradictions(*pages) == {("a", message), ("b", message)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Telefoon: 0118 - 67 50 00", "Bel +31 (0)118 675000."),
        ("Bel 14 0118.", "Bel 140118."),
        ("Mail naar Afval@A.example.", "Mail naar afval@a.example"),
        ("Havenstraat 88 a, 4331 BD Stad", "Havenstraat 88a\n4331BD Stad"),
        (HOURS, "maandag: 9:00 – 17:00"),
        ("Maandag 9.00 - 12.30 en 13.00 - 17.00 uur", "maandag: 9:00 – 12:30 uur en van 13 tot 17 uur"),
        # Who names two numbers has two; and hours of another kind are other hours.
        ("Bel 0118 67 50 00 of 0118 67 55 00.", "Bel 0118 67 55 11."),
        (HOURS, "Telefonisch: maandag t/m vrijdag van 8.30 tot 12.00 uur."),
        (HOURS, "In de zomervakantie: maandag t/m vrijdag van 10.00 tot 12.00 uur."),
        (HOURS, "Op maandag 5 mei zijn wij gesloten."),
        (HOURS, "Maandag tot en met vrijdag kunt u bellen."),
        # An address for letters is not the address of the building.
        ("Havenstraat 88, 4331 BD Stad", "Postbus 70, 4330 AB Stad"),
    ],
)
def test_another_notation_or_another_kind_is_no_contradiction(one: str, other: str) -> None:
    pages = (
        page("a", "h1: Contact", "h2: Milieustraat", one),
        page("b", "h1: Afval", "h2: Openingstijden van de milieustraat", other),
    )
    assert contradictions(*pages) == set()


def test_another_subject_or_none_is_no_contradiction() -> None:
    assert (
        contradictions(
            page("a", "h1: Contact", "Bel 0118 67 50 00."),
            page("b", "h1: Contact", "Bel 0118 67 55 00."),
            page("c", "h1: Contact", "h2: Zwembad", "Bel 0118 67 55 11."),
            page("d", "h1: Aanmelden", "h2: Aanmelden", "Bel 0118 67 55 22."),
            page("e", "h1: Meldpunt", "h2: Aanmelden", "Bel de politie op 0900 88 44."),
        )
        == set()
    )


def test_the_one_that_differs_from_most_is_asked_about() -> None:
    lines = ("h1: Contact", "h2: Milieustraat", HOURS)
    pages = [page(name, *lines) for name in "abc"]
    odd = page("d", *lines[:2], "Maandag t/m vrijdag van 9.00 tot 16.00 uur.")
    assert contradictions(*pages, odd) == {("d", "cantTell_hours")}


@pytest.mark.parametrize(
    ("one", "other", "is_asked"),
    [
        ("Een paspoort kost € 81,20.", "Een paspoort kost € 75,80.", True),
        ("Een paspoort kost € 81,20.", "Het paspoort kost € 81,20.", False),
        ("Een paspoort kost € 81,20.", "Een paspoort kost € 139,30 met spoed.", False),
        ("Een paspoort kost € 81,20.", "Een paspoort kost vanaf € 61,40.", False),
        ("Een vergunning kost € 50.", "Een vergunning kost € 90.", False),
        ("Een paspoort is na vijf werkdagen klaar.", "Een paspoort is na 8 werkdagen klaar.", True),
        ("Een paspoort is na vijf werkdagen klaar.", "Een paspoort is na 5 werkdagen klaar.", False),
        ("Een paspoort is tien jaar geldig.", "Een paspoort is na 5 werkdagen klaar.", False),
        ("Een paspoort is na 1 week klaar.", "Een paspoort is na 5 werkdagen klaar.", False),
    ],
)
def test_fees_and_terms_of_a_named_product(one: str, other: str, is_asked: bool) -> None:
    assert bool(contradictions(page("a", "h1: Paspoort", one), page("b", "h1: Kosten", other))) is is_asked


def test_json_ld_that_says_otherwise_and_hostile_json_ld() -> None:
    office = {
        "@type": "GovernmentOffice",
        "name": "Milieustraat",
        "telephone": "0118675500",
        "address": {"streetAddress": "Havenstraat 88", "postalCode": "4331 BD"},
        "openingHoursSpecification": {"dayOfWeek": ["https://schema.org/Monday"], "opens": "09:00", "closes": "17:00"},
    }
    hostile = ["[" * 20_000, '{"name": {"a": 1}, "telephone": [], "address": "x", "openingHoursSpecification": [1, null]}']
    lines = (
        "h1: Contact",
        "h2: Milieustraat",
        "Telefoon 0118 67 50 00.",
        "Maandag 9.00 tot 17.00 uur",
        "Havenstraat 88, 4331 BD Stad",
    )
    assert contradictions(page("a", *lines), page("b", "h1: Afval", data=[json.dumps({"@graph": [office]}), *hostile])) == {
        ("a", "cantTell_phone"),
        ("b", "cantTell_phone"),
    }
