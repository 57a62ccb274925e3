"""Tables of queries, as analytics programs export them: CSV in any encoding and language, and records of JSON.

Source: the exports of Matomo, Piwik PRO, Google Analytics 4 and Siteimprove, with their headings in Dutch and English. Any other
table is read by a mapping of its columns, which a person has to confirm.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import Any
from zoneinfo import ZoneInfo

from checks.search_log.mask import Masker
from checks.search_log.sessions import Sessions
from rules.search_log import QueryTotal, Row, SearchEvent, SearchLogError, Source, Tally

_HEADINGS = {
    "query": (
        "label|keyword|search keyword|search term|search_term|searchterm|search query|query|top queries"
        "|internal search keyword|site search keyword|search phrase|keyword with no search result|no result keyword"
        "|metadata: sitesearchkeyword|user_query"
        "|zoekwoord|zoekwoorden|zoekterm|zoektermen|sleutelwoord|sleutelwoord zonder zoekresultaten|zoekwoord zonder resultaten"
        "|trefwoord|zoekopdracht|populairste zoekopdrachten|zoekopdrachten|zoekvraag"
    ),
    "searches": (
        "nb_hits|searches|number of searches|search count|internal searches|site searches|unique searches|event count|eventcount"
        "|events|hits|impressions|count|times|vertoningen|aantal zoekopdrachten|unieke zoekopdrachten|zoekacties"
        "|aantal keer gezocht|aantal gebeurtenissen|gebeurtenissen|aantal"
    ),
    "sessions": (
        "nb_visits|visits|sessions|total users|totalusers|active users|activeusers|users|unique visitors|visitors|bezoeken"
        "|aantal bezoeken|sessies|totaal aantal gebruikers|totaal gebruikers|actieve gebruikers|gebruikers|unieke bezoekers"
    ),
    "zero_results": "zero results|searches without results|no results|zonder resultaat|zonder resultaten|nul resultaten",
    "average_results": "search_result_average|search result average|average results|gemiddeld aantal resultaten",
    "clicked": "clicks|klikken|kliks|aantal klikken",
    "exits": "exit_nb_visits|exits|search_exits|search exits|uitstappen|verlaten|aantal keer verlaten",
    "exit_rate": "exit_rate|% search exits|search exit rate|exit rate|% verlaten na zoekopdracht|uitstappercentage",
    "day": "date|day|datum|dag",
    "time": "timestamp|time|datetime|date time|tijd|tijdstip|datum en tijd|moment",
    "hits": "results|number of results|hit_count|result count|aantal resultaten|resultaten",
    "visit": "session_id|session id|visit id|client_id|sessie|bezoek",
    "page": "clicked page|clicked url|geklikte pagina|aangeklikte pagina",
    "position": "position clicked|positie van de klik",
}
FIELDS = tuple(_HEADINGS)
# Headings as the programs write them, in small letters and without what stands between brackets.
HEADINGS = {heading: name for name, headings in _HEADINGS.items() for heading in headings.split("|")}
NO_RESULT_HEADING = re.compile(r"zonder (?:zoek)?resulta|no (?:search )?result")
MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mrt mar maa", "apr", "mei may", "jun", "jul", "aug", "sep", "okt oct", "nov", "dec"), start=1
    )
    for name in names.split()
}
SUM_LINE = re.compile(r"(?:grand )?totals?|(?:eind)?totaal|\(other\)|\(overige\)|others|anderen", re.IGNORECASE)
# A day as titles write it; where day and month could change places it says nothing.
PERIOD_DAY = re.compile(
    r"(?<!\d)(?:\d{8}|\d{4}-\d{2}-\d{2}|\d{1,2}-\d{1,2}-\d{4}|\d{1,2} [a-z]{3,9}\.? \d{4}|[a-z]{3,9} \d{1,2}, \d{4})(?!\d)"
)
NUMBERED = re.compile(r"#([1-9]\d{0,2})")  # a column by its place, from 1
LONGEST_CELL = 1 << 20
MOST_COLUMNS = 500
MOST_ABOVE = 500  # lines above the headings: Google Analytics puts a year of days there
LONGEST_HEADINGS = 5_000
DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 5


@dataclass(frozen=True)
class Columns:
    """Which column holds what; `certain` where a program's own headings say so."""

    names: Mapping[str, str]  # a field: the heading
    certain: bool

    def __str__(self) -> str:
        return ",".join(f"{field}={heading}" for field, heading in self.names.items())


@dataclass(frozen=True)
class TableOptions:
    """How the cells of a table are meant."""

    source: Source
    mapping: Mapping[str, str]
    period: tuple[date, date] | None
    zone: ZoneInfo


def read_mapping(text: str) -> dict[str, str]:
    """A mapping as a person writes it: "query=Gezocht,searches=Hoe vaak". Raises SearchLogError where it is none."""
    mapping: dict[str, str] = {}
    for part in text.split(","):
        field, equals, heading = part.partition("=")
        if not equals or field.strip() not in FIELDS or not heading.strip():
            raise SearchLogError(f"'{part}' is no part of a mapping; write field=heading, with a field of: {', '.join(FIELDS)}")
        mapping[field.strip()] = heading.strip()
    if "query" not in mapping:
        raise SearchLogError("a mapping must say which column holds the query: query=…")
    return mapping


def heading_field(heading: str) -> str | None:
    """What a column holds, by its heading."""
    plain = re.sub(r"\s*[\(\[].*?[\)\]]", "", heading).strip().lower()
    return HEADINGS.get(plain)


def columns_of(headings: Sequence[str]) -> Columns:
    """What the columns of a table hold, as far as their headings tell."""
    names: dict[str, str] = {}
    for heading in headings:
        field = heading_field(heading)
        if field == "query" and "query" in names and heading_field(names["query"]) == "query" and "searches" not in names:
            names["searches"] = heading  # "zoekterm;zoekopdrachten": the second counts
        elif field and field not in names:
            names[field] = heading
    return Columns(names, certain="query" in names and bool(names.keys() & {"searches", "sessions", "time"}))


@dataclass
class Table:
    """An opened table: its headings, what stood above them, and its rows with their line numbers."""

    headings: list[str]
    comments: list[str]
    rows: Iterator[tuple[int, list[str]]]


def open_table(lines: Iterable[str], tally: Tally) -> Table:
    """Find the headings and the sign between the cells. Raises SearchLogError where there are no columns."""
    csv.field_size_limit(LONGEST_CELL)
    numbered, comments = _from_headings(iter(enumerate(lines, start=1)))
    for number, line in numbered:
        text = line.strip().strip("\ufeff")
        if text.startswith("#") or not text.strip(",;\t"):
            comments.append(text)
            if len(comments) > 200:
                break
            continue
        sample = list(islice(numbered, 20))
        delimiter = _delimiter(text, [one for _, one in sample])
        if text.lower().startswith("sep=") and len(text) == 5:
            continue
        headings = [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter))]
        if len(headings) > MOST_COLUMNS:
            break
        rows = _rows((one for one in chain(sample, numbered)), delimiter, tally, number, len(headings))
        return Table(headings, comments, rows)
    raise SearchLogError("it has no line with headings; export it again, with the names of the columns")


def _from_headings(numbered: Iterator[tuple[int, str]]) -> tuple[Iterator[tuple[int, str]], list[str]]:
    """The lines from the headings that are known on, and those above them: a title, the period, another table.

    Where no headings are known, all lines.
    """
    first = list(islice(numbered, MOST_ABOVE))
    for place, (_, line) in enumerate(first):
        if len(line) < LONGEST_HEADINGS and any(
            columns_of([cell.strip().strip("\ufeff") for cell in next(csv.reader([line], delimiter=sign), [])]).certain
            for sign in DELIMITERS
        ):
            return chain(first[place:], numbered), [above.strip().strip("\ufeff") for _, above in first[:place]]
    return chain(first, numbered), []


def _delimiter(heading: str, sample: Sequence[str]) -> str:
    """The sign that splits the headings and the lines below them into equally many cells."""
    best, found = "", 0
    for sign in DELIMITERS:
        counts = [len(next(csv.reader([line], delimiter=sign), [])) for line in (heading, *sample[:5])]
        agreeing = sum(count == counts[0] for count in counts) * 100 + counts[0]
        if counts[0] > 1 and agreeing > found:
            best, found = sign, agreeing
    if not best:
        raise SearchLogError("its lines do not fall into columns; export it as CSV, with commas, semicolons or tabs")
    return best


def _rows(
    numbered: Iterator[tuple[int, str]], delimiter: str, tally: Tally, first: int, width: int
) -> Iterator[tuple[int, list[str]]]:
    """The lines of cells, up to the comments above a next table; `width`: how many headings there are."""
    place, is_over = [first], False

    def follow() -> Iterator[str]:
        for number, line in numbered:
            place[0] = number
            yield line

    reader = csv.reader(follow(), delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            tally.bad(place[0], "too-long")
            continue
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) == 1 and len(cells) < width and filled[0].startswith("#"):  # the comments above a next table
            is_over = True
        if filled and not is_over:
            yield place[0], cells
    tally.lines = place[0]


def source_of_headings(headings: Sequence[str], comments: Sequence[str]) -> Source:
    """The program that exported a table, as far as its headings tell; a table of nobody in particular otherwise."""
    names = {heading.strip().lower() for heading in headings}
    first = " ".join(names)
    if NO_RESULT_HEADING.search(first) and not names & {"zero results", "searches without results", "no results"}:
        return Source.MATOMO_NO_RESULTS
    if names & {"search_result_average", "search_exits", "search result average", "search exits"}:
        return Source.SITEIMPROVE
    if names & {"internal search keyword", "site search keyword"}:
        return Source.PIWIK_PRO
    if any(line.startswith("#") for line in comments) or names & {
        "searchterm",
        "eventcount",
        "event count",
        "aantal gebeurtenissen",
    }:
        return Source.GA4
    if ("label" in names and names & {"nb_visits", "nb_hits"}) or names & {
        "metadata: sitesearchkeyword", "sleutelwoord", "zoekwoord", "% search exits", "% verlaten na zoekopdracht",
    }:  # fmt: skip
        return Source.MATOMO
    return Source.TABLE


def read_table(table: Table, options: TableOptions, tally: Tally) -> Iterator[Row]:
    """The totals or events of a table. Raises SearchLogError where a column or the period is not known."""
    columns = dict(options.mapping) or dict(columns_of(table.headings).names)
    places = {field: _place(heading, table.headings) for field, heading in columns.items()}
    if "query" not in places:
        raise SearchLogError(
            f"none of its columns is known to hold the query ({said(table.headings)}); say it with --mapping query=…"
        )
    period = options.period or period_of_comments(table.comments)
    records = (
        (number, {field: cells[place].strip() if place < len(cells) else "" for field, place in places.items()})
        for number, cells in table.rows
    )
    return read_records(records, options, period, tally)


def _place(heading: str, headings: Sequence[str]) -> int:
    plain = [one.lower() for one in headings]
    if (number := NUMBERED.fullmatch(heading)) and int(number[1]) <= len(headings):
        return int(number[1]) - 1
    if heading.lower() not in plain:
        raise SearchLogError(f"there is no column '{heading}'; its columns are {said(headings)}")
    return plain.index(heading.lower())


def read_records(
    records: Iterable[tuple[int, Mapping[str, Any]]], options: TableOptions, period: tuple[date, date] | None, tally: Tally
) -> Iterator[Row]:
    """Rows of records whose keys are fields of ours, with the number of their line."""
    sessions = Sessions()
    for number, record in records:
        query = str(record.get("query") or "")
        if not query.strip() or query.strip().lower() == "(not set)":
            tally.left_out["empty"] += 1
            continue
        if SUM_LINE.fullmatch(query.strip()):
            tally.left_out["totals"] += 1
            continue
        try:
            yield (
                _event(query, record, options.zone, sessions)
                if record.get("time")
                else _total(query, record, options.source, period)
            )
        except _BadCell as error:
            tally.bad(number, str(error))


class _BadCell(ValueError):
    """A cell that is not what its heading promises; the key of what is wrong."""


def _total(query: str, record: Mapping[str, Any], source: Source, period: tuple[date, date] | None) -> QueryTotal:
    if record.get("day"):
        days = read_days(str(record["day"]))
        if days is None:
            raise _BadCell("no-day")
    elif period is None:
        raise SearchLogError(
            "it does not say of which period it is; say it with --period 2026-01 (a month) or --period 2026-01-01..2026-01-31"
        )
    else:
        days = period
    searches, sessions = _count(record, "searches"), _count(record, "sessions")
    if searches is None and sessions is None:
        raise _BadCell("no-number")
    if sessions is None and source in (Source.MATOMO, Source.MATOMO_NO_RESULTS):
        sessions = searches  # what Matomo's screens call searches are visits with one
    asked = searches if searches is not None else sessions or 0
    zero, average, rate = _count(record, "zero_results"), _decimal(record, "average_results"), _decimal(record, "exit_rate")
    if source is Source.MATOMO_NO_RESULTS:
        zero = asked
    elif zero is None and average is not None:
        zero = asked if average == 0 else 0
    exits = _count(record, "exits")
    if exits is None and rate is not None:
        exits = round((sessions or asked) * rate)
    return QueryTotal(*days, query, asked, sessions, zero, _count(record, "clicked"), exits)


def _event(query: str, record: Mapping[str, Any], zone: ZoneInfo, sessions: Sessions) -> SearchEvent:
    moment = read_moment(str(record["time"]), zone)
    if moment is None:
        raise _BadCell("no-day")
    visit = str(record.get("visit") or "")
    return SearchEvent(
        moment,
        query,
        sessions.number(visit.encode(), moment) if visit else None,
        str(record["page"]) if record.get("page") else None,
        _count(record, "hits"),
        _count(record, "position"),
    )


def _count(record: Mapping[str, Any], field: str) -> int | None:
    number = _decimal(record, field)
    if number is None:
        return None
    if number < 0 or number != int(number) or number > 2**31 - 1:
        raise _BadCell("no-number")
    return int(number)


def _decimal(record: Mapping[str, Any], field: str) -> float | None:
    """A number as programs and people write it: 1234, "1.234", "1 234", "12,5", "45%" (0.45)."""
    value = record.get(field)
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if value == value and abs(value) < 1e15 else None
    text = re.sub(r"[\s\u00a0\u202f']", "", str(value))
    percent = text.endswith("%")
    text = text.removesuffix("%")
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text) and not percent:
        text = re.sub(r"[.,]", "", text)
    elif thousands := re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})+)(?!\2)[.,](\d{1,2})", text):  # "1.234,00"
        text = f"{re.sub('[.,]', '', thousands[1])}.{thousands[3]}"
    if not re.fullmatch(r"\d{1,15}(?:[.,]\d{1,15})?", text):
        raise _BadCell("no-number")
    number = float(text.replace(",", "."))
    return number / 100 if percent else number


def read_days(text: str) -> tuple[date, date] | None:
    """A day, or a month or week as first and last day; day before month where both could be. None: it is no day."""
    text = text.strip().strip('"')
    try:
        if re.fullmatch(r"\d{8}", text):
            return (day := datetime.strptime(text, "%Y%m%d").date()), day  # noqa: DTZ007 - a day without an hour
        if found := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})\b", text):
            return (day := date(int(found[1]), int(found[2]), int(found[3]))), day
        if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
            begin = date(int(found[1]), int(found[2]), 1)
            after = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
            return begin, date.fromordinal(after.toordinal() - 1)
        if found := re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\b", text):
            return (day := date(int(found[3]), int(found[2]), int(found[1]))), day
        if found := re.match(r"(?:\w+,? )?(\d{1,2})\.? ([a-z]{3})[a-z]*\.?,? (\d{4})\b", text.lower()):
            return (day := date(int(found[3]), MONTHS.get(found[2], 0), int(found[1]))), day
        if found := re.match(r"(?:\w+, )?([a-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})\b", text.lower()):
            return (day := date(int(found[3]), MONTHS.get(found[1], 0), int(found[2]))), day
    except ValueError:
        return None
    return None


def read_moment(text: str, zone: ZoneInfo) -> int | None:
    """Milliseconds since 1970 of a moment: ISO 8601, day-month-year with a time, or a number of (milli)seconds.

    Without a time zone it is of the site's own; the hour that the clocks go through twice is the first of the two.
    """
    text = text.strip()
    try:
        if re.fullmatch(r"\d{9,11}(?:\.\d+)?", text):
            return int(float(text) * 1000)
        if re.fullmatch(r"\d{12,14}", text):
            return int(text)
        if found := re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})[ T,]+(\d{1,2}:\d{2}(?::\d{2})?)", text):
            clock = found[4] if found[4][1] != ":" else f"0{found[4]}"
            text = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}T{clock}"
        text = re.sub(r"(:\d\d)[,.](\d{1,6})\d*", lambda match: f"{match[1]}.{match[2]:0<6}", text)
        moment = datetime.fromisoformat(re.sub(r" (?=[+-]\d|Z$)", "", text).removesuffix(" UTC"))
    except ValueError:
        return None
    if text.endswith(" UTC") and moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo("UTC"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp() * 1000)


def period_of_comments(comments: Sequence[str]) -> tuple[date, date] | None:
    """The first and last day in the lines above the headings; GA4 writes them as 20260101."""
    days = [span for line in comments for word in PERIOD_DAY.findall(line.lower()) if (span := read_days(word))]
    return (min(days)[0], max(days)[1]) if days else None


def said(headings: Iterable[str]) -> str:
    """Headings as they may be shown and kept: where a file has none, a visitor's words stand in their place."""
    masker = Masker()
    masked = ((heading, masker.query(heading)) for heading in headings)
    return ", ".join(instead if "[" in instead else heading for heading, instead in masked)[:300]
