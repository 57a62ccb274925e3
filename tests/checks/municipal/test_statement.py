"""The accessibility statement: what is missing, and how old it may be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from growth import LINEAR, growth

from checks.municipal.statement.check import COMPLETE, CURRENT, judge
from checks.verdict import DocumentFacts
from rules.observation import PageSnapshot, Response
from rules.outcome import Outcome
from rules.page_type import PageType

TODAY = date(2026, 11, 22)
URL = "https://a.example/toegankelijkheid"


def asked(text: str, *links: str) -> dict[str, list[Any]]:
    """What is asked, by rule: the missing parts, or the dates that are too long ago."""
    facts: dict[str, Any] = {"text": f"WCAG {text}", "links": [["", link] for link in links]}
    facts |= {"today": [TODAY.year, TODAY.month, TODAY.day], "root": {"selector": "main", "path": "main", "html": ""}}
    page = PageSnapshot(URL, Response(URL, 200), "", "nl", (), {}, page_type=PageType.STATEMENT)
    found: dict[str, list[Any]] = {COMPLETE: [], CURRENT: []}
    for verdict in judge(DocumentFacts(facts, (), page)):
        if verdict.outcome is Outcome.CANNOT_TELL:
            parts = [name for name, sign in verdict.arguments.items() if sign] if verdict.rule == COMPLETE else []
            found[verdict.rule] += parts or [(verdict.message, verdict.arguments["date"])]
    return found


def test_a_link_to_the_register_is_enough() -> None:
    assert asked("Zie het register.", "https://www.toegankelijkheidsverklaring.nl/register/86")[COMPLETE] == []
    assert asked("Zie www.toegankelijkheidsverklaring.nl/register/86")[COMPLETE] == []


def test_without_the_register_each_part_is_looked_for() -> None:
    assert asked("")[COMPLETE] == ["register", "status", "contact", "complaint"]
    assert asked("Voldoet gedeeltelijk. Bel ons. Of ga naar de ombudsman.")[COMPLETE] == ["register"]


@pytest.mark.parametrize(
    ("text", "too_old"),
    [
        ("De verklaring is bijgewerkt op 1 december 2025.", []),
        ("De verklaring is bijgewerkt op 1 november 2025.", [("cantTell", "1 november 2025")]),
        ("De verklaring is opgesteld op 1-2-2020 en bijgewerkt op 1-2-2026.", []),
        ("Laatste onderzoek 1 december 2023", []),
        ("Laatste onderzoek 1 november 2023", [("cantTell_research", "1 november 2023")]),
        ("De wet geldt sinds 1 juli 2018.", []),
        ("De verklaring verbetert: opgelost voor 1 januari 2024.", []),
        ("De verklaring wordt herzien op 1 januari 2028.", []),
    ],
)
def test_only_the_newest_date_of_the_statement_or_its_research_counts(text: str, too_old: list[Any]) -> None:
    assert asked(text)[CURRENT] == too_old


@pytest.mark.parametrize("piece", ["onderzoek 1-1-2020 ", "1" * 20])
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    assert growth(lambda count: asked(piece * count), 250) < LINEAR
