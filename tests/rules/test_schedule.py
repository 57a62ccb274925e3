"""A cron line is due when cron would say so, also on the two days on which the clock is changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from rules.cron_words import cron_in_words
from rules.schedule import CronLine, Plan, QuietHours, ScheduleError, zone_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SUNDAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


def moments(line: str, after: datetime, count: int, zone: ZoneInfo = AMSTERDAM) -> list[str]:
    """The next moments, as the clock on the wall shows them."""
    shown = []
    for _ in range(count):
        after = CronLine.read(line).next_after(after, zone)
        shown.append(f"{after.astimezone(zone):%d %H:%M %z}")
    return shown


def test_an_hour_that_is_skipped_comes_an_hour_later_and_once() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)  # on 29 March the clock goes from 2 to 3
    assert moments("30 2 * * *", before, 3) == ["29 03:30 +0200", "30 02:30 +0200", "31 02:30 +0200"]
    assert moments("0 2,3 * * *", before, 2) == ["29 03:00 +0200", "30 02:00 +0200"]


def test_an_hour_that_is_there_twice_comes_once() -> None:
    before = datetime(2026, 10, 24, 12, tzinfo=UTC)  # on 25 October the clock goes from 3 back to 2
    assert moments("30 2 * * *", before, 2) == ["25 02:30 +0200", "26 02:30 +0100"]
    assert moments("0 3 * * *", before, 2) == ["25 03:00 +0100", "26 03:00 +0100"]


def test_every_hour_is_every_real_hour() -> None:
    winter = moments("0 * * * *", datetime(2026, 10, 24, 23, 30, tzinfo=UTC), 4)
    assert winter == ["25 02:00 +0200", "25 02:00 +0100", "25 03:00 +0100", "25 04:00 +0100"]
    summer = moments("*/30 * * * *", datetime(2026, 3, 29, 0, 20, tzinfo=UTC), 4)
    assert summer == ["29 01:30 +0100", "29 03:00 +0200", "29 03:30 +0200", "29 04:00 +0200"]


FIELDS = st.tuples(
    st.sampled_from(["0", "30", "*/15", "5,35", "10-20/5"]),
    st.sampled_from(["3", "*", "*/4", "8-18", "0,12"]),
    st.sampled_from(["*", "1", "31", "1,15"]),
    st.sampled_from(["*", "1-6", "feb,dec", "*/3"]),
)


@given(FIELDS, st.integers(0, 4 * 365 * 1440))
def test_it_agrees_with_apscheduler_where_there_is_no_summer_time(fields: tuple[str, ...], minutes: int) -> None:
    line, after = " ".join([*fields, "*"]), datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    trigger = CronTrigger.from_crontab(line, timezone=UTC)
    assert CronLine.read(line).next_after(after, ZoneInfo("UTC")) == trigger.get_next_fire_time(
        None, after + timedelta(microseconds=1)
    )


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        ("0", {7}),
        ("7", {7}),
        ("1", {1}),
        ("1-5", {1, 2, 3, 4, 5}),
        ("5-7", {5, 6, 7}),
        ("0,6", {6, 7}),
        ("sun", {7}),
        ("Mon-fri", {1, 2, 3, 4, 5}),
        ("*/3", {3, 6, 7}),
        ("0-6/2", {2, 4, 6, 7}),
    ],
)
def test_weekdays_are_counted_as_cron_counts_them(weekday: str, days: set[int]) -> None:
    moment, found = SUNDAY, set()
    for _ in range(len(days)):
        moment = CronLine.read(f"0 3 * * {weekday}").next_after(moment, ZoneInfo("UTC"))
        found.add(moment.isoweekday())
    assert found == days


def test_a_day_of_the_month_or_a_weekday_will_do() -> None:
    assert moments("0 3 15 * 1", SUNDAY, 4)[:3] == ["02 03:00 +0100", "09 03:00 +0100", "15 03:00 +0100"]


def test_the_29th_of_february_is_waited_for() -> None:
    assert CronLine.read("0 3 29 2 *").next_after(datetime(2096, 3, 1, tzinfo=UTC), AMSTERDAM).year == 2104


@pytest.mark.parametrize(
    "line",
    [
        *("every night", "0 3 * *", "61 * * * *", "0 25 * * *", "0 3 * * 8", "0 3 * * x", "0 3 * * 5-1", "@", ""),
        *("0 3 31 2 *", "*/0 * * * *", "0 3 0 * *", "-1 3 * * *", "0 3 * * * *", "٣ 3 * * *", "0 3 * * 1,,2"),
    ],
)
def test_what_is_no_cron_line_is_a_sentence(line: str) -> None:
    with pytest.raises(ScheduleError, match=r"is no cron line .*every night at 3"):
        CronLine.read(line)


@pytest.mark.parametrize(
    ("quiet", "moment", "end"),
    [
        ("07:00-19:00", "2026-03-02 06:59", "2026-03-02 06:59"),
        ("07:00-19:00", "2026-03-02 07:00", "2026-03-02 19:00"),
        ("07:00-19:00", "2026-03-02 18:59", "2026-03-02 19:00"),
        ("07:00-19:00", "2026-03-02 19:00", "2026-03-02 19:00"),
        ("22:00-06:00", "2026-03-02 23:00", "2026-03-03 06:00"),
        ("22:00-06:00", "2026-03-02 05:00", "2026-03-02 06:00"),
        ("22:00-02:30", "2026-03-28 23:00", "2026-03-29 03:30"),  # its end is skipped that night
    ],
)
def test_quiet_hours_are_waited_out(quiet: str, moment: str, end: str) -> None:
    wall = datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM)
    assert f"{QuietHours.read(quiet).wait(wall.astimezone(UTC), AMSTERDAM).astimezone(AMSTERDAM):%Y-%m-%d %H:%M}" == end


def test_quiet_hours_hold_in_both_hours_of_the_night_that_is_longer() -> None:
    second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 2.10, the second time
    assert QuietHours.read("01:00-02:30").wait(second, AMSTERDAM) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("quiet", ["7-19", "07:00", "25:00-06:00", "07:00-07:00", "night"])
def test_what_are_no_quiet_hours_is_a_sentence(quiet: str) -> None:
    with pytest.raises(ScheduleError, match=r"Write .*07:00-19:00"):
        Plan("0 3 * * *", quiet_hours=quiet).checked()


def test_the_spread_never_reaches_into_quiet_hours() -> None:
    plan = Plan("50 6 * * *", "Europe/Amsterdam", 1_200, "07:00-19:00")
    assert plan.next_after(SUNDAY, 0.25) == datetime(2026, 3, 2, 5, 55, tzinfo=UTC)
    assert plan.next_after(SUNDAY, 1.0) == datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Amsterdm", "", "../../etc/passwd", "Mars"])
def test_an_unknown_time_zone_is_a_sentence(zone: str) -> None:
    with pytest.raises(ScheduleError, match=r"no time zone .*Europe/Amsterdam"):
        zone_of(zone)


def test_a_plan_is_kept_in_one_form() -> None:
    assert Plan("0  3 * * *", quiet_hours="7.00 - 9:30").checked() == Plan("0 3 * * *", quiet_hours="07:00-09:30")
    with pytest.raises(ScheduleError, match="spread"):
        Plan("0 3 * * *", jitter_s=-1).checked()


@pytest.mark.parametrize(
    ("line", "dutch", "english"),
    [
        ("0 3 * * *", "elke nacht om 3.00 uur", "every night at 3:00"),
        ("30 14 * * *", "elke dag om 14.30 uur", "every day at 14:30"),
        ("0 3,15 * * *", "elke dag om 3.00 en 15.00 uur", "every day at 3:00 and 15:00"),
        ("0 3 * * 1-5", "op maandag tot en met vrijdag om 3.00 uur", "on Monday to Friday at 3:00"),
        ("0 3 * * 0,6", "op zaterdag en zondag om 3.00 uur", "on Saturday and Sunday at 3:00"),
        ("0 3 * * 7", "op zondag om 3.00 uur", "on Sunday at 3:00"),
        ("*/15 * * * *", "elke 15 minuten", "every 15 minutes"),
        ("* * * * *", "elke minuut", "every minute"),
        (
            "*/15 8-18 * * mon-fri",
            "op maandag tot en met vrijdag elke 15 minuten, van 8.00 tot en met 18.59 uur",
            "on Monday to Friday every 15 minutes, from 8:00 to 18:59",
        ),
        ("0 * * * *", "elke dag op het hele uur", "every day on the hour"),
        ("0 3 1,15 * *", "op dag 1 en 15 van de maand om 3.00 uur", "on day 1 and 15 of the month at 3:00"),
        (
            "0 3 1 1,7 *",
            "op dag 1 van de maand in januari en juli om 3.00 uur",
            "on day 1 of the month in January and July at 3:00",
        ),
        (
            "0 3 15 * 1",
            "op dag 15 van de maand en ook op maandag om 3.00 uur",
            "on day 15 of the month and also on Monday at 3:00",
        ),
    ],
)
def test_a_cron_line_is_said_in_words(line: str, dutch: str, english: str) -> None:
    assert (cron_in_words(line, "nl"), cron_in_words(line, "en")) == (dutch, english)
