"""Exports in the forms that the programs themselves write, which are less tidy than their documentation."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime

import pytest
import search_logs as logs

from checks.search_log.read import ReadOptions, read_log
from rules.search_log import QueryTotal, Row, SearchEvent, SearchLogError, Source, Tally

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


def read(body: bytes | str, **options: object) -> tuple[Source, list[Row], Tally]:
    tally = Tally()
    body = body.encode() if isinstance(body, str) else body
    reading = read_log(io.BytesIO(body), ReadOptions(**options), tally)  # type: ignore[arg-type]
    return reading.source, list(reading.rows), tally


GA4_SCREEN = """\
# ----------------------------------------
# Zoektermen
# Account: Gemeente
# ----------------------------------------
#
# Alle gebruikers
# Begindatum: 20260101
# Einddatum: 20260131
N-de dag,Aantal gebeurtenissen
0000,12
0001,15

# Alle gebruikers
# Begindatum: 20260101
# Einddatum: 20260131
Zoekterm,Aantal gebeurtenissen,Totaal aantal gebruikers
,222,170
afval,120,90
"grofvuil
ophalen",100,80
(other),2,1
Totaal,444,341

# Alle gebruikers
# Begindatum: 20260101
Land,Aantal gebeurtenissen
Nederland,400
"""


def test_google_analytics_puts_another_table_above_and_one_below() -> None:
    source, rows, tally = read(GA4_SCREEN)
    assert source is Source.GA4
    assert rows == [QueryTotal(*JANUARY, "afval", 120, 90), QueryTotal(*JANUARY, "grofvuil ophalen", 100, 80)]
    assert (tally.left_out, tally.bad_lines) == ({"empty": 1, "totals": 2}, 0)


@pytest.mark.parametrize(
    ("above", "period"),
    [
        ("Siteimprove Analytics\nIntern zoeken\nPeriode: 1 januari 2026 - 31 januari 2026\n\n", None),
        ("Internal search\nJanuary 1, 2026 - January 31, 2026\n\n", None),
        ("Intern zoeken\nVan 01-01-2026 t/m 31-01-2026\n\n", None),
        ("Internal search;;;\n1/1/2026 - 1/31/2026;;;\n", JANUARY),  # a month or a day comes first: it is asked
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_title_above_the_headings(above: str, period: tuple[date, date] | None, encoding: str) -> None:
    table = "Search term;Searches;Visits;Search exits;Search result average\nafval;1.234,00;1 100;12;3,5\nhond;4;4;4;0,0\n"
    source, rows, tally = read((above + table).encode(encoding), period=period, source=Source.SITEIMPROVE)
    assert source is Source.SITEIMPROVE
    assert rows == [
        QueryTotal(*JANUARY, "afval", 1234, 1100, 0, None, 12),
        QueryTotal(*JANUARY, "hond", 4, 4, 4, None, 4),
    ]
    assert tally.bad_lines == 0


@pytest.mark.parametrize(
    ("written", "count"),
    [("1.234", 1234), ("1,234", 1234), ("1 234", 1234), ("1.234,00", 1234), ("1,234.0", 1234), ("12.345.678", 12_345_678)],
)
def test_numbers_as_people_write_them(written: str, count: int) -> None:
    _, [row], _ = read(f"Zoekwoord\tZoekopdrachten\nafval\t{written}\n", period=JANUARY)
    assert isinstance(row, QueryTotal) and row.searches == count


def test_a_workbook_is_asked_for_as_csv() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/sharedStrings.xml", "<sst/>")
    with pytest.raises(SearchLogError, match="save the sheet with the queries as CSV"):
        read(packed.getvalue())


def slow_line(shard: int, milliseconds: int, hits: int, phase: str = "query", query: str = "paspoort") -> str:
    body = json.dumps({"query": {"multi_match": {"query": query, "fields": ["title"]}}})
    return (
        f"[2026-01-05T10:00:00,{milliseconds:03}][WARN ][i.s.s.{phase:<21}] [node-0] [site][{shard}] took[1.4ms], "
        f"took_millis[1], total_hits[{hits} hits], stats[], search_type[DFS], total_shards[2], source[{body}], id[], "
    )


def test_a_slow_log_with_short_names_and_two_alike_at_one_moment() -> None:
    """Log4j's pattern writes "i.s.s.query"; of two visitors who ask the same within a second each shard tells both."""
    lines = [slow_line(0, 100, 2), slow_line(0, 120, 2), slow_line(1, 130, 3), slow_line(1, 140, 3)]
    lines += [slow_line(0, 150, 2, "fetch"), slow_line(0, 300, 0, query="hond")]
    source, rows, tally = read("\n".join(lines))
    assert source is Source.SLOW_LOG
    assert [(row.query, row.hits) for row in rows if isinstance(row, SearchEvent)] == [
        ("paspoort", 5),
        ("paspoort", 5),
        ("hond", 0),
    ]
    assert (tally.left_out, tally.bad_lines) == ({"another-phase": 3}, 0)


def test_the_slow_log_of_opensearch_names_its_phase_elsewhere() -> None:
    def record(phase: str, query: str) -> str:
        source = json.dumps({"query": {"match": {"title": {"query": query}}}})
        parts = {"type": "index_search_slowlog", "timestamp": "2026-01-05T10:00:00,150+01:00", "level": "WARN"}
        parts |= {"component": f"i.s.s.{phase}", "message": "[site][0]", "total_hits": "0 hits", "source": source}
        return json.dumps(parts)

    _, [row], tally = read("\n".join((record("query", "hond"), record("fetch", "hond"))))
    assert isinstance(row, SearchEvent)
    assert (row.query, row.hits, datetime.fromtimestamp(row.at_ms / 1000, UTC).hour) == ("hond", 0, 9)
    assert tally.left_out == {"another-phase": 1}


def test_solr_tells_before_a_query_how_to_read_it() -> None:
    line = (
        "2026-01-05 10:00:00.123 INFO  (qtp1-20) [c:site s:shard1 r:core_node2 x:site] o.a.s.c.S.Request  webapp=/solr "
        "path=/select params={q=%7B!edismax+qf%3Dtitle%7Dgrof+vuil&start=0&rows=10} hits=3 status=0 QTime=3"
    )
    _, [row], _ = read(line)
    assert isinstance(row, SearchEvent) and (row.query, row.hits) == ("grof vuil", 3)


UBI_QUERY = {"query_id": "a", "client_id": "c", "user_query": "hond", "timestamp": "2026-01-05T10:00:00Z"}
UBI_QUERY |= {"query_response_hit_ids": ["1"]}  # type: ignore[dict-item]
UBI_CLICK = {"action_name": "click", "query_id": "a", "client_id": "c", "timestamp": "2026-01-05T10:00:04Z"}
UBI_CLICK |= {"event_attributes": {"object": {"object_id": "/hond"}, "position": {"ordinal": 1}}}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "body",
    [
        "\n".join(map(json.dumps, (UBI_CLICK, UBI_QUERY))),  # two files one after the other, the clicks first
        json.dumps([UBI_CLICK, UBI_QUERY], indent=2),
        json.dumps({"took": 3, "_shards": {"total": 1}, "hits": {"hits": [{"_source": UBI_QUERY}, {"_source": UBI_CLICK}]}}),
    ],
)
def test_ubi_in_any_order_and_packing(body: str) -> None:
    source, rows, tally = read(body)
    assert source is Source.UBI
    events = [row for row in rows if isinstance(row, SearchEvent)]
    assert [(row.query, row.page, row.position) for row in events] == [("hond", None, None), ("hond", "/hond", 1)]
    assert not tally.left_out


def test_clicks_whose_searches_are_in_another_file_are_counted() -> None:
    _, rows, tally = read("\n".join(map(json.dumps, (UBI_CLICK, UBI_CLICK))))
    assert (rows, tally.left_out) == ([], {"click-alone": 2})


def test_a_search_that_was_asked_from_another_site_is_a_search_here() -> None:
    body = "\n".join(
        [
            logs.line("/zoeken?q=hond", referer="https://www.overheid.nl/"),
            logs.line("/zoeken?q=kat", referer="https://mijn.voorbeeld.nl/"),
            logs.line("/hond", referer="https://www.voorbeeld.nl/zoeken?q=hond"),
            logs.line("/zoeken?q=vis", referer="https://www.elders.nl/"),  # a second site in the same log
            logs.line("/a.css", referer="https://www.elders.nl/zoeken?q=vis"),
            "",
        ]
    )
    _, rows, tally = read(body)
    assert [(row.query, row.host) for row in rows] == [
        ("hond", ""),
        ("kat", ""),
        ("hond", "www.voorbeeld.nl"),
        ("vis", "www.elders.nl"),
    ]
    assert tally.referers == {"www.overheid.nl": 1, "mijn.voorbeeld.nl": 1}
