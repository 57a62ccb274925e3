"""When work is done by itself: a cron line in a time zone, with a spread and hours in which nothing starts.

Source of the cron line: crontab(5), its five fields. Where a day of the month and a weekday are named, either will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

LONGEST_SHIFT = timedelta(hours=3)  # of a clock when summer time begins or ends; one hour nearly everywhere
LONGEST_WAIT_DAYS = 366 * 9  # from one 29 February to the next there may be eight years
LONGEST_JITTER_S = 86_400
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
DEFAULT_ZONE = "Europe/Amsterdam"


class WorkKind(StrEnum):
    """What a schedule can start."""

    FULL = "full"  # a run that asks everything anew
    INCREMENTAL = "incremental"  # a run that leaves out what is known to be unchanged
    LINKS = "links"  # every known link is asked again; no page is opened
    DOCUMENTS = "documents"  # every known document is asked again, and judged where it has changed
    FINDABILITY = "findability"  # the search tasks
    JOURNEYS = "journeys"  # the tasks of residents, walked to their end
    DIGEST = "digest"  # the messages of what has changed; without a schedule of its own every Monday at 7
    IMPORTS = "imports"  # looking into the watched folders
    RETENTION = "retention"  # removing what is older than it may be kept


OF_SITE = (
    WorkKind.FULL,
    WorkKind.INCREMENTAL,
    WorkKind.LINKS,
    WorkKind.DOCUMENTS,
    WorkKind.FINDABILITY,
    WorkKind.JOURNEYS,
    WorkKind.DIGEST,
)
RUNS = (WorkKind.FULL, WorkKind.INCREMENTAL)  # over the whole site
OF_STORED = (WorkKind.LINKS, WorkKind.DOCUMENTS)  # what a run has stored is asked again; a run over the site does that too
OF_INSTALLATION = (WorkKind.IMPORTS, WorkKind.RETENTION)
DUE_BY_SCHEDULE = "schedule"  # who asked for what fell due


class ScheduleError(ValueError):
    """A cron line, time zone or quiet hours that cannot be; the sentence says what to write."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field  # cron, time_zone, jitter_s or quiet_hours


@dataclass(frozen=True)
class CronLine:
    """The five fields of a cron line. Weekdays count from Sunday, which is 0."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    any_day: bool  # the field begins with *
    any_weekday: bool

    @classmethod
    def read(cls, line: str) -> Self:
        """Raises ScheduleError for what is no cron line, or names a day that never comes."""
        fields = line.split()
        try:
            if len(fields) != 5:
                raise ValueError(f"it has {len(fields)} fields, not five")
            minutes, hours, days, months = (
                _numbers(fields[0], 0, 59),
                _numbers(fields[1], 0, 23),
                _numbers(fields[2], 1, 31),
                _numbers(fields[3], 1, 12, MONTHS),
            )
            weekdays = tuple(sorted({number % 7 for number in _numbers(fields[4], 0, 7, WEEKDAYS)}))
            read = cls(minutes, hours, days, months, weekdays, fields[2].startswith("*"), fields[4].startswith("*"))
            if next(read.days_from(date(2000, 1, 1)), None) is None:
                raise ValueError("that day never comes")
        except ValueError as error:
            raise ScheduleError(
                "cron",
                f"'{line}' is no cron line ({error}). Write minute, hour, day, month and weekday: "
                f'"0 3 * * *" is every night at 3.',
            ) from error
        return read

    def days_from(self, first: date) -> Iterator[date]:
        """The days that fit, as far as one can wait for a 29 February."""
        for day in (first + timedelta(number) for number in range(LONGEST_WAIT_DAYS)):
            of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
            fits = of_month and of_week if self.any_day or self.any_weekday else of_month or of_week
            if fits and day.month in self.months:
                yield day

    def times_from(self, moment: datetime) -> Iterator[datetime]:
        """The moments on the clock on the wall that fit, from one on; without a zone, in and out."""
        for day in self.days_from(moment.date()):
            for hour in self.hours:
                for minute in self.minutes:
                    on_the_wall = datetime.combine(day, time(hour, minute))
                    if on_the_wall >= moment:
                        yield on_the_wall

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first moment after this one, in UTC.

        What stands in an hour that summer time skips comes an hour later by the wall, and what stands in the hour that is
        there twice comes once; a line for every hour comes in every real hour.
        """
        wall = moment.astimezone(zone).replace(tzinfo=None)
        folds = (0, 1) if len(self.hours) == 24 else (0,)
        best: datetime | None = None
        for candidate in self.times_from(wall - LONGEST_SHIFT):
            real = [candidate.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in folds]
            if best is not None and min(real) > best:
                break
            best = min((one for one in (best, *real) if one is not None and one > moment), default=None)
        if best is None:
            raise ScheduleError("cron", "No moment fits this cron line. Name a day that comes.")
        return best


def _numbers(field: str, least: int, most: int, names: tuple[str, ...] = ()) -> tuple[int, ...]:
    """The numbers of one field, sorted. Raises ValueError."""
    found: set[int] = set()
    for part in field.split(","):
        shape = re.fullmatch(r"(\*|(\w+)(?:-(\w+))?)(?:/([0-9]{1,4}))?", part, re.ASCII)
        if shape is None:
            raise ValueError(f"'{part}' cannot be read")
        span, first, last, step = shape.groups()
        start = least if span == "*" else _number(first, least, most, names)
        end = _number(last, least, most, names) if last else most if span == "*" or step else start
        if start > end or step == "0":
            raise ValueError(f"'{part}' holds nothing")
        found.update(range(start, end + 1, int(step or 1)))
    return tuple(sorted(found))


def _number(text: str, least: int, most: int, names: tuple[str, ...]) -> int:
    if text.lower() in names:
        return names.index(text.lower()) + (1 if names is MONTHS else 0)
    if not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"'{text}' is not from {least} to {most}")
    return int(text)


@dataclass(frozen=True)
class QuietHours:
    """A part of the day, by the clock on the wall, in which nothing starts; it may lie over midnight."""

    begin: time
    end: time

    @classmethod
    def read(cls, text: str) -> Self:
        """From "07:00-19:00". Raises ScheduleError."""
        shape = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])\s*[-–]\s*([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", text.strip())
        if shape is None:
            raise ScheduleError("quiet_hours", f"'{text}' are no quiet hours. Write their begin and end: 07:00-19:00.")
        hour, minute, last_hour, last_minute = map(int, shape.groups())
        begin, end = time(hour, minute), time(last_hour, last_minute)
        if begin == end:
            raise ScheduleError("quiet_hours", f"'{text}' leaves no moment to start. Write two different times: 07:00-19:00.")
        return cls(begin, end)

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"

    def wait(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The moment itself where it lies outside; else the end of these hours."""
        local = moment.astimezone(zone)
        wall = local.time().replace(fold=0)
        over_midnight = self.begin > self.end
        inside = (wall >= self.begin or wall < self.end) if over_midnight else self.begin <= wall < self.end
        if not inside:
            return moment
        day = local.date() + timedelta(days=1 if over_midnight and wall >= self.begin else 0)
        return max(moment, datetime.combine(day, self.end.replace(fold=local.fold), tzinfo=zone).astimezone(UTC))


@dataclass(frozen=True)
class Plan:
    """When one kind of work starts by itself."""

    cron: str
    time_zone: str = DEFAULT_ZONE
    jitter_s: int = 0  # the most seconds later than the cron line says, so that not all sites start at once
    quiet_hours: str = ""  # "07:00-19:00"; empty: none

    def checked(self) -> Self:
        """Itself, its parts written alike. Raises ScheduleError for the first part that cannot be."""
        CronLine.read(self.cron)
        zone_of(self.time_zone)
        if not 0 <= self.jitter_s <= LONGEST_JITTER_S:
            raise ScheduleError("jitter_s", f"The spread is 0 to {LONGEST_JITTER_S} seconds, which is a day.")
        quiet = str(QuietHours.read(self.quiet_hours)) if self.quiet_hours.strip() else ""
        return type(self)(" ".join(self.cron.split()), self.time_zone, self.jitter_s, quiet)

    def next_after(self, moment: datetime, share: float = 0.0) -> datetime:
        """When the work is due next, in UTC; `share` of the spread, from 0 to 1, is added. Raises ScheduleError."""
        due = CronLine.read(self.cron).next_after(moment, zone_of(self.time_zone))
        return self.outside_quiet_hours(due + timedelta(seconds=round(share * self.jitter_s)))

    def outside_quiet_hours(self, moment: datetime) -> datetime:
        """The moment, or the end of the quiet hours that it lies in."""
        return QuietHours.read(self.quiet_hours).wait(moment, zone_of(self.time_zone)) if self.quiet_hours else moment


def zone_of(name: str) -> ZoneInfo:
    """Raises ScheduleError for a time zone that nobody knows."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ScheduleError("time_zone", f"There is no time zone '{name}'. Write for example {DEFAULT_ZONE} or UTC.") from error
