"""Numbers, dates and durations as Dutch and English write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from babel import dates, numbers

from dashboard.languages import LOCALES
from rules.norm import Language


def number(value: float, language: Language, digits: int = 0) -> str:
    """1.284 or 2,8 in Dutch; 1,284 or 2.8 in English."""
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return numbers.format_decimal(value, pattern, locale=LOCALES[language])


def change(value: float, language: Language) -> str:
    """A difference with its sign: +12, −3 or 0."""
    sign = {True: "+", False: "−"}[value > 0] if value else ""
    return sign + number(abs(value), language)


def day(moment: datetime, language: Language, zone: str) -> str:
    """21 november 2026."""
    return dates.format_datetime(moment, "d MMMM y", tzinfo=time_zone(zone), locale=LOCALES[language])


def short_day(moment: datetime, language: Language, zone: str) -> str:
    """21 nov. 2026."""
    return dates.format_datetime(moment, "d MMM y", tzinfo=time_zone(zone), locale=LOCALES[language])


def calendar_day(when: date, language: Language) -> str:
    """21 november 2026, of a day that has no hour."""
    return dates.format_date(when, "d MMMM y", locale=LOCALES[language])


def month(when: date, language: Language) -> str:
    """nov. 2026."""
    return dates.format_date(when, "MMM y", locale=LOCALES[language])


def run_labels(moments: Sequence[datetime], language: Language, zone: str) -> list[str]:
    """The day of each run; with the time where more than one run began on that day."""
    days = [short_day(moment, language, zone) for moment in moments]
    return [
        f"{day}, {clock(moment, language, zone)}" if days.count(day) > 1 else day
        for day, moment in zip(days, moments, strict=True)
    ]


def clock(moment: datetime, language: Language, zone: str) -> str:
    """06.12 in Dutch, 06:12 in English."""
    pattern = "HH.mm" if language == "nl" else "HH:mm"
    return dates.format_datetime(moment, pattern, tzinfo=time_zone(zone), locale=LOCALES[language])


def duration(span: timedelta, language: Language) -> str:
    """12 minuten, 3 uur."""
    return dates.format_timedelta(span, threshold=1.5, locale=LOCALES[language])


def time_zone(name: str) -> tzinfo:
    """The time zone of that name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC
