"""Series that others measured, as a table: a period, the name of the series and a value; perhaps number, source, page and KPI.

periode;reeks;waarde;n;bron;pagina;kpi
2026-Q1;Tevredenheid website;7,4;212;Waarstaatjegemeente;;
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import BinaryIO

from checks.search_log.mask import Masker
from checks.search_log.stream import LogStream
from checks.search_log.table import open_table, read_days
from rules.address import origin_of, page_of_log
from rules.measurement import Measurement, MeasurementError
from rules.search_log import SearchLogError, Tally

_HEADINGS = {
    "period": "period|periode|date|datum|dag|day|maand|month|kwartaal|quarter|jaar|year",
    "series": "series|reeks|measure|meting|indicator|naam|name|vraag|question",
    "value": "value|waarde|score|cijfer|percentage|gemiddelde|average|mean|rapportcijfer",
    "answers": "n|aantal|answers|antwoorden|respondenten|respondents|responses|count",
    "source": "source|bron|herkomst|onderzoek",
    "page": "page|pagina|url|adres|address",
    "kpi": "kpi",
}
HEADINGS = {heading: name for name, headings in _HEADINGS.items() for heading in headings.split("|")}
NEEDED = ("period", "series", "value")
MOST_ROWS = 100_000
LONGEST_NAME, LONGEST_KPI = 100, 50
HIGHEST = 1e12
EXAMPLE = "periode;reeks;waarde;n;bron"


def read_measurements(stream: BinaryIO, start_url: str, source: str, latest: date, tally: Tally) -> list[Measurement]:
    """The values of a file. `source`: of lines that do not say it; `latest`: what lies after it is left out.

    Raises MeasurementError for a file that is bad as a whole.
    """
    masker = Masker()
    found: dict[tuple[str, str, str, date, date], Measurement] = {}
    try:
        log = LogStream(stream, tally)
        if b"\x00\x00\x00\x00" in log.head()[:4_000] or log.head().startswith(b"PK\x03\x04"):
            raise MeasurementError("it is no text; export it as CSV")
        table = open_table(log.text_lines(), tally)
        names = [HEADINGS.get(" ".join(heading.lower().split()), "") for heading in table.headings]
        places = {name: names.index(name) for name in _HEADINGS if name in names}
        if missing := [name for name in NEEDED if name not in places]:
            raise MeasurementError(
                f"its columns are {', '.join(table.headings)[:300]}; there is none for {', '.join(missing)}. "
                f"Name them in the first line, such as: {EXAMPLE}"
            )
        for count, (line, cells) in enumerate(table.rows):
            if count >= MOST_ROWS:
                raise MeasurementError(f"it has more than {MOST_ROWS} values; bring a shorter period in at a time")
            record = {name: " ".join(cells[place].split()) if place < len(cells) else "" for name, place in places.items()}
            try:
                one = _measurement(record, start_url, source, masker)
            except ValueError as error:
                tally.bad(line, str(error))
                continue
            if one.first_day > latest:
                tally.left_out["in-the-future"] += 1
                continue
            if one.address and origin_of(one.address) != origin_of(start_url):
                tally.left_out["other-site"] += 1
                continue
            key = (one.series, one.source, one.address, one.first_day, one.last_day)
            if found.setdefault(key, one) != one:
                raise MeasurementError(
                    f"line {line} gives '{one.series}' of {one.first_day} to {one.last_day} a second value; keep one of the two"
                )
    except SearchLogError as error:
        raise MeasurementError(str(error)) from error
    if not found:
        raise MeasurementError(_why_empty(tally))
    return list(found.values())


def read_period(text: str) -> tuple[date, date]:
    """First and last day of "2026", "2026-Q1", "2026-01", a day, or "2026-01-01..2026-03-31". Raises ValueError."""
    if found := re.fullmatch(r"(?:q|k)?([1-4])[ -]+(\d{4})|(\d{4})[ -]*(?:q|k|kwartaal )([1-4])", text.lower()):
        year, quarter = int(found[2] or found[3]), int(found[1] or found[4])
        after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        return date(year, quarter * 3 - 2, 1), after - timedelta(days=1)
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    first, _, last = text.partition("..")
    begin, end = read_days(first), read_days(last or first)
    if begin is None or end is None or begin[0] > end[1]:
        raise ValueError("no-day")
    return begin[0], end[1]


def _measurement(record: Mapping[str, str], start_url: str, source: str, masker: Masker) -> Measurement:
    first, last = read_period(record["period"])
    series, said = record["series"], record.get("source") or source
    if not series or not all(name.isprintable() and len(name) <= LONGEST_NAME for name in (series, said)):
        raise ValueError("no-series")
    masked = masker.counts.total()
    masker.query(f"{series} {said}")
    if masker.counts.total() > masked:
        raise ValueError("personal")
    answers = re.sub(r"[ .]", "", record.get("answers", ""))
    if answers and not re.fullmatch(r"\d{1,9}", answers):
        raise ValueError("no-number")
    kpi = record.get("kpi", "")
    if not re.fullmatch(rf"[a-z0-9-]{{0,{LONGEST_KPI}}}", kpi):
        raise ValueError("no-kpi")
    page = record.get("page", "")
    address = page_of_log(start_url, page).partition("?")[0] if page else ""
    return Measurement(series, said, first, last, _value(record["value"]), int(answers) if answers else None, address, kpi)


def _value(text: str) -> float:
    """A number as spreadsheets write it: "7,4", "83 %", "1.234,5". Raises ValueError for what is none."""
    number = text.replace("%", "").replace(" ", "")
    if "," in number and "." in number:
        thousands = "," if number.rindex(",") < number.rindex(".") else "."
        number = number.replace(thousands, "")
    if not re.fullmatch(r"-?\d+(?:[.,]\d+)?", number) or abs(value := float(number.replace(",", "."))) > HIGHEST:
        raise ValueError("no-number")
    return value


def _why_empty(tally: Tally) -> str:
    if tally.left_out["other-site"]:
        return "its pages are of another site; choose another --site"
    if tally.left_out["in-the-future"]:
        return "all its periods are in the future; look at the order of day and month"
    if tally.bad_lines:
        return f"none of its lines can be read; the first is line {tally.bad_samples[0][0]}"
    return "there is no value in it"
