"""The access log of nginx or Apache: a search is a request to the search address, a click one that comes from there.

Source: Apache's LogFormat "combined" (also with the virtual host before it), nginx's log_format combined.
A log of gigabytes holds few searches: lines are found by a plain search for bytes, and only those are taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from checks.search_log.address import ASSET, BOT, SearchAddress, Searches, likely
from checks.search_log.sessions import Sessions
from checks.search_log.stream import LONGEST_LINE, LogStream
from rules.search_log import SearchEvent, SearchLogError, Tally

LINE = re.compile(
    rb'^(?P<before>[^\[\r\n]{1,600}?) \[(?P<at>[^\]]{10,40})\] "(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) (?:\d+|-)'
    rb'(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?'
)
LOOKED_AT_FIRST = 4  # blocks in which search addresses are looked for, as long as none was found also in the next ones
REQUEST = re.compile(rb'"GET (\S{1,2000}\?\S{1,2000}) HTTP')
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
        data = rest + block
        end = data.rfind(b"\n") + 1
        data, rest = data[:end], data[end:]
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
        self._midnights: dict[bytes, int] = {}
        self._bots: dict[bytes, bool] = {}
        self._queries: dict[bytes, tuple[str, str]] = {}
        self._hosts: dict[bytes, str] = {}

    def learn(self, data: bytes) -> None:
        """Look which addresses are asked with a query, and take those from here on."""
        for match in REQUEST.finditer(data):
            address = likely(match[1].decode("ascii", "replace"))
            if address and address not in self.searches.addresses and len(self.searches.addresses) < 20:
                self.searches.addresses.append(address)
        self.needles = _shortest(self.searches.addresses)

    def events(self, data: bytes) -> Iterator[SearchEvent]:
        """The events in whole lines."""
        first_line = self.tally.lines + 1
        self.tally.lines += data.count(b"\n")
        for begin, end in self._candidates(data):
            line = data[begin:end]
            self.tally.digest.update(line)
            if len(line) > LONGEST_LINE:
                self.tally.bad(first_line + data.count(b"\n", 0, begin), "too-long")
                continue
            try:
                event = self._event(line)
            except ValueError:
                self.tally.bad(first_line + data.count(b"\n", 0, begin), "not-this-format")
                continue
            if event is not None:
                yield event

    def _candidates(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where the lines stand that hold one of the needles, in order."""
        if len(self.needles) == 1:
            yield from _lines_with(data, self.needles[0])
        elif self.needles:
            yield from sorted({span for needle in self.needles for span in _lines_with(data, needle)})

    def _event(self, line: bytes) -> SearchEvent | None:
        """The search or click that a line is. Raises ValueError where it is no line of this form."""
        parts = line.split(b'"')
        if len(parts) == 7 and b"\\" not in line:
            before, request, status_size, referer, _, agent, _ = parts
            who, _, at = before.partition(b" [")
            at = at.partition(b"]")[0]
            status = status_size[1:4]
        else:
            match = LINE.match(line)
            if match is None:
                raise ValueError("no combined line")
            who, at, request, status = match["before"], match["at"], match["request"], match["status"]
            referer, agent = match["referer"] or b"", match["agent"] or b""
        method, _, target = request.partition(b" ")
        target = target.partition(b" ")[0]
        at_ms = self._moment(at)
        asked, why = self._query(target)
        came_from, _ = self._query(referer) if b"?" in referer else ("", "")
        if not asked and not why and not came_from:
            return None
        reason = why
        if method != b"GET" or status not in FOUND:
            reason = "not-shown"
        elif self._is_bot(agent):
            reason = "vierluik" if b"vierluik" in agent.lower() else "bot"
        elif asked and asked == came_from:  # the next page, a filter, another order
            reason = "paging"
        if reason:
            self.tally.left_out[reason] += 1
            return None
        if asked:
            host = self._host(who, referer) if came_from or not self._is_outside(referer) else self._host(who, b"")
            return SearchEvent(at_ms, asked, self.sessions.number(_visitor(who) + agent, at_ms), host=host)
        page = target.partition(b"?")[0].decode("utf-8", "replace")
        if ASSET.search(page) or any(not one.path or page.endswith(one.path) for one in self.searches.addresses if one.path):
            return None
        return SearchEvent(
            at_ms, came_from, self.sessions.number(_visitor(who) + agent, at_ms), page or "/", host=self._host(who, referer)
        )

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

    def _moment(self, text: bytes) -> int:
        """Milliseconds since 1970 of "17/May/2015:10:05:03 +0200". Raises ValueError for what is no moment."""
        day_and_zone = text[:11] + text[20:]
        midnight = self._midnights.get(day_and_zone)
        if midnight is None:
            if len(self._midnights) > CACHE:
                self._midnights.clear()
            day = datetime.strptime(day_and_zone.decode("ascii", "replace"), "%d/%b/%Y %z")
            midnight = self._midnights[day_and_zone] = int(day.timestamp())
        hour, minute, second = int(text[12:14]), int(text[15:17]), int(text[18:20])
        if hour > 23 or minute > 59 or second > 60:
            raise ValueError("no time of day")
        return (midnight + hour * 3600 + minute * 60 + second) * 1000

    def _is_bot(self, agent: bytes) -> bool:
        known = self._bots.get(agent)
        if known is None:
            if len(self._bots) > CACHE:
                self._bots.clear()
            known = self._bots[agent] = len(agent) < 5 or BOT.search(agent) is not None
        return known

    def _host(self, who: bytes, referer: bytes) -> str:
        """The site's host: of the virtual host before the line, else of the page that the visitor came from."""
        first = who.partition(b" ")[0]
        if who.count(b" ") == 3:  # host, address, identity, user
            return first.partition(b":")[0].decode("ascii", "replace").lower()
        origin = referer[: referer.find(b"/", 8)] if referer.find(b"/", 8) > 0 else referer
        known = self._hosts.get(origin)
        if known is None:
            if len(self._hosts) > 10_000:
                self._hosts.clear()
            try:
                known = urlsplit(origin.decode("ascii", "replace")).hostname or ""
            except ValueError:
                known = ""
            self._hosts[origin] = known
        return known

    @staticmethod
    def _is_outside(referer: bytes) -> bool:
        return b"://www.google." in referer or b"://www.bing." in referer or b"duckduckgo" in referer or b"ecosia" in referer


def _visitor(who: bytes) -> bytes:
    """The address of a visitor, behind the virtual host where there is one."""
    fields = who.split(b" ")
    return fields[1] if len(fields) == 4 else fields[0]


def _shortest(addresses: Sequence[SearchAddress]) -> list[bytes]:
    """The fewest needles that find every line: "/zoeken?" is in "/nl/zoeken?" already."""
    needles = sorted({address.needle for address in addresses}, key=len)
    return [needle for number, needle in enumerate(needles) if not any(shorter in needle for shorter in needles[:number])]


def _lines_with(data: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    place = data.find(needle)
    while place >= 0:
        begin = data.rfind(b"\n", 0, place) + 1
        end = data.find(b"\n", place)
        yield begin, end
        place = data.find(needle, end)
