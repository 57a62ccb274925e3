"""What a statement says is compared with what people and machines know."""

from __future__ import annotations

from datetime import date

import pytest

from rules.statement_check import Difference, DifferenceKind, StatementRead, compare_statement, mails_in, mentioned

TODAY = date(2026, 11, 23)
CONTACT = ("https://www.example.nl/contact",)
TEXT = """Deze website voldoet gedeeltelijk aan EN 301 549 versie 3.2.1 (WCAG 2.1.2026).
1.1.1 Niet-tekstuele content: foto's zonder tekst. Planning: opgelost voor 1 maart 2027.
1.4.3 Contrast: de knoppen. Dit is inmiddels opgelost.
Eis 9.2.4.2 Paginatitel: status: hersteld.
3.3.1 Foutidentificatie: het formulier."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TEXT, {"1.1.1": False, "1.4.3": True, "2.4.2": True, "3.3.1": False}),
        ("Wij volgen EN 301 549 v3.2.1 en WCAG 2.1.", {}),
        ("Versie 1.2.3 van 4.8.15.16", {}),
        ("4.1.2 is opgelost. Bij 4.1.2 zijn er nog twee fouten.", {"4.1.2": False}),
        ("3.1.1: this has been fixed.", {"3.1.1": True}),
        ("3.1.1: wordt opgelost in mei.", {"3.1.1": False}),
    ],
)
def test_which_criteria_a_statement_names_and_which_it_calls_solved(text: str, expected: dict[str, bool]) -> None:
    assert mentioned(text) == expected


def test_everything_that_does_not_agree_is_told() -> None:
    read = StatementRead(
        "https://www.example.nl/toegankelijkheid",
        TEXT,
        ("https://www.example.nl/contact#form", "https://www.example.nl/"),
        {"statement": date(2025, 11, 22), "research": date(2023, 11, 23)},
    )
    found = compare_statement(read, {"1.4.3", "2.1.1"}, {"3.3.1", "2.4.2"}, {"https://www.example.nl/contact"}, TODAY)
    assert found == [
        Difference(DifferenceKind.SOLVED_BUT_PRESENT, "1.4.3"),
        Difference(DifferenceKind.NOT_LISTED, "2.1.1"),
        Difference(DifferenceKind.LISTED_BUT_MET, "3.3.1"),
        Difference(DifferenceKind.OLD, "2025-11-22"),
        Difference(DifferenceKind.DEAD_LINK, "https://www.example.nl/contact#form"),
    ]


def test_that_a_machine_finds_nothing_takes_nothing_off_the_list() -> None:
    assert compare_statement(StatementRead("x", TEXT, CONTACT), {"1.1.1", "3.3.1"}, (), (), TODAY) == []


def test_a_statement_that_lists_nothing_is_told_once() -> None:
    found = compare_statement(StatementRead("x", "Wij doen ons best.", CONTACT), {"1.1.1", "1.4.3"}, (), (), TODAY)
    assert found == [Difference(DifferenceKind.LISTS_NOTHING)]
    assert compare_statement(StatementRead("x", "Wij doen ons best.", CONTACT), (), (), (), TODAY) == []


@pytest.mark.parametrize(
    ("text", "links", "expected"),
    [
        ("Mail toegankelijk@gemeente.nl.", (), []),
        ("Bel 14 0118 of 0118 675 000.", (), []),
        ("Bel ons.", ("tel:+31118675000",), []),
        ("Zie ons formulier.", ("https://www.example.nl/probleem-melden",), []),
        ("Versie 3.2.1 van 12-03-2026.", ("https://www.example.nl/",), [Difference(DifferenceKind.NO_CONTACT)]),
    ],
)
def test_a_statement_names_a_way_to_say_something(text: str, links: tuple[str, ...], expected: list[Difference]) -> None:
    assert compare_statement(StatementRead("x", text, links), (), (), (), TODAY) == expected


def test_a_dead_mail_address_is_told_and_mails_are_found_once() -> None:
    assert mails_in("Mail web@example.nl, of WEB2@example.nl.", ["mailto:web@example.nl?subject=x", "tel:1"]) == [
        "web@example.nl",
        "WEB2@example.nl",
    ]
    read = StatementRead("x", "Mail web@weg.nl", dead_mails=("web@weg.nl",))
    assert compare_statement(read, (), (), (), TODAY) == [Difference(DifferenceKind.DEAD_MAIL, "web@weg.nl")]
