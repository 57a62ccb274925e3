"""Every source gives its searches, clicks and totals; what it is, is seen by itself; nothing personal comes out."""

from __future__ import annotations

import gzip
import io
import tracemalloc
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
import search_logs as logs
import zstandard

from checks.search_log.address import read_address
from checks.search_log.read import ReadOptions, read_log
from rules.search_log import QueryTotal, Row, SearchEvent, SearchLogError, Source, Tally

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


def read(body: bytes | str, **options: object) -> tuple[Source, list[Row], Tally]:
    tally = Tally()
    body = body.encode() if isinstance(body, str) else body
    reading = read_log(io.BytesIO(body), ReadOptions(**options), tally)  # type: ignore[arg-type]
    return reading.source, list(reading.rows), tally


def moment(row: Row) -> datetime:
    assert isinstance(row, SearchEvent)
    return datetime.fromtimestamp(row.at_ms / 1000, UTC)


def test_combined_gives_searches_and_clicks_and_says_what_it_left_out() -> None:
    source, rows, tally = read(logs.COMBINED)
    assert source is Source.COMBINED
    search, click, other = rows
    assert (search.query, search.page, moment(search)) == ("paspoort [bsn]", None, datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert (click.query, click.page, click.host) == ("paspoort [bsn]", "/paspoort", "www.voorbeeld.nl")
    assert search.session == click.session != other.session
    assert tally.lines == 12
    assert tally.left_out == {"paging": 1, "bot": 1, "vierluik": 1, "empty": 1, "not-shown": 1}
    assert (tally.bad_lines, tally.bad_samples) == (1, [(12, "not-this-format")])


def test_combined_with_a_virtual_host_and_escaped_quotes() -> None:
    body = "www.voorbeeld.nl:443 " + logs.line("/zoeken?q=%22afval%22", agent='Mozilla/5.0 \\"x\\" Firefox')
    _, [row], tally = read(body)
    assert (row.query, row.host, tally.bad_lines) == ('"afval"', "www.voorbeeld.nl", 0)


@pytest.mark.parametrize("address", ["/vraag?woord=", "https://www.voorbeeld.nl/vraag?woord=x", "woord"])
def test_a_search_address_can_be_said(address: str) -> None:
    _, [row], _ = read(logs.line("/vraag?taal=nl&woord=afval"), addresses=(read_address(address),))
    assert row.query == "afval"


@pytest.mark.parametrize(
    ("sent", "query"), [("caf%C3%A9", "café"), ("caf%E9", "café"), ("a%2Bb+c", "a+b c"), ("%E2%82%AC+5", "€ 5")]
)
def test_queries_in_every_encoding(sent: str, query: str) -> None:
    _, [row], _ = read(logs.line(f"/zoeken?q={sent}"))
    assert row.query == query


def test_the_search_of_the_start_page_is_not_that_of_every_folder() -> None:
    _, [row], _ = read(logs.line("/?s=afval") + "\n" + logs.line("/beeld/?s=200"))
    assert row.query == "afval"


@pytest.mark.parametrize("said", [True, False])
def test_searches_in_the_path_of_an_address(said: bool) -> None:
    body = "\n".join(
        [
            logs.line("/nl/zoeken/grof%20vuil"),
            logs.line("/producten/grofvuil", referer="https://www.voorbeeld.nl/nl/zoeken/grof%20vuil"),
            logs.line("/nl/zoeken/paspoort+kwijt/"),
            logs.line("/nl/zoeken/paspoort+kwijt/page/2"),
            logs.line("/nl/zoeken/afval?page=3"),
            logs.line("/nl/zoeken/bel%200612345678"),
            logs.line("/nl/zoeken/zoek.css"),
            logs.line("/nl/zoeken/tips/geavanceerd"),
            logs.line("/nl/paspoort/kwijt"),
        ]
    )
    _, rows, tally = read(body, addresses=(read_address("/nl/zoeken/{query}"),) if said else ())
    assert [(row.query, row.page) for row in rows] == [
        ("grof vuil", None),
        ("grof vuil", "/producten/grofvuil"),
        ("paspoort kwijt", None),
        ("bel [telefoon]", None),
    ]
    assert tally.left_out == {"paging": 2}
    assert tally.addresses == ["/nl/zoeken/{query}"]


def test_a_folder_of_few_pages_is_no_search() -> None:
    with pytest.raises(SearchLogError, match="--search-address"):
        read(logs.line("/zoeken/hulp") + "\n" + logs.line("/zoeken/tips"))


def test_suggestions_while_typing_are_no_searches() -> None:
    body = logs.line("/zoeken?q=afval") + "\n" + logs.line("/suggest?q=afv")
    _, [row], tally = read(body, addresses=(read_address("q"),))
    assert (row.query, tally.left_out) == ("afval", {"autocomplete": 1})


def test_an_access_log_without_a_search_is_a_sentence() -> None:
    with pytest.raises(SearchLogError, match="--search-address"):
        read(logs.line("/pagina?id=3"))


def test_all_blocks_and_broken_ends_give_every_line(monkeypatch: pytest.MonkeyPatch) -> None:
    body = "\n".join(logs.line(f"/zoeken?q=vraag{number}") for number in range(500)).encode()
    for size in (100, 1000, 4096):
        monkeypatch.setattr("checks.search_log.stream.BLOCK", size)
        _, rows, tally = read(body)
        assert [row.query for row in rows] == [f"vraag{number}" for number in range(500)]
        assert (tally.lines, tally.bad_lines) == (500 if size != 100 else tally.lines, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_matomo_tables_in_every_encoding(encoding: str) -> None:
    source, rows, tally = read((logs.MATOMO_CSV + "café;3;1;0%\n").encode(encoding), period=JANUARY)
    assert source is Source.MATOMO
    assert rows == [
        QueryTotal(*JANUARY, "afval", 1212, 1212, None, None, 303),
        QueryTotal(*JANUARY, "[e-mail]", 1, 1, None, None, 0),
        QueryTotal(*JANUARY, "café", 3, 3, None, None, 0),
    ]
    assert tally.masked == {"e-mail": 1}


def test_matomo_records_and_records_by_day() -> None:
    source, rows, _ = read(logs.MATOMO_JSON, period=JANUARY)
    assert (source, rows[0]) == (Source.MATOMO, QueryTotal(*JANUARY, "afval", 15, 12, None, None, 3))
    assert rows[1].query == "bel [telefoon]"
    _, rows, _ = read(b'{"2026-01-05":' + logs.MATOMO_JSON + b',"2026-01-06":[]}')
    assert rows[0] == QueryTotal(date(2026, 1, 5), date(2026, 1, 5), "afval", 15, 12, None, None, 3)


def test_matomo_queries_without_results() -> None:
    source, [row], _ = read(logs.MATOMO_NO_RESULTS, period=JANUARY)
    assert (source, row.query, row.zero_results) == (Source.MATOMO_NO_RESULTS, "grofvuil", 7)


def test_matomo_visits() -> None:
    source, rows, _ = read(logs.VISITS)
    assert source is Source.MATOMO_VISITS
    assert [(row.query, row.page, row.hits, row.exits) for row in rows] == [
        ("paspoort [bsn]", None, 4, False),
        ("paspoort [bsn]", "/paspoort", None, None),
        ("grofvuil", None, 0, True),
    ]


def test_ga4_takes_its_period_from_its_comments() -> None:
    source, rows, tally = read(logs.GA4)
    assert (source, tally.left_out) == (Source.GA4, {"empty": 1})
    assert rows == [QueryTotal(*JANUARY, "afval", 120, 90), QueryTotal(*JANUARY, "[bsn]", 2, 1)]


def test_siteimprove_as_table_and_records() -> None:
    source, rows, _ = read(logs.SITEIMPROVE, period=JANUARY)
    assert source is Source.SITEIMPROVE
    assert [(row.query, row.searches, row.sessions, row.zero_results, row.exits) for row in rows] == [
        ("afval", 20, 18, 0, 2),
        ("[telefoon]", 4, 4, 4, 4),
    ]
    record = b'{"items":[{"id":1,"search_term":"afval","searches":20,"visits":18,"search_exits":2,"search_result_average":0}]}'
    assert read(record, period=JANUARY)[1] == [QueryTotal(*JANUARY, "afval", 20, 18, 20, None, 2)]


def test_piwik_pro() -> None:
    source, rows, _ = read(logs.PIWIK_PRO, period=JANUARY)
    assert (source, rows[0]) == (Source.PIWIK_PRO, QueryTotal(*JANUARY, "afval", 30, 25, None, None, 5))
    assert rows[1].query == "de heer [naam]"


def test_ubi_in_bulk_form() -> None:
    source, rows, _ = read(logs.UBI)
    assert source is Source.UBI
    assert [(row.query, row.page, row.hits, row.position) for row in rows] == [
        ("afval [telefoon]", None, 2, None),
        ("grofvuil", None, 0, None),
        ("afval [telefoon]", "/afval/[e-mail]", None, 2),
    ]
    assert len({row.session for row in rows}) == 1


def test_a_slow_log_counts_a_search_once_over_its_shards() -> None:
    source, rows, tally = read(logs.SLOW_JSON)
    assert source is Source.SLOW_LOG
    assert [(row.query, row.hits) for row in rows] == [("paspoort [bsn]", 5), ("paspoort [bsn]", 1)]
    assert tally.left_out == {"another-phase": 2}
    source, [row], _ = read(logs.SLOW_TEXT)
    assert (source, row.hits, moment(row)) == (Source.SLOW_LOG, 4, datetime(2026, 1, 5, 9, 0, 0, 123000, tzinfo=UTC))


def test_solr() -> None:
    source, [row], tally = read(logs.SOLR)
    assert (source, row.query, row.hits) == (Source.SOLR, "paspoort [bsn]", 0)
    assert tally.left_out == {"paging": 1, "no-search": 1}


def test_search_console() -> None:
    source, rows, _ = read(logs.search_console())
    assert source is Source.SEARCH_CONSOLE
    assert rows[0] == QueryTotal(*JANUARY, "paspoort zwolle", 300, None, None, 12, None, "www.voorbeeld.nl")
    assert rows[1].query == "bel [telefoon]"


def test_a_table_of_nobody_is_shown_masked_and_read_when_confirmed() -> None:
    with pytest.raises(SearchLogError) as asked:
        read(logs.GENERIC)
    assert "--mapping" in str(asked.value) and "[bsn]" in str(asked.value) and "123456782" not in str(asked.value)
    mapping = {"query": "Gezocht", "searches": "keren", "day": "Wanneer"}
    _, rows, _ = read(logs.GENERIC, mapping=mapping)
    day = date(2026, 1, 5)
    assert rows == [QueryTotal(day, day, "afval", 5), QueryTotal(day, day, "[bsn]", 1)]
    with pytest.raises(SearchLogError, match="no column 'Hoe vaak'"):
        read(logs.GENERIC, mapping={**mapping, "searches": "Hoe vaak"})


EVENTS = "Tijdstip,Zoekterm,Aantal resultaten,Sessie\n{},afval,0,s1\n"


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-01-05 10:00:00", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-07-05 10:00:00", datetime(2026, 7, 5, 8, tzinfo=UTC)),
        ("05-07-2026 10:00", datetime(2026, 7, 5, 8, tzinfo=UTC)),
        ("2026-07-05T10:00:00+00:00", datetime(2026, 7, 5, 10, tzinfo=UTC)),
        ("2026-07-05T10:00:00Z", datetime(2026, 7, 5, 10, tzinfo=UTC)),
        ("2026-07-05 10:00:00 UTC", datetime(2026, 7, 5, 10, tzinfo=UTC)),
        ("2026-10-25 02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the clocks go through this hour twice
        ("2026-03-29 03:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("1767603600", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("1767603600000", datetime(2026, 1, 5, 9, tzinfo=UTC)),
    ],
)
def test_moments_in_every_form_are_utc(written: str, utc: datetime) -> None:
    _, [row], _ = read(EVENTS.format(written), confirmed=True)
    assert moment(row) == utc
    assert (row.hits, row.session is None) == (0, False)


def test_zones_may_differ_from_line_to_line() -> None:
    body = "\n".join(
        [logs.line("/zoeken?q=a1", "25/Oct/2026:02:30:00 +0200"), logs.line("/zoeken?q=a2", "25/Oct/2026:02:30:00 +0100"),
         logs.line("/zoeken?q=a3", "25/Oct/2026:01:30:00 +0000")]
    )  # fmt: skip
    first, second, third = read(body)[1]
    assert moment(second) == moment(third)
    assert (moment(second) - moment(first)).total_seconds() == 3600


@pytest.mark.parametrize(
    "pack",
    [
        gzip.compress,
        lambda body: gzip.compress(body[:700]) + gzip.compress(body[700:]),
        zstandard.compress,
        lambda body: zstandard.compress(body[:700]) + zstandard.compress(body[700:]),
        lambda body: zstandard.ZstdCompressor(write_content_size=False).compress(body),
    ],
)
def test_packed_logs(pack: object) -> None:
    assert [row.query for row in read(pack(logs.COMBINED))[1]] == [row.query for row in read(logs.COMBINED)[1]]  # type: ignore[operator]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_packed_log_that_breaks_off_is_refused(pack: object) -> None:
    with pytest.raises(SearchLogError, match="stops in the middle"):
        read(pack(logs.COMBINED * 30)[:-9])  # type: ignore[operator]


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.search_log.stream.BOMB_BYTES", 1 << 23)
    for pack in (gzip.compress, zstandard.compress):
        with pytest.raises(SearchLogError, match="far more than a log"):
            read(pack(logs.COMBINED + b"\n" + b"0" * (1 << 26)))
    monkeypatch.setattr("checks.search_log.search_console.LARGEST_FILE", 1000)
    with pytest.raises(SearchLogError, match="far more"):
        read(logs.search_console(lines=5000))


def test_an_access_log_without_line_ends_is_no_log_and_is_never_held_whole() -> None:
    line = logs.line("/zoeken?q=afval")
    body = (line + "\n" + f"{line} " * 200_000).encode()
    tracemalloc.start()
    try:
        _, rows, tally = read(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [row.query for row in rows] == ["afval"]
    assert (tally.bad_lines, tally.bad_samples) == (1, [(2, "too-long")])
    assert peak < len(body) / 2


TEN_MB = "x" * 10_000_000


@pytest.mark.parametrize(
    "body",
    [
        logs.line(f"/zoeken?q={TEN_MB}") + "\n" + logs.line("/zoeken?q=afval"),
        f"Zoekterm,Aantal,Tijdstip\n{TEN_MB},1,2026-01-05 10:00\nafval,1,2026-01-05 10:00\n",
        f'{{"user_query":"{TEN_MB}","query_id":"1","timestamp":"2026-01-05T10:00:00Z"}}\n'.encode() + logs.UBI,
    ],
)
def test_a_query_of_ten_megabytes_is_a_bad_line(body: str | bytes) -> None:
    _, rows, tally = read(body, confirmed=True)
    assert tally.bad_lines == 1
    assert tally.bad_samples[0][1] == "too-long"
    assert rows and all(len(row.query) <= 300 for row in rows)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "the file is empty"),
        (b"\xff\xfe", "the file is empty"),
        (b"%PDF-1.7 ...", "is no text"),
        (b"alleen een regel tekst\nen nog een", "do not fall into columns"),
        (b"# alleen commentaar\n", "no line with headings"),
        (b'[{"label":"afval","nb_visits":3', "no whole JSON"),
        (b'{"a":' * 50_000, "no program|no whole JSON|nested"),
        (b'[{"x":1}]', "of no program that is known"),
        (b'{"result":"error","message":"nb_visits"}', "of no program|answered with an error"),
        (b"Zoekwoord|Zoekopdrachten\nafval|3\n", "--period"),
        (b"PK\x03\x04 broken", "zip is damaged"),
        (b"Kolom,Andere\n1,2\n", "--mapping"),
    ],
)
def test_what_is_no_search_log_is_a_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(SearchLogError, match=sentence):
        read(body)


def test_bad_numbers_and_days_are_counted_not_fatal() -> None:
    rows = ("2026-01-05,afval,5", "2026-13-05,afval,5", "2026-01-05,afval,veel", "2026-01-05,afval,-3", "2026-01-05,x,1e99")
    body = "\n".join(("Datum,Zoekterm,Aantal", *rows))
    _, found, tally = read(body, confirmed=True)
    assert len(found) == 1
    assert (tally.bad_lines, tally.bad_samples[0]) == (4, (3, "no-day"))


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE site; --", '=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "\x1b[2J", "<script>alert(1)</script>"]
)
def test_injections_stay_text(query: str) -> None:
    _, [row], _ = read(logs.line(f"/zoeken?q={quote(query)}"))
    assert "\x1b" not in row.query
    assert row.query == " ".join(query.replace("\x1b", " ").lower().split())
