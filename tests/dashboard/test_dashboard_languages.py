"""Every text has its English, and an English screen holds no Dutch but that of the site."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from lxml import html
from starlette.testclient import TestClient
from test_dashboard_screens import SCREENS

import dashboard
from dashboard import formatting
from dashboard.languages import preferred_language, translations
from dashboard.reasons import reason_text, short_reason

ROOT = Path(dashboard.__file__).parent
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
DUTCH = re.compile(
    r"\b(de|het|een|van|niet|geen|zijn|deze|pagina|pagina’s|fouten|fout|controle|controles|wordt|werd|naar|met|voor|"
    r"waar|wie|hoe|toon|bekijk|gevonden|getoetst|laatste|nieuw|eerst|regels|over|plek|plekken|keer|minuten)\b",
    re.IGNORECASE,
)


def used() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(str(ROOT), method_map=METHODS, keywords=KEYWORDS)  # type: ignore[arg-type]
    return {tuple(message) if isinstance(message, (list, tuple)) else message for _, _, message, _, _ in found}


def translated() -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
    with (ROOT / "locale/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {message.id: message.string for message in catalogue if message.id}


def test_every_text_has_its_english() -> None:
    english = translated()
    assert not {message for message in used() if not english.get(message) or not all(english[message])}


def test_no_english_is_left_of_a_text_that_is_gone() -> None:
    assert not set(translated()) - used()


def test_english_fills_in_the_same_places() -> None:
    for dutch, english in translated().items():
        for one, other in zip(
            (dutch,) if isinstance(dutch, str) else dutch, (english,) if isinstance(english, str) else english, strict=True
        ):
            assert set(re.findall(r"%\(\w+\)s", one)) == set(re.findall(r"%\(\w+\)s", other)), dutch


@pytest.mark.parametrize("screen", [*SCREENS, "/nothing"])
def test_no_dutch_is_left_on_an_english_screen(client: TestClient, ids: dict[str, int], screen: str) -> None:
    page = html.fromstring(client.get(f"/en{screen.format(**ids)}").text)
    for of_the_site in page.xpath("//bdi | //code | //*[@lang='nl'] | //head/title"):
        of_the_site.drop_tag() if of_the_site.tag == "html" else of_the_site.clear(keep_tail=True)
    texts = [page.text_content(), *page.xpath("//@aria-label"), *page.xpath("//@data-label")]
    assert not [word for text in texts for word in DUTCH.findall(text) if word.lower() not in ("over", "met")]


def test_numbers_and_dates_are_written_as_the_language_writes_them() -> None:
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert formatting.number(1284, "nl") == "1.284" and formatting.number(1284, "en") == "1,284"
    assert formatting.number(2.84, "nl", 1) == "2,8" and formatting.number(2.84, "en", 1) == "2.8"
    assert [formatting.change(value, "nl") for value in (12, -1300, 0)] == ["+12", "−1.300", "0"]
    assert formatting.day(moment, "nl", "Europe/Amsterdam") == "22 november 2026"
    assert formatting.day(moment, "en", "UTC") == "21 November 2026"
    assert formatting.day(moment, "en", "No/Such_Zone") == "21 November 2026"
    assert formatting.clock(moment, "nl", "Europe/Amsterdam") == "00.30"
    assert formatting.duration(timedelta(minutes=42), "nl") == "42 minuten"


def test_runs_of_one_day_are_told_apart_by_their_time() -> None:
    moments = [datetime(2026, 11, day, hour, tzinfo=UTC) for day, hour in ((20, 5), (21, 5), (21, 9))]
    assert formatting.run_labels(moments, "en", "UTC") == ["20 Nov 2026", "21 Nov 2026, 05:00", "21 Nov 2026, 09:00"]


def test_a_reason_without_words_is_still_readable() -> None:
    assert reason_text("some-old-key", "nl") == "some old key"
    assert short_reason("server-error", "nl") == "De server meldde een storing (5xx)."
    assert short_reason("bad-address", "en") == "This is not a valid web address."


def test_plural_follows_the_number() -> None:
    english = translations("en")
    assert english.ngettext("%(count)s pagina", "%(count)s pagina’s", 1) == "%(count)s page"
    assert english.ngettext("%(count)s pagina", "%(count)s pagina’s", 2) == "%(count)s pages"


def test_language_without_preference_is_dutch() -> None:
    assert preferred_language("*") == "nl"
    assert preferred_language("en;q=0") == "nl"
