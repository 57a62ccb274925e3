"""The access log of nginx or Apache: a search is a request to the search address, a click one that comes from there.

Source: Apache's LogFormat "combined" (also with the virtual host before it), nginx's log_format combined.
A log of gigabytes holds few searches: lines are found by a plain search for bytes, and only those are taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from checks.search_log.address import ASSET, BOT, SearchAddress, Searches, likely, likely_in_path
from checks.search_log.sessions import Sessions
from checks.search_log.stream import LONGEST_LINE, LogStream
from rules.search_log import SearchEvent, SearchLogError, Tally

LINE = re.compile(
    rb'^(?P<before>[^\[\r\n]{1,600}?) \[(?P<at>[^\]]{10,40})\] "(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?:\d+|-)'
    rb'(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?'
)
ANSWERED = (b" 200 ", b" 304 ")
SECONDS = {b"%02d" % second: second * 1000 for second in range(61)}  # in milliseconds; a leap second is one
LOOKED_AT_FIRST = 16  # blocks in which search addresses are looked for, as long as none was found also in the next ones
REQUEST = re.compile(rb'"GET (\S{1,2000}\?\S{1,2000}) HTTP')
FOLDER_REQUEST = re.compile(rb'"GET (/\S{0,20}(?i:zoek|search)[a-z-]{0,15}/[^\s/]\S{0,500}) HTTP')
OUTSIDE = re.compile(r"(?:^|\.)(?:google|bing|duckduckgo|ecosia|yahoo|startpage|yandex|qwant)\.")
FOUND = frozenset((b"200", b"304"))
CACHE = 200_000


def is_combined(head: bytes) -> bool:
    """Whether most of the first lines are of this form."""
    lines = [line for line in head[:100_000].split(b"\n")[:50] if line.strip()]
    return bool(lines) and sum(LINE.match(line) is not None for line in lines) * 2 >= len(lines)


def read_combined(stream: LogStream, addresses: Sequence[SearchAddress], tally: Tally) -> Iterator[SearchEvent]:
    """Searches and clicks. Raises SearchLogError where no line of the log is of this form or none goes to a search address."""
    reader = _Reader(addresses, tally)
    stream.is_digested = False  # of gigabytes only the lines that count
    looked, rest, too_long = 0, b"", False
    for block in stream.blocks():
        end = block.rfind(b"\n") + 1
        data, rest = (rest + block[:end], block[end:]) if end else (b"", rest + block)
        if too_long and data:
            tally.bad(tally.lines + 1, "too-long")
            data, too_long = data[data.find(b"\n") + 1 :], False
            tally.lines += 1
        if len(rest) > LONGEST_LINE:
            rest, too_long = b"", True
        if not addresses and (looked < LOOKED_AT_FIRST or not reader.needles):
            reader.learn(data or rest)
            looked += 1
        yield from reader.events(data)
    if rest:
        if not addresses and not reader.needles:
            reader.learn(rest)
        yield from reader.events(rest + b"\n")
    elif too_long:
        tally.bad(tally.lines + 1, "too-long")
    tally.digest.update(b"%d lines" % tally.lines)
    tally.addresses = [str(address) for address in reader.searches.addresses]
    if not reader.needles:
        raise SearchLogError(
            "no request in it looks like a search; say where the site's search answers: --search-address /zoeken?q="
        )


class _Reader:
    """What is remembered from line to line."""

    def __init__(self, addresses: Sequence[SearchAddress], tally: Tally) -> None:
        self.searches = Searches(addresses)
        self.tally = tally
        self.sessions = Sessions()
        self.needles = _shortest(addresses)
        self.is_in_path = any(not one.parameter for one in addresses)
        self._midnights: dict[tuple[bytes, bytes], int] = {}
        self._minutes: dict[tuple[bytes, bytes], int] = {}
        self._pages: dict[bytes, str] = {}
        self._bots: dict[bytes, bool] = {}
        self._queries: dict[bytes, tuple[str, str]] = {}
        self._referers: dict[bytes, tuple[str, str]] = {}
        self._hosts: set[str] = set()  # on which one of the searches was seen to answer

    def learn(self, data: bytes) -> None:
        """Look which addresses are asked with a query, and take those from here on."""
        for match in REQUEST.finditer(data):
            address = likely(match[1].decode("ascii", "replace"))
            if address and address not in self.searches.addresses and len(self.searches.addresses) < 20:
                self.searches.add([address])
        if not self.searches.addresses:
            self.searches.add(likely_in_path(match[1].decode("ascii", "replace") for match in FOLDER_REQUEST.finditer(data)))
        self.needles = _shortest(self.searches.addresses)
        self.is_in_path = bool(self.searches.in_path)

    def events(self, data: bytes) -> Iterator[SearchEvent]:
        """The events in whole lines."""
        first_line = self.tally.lines + 1
        self.tally.lines += data.count(b"\n")
        spans = list(self._candidates(data))
        if not spans:
            return
        lines = [data[begin:end] for begin, end in spans]
        self.tally.digest.update(b"\n".join([*lines, b""]))  # the same, whatever blocks the log comes in
        found = []
        for (begin, _), line in zip(spans, lines, strict=True):
            try:
                event = self._event(line)
            except ValueError as error:
                wrong = str(error) if str(error) == "too-long" else "not-this-format"
                self.tally.bad(first_line + data.count(b"\n", 0, begin), wrong)
                continue
            if event is not None:
                found.append(event)
        for event in found:  # after the whole block: what follows a search tells best on which host it was
            if event.host and event.page is None and event.host not in self._hosts:
                self.tally.referers[event.host] += 1
                event = event._replace(host="")
            yield event

    def _candidates(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where the lines stand that hold one of the needles, in order."""
        after_path = tuple(needle for needle in self.needles if needle.endswith(b"?"))
        others = [needle for needle in self.needles if not needle.endswith(b"?")]
        if not others:
            return _lines_asking(data, after_path)
        found = [_lines_asking(data, after_path), *(_lines_with(data, needle) for needle in others)]
        return iter(sorted({span for spans in found for span in spans}))

    def _event(self, line: bytes) -> SearchEvent | None:
        """What a line says. Most have one form, that is taken apart at its quotation marks in a third of the time of LINE."""
        if len(line) > LONGEST_LINE:
            raise ValueError("too-long")
        parts = line.split(b'"', 6)
        if len(parts) < 7 or parts[4] != b" " or not parts[2].startswith(ANSWERED) or b"\\" in line:
            return self._unusual(line)
        before, request = parts[0].split(b" "), parts[1].split(b" ")
        if len(before) != 6 or len(request) != 3 or request[0] != b"GET":
            return self._unusual(line)
        stamp, zone = before[3], before[4]
        second = SECONDS.get(stamp[19:])
        if second is None or len(stamp) != 21 or len(zone) != 6:
            return self._unusual(line)
        at_ms = self._minutes.get((stamp[:18], zone))
        if at_ms is None:
            at_ms = self._minute(stamp[1:] + b" " + zone[:-1])
        return self._made(at_ms + second, before[0], request[1], parts[3], parts[5], "")

    def _unusual(self, line: bytes) -> SearchEvent | None:
        """A line with a virtual host, escaped signs, another method or another answer."""
        match = LINE.match(line)
        if match is None:
            raise ValueError("no combined line")
        method, _, target = match["request"].partition(b" ")
        at_ms = self._minute(match["at"]) + _second(match["at"][18:20])
        before = match["before"].split(b" ")
        has_host = len(before) == 4  # host, address, identity, user
        host = before[0].partition(b":")[0].decode("ascii", "replace").lower() if has_host else ""
        if host:
            self._hosts.add(host)
        left_out = "" if method == b"GET" and match["status"] in FOUND else "not-shown"
        target, referer, agent = target.partition(b" ")[0], match["referer"] or b"", match["agent"] or b""
        return self._made(at_ms, before[has_host], target, referer, agent, host, left_out)

    def _made(
        self, at_ms: int, visitor: bytes, target: bytes, referer: bytes, agent: bytes, host: str, left_out: str = ""
    ) -> SearchEvent | None:
        asked, why = self._queries.get(target) or self._query(target)
        came_from, from_host = self._referers.get(referer) or self._referer(referer)
        if not asked and not why and not came_from:
            return None
        if not left_out:
            if self._is_bot(agent):
                left_out = "vierluik" if b"vierluik" in agent.lower() else "bot"
            elif why or (asked and asked == came_from):  # the next page, a filter, another order
                left_out = why or "paging"
        if left_out:
            self.tally.left_out[left_out] += 1
            return None
        session = self.sessions.number(visitor + agent, at_ms)
        if asked:
            return SearchEvent(at_ms, asked, session, None, None, None, None, host or from_host)
        page = self._pages.get(target)
        if page is None:
            page = self._page(target)
        return SearchEvent(at_ms, came_from, session, page, None, None, None, host or from_host) if page else None

    def _query(self, target: bytes) -> tuple[str, str]:
        known = self._queries.get(target)
        if known is None:
            if len(self._queries) >= CACHE:
                self._queries.clear()
            text = target.decode("utf-8", "replace")
            if text.startswith("http"):
                text = text.partition("://")[2]
                text = text[text.find("/") :] if "/" in text else ""
            known = self._queries[target] = self.searches.query(text)
        return known

    def _minute(self, at: bytes) -> int:
        """Milliseconds since 1970 of the minute in "17/May/2015:10:05:03 +0200". Raises ValueError for what is no moment."""
        minute, zone = b"[" + at[:17], at[20:].strip() + b"]"  # as they stand in a line
        known = self._minutes.get((minute, zone))
        if known is not None:
            return known
        if len(self._minutes) > CACHE:
            self._minutes.clear()
            self._midnights.clear()
        midnight = self._midnights.get((minute[:12], zone))
        if midnight is None:
            moment = datetime.strptime((at[:11] + at[20:].strip()).decode("ascii", "replace"), "%d/%b/%Y%z")
            midnight = self._midnights[minute[:12], zone] = int(moment.timestamp())
        hour, number = int(at[12:14]), int(at[15:17])
        if hour > 23 or number > 59:
            raise ValueError("no time of day")
        at_ms = self._minutes[minute, zone] = (midnight + hour * 3600 + number * 60) * 1000
        return at_ms

    def _page(self, target: bytes) -> str:
        """The page that was clicked; empty for what only belongs to a page, and for the search itself."""
        page = target.partition(b"?")[0].decode("utf-8", "replace") or "/"
        if ASSET.search(page) or any(one.path and one.is_of(page) for one in self.searches.addresses):
            page = ""
        if len(self._pages) >= CACHE:
            self._pages.clear()
        self._pages[target] = page
        return page

    def _is_bot(self, agent: bytes) -> bool:
        known = self._bots.get(agent)
        if known is None:
            if len(self._bots) > CACHE:
                self._bots.clear()
            known = self._bots[agent] = len(agent) < 5 or BOT.search(agent) is not None
        return known

    def _referer(self, referer: bytes) -> tuple[str, str]:
        """The query of the page that a visitor came from, and the host of that page, where it is not a search engine's."""
        came_from = self._query(referer)[0] if b"?" in referer or self.is_in_path else ""
        host = (
            referer.partition(b"://")[2]
            .partition(b"/")[0]
            .rpartition(b"@")[2]
            .partition(b":")[0]
            .decode("ascii", "replace")
            .lower()
        )
        if len(self._referers) >= CACHE:
            self._referers.clear()
        if came_from and host:
            self._hosts.add(host)
        found = self._referers[referer] = (came_from, host if came_from or not OUTSIDE.search(host) else "")
        return found


def _second(second: bytes) -> int:
    """Milliseconds of "03"; a leap second is one. Raises ValueError."""
    if (number := int(second)) > 60:
        raise ValueError("no time of day")
    return number * 1000


def _shortest(addresses: Sequence[SearchAddress]) -> list[bytes]:
    """The fewest needles that find every line: "/zoeken?" is in "/nl/zoeken?" already."""
    needles = sorted({address.needle for address in addresses}, key=len)
    return [needle for number, needle in enumerate(needles) if not any(shorter in needle for shorter in needles[:number])]


def _lines_asking(data: bytes, needles: tuple[bytes, ...]) -> Iterator[tuple[int, int]]:
    """Lines with one of the needles that end in a question mark: one sign is found faster than many."""
    place = data.find(b"?") if needles else -1
    while place >= 0:
        if data.endswith(needles, 0, place + 1):
            end = data.find(b"\n", place)
            yield data.rfind(b"\n", 0, place) + 1, end
            place = end
        place = data.find(b"?", place + 1)


def _lines_with(data: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    place = data.find(needle)
    while place >= 0:
        begin = data.rfind(b"\n", 0, place) + 1
        end = data.find(b"\n", place)
        yield begin, end
        place = data.find(needle, end)
