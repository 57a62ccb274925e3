"""A date or time as a journey has it, and the keys by which it gets into a field of the browser's own for dates and times."""

from __future__ import annotations

import re
from collections.abc import Iterator

DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
TIME = re.compile(r"(\d{1,2})[:.](\d{2})")


def moment_of(kind: str, value: str) -> str:
    """The value of a field of type date or time as HTML writes it; "" where the field is of another type, or the value no such.

    A date is written as people do (12-05-2027) or as machines do (2027-05-12).
    """
    if kind == "date":
        if found := DAY_FIRST.fullmatch(value.strip()):
            day, month, year = found.groups()
        elif found := YEAR_FIRST.fullmatch(value.strip()):
            year, month, day = found.groups()
        else:
            return ""
        return f"{year}-{int(month):02}-{int(day):02}"
    if kind == "time" and (found := TIME.fullmatch(value.strip())):
        return f"{int(found[1]):02}:{found[2]}"
    return ""


def keys_of_moment(kind: str, moment: str) -> Iterator[str]:
    """What to type, in each order in which browsers have the parts; `moment` as HTML writes it."""
    if kind == "date":
        year, month, day = moment.split("-")
        yield day + month + year
        yield month + day + year
        yield year.zfill(6) + month + day
    else:
        hours, minutes = moment.split(":")
        yield hours + minutes
        yield f"{(int(hours) - 1) % 12 + 1:02}{minutes}{'p' if int(hours) >= 12 else 'a'}"
