"""Search logs as the programs write them, small, with personal data planted in each."""

from __future__ import annotations

import io
import json
import zipfile

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
HOST = "https://www.voorbeeld.nl"
PLANTED = ("123456782", "jan@voorbeeld.nl", "0612345678", "10.1.2.3")


def line(
    target: str,
    at: str = "05/Jan/2026:10:00:00 +0100",
    referer: str = "-",
    agent: str = AGENT,
    ip: str = "10.1.2.3",
    status: int = 200,
) -> str:
    return f'{ip} - - [{at}] "GET {target} HTTP/1.1" {status} 512 "{referer}" "{agent}"'


COMBINED = "\n".join(
    [
        line("/"),
        line("/zoeken?q=paspoort+123456782"),
        line("/paspoort?t=jan@voorbeeld.nl", "05/Jan/2026:10:00:07 +0100", f"{HOST}/zoeken?q=paspoort+123456782"),
        line("/css/a.css", "05/Jan/2026:10:00:07 +0100", f"{HOST}/zoeken?q=paspoort+123456782"),
        line("/zoeken?q=paspoort+123456782&page=2", "05/Jan/2026:10:00:09 +0100", f"{HOST}/zoeken?q=paspoort+123456782"),
        line("/zoeken?q=grofvuil", "05/Jan/2026:10:01:00 +0100", ip="10.9.9.9"),
        line("/zoeken?q=grofvuil", agent="Mozilla/5.0 (compatible; Googlebot/2.1)"),
        line("/zoeken?q=grofvuil", agent="Mozilla/5.0 (compatible; Vierluik/0.1; +https://voorbeeld.nl)"),
        line("/zoeken?q="),
        line("/zoeken/autocomplete?q=gro"),
        line("/zoeken?q=weg", status=404),
        "dit is geen regel /zoeken?q=jan@voorbeeld.nl",
    ]
).encode()
MATOMO_JSON = json.dumps(
    [
        {"label": "afval", "nb_visits": 12, "nb_hits": 15, "exit_nb_visits": 3, "bounce_rate": "4%"},
        {"label": "bel 0612345678", "nb_visits": 1, "nb_hits": 1},
    ]
).encode()
MATOMO_CSV = (
    "Zoekwoord;Zoekopdrachten;Zoekresultaat pagina's;% verlaten na zoekopdracht\nafval;1.212;1,5;25%\njan@voorbeeld.nl;1;1;0%\n"
)
MATOMO_NO_RESULTS = "Sleutelwoord zonder zoekresultaten,Zoekopdrachten\r\ngrofvuil,7\r\n"
GA4 = (
    "# ----------------------------------------\n# Zoektermen\n# 20260101-20260131\n# ----------------------------------------\n"
    "Zoekterm,Aantal gebeurtenissen,Totaal aantal gebruikers\n,99,80\nafval,120,90\n123456782,2,1\n"
)
SITEIMPROVE = "id,search_term,searches,visits,search_exits,search_result_average\n1,afval,20,18,2,3.5\n2,0612345678,4,4,4,0\n"
PIWIK_PRO = "Internal search keyword\tSearches\tSessions\tExits\nafval\t30\t25\t5\nde heer Jansen\t6\t6\t0\n"
VISITS = json.dumps(
    [
        {
            "idVisit": "12",
            "visitIp": "10.1.2.3",
            "visitorId": "abcdef",
            "actionDetails": [
                {"type": "action", "url": f"{HOST}/", "timestamp": 1767603600},
                {
                    "type": "search",
                    "siteSearchKeyword": "paspoort 123456782",
                    "siteSearchCount": "4",
                    "timestamp": 1767603610,
                    "url": f"{HOST}/zoeken",
                },
                {"type": "action", "url": f"{HOST}/paspoort?mail=jan@voorbeeld.nl", "timestamp": 1767603620},
                {"type": "search", "siteSearchKeyword": "grofvuil", "siteSearchCount": 0, "timestamp": 1767603660},
            ],
        }
    ]
).encode()
UBI = "\n".join(
    json.dumps(one)
    for one in [
        {"index": {"_index": "ubi_queries"}},
        {
            "query_id": "a", "client_id": "c1", "user_query": "afval 0612345678", "timestamp": "2026-01-05T10:00:00Z",
            "query_response_hit_ids": ["1", "2"],
        },
        {
            "query_id": "b", "client_id": "c1", "user_query": "grofvuil", "timestamp": "2026-01-05T10:01:00Z",
            "query_response_hit_ids": [],
        },
        {"action_name": "impression", "query_id": "a", "client_id": "c1", "timestamp": "2026-01-05T10:00:01Z"},
        {
            "action_name": "click", "query_id": "a", "client_id": "c1", "timestamp": "2026-01-05T10:00:05Z",
            "event_attributes": {"object": {"object_id": "/afval/jan@voorbeeld.nl"}, "position": {"ordinal": 2}},
        },
    ]
).encode()  # fmt: skip
_MATCH = {"multi_match": {"query": "paspoort 123456782", "fields": ["title"]}}
_BODY = json.dumps({"query": {"bool": {"must": [_MATCH], "filter": [{"term": {"type": "page"}}]}}})


def slow(shard: int, hits: int, at: str = "2026-01-05T10:00:00,123Z", phase: str = "query", mark: str = "") -> str:
    record = {
        "@timestamp": at, "log.logger": f"index.search.slowlog.{phase}", "message": f"[site][{shard}]",
        "elasticsearch.slowlog.source": _BODY, "elasticsearch.slowlog.total_hits": f"{hits} hits",
        "elasticsearch.slowlog.total_shards": 2, "elasticsearch.slowlog.id": mark,
    }  # fmt: skip
    return json.dumps(record)


SLOW_JSON = "\n".join(
    [slow(0, 2), slow(1, 3, "2026-01-05T10:00:00,150Z"), slow(0, 2, phase="fetch"), slow(0, 1, "2026-01-05T10:00:09,000Z")]
).encode()
SLOW_TEXT = (
    "[2026-01-05T10:00:00,123][INFO ][index.search.slowlog.query] [node-1] [site][0] took[1.2ms], took_millis[1], "
    "total_hits[4 hits], "
    f"types[], stats[], search_type[QUERY_THEN_FETCH], total_shards[1], source[{_BODY}], id[], \n"
).encode()
SOLR = (
    b"2026-01-05 10:00:00.123 INFO  (qtp1-20) [   x:site] o.a.s.c.S.Request [site]  webapp=/solr path=/select "
    b"params={q=paspoort+123456782&wt=json} hits=0 status=0 QTime=3\n"
    b"2026-01-05 10:00:01.123 INFO  (qtp1-20) [   x:site] o.a.s.c.S.Request [site]  webapp=/solr path=/select "
    b"params={q=paspoort&start=10} hits=12 status=0 QTime=3\n"
    b"2026-01-05 10:00:02.123 INFO  (qtp1-20) [   x:site] o.a.s.c.S.Request [site]  webapp=/solr path=/admin/ping "
    b"params={} status=0 QTime=1\n"
)
GENERIC = "Wanneer;Gezocht;Keren\n2026-01-05;afval;5\n2026-01-05;123456782;1\n"


def search_console(host: str = HOST, lines: int = 1) -> bytes:
    packed = io.BytesIO()
    queries = "Populairste zoekopdrachten,Klikken,Vertoningen,CTR,Positie\n" + "paspoort zwolle,12,300,4%,3.1\n" * lines
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Zoekopdrachten.csv", queries + "bel 0612345678,1,6,16%,2\n")
        archive.writestr("Pagina's.csv", f"Populairste pagina's,Klikken,Vertoningen\n{host}/paspoort,12,300\n")
        archive.writestr("Diagram.csv", "Datum,Klikken\n2026-01-01,4\n2026-01-31,9\n")
    return packed.getvalue()
