"""Search logs that programs write as records: Matomo's visits, User Behavior Insights, slow logs, Solr.

Source: Matomo's Live.getLastVisitsDetails; UBI 1.3 (queries and events, also in OpenSearch's bulk form); the slow log of
Elasticsearch 7 and 8 and OpenSearch, as JSON and as text, one line for each shard; Solr's request log.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from checks.search_log.json_records import json_document, json_lines
from checks.search_log.sessions import Sessions
from checks.search_log.stream import LogStream
from checks.search_log.table import read_moment
from rules.search_log import SearchEvent, Tally

REMEMBERED = 100_000  # UBI's queries, whose clicks come later; searches whose other shards come later
SOLR = re.compile(
    r"webapp=(?P<webapp>\S+)\s+path=(?P<path>\S+)\s+params=\{(?P<params>.*)\}(?:\s+hits=(?P<hits>\d+))?\s+status=(?P<status>-?\d+)"
    r"\s+QTime=(?P<qtime>\d+)"
)
SLOW_TEXT = re.compile(
    r"^\[(?P<ts>[^\]]+)\]\[\w+\s*\]\[[\w.]*?(?:slowlog|i\.s\.s)\.(?P<phase>query|fetch)\s*\]\s*\[(?P<node>[^\]]*)\]\s*"
    r"\[(?P<index>[^\]]+)\]\[(?P<shard>\d+)\]\s*took\[[^\]]+\], took_millis\[\d+\],(?: total_hits\[(?P<hits>[^\]]*)\],)?"
    r".*?source\[(?P<source>.*?)\](?:, (?:extra_source|task_id)\[[^\]]*\])*(?:, id\[(?P<id>[^\]]*)\])?,?\s*$"
)
LOG_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)")
LOCAL_PARAMETERS = re.compile(r"^\s*(?:\{![^}]*\}\s*)+")  # how to read the query, before it
# Where a query of Elasticsearch keeps what a visitor typed, the surest first.
QUERY_KEYS = ("query", "value", "q")
CLAUSES = (
    "multi_match",
    "query_string",
    "simple_query_string",
    "match",
    "match_phrase",
    "match_phrase_prefix",
    "match_bool_prefix",
    "term",
    "combined_fields",
)
ANSWER = re.compile(rb'\{[^{}]{0,300}(?:"_shards"\s*:\s*\{[^{}]*\}\s*,\s*)?"hits"\s*:\s*\{')
SAME_SEARCH_MS = 1_000


def read_matomo_visits(records: Iterator[tuple[int, Any]], tally: Tally) -> Iterator[SearchEvent]:
    """Searches with their results, the page opened after each, and the end of the visit."""
    sessions = Sessions()
    for number, visit in records:
        actions = visit.get("actionDetails") if isinstance(visit, dict) else None
        if not isinstance(actions, list):
            tally.bad(number, "not-this-format")
            continue
        if "vierluik" in str(visit.get("userAgent") or visit.get("browser") or "").lower():
            tally.left_out["vierluik"] += 1
            continue
        mark = str(visit.get("idVisit") or number).encode()
        actions = [one for one in actions if isinstance(one, dict)]
        for place, action in enumerate(actions):
            if action.get("type") not in ("search", 8, "8"):
                continue
            query, at = str(action.get("siteSearchKeyword") or ""), action.get("timestamp")
            if not query.strip():
                tally.left_out["empty"] += 1
                continue
            if not isinstance(at, (int, float)) or not 0 < at < 1e11:
                tally.bad(number, "no-day")
                continue
            rest = [one for one in actions[place + 1 :] if one.get("type") in ("search", "action", "download", "outlink", 8, "8")]
            session = sessions.number(mark, int(at) * 1000)
            host = _host(str(action.get("url") or ""))
            yield SearchEvent(int(at) * 1000, query, session, None, _count(action.get("siteSearchCount")), None, not rest, host)
            if rest and rest[0].get("type") in ("action", "download", "outlink"):
                then = rest[0].get("timestamp")
                moment = int(then) * 1000 if isinstance(then, (int, float)) and then >= at else int(at) * 1000
                yield SearchEvent(moment, query, session, str(rest[0].get("url") or "/"), host=host)


def read_ubi(stream: LogStream, zone: ZoneInfo, tally: Tally) -> Iterator[SearchEvent]:
    """Queries with their results and clicks with their position; lines that only say where a record goes are passed over."""
    sessions = Sessions()
    asked: OrderedDict[str, str] = OrderedDict()
    early: OrderedDict[str, list[SearchEvent]] = OrderedDict()  # clicks that stand before their query
    for number, record in _ubi_records(stream, tally):
        if len(record) == 1 and record.keys() <= {"index", "create"}:
            continue
        record = record["_source"] if isinstance(record.get("_source"), dict) else record
        at = read_moment(str(record.get("timestamp") or ""), zone)
        identity = str(record.get("query_id") or "")
        query = record.get("user_query")
        if at is None:
            tally.bad(number, "no-day")
            continue
        who = str(record.get("session_id") or record.get("client_id") or "")
        session = sessions.number(who.encode(), at) if who else None
        if "action_name" not in record:
            if not isinstance(query, str) or not query.strip():
                tally.left_out["empty"] += 1
                continue
            asked[identity] = query
            if len(asked) > REMEMBERED:
                asked.popitem(last=False)
            hits = record.get("query_response_hit_ids")
            yield SearchEvent(at, query, session, None, len(hits) if isinstance(hits, list) else None)
            yield from (click._replace(query=query) for click in early.pop(identity, ()))
        elif "click" in str(record["action_name"]).lower():
            query = query if isinstance(query, str) and query.strip() else asked.get(identity)
            click = SearchEvent(at, query or "", session, _ubi_page(record), position=_ubi_position(record))
            if query:
                yield click
            else:
                early.setdefault(identity, []).append(click)
                if len(early) > REMEMBERED:
                    tally.left_out["click-alone"] += len(early.popitem(last=False)[1])
    if early:
        tally.left_out["click-alone"] += sum(map(len, early.values()))


def _ubi_records(stream: LogStream, tally: Tally) -> Iterator[tuple[int, dict[str, Any]]]:
    """Objects that stand one on a line, in an array, or in the answer of a search ("hits")."""
    head = stream.head().lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head.startswith(b"[") and not ANSWER.match(head):
        yield from json_lines(stream, tally)
        return
    for number, member in json_document(stream, tally):
        hits = member.get("hits") if isinstance(member, dict) else None
        found = hits.get("hits") if isinstance(hits, dict) else [member]
        for record in found if isinstance(found, list) else ():
            if isinstance(record, dict):
                yield number, record
            else:
                tally.bad(number, "not-this-format")


def _ubi_attributes(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    attributes = record.get("event_attributes")
    part = attributes.get(name) if isinstance(attributes, dict) else None
    return part if isinstance(part, dict) else {}


def _ubi_page(record: Mapping[str, Any]) -> str:
    clicked = _ubi_attributes(record, "object")
    return str(clicked.get("url") or clicked.get("object_id") or clicked.get("name") or "/")


def _ubi_position(record: Mapping[str, Any]) -> int | None:
    position = _count(_ubi_attributes(record, "position").get("ordinal"))
    return position if position else None


@dataclass
class _Sharded:
    """A search of which more shards may come: of two alike at one moment, each shard tells both."""

    at_ms: int
    shards: set[str]
    hits: int | None


def read_slow_log(stream: LogStream, zone: ZoneInfo, tally: Tally) -> Iterator[SearchEvent]:
    """One search for the lines of all its shards: alike in index, query and mark, within a second. Results are added up."""
    waiting: OrderedDict[tuple[str, str, str], list[_Sharded]] = OrderedDict()
    for number, line in stream.lines():
        found = _slow_json(line) if line.lstrip().startswith(b"{") else _slow_text(line)
        at = read_moment(found["ts"], zone) if found else None
        if not found or at is None:
            tally.bad(number, "not-this-format")
            continue
        query = query_of_body(found["source"])
        if found["phase"] == "fetch" or not query.strip():
            tally.left_out["another-phase" if found["phase"] == "fetch" else "no-search"] += 1
            continue
        key = (found["index"], found["id"], query)
        hits = int(found["hits"]) if found["hits"].isdigit() else None
        alike = waiting.setdefault(key, [])
        known = next((one for one in alike if found["shard"] not in one.shards and abs(at - one.at_ms) <= SAME_SEARCH_MS), None)
        if known:
            known.hits = hits if known.hits is None else known.hits + (hits or 0)
            known.at_ms = min(known.at_ms, at)
            known.shards.add(found["shard"])
            tally.left_out["another-phase"] += 1
            continue
        while alike and at - alike[0].at_ms > SAME_SEARCH_MS:
            done = alike.pop(0)
            yield SearchEvent(done.at_ms, query, None, None, done.hits)
        alike.append(_Sharded(at, {found["shard"]}, hits))
        waiting.move_to_end(key)
        while len(waiting) > REMEMBERED or at - next(iter(waiting.values()))[0].at_ms > 10 * SAME_SEARCH_MS:
            (_, _, first), done_ones = waiting.popitem(last=False)
            yield from (SearchEvent(one.at_ms, first, None, None, one.hits) for one in done_ones)
    for (_, _, query), done_ones in waiting.items():
        yield from (SearchEvent(one.at_ms, query, None, None, one.hits) for one in done_ones)


def _slow_json(line: bytes) -> dict[str, str] | None:
    """The fields of a line of JSON, with points in their names or objects in each other, of Elasticsearch or OpenSearch."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    flat: dict[str, Any] = {}
    _flatten("", record, flat, 0)

    def field(*names: str) -> str:
        for name in names:
            for prefix in ("elasticsearch.slowlog.", "opensearch.slowlog.", ""):
                if (value := flat.get(prefix + name)) is not None:
                    return str(value)
        return ""

    shard = field("shard", "shard_id", "elasticsearch.shard.id")
    index = field("index", "elasticsearch.index.name")
    message = field("message")
    if found := re.match(r"\[([^\]]+)\]\[(\d+)\]", message):
        index, shard = index or found[1], shard or found[2]
    logger = field("log.logger", "logger", "component", "type", "event.dataset")
    phase = "fetch" if logger.rstrip().endswith((".fetch", "_fetch")) else "query"
    if not field("source"):
        return None
    return {
        "ts": field("@timestamp", "timestamp"), "phase": phase, "index": index, "shard": shard or "0",
        "hits": re.sub(r"\D.*$", "", field("total_hits")), "source": field("source"), "id": field("id"),
    }  # fmt: skip


def _flatten(prefix: str, value: Mapping[str, Any], flat: dict[str, Any], depth: int) -> None:
    for name, member in value.items():
        if isinstance(member, dict) and depth < 6:
            _flatten(f"{prefix}{name}.", member, flat, depth + 1)
        else:
            flat[f"{prefix}{name}"] = member


def _slow_text(line: bytes) -> dict[str, str] | None:
    match = SLOW_TEXT.match(line.decode("utf-8", "replace"))
    if match is None:
        return None
    found = {name: value or "" for name, value in match.groupdict().items()}
    return {**found, "hits": re.sub(r"\D.*$", "", found["hits"])}


def query_of_body(source: str) -> str:
    """What a visitor typed, in the body of a search; empty where nobody typed anything."""
    try:
        body = json.loads(source)
    except (ValueError, RecursionError):
        return ""
    return _typed(body, 0)


def _typed(value: Any, depth: int) -> str:
    if depth > 30:
        return ""
    if isinstance(value, list):
        return next(filter(None, (_typed(one, depth + 1) for one in value)), "")
    if not isinstance(value, dict):
        return ""
    for clause in CLAUSES:
        inner = value.get(clause)
        if isinstance(inner, dict) and (found := _words(inner)):
            return found
    return next(
        filter(None, (_typed(one, depth + 1) for name, one in value.items() if name not in ("filter", "must_not", "aggs"))), ""
    )


def _words(clause: Mapping[str, Any]) -> str:
    """The words of one clause: of "multi_match" in it, of "match" in the one field that it names."""
    for key in QUERY_KEYS:
        if isinstance(clause.get(key), str):
            return str(clause[key])
    for inner in clause.values():
        if isinstance(inner, str):
            return inner
        if isinstance(inner, dict):
            return next((str(inner[key]) for key in QUERY_KEYS if isinstance(inner.get(key), str)), "")
    return ""


def read_solr(stream: LogStream, zone: ZoneInfo, tally: Tally) -> Iterator[SearchEvent]:
    """Searches with their number of results; other lines of Solr's log are passed over."""
    for number, line in stream.lines():
        if b"params={" not in line:
            continue
        text = line.decode("utf-8", "replace")
        match, moment = SOLR.search(text), LOG_MOMENT.search(text)
        if match is None and " hits=" not in text:  # the index is being written
            tally.left_out["no-search"] += 1
            continue
        at = read_moment(moment[1], zone) if moment else None
        if match is None or at is None:
            tally.bad(number, "not-this-format")
            continue
        try:
            given = parse_qs(match["params"], max_num_fields=500)
        except ValueError:
            tally.bad(number, "not-this-format")
            continue
        query = LOCAL_PARAMETERS.sub("", next(iter(given.get("q", ())), ""))
        if given.get("distrib") == ["false"] or given.get("isShard") == ["true"]:
            tally.left_out["another-phase"] += 1
        elif match["hits"] is None or match["path"].startswith(("/suggest", "/spell", "/admin", "/update", "/get")):
            tally.left_out["no-search"] += 1
        elif query.strip() in ("", "*", "*:*"):
            tally.left_out["empty"] += 1
        elif given.get("start", ["0"])[0] not in ("", "0"):
            tally.left_out["paging"] += 1
        else:
            yield SearchEvent(at, query, None, None, int(match["hits"]))


def _count(value: Any) -> int | None:
    try:
        count = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return count if 0 <= count < 2**31 else None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
