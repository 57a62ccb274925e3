"""The geometry of charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.charts import MOST_FLAGS, Measurement, parts, sparkline, trend


def measured(*values: float) -> list[Measurement]:
    return [Measurement(str(index), value) for index, value in enumerate(values)]


def test_each_point_stands_in_the_middle_of_its_column() -> None:
    chart = trend(measured(100, 50))
    assert [(point.x, point.y) for point in chart.points] == [(25, 0), (75, 50)]
    assert chart.ticks == (100, 75, 50, 25, 0)
    assert chart.area == "25.0,100 25.0,0.0 75.0,50.0 75.0,100"


def test_axis_ends_at_a_number_that_divides_in_four() -> None:
    for highest, top in [(0, 4), (3, 4), (5, 8), (13, 16), (87, 100), (101, 120), (1284, 1600), (99_999, 100_000)]:
        ticks = trend(measured(highest)).ticks
        assert ticks[0] == top
        assert all(tick == int(tick) for tick in ticks)


def test_a_break_leaves_a_gap_and_no_area() -> None:
    chart = trend([Measurement("a", 1), Measurement("b", 2, is_break=True), Measurement("c", 3)])
    assert len(chart.segments) == 1
    assert chart.area == ""


def test_nothing_measured_is_an_empty_chart() -> None:
    chart = trend([])
    assert chart.points == () and chart.segments == () and chart.area == ""
    assert sparkline([]) == "" and sparkline([3]) == ""


def test_values_are_written_where_they_change() -> None:
    told = [point.shows_value for point in trend(measured(5, 5, 5, 3, 3)).points]
    assert told == [True, False, False, True, True]
    many = [point.shows_value for point in trend(measured(*range(24))).points]
    assert many.count(True) == 2


def test_labels_thin_out_and_keep_the_last() -> None:
    labels = [point.shows_label for point in trend(measured(*range(24))).points]
    assert labels.count(True) == 8 and labels[-1]


def test_flat_line_lies_in_the_middle() -> None:
    assert sparkline([4, 4]) == "0.0,15.0 100.0,15.0"


def test_parts_fill_the_bar_and_leave_out_what_is_zero() -> None:
    divided = parts([("a", 3), ("b", 0), ("c", 1)])
    assert [(part.name, part.start, part.width) for part in divided] == [("a", 0, 75), ("c", 75, 25)]
    assert parts([("a", 0)]) == ()


@dataclass(frozen=True)
class News:
    day: date


def test_what_happened_stands_between_the_days_around_it() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 31)]
    series = [Measurement(str(day), 1, day=day) for day in days]
    happened = [News(date(2026, 2, 9)), News(date(2025, 12, 31)), News(date(2026, 1, 6)), News(date(2026, 1, 11))]
    flags = trend(series, happened).flags
    # Columns are centred at 16.667, 50 and 83.333; what came before the first measurement has no place.
    assert [(flag.number, flag.x, flag.what.day.day) for flag in flags] == [(1, 33.334, 6), (2, 50, 11), (3, 91.666, 9)]
    assert trend([Measurement("a", 1)], happened).flags == () == trend([], happened).flags
    many = trend(series, [News(date(2026, 1, day)) for day in range(1, 29)]).flags
    assert len(many) == MOST_FLAGS and many[-1].what.day.day == 28
