"""An archive of a page is opened again in a browser that reaches nothing; a hostile one is refused or ends in a reason."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.accessibility.engines.axe.probe import IsolatedAxe
from crawler.browser import BrowserFile
from crawler.page_archive import ArchiveError, Exchange, PageArchive, read_archive, write_archive
from crawler.replay import Replay, ReplayVisitor
from crawler.visit import driver
from crawler.world import VisitFailed
from rules.norm import DEFAULT_NORM, norms
from rules.observation import PageSnapshot

NOW = datetime(1999, 12, 31, 12, 0, tzinfo=UTC)
HTML = (("Content-Type", "text/html; charset=utf-8"),)
SITE = "https://www.example.nl"


def answer(path: str, body: str, status: int = 200, headers: tuple[tuple[str, str], ...] = HTML) -> Exchange:
    return Exchange("GET", f"{SITE}{path}", status, headers, body.encode())


def document(body: str, head: str = "") -> str:
    start = f'<!doctype html><html lang="nl"><head><title>Stuk</title>{head}</head>'
    return f"{start}<body><main><h1>Stuk</h1>{body}</main></body></html>"


# --- the file ----------------------------------------------------------------------------------------------------------

PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(["GET", "POST"]), st.integers(200, 599), st.binary(max_size=500)), max_size=5), PLAIN)
def test_what_is_written_is_read_back(told: list[tuple[str, int, bytes]], html: str) -> None:
    exchanges = tuple(
        Exchange(method, f"{SITE}/{at}?q=a%20b", status, HTML, body, (("Accept", "*/*"),), "ab" if method == "POST" else "")
        for at, (method, status, body) in enumerate(told)
    )
    archive = PageArchive(exchanges, ((f"{SITE}/", html),), (("GET", f"{SITE}/weg"),), (f"{SITE}/groot",))
    assert read_archive(write_archive(archive, NOW)) == archive


def test_what_lets_somebody_in_is_never_written() -> None:
    secret = (("Set-Cookie", "a=geheim"), ("set-cookie2", "b=geheim"), ("Authentication-Info", "geheim"))
    asked = (("Cookie", "a=geheim"), ("Authorization", "Basic geheim"), ("X-Api-Key", "geheim"), ("Accept", "*/*"))
    one = Exchange("GET", f"{SITE}/", 200, (*HTML, *secret), b"x", asked)
    read = read_archive(write_archive(PageArchive((one,)), NOW)).exchanges[0]
    assert (read.headers, read.asked) == (HTML, (("Accept", "*/*"),))


def lying(length: int) -> bytes:
    """A record that says another length than it has."""
    head = f"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: urn:vierluik:rendered:0\r\nContent-Length: {length}\r\n\r\n"
    return gzip.compress(head.encode() + b"kort\r\n\r\n")


@pytest.mark.parametrize(
    "packed",
    [
        b"nothing at all",
        write_archive(PageArchive((answer("/", "x"),)), NOW)[:-20],
        gzip.compress(b"\0" * 150_000_000, 1),
        gzip.compress(gzip.compress(b"twice")),
        gzip.compress(b"GET / HTTP/1.1\r\n\r\n"),
    ],
    ids=["no-gzip", "torn", "bomb", "twice", "no-warc"],
)
def test_a_damaged_or_hostile_file_is_refused(packed: bytes) -> None:
    with pytest.raises(ArchiveError, match="The archive of a page"):
        read_archive(packed)


def test_a_record_that_lies_about_its_length_gives_no_more_than_there_is() -> None:
    assert read_archive(lying(10_000_000)).rendered[0][1].startswith("kort")
    for length in (-5, 0, 2):
        assert sum(len(html) for _, html in read_archive(lying(length)).rendered) <= len("kort\r\n\r\n")


def test_a_packed_body_is_never_unpacked() -> None:
    """A bomb within a record is a few bytes to us, and no more to the browser: what says how it is packed is gone."""
    bomb = gzip.compress(b"\0" * 5_000_000)
    one = Exchange("GET", f"{SITE}/", 200, (*HTML, ("Content-Encoding", "gzip")), bomb)
    read = read_archive(write_archive(PageArchive((one,)), NOW)).exchanges[0]
    assert (read.body, read.headers) == (bomb, HTML)


def test_answers_come_in_their_order_and_an_address_with_a_moment_in_it_is_known() -> None:
    api = f"{SITE}/api?t="
    replay = Replay(
        PageArchive(
            (
                *(Exchange("GET", f"{SITE}/teller", 200, (), str(at).encode()) for at in range(2)),
                Exchange("GET", f"{api}1764000000000", 200, (), b"toen"),
                Exchange("POST", f"{SITE}/post", 200, (), b"p"),
            ),
            failed=(("GET", f"{SITE}/stuk"),),
        )
    )
    given = [replay.answer("GET", f"{SITE}/teller") for _ in range(3)]
    assert [one.body for one in given if one] == [b"0", b"1", b"1"]
    assert (found := replay.answer("GET", f"{api}1999999999999")) and found.body == b"toen"
    assert replay.answer("GET", f"{SITE}/stuk") is None and replay.answer("GET", f"{SITE}/favicon.ico") is None
    assert not replay.missing
    assert (allowed := replay.answer("OPTIONS", f"{SITE}/post")) and allowed.status == 204
    for method, path in (("POST", "/teller"), ("GET", "/post"), ("OPTIONS", "/elders")):
        assert replay.answer(method, f"{SITE}{path}") is None
    assert sum(replay.missing.values()) == 3


# --- the browser -------------------------------------------------------------------------------------------------------


@dataclass
class Ear:
    """A port of this machine, for TCP and for UDP, and all that knocked there."""

    port: int
    heard: list[str] = field(default_factory=list)


@contextmanager
def listening() -> Iterator[Ear]:
    with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        stream.bind(("127.0.0.1", 0))
        stream.listen()
        ear = Ear(stream.getsockname()[1])
        datagrams.bind(("127.0.0.1", ear.port))
        ended = threading.Event()
        stream.settimeout(0.1)
        datagrams.settimeout(0.1)

        def listen() -> None:
            while not ended.is_set():
                for kind, hear in (("tcp", stream.accept), ("udp", lambda: datagrams.recvfrom(2_000))):
                    try:
                        hear()
                        ear.heard.append(kind)
                    except TimeoutError:
                        continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield ear
        ended.set()
        thread.join()


@asynccontextmanager
async def replaying(browser: BrowserFile) -> AsyncIterator[ReplayVisitor]:
    async with driver() as playwright:
        probes = [IsolatedAxe(norms()[DEFAULT_NORM])]
        async with ReplayVisitor(playwright, browser, probes, said_to_be="Toen/1.0", load_timeout_s=3.0) as visitor:
            yield visitor


async def opened(visitor: ReplayVisitor, path: str, *answers: Exchange) -> PageSnapshot | str:
    """The page, or the reason why there is none."""
    visitor.replay = Replay(PageArchive(answers))
    try:
        return await visitor.visit(f"{SITE}{path}")
    except VisitFailed as failure:
        return failure.reason


@pytest.mark.slow
def test_nothing_leaves_the_machine_whatever_the_page_tries(browser: BrowserFile) -> None:
    async def look(ear: Ear) -> None:
        here, name = f"127.0.0.1:{ear.port}", f"localhost:{ear.port}"
        tries = document(
            f'<img src="http://{here}/a"><iframe title="a" src="http://{name}/b"></iframe><img src="file:///etc/hostname">'
            f'<iframe title="b" src="file:///etc/passwd"></iframe><p id="said"></p>'
            f"<script>new WebSocket('ws://{here}/c'); navigator.sendBeacon('http://{here}/d', 'x'); fetch('http://{name}/e');"
            f" fetch('http://[::1]:{ear.port}/f', {{mode: 'no-cors'}}); new EventSource('http://{here}/g');"
            f" const call = new RTCPeerConnection({{iceServers: [{{urls: ['stun:{here}', 'turn:{here}?transport=tcp'],"
            " username: 'a', credential: 'b'}]}); call.createDataChannel('x');"
            " call.createOffer().then((offer) => call.setLocalDescription(offer));"
            f" new Worker(URL.createObjectURL(new Blob([`fetch('http://{here}/h'); new WebSocket('ws://{here}/i')`])));"
            f" open('http://{here}/j');"
            " said.textContent = [new Date().getFullYear(), Math.random() < 1, navigator.userAgent];</script>",
            f'<link rel="prefetch" href="http://{here}/k"><link rel="preconnect" href="http://{here}">'
            f'<link rel="dns-prefetch" href="//{name}"><link rel="modulepreload" href="http://{name}/l">'
            '<script type="speculationrules">'
            f'{{"prerender": [{{"urls": ["http://{here}/m"], "eagerness": "immediate"}}]}}</script>',
        )
        async with replaying(browser) as visitor:
            visitor.clock_shift_ms = round((NOW - datetime.now(UTC)).total_seconds() * 1_000)
            page = await opened(
                visitor, "/", answer("/", tries), answer("/elders", "x", 302, (("Location", f"http://{here}/n"),))
            )
            assert isinstance(page, PageSnapshot), page
            assert visitor._tab is not None
            said = await visitor._tab.main.evaluate("document.getElementById('said').textContent")
            assert said == "1999,true,Toen/1.0"
            assert f"http://{here}/a" in visitor.replay.missing
            # An address of this machine that the archive holds is the archive's; one that it does not is nobody's.
            leads_here = answer("/elders", "", 302, (("Location", f"http://{here}/n"),))
            assert await opened(visitor, "/elders", leads_here) == "browser-failed"
            held = Exchange("GET", f"http://{here}/n", 200, HTML, document("").encode())
            assert isinstance(await opened(visitor, "/elders", leads_here, held), PageSnapshot)
            assert await opened(visitor, "/niets") == "browser-failed"

    with listening() as ear:
        asyncio.run(look(ear))
    assert ear.heard == []


@pytest.mark.slow
def test_a_page_that_never_ends_ends_in_a_reason_and_the_next_one_opens(browser: BrowserFile) -> None:
    async def look() -> list[PageSnapshot | str]:
        spins = answer("/draait", document("<script>for (;;);</script>"))
        leaves = answer("/weg", document("", '<meta http-equiv="refresh" content="0">'))
        loop = answer("/rond", "", 302, (("Location", "/rond"),))
        plain = answer("/gewoon", document('<img src="/x.png">'))
        async with replaying(browser) as visitor:
            return [await opened(visitor, path, spins, leaves, loop, plain) for path in ("/draait", "/weg", "/rond", "/gewoon")]

    spun, left, looped, plain = asyncio.run(look())
    assert spun in ("load-timeout", "page-hangs") and left == "navigated-away" and looped == "redirect-loop"
    assert isinstance(plain, PageSnapshot) and plain.evidence["axe"].complete
