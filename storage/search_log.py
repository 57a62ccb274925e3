"""Search logs as they are kept: written exactly once, whole or not at all, and never anything unmasked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import compress, zip_longest
from operator import attrgetter, itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from rules.search_log import (
    KNOWS,
    DayEvent,
    QueryDay,
    QueryTotal,
    Row,
    SearchEvent,
    SearchLogError,
    Source,
    Tally,
    text_number,
)
from storage.models import (
    SearchClosedDay,
    SearchImport,
    SearchQuery,
    SearchSource,
    SearchTotal,
    Site,
    table_of,
)
from storage.search_periods import sum_up

HELD = 200_000  # events in memory
CACHE = 200_000
SQLITE_CACHE_KIB = 65_536  # during an import: rows come in the order of a hash, all over their index
MOST_TEXTS = 50_000  # queries whose words are remembered during an import
QUARTER_MS = 15 * 60_000  # no time zone changes its day within one
EVENT_COLUMNS = ("at_ms", "query_id", "is_click", "session", "page", "hits", "position", "exits", "ordinal")
TOTAL_COLUMNS = tuple(column.name for column in table_of(SearchTotal).columns)


def source_of(session: Session, site: Site, kind: Source, name: str = "") -> SearchSource:
    """The source of a site by its name, made where it is new. Raises SearchLogError where the name is of another kind."""
    kind = Source.MATOMO if kind is Source.MATOMO_NO_RESULTS else kind  # two lists of one source
    name = name or kind.value
    found = session.scalar(select(SearchSource).where(SearchSource.site_id == site.id, SearchSource.name == name))
    if found is None:
        found = SearchSource(site_id=site.id, name=name, kind=kind.value, facts=[], options={})
        session.add(found)
        session.flush()
    if found.kind != kind.value:
        raise SearchLogError(f"the source '{name}' of this site is a log of the kind {found.kind}; give this one another --name")
    return found


def saved_options(session: Session, site: Site, name: str) -> dict[str, Any]:
    """What was said of a source when it was brought in before: "mapping", "addresses"."""
    found = session.scalar(select(SearchSource.options).where(SearchSource.site_id == site.id, SearchSource.name == name))
    return dict(found or {})


def save_options(source: SearchSource, mapping: Mapping[str, str], addresses: Sequence[str]) -> None:
    """Remember how a source is read, for the next file of it."""
    said = {"mapping": dict(mapping), "addresses": list(addresses)}
    source.options = {**source.options, **{name: value for name, value in said.items() if value}}


def known_import(session: Session, source: SearchSource, digest: str) -> SearchImport | None:
    return session.scalar(select(SearchImport).where(SearchImport.source_id == source.id, SearchImport.digest == digest))


class ImportWriter:
    """Writes the rows of one file. Nothing is kept unless the session that it works in is committed."""

    def __init__(self, session: Session, site: Site, source: SearchSource, now: datetime) -> None:
        self.session = session
        self.source = source
        self.zone = ZoneInfo(site.time_zone)
        self.site_id = site.id
        self.row = SearchImport(
            source_id=source.id, digest=f"import of {now.isoformat()}", imported_at=now, first_day=date.max, last_day=date.min,
            lines=0, searches=0, clicks=0, added=0, bad_lines=0, bad_samples={}, left_out={}, masked={},
        )  # fmt: skip
        session.add(self.row)
        session.flush()
        self._mark = "%s"
        if session.get_bind().dialect.name == "sqlite":
            self._mark = "?"
            session.connection().exec_driver_sql(f"PRAGMA cache_size = -{SQLITE_CACHE_KIB}")
        self._source, self._import = source.id, self.row.id
        self._numbers: dict[str, int] = {}
        self._new_texts: list[tuple[int, int, str]] = []
        self._texts: dict[int, str] = {}  # by number; at most MOST_TEXTS
        self._held: dict[date, list[tuple[Any, ...]]] = {}  # by day, not yet written: the first eight of EVENT_COLUMNS
        self._held_at: dict[int, list[tuple[Any, ...]]] = {}  # the same lists, by quarter of an hour
        self._holds = 0
        self._whole: tuple[date, list[tuple[Any, ...]]] | None = None  # a day of which all events are here
        self._changed: set[date] = set()  # days of which there are events besides
        self._written: set[date] = set()  # days of which this import wrote events already
        self._touched: set[date] = set()
        self._closed = {
            one.day: (one.first_ms, one.last_ms)
            for one in session.scalars(select(SearchClosedDay).where(SearchClosedDay.source_id == source.id))
        }
        self._searches = self._clicks = self._added = 0
        self._totals: dict[tuple[date, date], dict[int, QueryTotal]] = {}

    def add(self, row: Row) -> None:
        """Take a row; it is written with many others."""
        if type(row) is SearchEvent:
            self._add_event(row)
        else:
            assert isinstance(row, QueryTotal)
            self._searches += row.searches
            self._clicks += row.clicked or 0
            number = self._numbers.get(row.query) or self._know(row.query)
            queries = self._totals.setdefault((row.first_day, row.last_day), {})
            queries[number] = _sum(queries.get(number), row)

    def _add_event(self, event: SearchEvent) -> None:
        at_ms, query, session, page, hits, position, exits, _ = event
        number = self._numbers.get(query)
        if number is None:
            number = self._know(query)
        held = self._held_at.get(at_ms // QUARTER_MS)
        if held is None:
            held = self._hold(at_ms)
        held.append((at_ms, number, page is not None, session, page, hits, position, exits))
        self._holds += 1

    def _hold(self, at_ms: int) -> list[tuple[Any, ...]]:
        """The list for the events of the day of a moment."""
        day = datetime.fromtimestamp(at_ms / 1000, self.zone).date()
        self._touched.add(day)
        held = self._held_at[at_ms // QUARTER_MS] = self._held.setdefault(day, [])
        return held

    def _know(self, text: str) -> int:
        if len(self._numbers) >= CACHE:
            self._numbers.clear()
        number = self._numbers[text] = text_number(text)
        self._new_texts.append((self.site_id, number, text))
        return number

    def _write_texts(self) -> None:
        self._write_many("search_query", ("site_id", "id", "text"), self._new_texts)
        self._new_texts = []

    def _write_many(
        self, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]], constant: Mapping[str, int | str] | None = None
    ) -> int:
        """Insert what is not there yet; gives how many. SQLAlchemy's own work on each row would cost the double.

        `constant`: what is the same in all rows, numbers and days of our own; said once, it is not handed over with each.
        """
        if not rows:
            return 0
        same = constant or {}
        names = ", ".join((*same, *columns))
        values = ", ".join(
            [*(f"'{value}'" if isinstance(value, str) else str(value) for value in same.values()), *[self._mark] * len(columns)]
        )
        statement = f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING"  # noqa: S608  # names of our own
        return max(self.session.connection().exec_driver_sql(statement, rows).rowcount, 0)

    @property
    def is_full(self) -> bool:
        """Whether so much is held that days have to be written before the end."""
        return self._holds >= HELD

    def new_days(self, *, at_end: bool = True) -> Iterator[date]:
        """Write the events that are held, and give the days of which one is new: each is added up before the next is asked for.

        Before the end the newest day is held on, and a day with other events than these waits: more of it may come.
        """
        self._write_texts()
        newest = max(self._held, default=None)
        for day in sorted(self._held):
            if day == newest and not at_end and len(self._held) > 1:
                continue
            rows = self._held.pop(day)
            self._holds -= len(rows)
            rows.sort(key=itemgetter(0))
            clicks = sum(row[2] for row in rows)
            self._clicks += clicks
            self._searches += len(rows) - clicks
            is_first = self._select("1", day, "LIMIT 1").first() is None and (at_end or day not in self._closed)
            added = self._write_events(day, rows)
            self._added += added
            if is_first and added == len(rows):
                self._whole = (day, rows)
                yield day
                self._whole = None
            elif added:
                self._changed.add(day)
        self._held_at.clear()
        if at_end:
            yield from sorted(self._changed)

    def _write_events(self, day: date, rows: list[tuple[Any, ...]]) -> int:
        """Insert the events of a day, in the order of time; gives how many are new."""
        ordinals = self._ordinals(day, rows)
        self._written.add(day)
        if closed := self._closed.get(day):
            kept = [not closed[0] <= row[0] <= closed[1] for row in rows]
            rows, ordinals = list(compress(rows, kept)), list(compress(ordinals, kept))
        if not rows:
            return 0
        columns = dict(zip(EVENT_COLUMNS, (*zip(*rows, strict=True), ordinals), strict=True))
        for name in ("session", "page", "hits", "position", "exits"):  # what no row has is not said of each
            if columns[name].count(None) == len(rows):
                del columns[name]
        constant = {"source_id": self._source, "import_id": self._import}
        return self._write_many("search_event", tuple(columns), list(zip(*columns.values(), strict=True)), constant)

    def _ordinals(self, day: date, rows: list[tuple[Any, ...]]) -> list[int]:
        """How many like it, of the same moment and query, come before each row; of this import's earlier ones too."""
        before: dict[tuple[Any, ...], int] = {}
        if day in self._written:  # the log is not in the order of time
            for *key, last in self._select("at_ms, query_id, is_click, max(ordinal)", day, "GROUP BY 1, 2, 3", only_new=True):
                before[key[0], key[1], bool(key[2])] = last + 1
        ordinals, moment = [], None
        alike: Counter[tuple[Any, ...]] = Counter()  # of one moment
        for row, (next_moment, *_) in zip_longest(rows, rows[1:], fillvalue=(None,)):
            if not before and row[0] != moment and row[0] != next_moment:  # alone in its moment, as most are
                ordinals.append(0)
                continue
            if row[0] != moment:
                moment = row[0]
                alike.clear()
            key = row[:3]
            ordinals.append(alike[key] + before.get(key, 0))
            alike[key] += 1
        return ordinals

    def _select(self, columns: str, day: date, more: str, *, only_new: bool = False) -> Any:
        """Rows of the events of a day."""
        begin, end = bounds_ms(day, self.zone)
        parameters: tuple[int, ...] = (self.source.id, begin, end)
        where = f"source_id = {self._mark} AND at_ms >= {self._mark} AND at_ms < {self._mark}"
        if only_new:
            where += f" AND import_id = {self._mark}"
            parameters = (*parameters, self.row.id)
        statement = f"SELECT {columns} FROM search_event WHERE {where} {more}"  # noqa: S608  # names of our own
        return self.session.connection().exec_driver_sql(statement, parameters)

    def events_of_day(self, day: date) -> Iterator[DayEvent]:
        """The events of a day by visit and time: all that are kept; of a closed day only the new ones."""
        if self._whole is not None and self._whole[0] == day:
            rows = sorted(self._whole[1], key=itemgetter(0, 2))
            rows.sort(key=_visit)
            return (
                DayEvent(at, query, visit, click, hits, position, exits)
                for at, query, click, visit, _, hits, position, exits in rows
            )
        columns = "at_ms, query_id, session, is_click, hits, position, exits"
        order = "ORDER BY session, at_ms, is_click, ordinal"
        return map(DayEvent._make, self._select(columns, day, order, only_new=day in self._closed))

    def text_of(self, number: int) -> str:
        """The words of a query by its number."""
        known = self._texts.get(number)
        if known is None:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            query = select(SearchQuery.text).where(SearchQuery.site_id == self.site_id, SearchQuery.id == number)
            known = self._texts[number] = self.session.scalar(query) or ""
        return known

    def write_day(self, day: date, totals: Sequence[QueryDay]) -> None:
        """Put the totals of a day in the place of those before; those of a closed day are added to what stays."""
        if day not in self._closed:
            self._remove_totals(day, day)
        else:
            totals = self._with_known(day, totals)
            self._remove_totals(day, day, {total.query for total in totals})
        rows = [
            (one.query, one.searches, one.sessions, one.known_results,
             one.zero_results if one.known_results else None, one.clicked, one.abandoned, one.exits,
             *((one.spelling, one.added, one.removed, one.replaced) if one.clicked is not None else (None,) * 4),
             one.positioned, one.reciprocal_ranks)
            for one in sorted(totals, key=attrgetter("query"))
        ]  # fmt: skip
        same: dict[str, int | str] = {"source_id": self._source, "first_day": day.isoformat(), "last_day": day.isoformat()}
        self._write_many("search_total", TOTAL_COLUMNS[3:], rows, same)
        sum_up(self.session, self._source, day, day)

    def _with_known(self, day: date, totals: Sequence[QueryDay]) -> list[QueryDay]:
        known = {
            one.query_id: one
            for one in self.session.scalars(
                select(SearchTotal).where(
                    SearchTotal.source_id == self.source.id, SearchTotal.first_day == day, SearchTotal.last_day == day
                )
            )
        }
        for total in totals:
            if before := known.get(total.query):
                for name in QueryDay.__dataclass_fields__.keys() - {"query"}:
                    old = getattr(before, name)
                    if old is not None:
                        setattr(total, name, (getattr(total, name) or 0) + old)
        return list(totals)

    def _remove_totals(self, first: date, last: date, queries: set[int] | None = None) -> None:
        where = [SearchTotal.source_id == self.source.id, SearchTotal.first_day >= first, SearchTotal.last_day <= last]
        if queries is None:
            self.session.execute(delete(SearchTotal).where(*where))
        for query in queries or ():
            self.session.execute(delete(SearchTotal).where(*where, SearchTotal.query_id == query))

    def write_totals(self, kind: Source) -> None:
        """Totals that the source itself made: each period takes the place of the same one before, or of the days in it.

        Raises SearchLogError where a period covers one that is kept only in part: nobody can tell then what is counted twice.
        """
        self._write_texts()
        for (first, last), queries in self._totals.items():
            self._touched |= {first, last}
            kept = self._kept(first, last)
            zero_only = kind is Source.MATOMO_NO_RESULTS
            lists_zero = zero_only or (kind is Source.MATOMO and any(row[7] is not None for row in kept.values()))
            rows = [
                self._total_row(first, last, number, one, kept.get(number), zero_only=zero_only, lists_zero=lists_zero)
                for number, one in queries.items()
            ]
            if zero_only:  # what is not on the list found something
                rows += [
                    row if row[7] is not None and not row[6] else (*row[:6], row[4], 0, *row[8:])
                    for number, row in kept.items()
                    if number not in queries
                ]
            self._added += sum(kept.get(row[3]) != row for row in rows)
            self._remove_totals(first, last)
            self._write_many("search_total", TOTAL_COLUMNS, rows)
            sum_up(self.session, self._source, first, last)

    def _kept(self, first: date, last: date) -> dict[int, tuple[Any, ...]]:
        """The totals of exactly this period."""
        across = select(SearchTotal.first_day, SearchTotal.last_day).where(
            SearchTotal.source_id == self.source.id, SearchTotal.first_day <= last, SearchTotal.last_day >= first
        )
        for begin, end in self.session.execute(across.distinct()):
            if begin < first or end > last:
                raise SearchLogError(
                    f"its period {first} to {last} overlaps {begin} to {end}, which is kept already: searches would count twice; "
                    f"bring in whole periods that do not overlap, or give this file another --name"
                )
        query = select(table_of(SearchTotal)).where(
            SearchTotal.source_id == self.source.id, SearchTotal.first_day == first, SearchTotal.last_day == last
        )
        return {
            row.query_id: (row.source_id, first.isoformat(), last.isoformat(), *row[3:]) for row in self.session.execute(query)
        }

    def _total_row(
        self,
        first: date,
        last: date,
        number: int,
        total: QueryTotal,
        kept: tuple[Any, ...] | None,
        *,
        zero_only: bool,
        lists_zero: bool,
    ) -> tuple[Any, ...]:
        """One row of a total. Matomo tells what found nothing in a list of its own; without the other list no share is known."""
        searches, sessions, zero = total.searches, total.sessions, total.zero_results
        clicked, exits = total.clicked, total.exits
        if kept is not None and zero_only:
            searches, sessions, clicked, exits = max(kept[4], searches), kept[5], kept[8], kept[10]
        elif zero is None and lists_zero:
            zero = kept[7] or 0 if kept is not None else 0
        known = 0 if zero is None or (zero_only and (kept is None or (kept[7] is not None and not kept[6]))) else searches
        return (
            self.source.id, first.isoformat(), last.isoformat(), number, searches, sessions, known, zero, clicked, None, exits,
            None, None, None, None, 0, 0.0,
        )  # fmt: skip

    def finish(self, tally: Tally, digest: str, kind: Source) -> SearchImport:
        """Write down what was brought in."""
        row = self.row
        row.digest, row.lines, row.bad_lines = digest, tally.lines, tally.bad_lines
        row.searches, row.clicks, row.added = self._searches, self._clicks, self._added
        row.bad_samples = {str(line): reason for line, reason in tally.bad_samples}
        row.left_out, row.masked = dict(tally.left_out), dict(tally.masked)
        row.first_day, row.last_day = min(self._touched), max(self._touched)
        self.source.facts = sorted({*self.source.facts, *KNOWS[kind]})
        self.session.flush()
        return row

    @property
    def is_empty(self) -> bool:
        return not self._touched and not self._totals


def _visit(row: tuple[Any, ...]) -> int:
    """What the events of a visit are sorted by: its number; those of no visit come first."""
    session: int | None = row[3]
    return -1 if session is None else session


def _sum(one: QueryTotal | None, other: QueryTotal) -> QueryTotal:
    """Two lines of one query: after masking, different queries may be the same."""
    if one is None:
        return other

    def both(a: int | None, b: int | None) -> int | None:
        return b if a is None else a if b is None else a + b

    return one._replace(
        searches=one.searches + other.searches,
        sessions=both(one.sessions, other.sessions),
        zero_results=both(one.zero_results, other.zero_results),
        clicked=both(one.clicked, other.clicked),
        exits=both(one.exits, other.exits),
    )


def bounds_ms(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """The first moment of a day in a time zone, and of the next: 23 or 25 hours apart when the clocks change."""
    begin = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return int(begin.timestamp()) * 1000, int(end.timestamp()) * 1000
