"""The period of an export that does not say it, as a person writes it."""

from __future__ import annotations

from datetime import date

from rules.search_log import SearchLogError


def read_period(text: str) -> tuple[date, date]:
    """ "2026-01" is a month, "2026-01-05" a day, "2026-01-01..2026-01-31" a span. Raises SearchLogError for all else."""
    first, dots, last = text.partition("..")
    try:
        if dots:
            period = date.fromisoformat(first), date.fromisoformat(last)
        elif len(text) == 7:
            begin = date.fromisoformat(f"{text}-01")
            after = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
            period = begin, date.fromordinal(after.toordinal() - 1)
        else:
            period = date.fromisoformat(text), date.fromisoformat(text)
        if period[0] > period[1]:
            raise ValueError
    except ValueError as error:
        raise SearchLogError(f"'{text}' is no period; write 2026-01, 2026-01-05 or 2026-01-01..2026-01-31") from error
    return period
