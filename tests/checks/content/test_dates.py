"""A deadline that has passed is asked about; the past, and conditions about it, are not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from growth import LINEAR, growth
from page_of import asked, document

from checks.content.blocks import sentences
from checks.content.dates.check import OLD_PAGE, OLD_YEAR, PASSED_DATE, judge

OVER = (
    "U kunt zich tot 1 maart 2024 aanmelden voor de cursus.",
    "Reageren kan tot en met vrijdag 12 december 2025.",
    "Stuur uw zienswijze uiterlijk op 3-4-2025 naar het college.",
    "Het ontwerp ligt tot en met 5 jan. 2026 ter inzage op het stadhuis.",
    "De brug is tot 30 september 2025 afgesloten voor auto's.",
    "De tentoonstelling is tot en met 1 juni 2026 te zien in het museum.",
)
FINE = (
    "U kunt zich tot 1 maart 2027 aanmelden voor de cursus.",
    "Vandaag is de laatste dag: reageren kan tot en met 22 november 2026.",
    "Reageren kon tot 12 december 2025.",
    "Tot 1 januari 2019 was Haren een eigen gemeente.",
    "Wie voor 1 januari 2015 is getrouwd, kan de akte bij ons aanvragen.",
    "Gebouwen die voor 31 december 1993 zijn gebouwd, moeten worden onderzocht.",
    "Bent u geboren voor 1 september 1955, dan kunt u gratis reizen.",
    "Rijbewijzen van voor 19 januari 2013 zijn geldig tot de datum op de kaart.",
    "De wet geldt sinds 1 januari 2022 voor iedereen.",
    "Op 4 mei 2024 herdachten wij de doden.",
    "U kunt tot 31 februari 2024 reageren.",
    "Het besluit van 3 maart 2021 kunt u bekijken op het stadhuis.",
)


@pytest.mark.parametrize("sentence", OVER)
def test_a_deadline_that_has_passed_is_asked_about(sentence: str) -> None:
    assert len(asked(judge(document("h1: Onderwerp", sentence)), PASSED_DATE)) == 1


@pytest.mark.parametrize("sentence", FINE)
def test_what_is_to_come_and_what_was_is_not(sentence: str) -> None:
    assert asked(judge(document("h1: Onderwerp", sentence)), PASSED_DATE) == []


def test_news_and_records_belong_to_their_day() -> None:
    assert asked(judge(document("h1: Denk mee", "3 februari 2024", OVER[0])), PASSED_DATE) == []
    assert asked(judge(document("h1: Denk mee", OVER[0], url="https://a.example/nieuws/denk-mee")), PASSED_DATE) == []
    data = ['{"@type": "NewsArticle", "headline": "Denk mee"}']
    assert asked(judge(document("h1: Denk mee", OVER[0], data=data)), PASSED_DATE) == []


@pytest.mark.parametrize(
    ("lines", "times"),
    [
        (("h2: Tarieven 2025", "Een paspoort kost € 80."), 1),
        (("h2: Tarieven 2026", "Een paspoort kost € 80."), 0),
        (("h2: Tarieven 2025", "Een paspoort kost € 80.", "h2: Tarieven 2026", "Een paspoort kost € 82."), 0),
        (("h2: Tarieven 2025", "Een paspoort kost € 80.", "Laatst gewijzigd op 3 maart 2026"), 1),
        (("h2: Tarieven 2025 (archief)", "Een paspoort kostte € 80."), 0),
        (("h2: Tarieven 2025-2029", "Een paspoort kost € 80."), 0),
        (("h2: Jaarverslag 2021", "Dit deden wij in dat jaar."), 0),
    ],
)
def test_figures_of_a_year_that_is_over_are_asked_about(lines: tuple[str, ...], times: int) -> None:
    assert len(asked(judge(document(*lines)), OLD_YEAR)) == times


@pytest.mark.parametrize(
    ("day", "times"), [("3 maart 2019", 1), ("29 februari 2024", 1), ("23 november 2024", 0), ("1 mei 2026", 0)]
)
def test_a_page_that_says_it_is_old_is_asked_about(day: str, times: int) -> None:
    assert len(asked(judge(document("h1: Onderwerp", f"Laatst gewijzigd op: {day}")), OLD_PAGE)) == times


def test_hostile_data_stops_nothing() -> None:
    data = ["[" * 20_000, '{"dateModified": 3}', "null", '{"dateModified": "9999-12-31"}']
    assert asked(judge(document("h1: Onderwerp", OVER[0], data=data)), PASSED_DATE) != []


def test_a_sentence_of_dates_alone_costs_no_more_than_its_length() -> None:
    def judged(count: int) -> None:
        sentences.cache_clear()
        lines = ["U kunt tot 1-1-2024 tot 2-1-2024 reageren " * count] * 2
        assert len(asked(judge(document("h1: Onderwerp", *lines)), PASSED_DATE)) == len(lines)

    assert growth(judged, 24) < LINEAR


@pytest.mark.parametrize(("months", "times"), [(24, 0), (9, 0), (8, 1), (1, 1)])
def test_a_page_is_asked_about_after_the_months_that_its_owner_set(months: int, times: int) -> None:
    last_changed = document("h1: Paspoort", "Laatst gewijzigd op 3 maart 2026")
    assert len(asked(judge(replace(last_changed, page=replace(last_changed.page, review_months=months))), OLD_PAGE)) == times
