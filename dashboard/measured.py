"""Series that others measured, as a screen shows them: the newest value, and the line through all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import charts
from storage.measurements import Series

MOST_SHOWN = 36  # values of one line


@dataclass(frozen=True)
class ShownSeries:
    """A series with its line; None: a single value has no line."""

    series: Series
    chart: charts.Trend | None


def shown_series(found: Sequence[Series], happened: Sequence[charts.Happened]) -> list[ShownSeries]:
    return [ShownSeries(one, _chart(one, happened)) for one in found]


def _chart(series: Series, happened: Sequence[charts.Happened]) -> charts.Trend | None:
    values = series.values[-MOST_SHOWN:]
    if len(values) < 2 or min(row.value for row in values) < 0:  # the chart begins at nought
        return None
    return charts.trend(
        [charts.Measurement(row.first_day.isoformat()[:7], row.value, day=row.first_day) for row in values], happened
    )
