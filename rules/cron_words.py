"""What a cron line means, in a sentence: "elke nacht om 3.00 uur"."""

from __future__ import annotations

from collections.abc import Sequence

from rules.norm import Language
from rules.schedule import CronLine

MOST_TIMES = 6  # that are named one by one
NIGHT_ENDS = 6  # o'clock

WEEKDAY: dict[Language, tuple[str, ...]] = {
    "nl": ("zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"),
    "en": ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
}
MONTH: dict[Language, tuple[str, ...]] = {
    "nl": (
        *("januari", "februari", "maart", "april", "mei", "juni"),
        *("juli", "augustus", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def cron_in_words(line: str, language: Language) -> str:
    """A cron line as a part of a sentence, without a full stop. Raises ScheduleError for what is no cron line."""
    cron = CronLine.read(line)
    days, time = _days(cron, language), _time(cron, language)
    if _every_minutes(cron) and len(cron.hours) == 24:
        return time if cron.any_day and cron.any_weekday and len(cron.months) == 12 else f"{time}, {days}"
    return f"{days} {time}"


def _time(cron: CronLine, language: Language) -> str:
    dutch = language == "nl"
    if len(cron.hours) * len(cron.minutes) <= MOST_TIMES:
        times = [_clock(hour, minute, language) for hour in cron.hours for minute in cron.minutes]
        return f"om {_list(times, language)} uur" if dutch else f"at {_list(times, language)}"
    every = _every_minutes(cron)
    if every == 1:
        words = "elke minuut" if dutch else "every minute"
    elif every:
        words = f"elke {every} minuten" if dutch else f"every {every} minutes"
    elif cron.minutes == (0,):
        words = "op het hele uur" if dutch else "on the hour"
    else:
        minutes = _list([str(minute) for minute in cron.minutes], language)
        words = f"{minutes} minuten na het hele uur" if dutch else f"{minutes} minutes past the hour"
    if len(cron.hours) == 24:
        return words
    return f"{words}, {_spans(cron.hours, language)}"


def _spans(hours: Sequence[int], language: Language) -> str:
    """The hours of a day: those in a row as from … to …."""
    if hours == tuple(range(hours[0], hours[-1] + 1)):
        first, last = _clock(hours[0], 0, language), _clock(hours[-1], 59, language)
        return f"van {first} tot en met {last} uur" if language == "nl" else f"from {first} to {last}"
    named = _list([str(hour) for hour in hours], language)
    return f"in de uren {named}" if language == "nl" else f"in the hours {named}"


def _every_minutes(cron: CronLine) -> int:
    """15 for 0, 15, 30 and 45; 0 where the minutes are no such row."""
    step = cron.minutes[1] - cron.minutes[0] if len(cron.minutes) > 1 else 0
    return step if step and 60 % step == 0 and cron.minutes == tuple(range(0, 60, step)) else 0


def _days(cron: CronLine, language: Language) -> str:
    dutch = language == "nl"
    week = _weekdays(cron.weekdays, language)
    month = ("op dag " if dutch else "on day ") + _list([str(day) for day in cron.days], language)
    month += " van de maand" if dutch else " of the month"
    month_matters, week_matters = len(cron.days) < 31, len(cron.weekdays) < 7
    if month_matters and week_matters:
        either = cron.any_day or cron.any_weekday
        joined = (" die ook valt " if dutch else ", if it is also ") if either else (" en ook " if dutch else " and also ")
        words = f"{month}{joined}{week}"
    elif month_matters:
        words = month
    elif week_matters:
        words = week
    else:
        night = all(hour < NIGHT_ENDS for hour in cron.hours)
        words = ("elke nacht" if night else "elke dag") if dutch else ("every night" if night else "every day")
    if len(cron.months) == 12:
        return words
    months = _list([MONTH[language][number - 1] for number in cron.months], language)
    return f"{words} in {months}"


def _weekdays(numbers: Sequence[int], language: Language) -> str:
    names = WEEKDAY[language]
    from_monday = sorted(numbers, key=lambda number: (number - 1) % 7)
    positions = [(number - 1) % 7 for number in from_monday]
    if len(positions) > 2 and positions == list(range(positions[0], positions[-1] + 1)):
        first, last = names[from_monday[0]], names[from_monday[-1]]
        return f"op {first} tot en met {last}" if language == "nl" else f"on {first} to {last}"
    return ("op " if language == "nl" else "on ") + _list([names[number] for number in from_monday], language)


def _clock(hour: int, minute: int, language: Language) -> str:
    return f"{hour}.{minute:02}" if language == "nl" else f"{hour}:{minute:02}"


def _list(words: Sequence[str], language: Language) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {'en' if language == 'nl' else 'and'} {words[-1]}"
