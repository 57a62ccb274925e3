"""The dates in a Dutch text: "1 maart 2024", "vrijdag 1 mrt. 2024", "1-3-2024", "01/03/2024", "2024-03-01"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
SHORT = {"jan": 1, "feb": 2, "febr": 2, "mrt": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "okt": 10}
NUMBER = {name: number for number, name in enumerate(MONTHS, start=1)} | SHORT | {"nov": 11, "dec": 12}
NAMES = "|".join(sorted(NUMBER, key=len, reverse=True))
DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:e|ste|de)? (?P<month>{NAMES})\.? (?P<year>(?:19|20)\d\d)"
    r"|(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>(?:19|20)\d\d)"
    r"|(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>\d\d)-(?P<iso_day>\d\d))(?![\w-])",
    re.IGNORECASE,
)


def dates_in(text: str) -> Iterator[tuple[re.Match[str], date]]:
    """Every date with where it stands; what is no day of the calendar is left out."""
    for match in DATE.finditer(text):
        if match["day"]:
            parts = match["year"], str(NUMBER[match["month"].lower()]), match["day"]
        elif match["d"]:
            parts = match["y"], match["m"], match["d"]
        else:
            parts = match["iso_year"], match["iso_month"], match["iso_day"]
        try:
            yield match, date(*map(int, parts))
        except ValueError:
            continue


def as_written(day: date) -> str:
    """A date as a Dutch text has it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
