"""A search log is brought in exactly once, whole or not at all, and nothing personal of it is ever written."""

from __future__ import annotations

import gzip
import io
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote_plus
from zoneinfo import ZoneInfo

import pytest
import search_logs as logs
from sqlalchemy import event, func, select, text

from benchmarks.search_log_file import HOST, write_log
from checks.search_log.read import ReadOptions
from rules.search_log import SearchLogError
from rules.site import Scope
from scheduler.clock import RunClock
from scheduler.import_search_log import Imported, import_search_log
from storage.database import Database, DatabaseError
from storage.models import SearchEventRow, SearchImport, SearchPurge, SearchQuery, SearchTotal, table_of
from storage.search_report import Share, median_seconds_to_click, report
from storage.search_retention import months_back, purge
from storage.sites import add_site, get_site, remove_site

NOW = datetime(2026, 1, 20, tzinfo=UTC)
JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        add_site(session, "Voorbeeld", "https://www.voorbeeld.nl/", Scope(("https://www.voorbeeld.nl",)), NOW)
    yield database
    database.close()


def bring(database: Database, body: bytes | str, now: datetime = NOW, name: str = "", **options: object) -> Imported:
    body = body.encode() if isinstance(body, str) else body
    return import_search_log(database, "Voorbeeld", io.BytesIO(body), ReadOptions(**options), now, name=name)  # type: ignore[arg-type]


def kept(database: Database) -> list[list[object]]:
    """Everything that is kept, but for the hashes of visits, which are others every time."""
    tables = [table_of(one) for one in (SearchTotal, SearchQuery)]
    c = table_of(SearchEventRow).c
    queries = [*(select(one) for one in tables), select(c.at_ms, c.query_id, c.is_click, c.ordinal, c.page)]
    with database.session() as session:
        return [sorted(map(tuple, session.execute(query)), key=str) for query in queries]


def access_log(
    *queries: str, start: datetime = datetime(2026, 1, 5, 9, tzinfo=UTC), apart_s: int = 60, ip: str = "10.0.0."
) -> str:
    moments = (start + timedelta(seconds=apart_s * number) for number in range(len(queries)))
    return "".join(
        logs.line(f"/zoeken?q={query}", f"{moment:%d/%b/%Y:%H:%M:%S} +0000", ip=f"{ip}{number % 250}") + "\n"
        for number, (query, moment) in enumerate(zip(queries, moments, strict=True))
    )


def test_the_same_file_again_changes_nothing_and_says_so(database: Database) -> None:
    first = bring(database, logs.COMBINED)
    assert (first.searches, first.clicks, first.added, first.again) == (2, 1, 3, False)
    before = kept(database)
    again = bring(database, logs.COMBINED)
    assert (again.added, again.again) == (0, True)
    assert bring(database, gzip.compress(logs.COMBINED)).again
    assert kept(database) == before


def test_grown_and_overlapping_files_add_only_what_is_new(database: Database) -> None:
    words = [f"vraag{number % 7}" for number in range(60)]
    lines = access_log(*words).splitlines(keepends=True)
    whole = Database(str(database.engine.url).replace("vierluik.db", "whole.db"))
    whole.migrate()
    with whole.session() as session:
        add_site(session, "Voorbeeld", "https://www.voorbeeld.nl/", Scope(("https://www.voorbeeld.nl",)), NOW)
    bring(whole, "".join(lines))
    added = [bring(database, "".join(lines[begin:end])).added for begin, end in ((0, 20), (0, 35), (30, 60), (10, 50))]
    assert added == [20, 15, 25, 0]
    assert kept(database) == kept(whole)
    whole.close()


@pytest.mark.parametrize("is_old", [False, True])
def test_more_events_than_are_held_add_up_to_the_same(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_old: bool
) -> None:
    day = datetime(2026, 1, 5, 9, tzinfo=UTC)
    asked = [access_log("afval", "paspoort", "hond", start=day + timedelta(days=number)) for number in range(4)]
    late = access_log("afval", "trouwen", start=day + timedelta(hours=2))
    later = access_log("hond", "trouwen", start=day + timedelta(days=1, hours=3))
    now = NOW + timedelta(days=100 * is_old)  # then the days of the first file are closed before the second comes
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    other.migrate()
    with other.session() as session:
        add_site(session, "Voorbeeld", "https://www.voorbeeld.nl/", Scope(("https://www.voorbeeld.nl",)), NOW)
    for one in (database, other):
        if one is other:
            monkeypatch.setattr("storage.search_log.HELD", 2)
            monkeypatch.setattr("scheduler.import_search_log.SHOW_EVERY", 1)
        bring(one, asked[1], now)
        bring(one, "".join((asked[0], asked[1], late, asked[2], later, asked[3], late)), now)
    assert kept(database)[:2] == kept(other)[:2]
    assert sum(row[4] for row in kept(other)[0]) == 18  # type: ignore[misc]  # searches
    other.close()


def test_a_generated_log_adds_up_to_what_a_plain_count_of_its_lines_gives(tmp_path: Path) -> None:
    written = tmp_path / "access.log"
    write_log(written, 30_000, share=0.3, distinct=2_000)
    asked: Counter[tuple[str, str]] = Counter()
    clicks = 0
    for line in written.read_text().splitlines():
        at = datetime.strptime(line.split("[")[1][:26], "%d/%b/%Y:%H:%M:%S %z").astimezone(ZoneInfo("Europe/Amsterdam"))
        if " /zoeken?q=" in line:
            asked[at.date().isoformat(), unquote_plus(line.split("?q=")[1].split(" ")[0])] += 1
        else:
            clicks += "/zoeken?q=" in line and ".css" not in line and ".js" not in line
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    with database.session() as session:
        add_site(session, "Voorbeeld", f"{HOST}/", Scope((HOST,)), NOW)
    with written.open("rb") as stream:
        imported = import_search_log(database, "Voorbeeld", stream, ReadOptions(), datetime(2026, 11, 1, tzinfo=UTC))
    with database.session() as session:
        found = select(SearchTotal.first_day, SearchQuery.text, SearchTotal.searches).join(
            SearchQuery, SearchQuery.id == SearchTotal.query_id
        )
        totals = {(day.isoformat(), words): searches for day, words, searches in session.execute(found)}
        events = session.scalar(select(func.count()).select_from(SearchEventRow))
    database.close()
    unmasked = {key: count for key, count in totals.items() if "[" not in key[1]}
    assert unmasked == {key: count for key, count in asked.items() if key in unmasked}
    assert sum(totals.values()) == sum(asked.values()) == imported.searches
    assert imported.clicks == clicks
    assert events == imported.added == imported.searches + clicks
    personal = [words for _, words in asked if (_, words) not in unmasked]
    assert personal and all(re.search(r"\d{9}|@", words) for words in personal)


def test_a_full_disk_keeps_what_was_there_and_nothing_of_the_file(database: Database) -> None:
    bring(database, logs.COMBINED)
    before = kept(database)
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def is_full(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    database.engine.dispose()
    event.listen(database.engine, "connect", is_full)
    with pytest.raises(DatabaseError, match="Look whether its disk is full"):
        bring(database, access_log(*(f"afval {number}".replace(" ", "+") for number in range(5_000)), apart_s=1))
    assert kept(database) == before


def test_two_alike_in_one_second_are_two(database: Database) -> None:
    assert bring(database, access_log("afval", "afval", "afval", apart_s=0)).added == 3
    assert bring(database, access_log("afval", "afval", "afval", "afval", apart_s=0)).added == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (gzip.compress(access_log(*["afval"] * 3_000).encode())[:-20], "stops in the middle"),
        (b"[" + b",".join([logs.VISITS[1:-1]] * 3) + b', {"idVisit": ', "no whole JSON"),
        (
            "\n".join(logs.line("/zoeken?q=afval", referer="https://www.elders.nl/zoeken?q=x") for _ in range(3)),
            "not of the site",
        ),
        ("\n".join(logs.line("/zoeken?q=afval", referer="https://www.elders.nl/") for _ in range(3)), "not of the site"),
        (access_log("afval", start=datetime(2027, 1, 5, tzinfo=UTC)), "in the future"),
        ("\n".join(logs.line("/zoeken?q=afval", agent="Vierluik/1.0 Mozilla") for _ in range(3)), "no search of a visitor"),
    ],
)
def test_a_file_that_is_bad_as_a_whole_leaves_nothing(database: Database, body: bytes | str, sentence: str) -> None:
    bring(database, logs.COMBINED)
    before = kept(database)
    with pytest.raises(SearchLogError, match=sentence):
        bring(database, body)
    assert kept(database) == before
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(SearchImport)) == 1


def test_lines_of_another_site_and_of_the_future_are_left_out_and_counted(database: Database) -> None:
    other = logs.line("/zoeken?q=elders", referer="https://www.elders.nl/zoeken?q=x")
    late = access_log("later", start=datetime(2026, 3, 1, tzinfo=UTC))
    imported = bring(database, f"{access_log('afval')}{other}\n{late}")
    assert (imported.added, imported.tally.left_out) == (1, {"other-site": 1, "in-the-future": 1})


def test_totals_by_local_day_when_the_clocks_change(database: Database) -> None:
    lines = [
        logs.line("/zoeken?q=a1", at)
        for at in (
            "24/Oct/2026:21:59:59 +0000",
            "24/Oct/2026:22:00:00 +0000",
            "25/Oct/2026:22:59:59 +0000",
            "26/Oct/2026:00:00:00 +0100",
        )
    ]
    bring(database, "\n".join(lines), now=datetime(2026, 11, 1, tzinfo=UTC))
    with database.session() as session:
        found = session.execute(select(SearchTotal.first_day, SearchTotal.searches).order_by(SearchTotal.first_day)).all()
    assert found == [(date(2026, 10, 24), 1), (date(2026, 10, 25), 2), (date(2026, 10, 26), 1)]


def test_a_period_takes_the_place_of_the_same_and_of_those_within_it(database: Database) -> None:
    day = "Datum,Zoekterm,Aantal\n2026-01-05,afval,5\n2026-01-06,afval,6\n"
    bring(database, day, confirmed=True)
    assert bring(database, day.replace(",6\n", ",7\n"), confirmed=True).added == 1
    month = "Maand,Zoekterm,Aantal\n2026-01,afval,50\n"
    mapping = {"day": "Maand", "query": "Zoekterm", "searches": "Aantal"}
    bring(database, month, mapping=mapping)
    with database.session() as session:
        assert session.scalars(select(SearchTotal.searches)).all() == [50]
    with pytest.raises(SearchLogError, match="overlaps 2026-01-01 to 2026-01-31"):
        bring(database, day, mapping={**mapping, "day": "Datum"})
    assert bring(database, day, mapping={**mapping, "day": "Datum"}, name="anders").added == 2


def test_the_mapping_of_a_table_is_remembered(database: Database) -> None:
    mapping = {"query": "Gezocht", "searches": "Keren", "day": "Wanneer"}
    bring(database, logs.GENERIC, mapping=mapping)
    assert bring(database, logs.GENERIC.replace("01-05", "01-06")).added == 2


def test_queries_without_results_complete_the_list_of_queries_in_either_order(database: Database) -> None:
    keywords = "Zoekwoord;Zoekopdrachten\nafval;20\ngrofvuil;9\n"
    for order, name in (((keywords, logs.MATOMO_NO_RESULTS), "een"), ((logs.MATOMO_NO_RESULTS, keywords), "twee")):
        for body in order:
            bring(database, body, period=JANUARY, name=name, source=None)
    with database.session() as session:
        query = select(SearchTotal.searches, SearchTotal.zero_results).order_by(SearchTotal.source_id, SearchTotal.searches)
        assert session.execute(query).all() == [(9, 7), (20, 0), (9, 7), (20, 0)]
        assert report(session, get_site(session, "Voorbeeld"), *JANUARY).total.zero_results == Share(14, 58)


def test_only_the_queries_without_results_tell_no_share(database: Database) -> None:
    bring(database, logs.MATOMO_NO_RESULTS, period=JANUARY)
    with database.session() as session:
        assert report(session, get_site(session, "Voorbeeld"), *JANUARY).total.zero_results is None


EVERY_SOURCE: list[tuple[bytes | str, dict[str, object]]] = [
    (logs.COMBINED, {}),
    (logs.MATOMO_JSON, {"period": JANUARY}),
    (logs.MATOMO_CSV, {"period": (date(2025, 12, 1), date(2025, 12, 31))}),
    (logs.VISITS, {}),
    (logs.UBI, {}),
    (logs.SLOW_JSON, {}),
    (logs.SOLR, {}),
    (logs.GA4, {}),
    (logs.SITEIMPROVE, {"period": JANUARY}),
    (logs.PIWIK_PRO, {"period": JANUARY}),
    (logs.search_console(), {}),
    (logs.GENERIC, {"mapping": {"query": "Gezocht", "searches": "Keren", "day": "Wanneer"}}),
]


def test_nothing_personal_is_in_the_database_its_journal_or_what_is_said(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    said = [repr(bring(database, body, now=datetime(2026, 2, 2, tzinfo=UTC), **options)) for body, options in EVERY_SOURCE]
    broken = gzip.compress(access_log(*[f"bel+06123456{number:02}" for number in range(100)] * 30).encode())[:-20]
    with pytest.raises(SearchLogError) as error:
        bring(database, broken)
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert "vierluik.db-wal" in files
    everything = b"".join(files.values()) + " ".join([*said, str(error.value), caplog.text]).encode()
    assert b"paspoort" in everything
    for planted in (*logs.PLANTED, "0612345612", "Jansen", "jansen"):
        assert planted.encode() not in everything, planted
        assert planted.encode("utf-16-le") not in everything, planted


def test_retention_removes_events_first_then_totals_and_keeps_the_proof(database: Database) -> None:
    bring(database, access_log("afval", "grofvuil"))
    with database.session() as session:
        assert purge(session, NOW + timedelta(days=75)) is None
        proof = purge(session, NOW + timedelta(days=110))
        assert proof and (proof.events, proof.totals) == (2, 0)
    before = kept(database)
    assert len(before[0]) == 2 and before[2] == []
    assert bring(database, access_log("afval", "grofvuil", "later"), NOW + timedelta(days=110)).added == 1
    with database.session() as session:
        assert [row.searches for row in session.scalars(select(SearchTotal))] == [1, 1, 1]
        proof = purge(session, datetime(2028, 3, 1, tzinfo=UTC))
        assert proof and (proof.totals, proof.queries) == (3, 3)
        assert session.scalar(select(func.count()).select_from(SearchPurge)) == 3
    assert kept(database) == [[], [], []]


def test_the_clock_of_the_scheduler_keeps_the_periods_too(database: Database) -> None:
    bring(database, access_log("afval", "grofvuil"))
    RunClock(database, lambda site, by: [], lambda: NOW + timedelta(days=110)).purge()
    assert kept(database)[2] == []


def test_an_old_log_in_pieces_keeps_its_totals(database: Database) -> None:
    """Rotated in the middle of a day, and older than events are kept: each piece still counts once."""
    late = NOW + timedelta(days=200)
    lines = access_log(*["afval"] * 40).splitlines(keepends=True)
    assert [bring(database, "".join(part), late).added for part in (lines[:25], lines[25:], lines[10:30])] == [25, 15, 0]
    with database.session() as session:
        assert session.scalar(select(func.sum(SearchTotal.searches))) == 40
        assert session.scalar(select(func.count()).select_from(SearchEventRow)) == 0


def test_months_back() -> None:
    assert months_back(date(2026, 1, 20), 25) == date(2023, 12, 1)


def test_rare_queries_fold_into_one_row_with_totals_kept(database: Database) -> None:
    bring(database, access_log(*["afval"] * 5, *["grofvuil"] * 4, "eenmalig"))
    with database.session() as session:
        found = report(session, get_site(session, "Voorbeeld"), *JANUARY)
    assert [(line.text, line.searches) for line in found.queries] == [("afval", 5)]
    assert found.rare and (found.rare.text, found.rare.queries, found.rare.searches) == ("", 2, 5)
    assert (found.total.queries, found.total.searches, found.top10) == (3, 10, 1.0)
    assert found.total.zero_results is None and found.total.exits is None  # an access log does not say
    assert found.total.clicked == Share(0, 10)


def test_one_person_who_asks_often_is_still_rare(database: Database) -> None:
    bring(database, "".join(access_log("mijnvraag", start=datetime(2026, 1, 5, 9, number, tzinfo=UTC)) for number in range(9)))
    with database.session() as session:
        found = report(session, get_site(session, "Voorbeeld"), *JANUARY)
    assert found.queries == [] and found.rare and found.rare.searches == 9


def test_metrics_equal_a_truth_that_is_counted_by_hand(database: Database) -> None:
    """Six visits of User Behavior Insights, of which every number below was counted on paper."""
    at = datetime(2026, 1, 5, 10, tzinfo=UTC)

    def query(number: str, who: str, words: str, second: int, hits: int) -> dict[str, object]:
        moment = (at + timedelta(seconds=second)).isoformat()
        return {
            "query_id": number,
            "session_id": who,
            "user_query": words,
            "timestamp": moment,
            "query_response_hit_ids": ["x"] * hits,
        }

    def click(number: str, who: str, second: int, position: int) -> dict[str, object]:
        attributes = {"object": {"object_id": "/p"}, "position": {"ordinal": position}}
        moment = (at + timedelta(seconds=second)).isoformat()
        return {
            "action_name": "click",
            "query_id": number,
            "session_id": who,
            "timestamp": moment,
            "event_attributes": attributes,
        }

    records = [
        query("1", "a", "paspoort", 0, 5), click("1", "a", 4, 1), click("1", "a", 9, 3),  # clicked, first at 1
        query("2", "b", "paspoort", 0, 5), click("2", "b", 5, 4),  # clicked at 4
        query("3", "c", "paspoor", 0, 0), query("4", "c", "paspoort", 20, 5),  # spelling, then abandoned
        query("5", "d", "afval", 0, 3), query("6", "d", "afval kalender", 30, 0),  # added
        query("7", "d", "afval", 50, 3),  # removed, then abandoned
        query("8", "e", "grofvuil", 0, 0), query("9", "e", "milieustraat", 60, 2),  # replaced, then abandoned
        query("10", "f", "afval", 0, 3), query("11", "f", "afval", 20, 3), query("12", "f", "wmo", 400, 3),  # too late
    ]  # fmt: skip
    bring(database, "\n".join(map(json.dumps, records)))
    with database.session() as session:
        site = get_site(session, "Voorbeeld")
        total = report(session, site, *JANUARY).total
        assert median_seconds_to_click(session, site, *JANUARY) == 4.5
        assert median_seconds_to_click(session, site, date(2026, 2, 1), date(2026, 2, 3)) is None
    assert (total.searches, total.queries) == (12, 7)
    assert total.zero_results == Share(3, 12)
    assert total.clicked == Share(2, 12)
    assert total.reformulated == {"spelling": 1, "added": 1, "removed": 1, "replaced": 1}
    assert total.abandoned == Share(6, 12)
    assert total.click_rank == pytest.approx((1 + 1 / 4) / 2)
    assert total.exits is None


def test_an_interval_says_how_little_few_searches_tell() -> None:
    assert Share(0, 4).interval == pytest.approx((0.0, 0.4899), abs=1e-4)
    assert Share(50, 100).interval == pytest.approx((0.4038, 0.5962), abs=1e-4)


def test_removing_a_site_removes_its_searches(database: Database) -> None:
    bring(database, logs.COMBINED)
    with database.session() as session:
        remove_site(session, get_site(session, "Voorbeeld"))
        for table in ("search_source", "search_import", "search_query", "search_total", "search_event"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 0
