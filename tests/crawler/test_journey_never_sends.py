"""A journey sends nothing, however a page is built; where a test host is named it sends there, once, and nowhere else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

import pytest
from sites.loopback import answered_by

from crawler.address_guard import AddressGuard
from crawler.border import is_border, is_border_form
from crawler.browser import BrowserFile
from crawler.journey import JourneyWalker
from crawler.visit import driver
from rules.journey import Journey, StepOutcome, Verdict, Way, WaySeen, read_journey
from rules.site import Scope

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]

CLICK = ('click = "Volgende"', 'expect = "Bedankt."')
FILL = ('fill = "Uw naam"\nwith = "Test de Vries"', 'expect = "Bedankt."')
POSTS = "URL.createObjectURL(new Blob([`fetch('${location.origin}/klaar', { method: 'POST' })`]))"  # a script
FIELD = '<label>Uw naam <input name="n" value=""></label>'


def form(inside: str, more: str = 'method="post" action="/klaar"') -> str:
    return f"<form {more}>{inside}</form>"


# Each of these sends something as soon as what its steps say is done on it.
SENDING: dict[str, tuple[str, tuple[str, ...]]] = {
    "button": (form(f"{FIELD}<button>Volgende</button>"), CLICK),
    "submit under another name": (form(f'{FIELD}<input type="submit" value="Volgende">'), CLICK),
    "picture as button": (form('<input type="image" alt="Volgende" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'), CLICK),
    "button elsewhere on the page": (
        form(FIELD, 'id="f" method="post" action="/klaar"') + '<button form="f">Volgende</button>',
        CLICK,
    ),
    "formmethod": (form('<button formmethod="post" formaction="/klaar">Volgende</button>', 'action="/klaar"'), CLICK),
    "link that posts": (form("", 'id="f" method="post"') + '<a href="#" onclick="f.submit()">Volgende</a>', CLICK),
    "fetch": ("<button onclick=\"fetch('/klaar', { method: 'POST', body: 'x' })\">Volgende</button>", CLICK),
    "fetch kept alive": ("<button onclick=\"fetch('/klaar', { method: 'POST', keepalive: true })\">Volgende</button>", CLICK),
    "delete": ("<button onclick=\"fetch('/klaar', { method: 'DELETE' })\">Volgende</button>", CLICK),
    "XMLHttpRequest": (
        "<button onclick=\"x = new XMLHttpRequest(); x.open('PUT', '/klaar'); x.send('x')\">Volgende</button>",
        CLICK,
    ),
    "beacon": ("<button onclick=\"navigator.sendBeacon('/klaar', 'x')\">Volgende</button>", CLICK),
    "ping of a link": ('<a href="#" ping="/klaar">Volgende</a>', CLICK),
    "worker": (f'<button onclick="new Worker({POSTS})">Volgende</button>', CLICK),
    "shared worker": (f'<button onclick="new SharedWorker({POSTS})">Volgende</button>', CLICK),
    "WebSocket": ("<button onclick=\"new WebSocket(location.origin.replace('http', 'ws') + '/klaar')\">Volgende</button>", CLICK),
    "in a frame": (
        f'<iframe name="k" srcdoc=""></iframe>{form("<button>Volgende</button>", "method=post action=/klaar target=k")}',
        CLICK,
    ),
    "by a frame of another host": (
        '<iframe id="k" src="{other}/stuurt"></iframe><button onclick="k.contentWindow.postMessage(1, \'*\')">Volgende</button>',
        CLICK,
    ),
    "new window": (form("<button>Volgende</button>", 'method="post" action="/klaar" target="_blank"'), CLICK),
    "on change": (
        form('<label>Uw naam <input name="n" onchange="this.form.submit()"></label><button>x</button>'),
        (*FILL[:1], 'click = "x"', FILL[1]),
    ),
    "on input": (form('<label>Uw naam <input name="n" oninput="this.form.submit()"></label>'), FILL),
    "list that sends itself": (
        form('<label>Kleur <select name="k" onchange="this.form.submit()"><option>Rood<option>Blauw</select></label>'),
        ('choose = "Blauw"\nin = "Kleur"', 'expect = "Bedankt."'),
    ),
    "search that posts": (
        form('<input type="search" name="q" aria-label="Zoeken">'),
        ('search = "tegel"', 'expect = "Bedankt."'),
    ),
    "by itself": (form(FIELD, 'id="f" method="post" action="/klaar"') + "<script>f.submit()</script>", CLICK),
    "when one leaves": (
        "<script>addEventListener('pagehide', () => navigator.sendBeacon('/klaar', 'x'))</script><a href=\"/rust\">Volgende</a>",
        CLICK,
    ),
    "by GET": (
        form("<button>Aanvraag versturen</button>", 'action="/klaar"'),
        ('click = "Aanvraag versturen"', 'expect = "Bedankt."'),
    ),
    "by GET, in one field and Enter": (
        form(f"{FIELD}<button>Aanvraag versturen</button>", 'action="/klaar"'),
        (FILL[0], 'stop = "Aanvraag versturen"'),
    ),
    "the last button": (form(f"{FIELD}<button>Versturen</button>"), (FILL[0], 'stop = "Versturen"', 'expect = "Bedankt."')),
}
# What a key may send otherwise than the mouse is walked with both.
WITH_KEYS = {"button", "submit under another name", "on change", "on input", "list that sends itself", "search that posts"}
WALKED = [(name, Way.MOUSE) for name in SENDING] + [(name, Way.KEYBOARD) for name in SENDING if name in WITH_KEYS]
NAMES = ("Test de Vries", "Xxxx xx Yyyyy")
ONWARD = form("<button>Versturen</button>", 'method="post" action="/stuur-door"')
ELSEWHERE = form("<button>Versturen</button>", 'method="post" action="{other}/klaar"')
SAML = (
    '<form id="f" method="post" action="https://{host}/saml"><input type="hidden" name="SAMLRequest" value="x"></form>'
    "<script>f.submit()</script>"
)
PAGES = {
    **{f"/{number}": page for number, (page, _) in enumerate(SENDING.values())},
    "/verstuurt": form(f"{FIELD}<button>Versturen</button>"),
    "/stuur-door-formulier": ONWARD,
    "/naar-elders": ELSEWHERE,
    "/naar-saml": '<a href="/saml">Volgende</a>',
    "/saml": SAML.replace("{host}", "was-preprod1.digid.nl"),
    "/naar-makelaar": '<a href="/makelaar">Volgende</a>',
    "/makelaar": SAML.replace("{host}", "makelaar.example"),
    "/stuurt": "<script>addEventListener('message', () => fetch('/klaar', { method: 'POST', body: 'x' }))</script>",
    "/rust": "<p>Rust</p>",
    "/zegt-na": f"{FIELD}<button onclick=\"document.title = 'Dag ' + document.querySelector('input').value; "
    "throw new Error('geen ' + document.title)\">Volgende</button>",
    "/klaar": "<h1>Klaar</h1><p>Bedankt.</p>",
}


@dataclass
class Served:
    """A server of pages that send, and all that was asked of it."""

    url: str = ""
    other: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def sent(self) -> list[tuple[str, str]]:
        """What could have changed something; a WebSocket begins with a GET that asks for more."""
        return [one for one in self.asked if one[0] not in ("GET", "HEAD", "OPTIONS")]


@contextmanager
def serving(other: str = "") -> Iterator[Served]:
    served = Served(other=other)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            with served.lock:
                served.asked.append(("UPGRADE" if self.headers.get("Upgrade") == "websocket" else self.command, path))
            if path == "/stuur-door":
                self.send_response(307)
                self.send_header("Location", f"{served.other}/klaar")
                self.end_headers()
                return
            page = PAGES.get(path, "").replace("{other}", served.other)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f'<!doctype html><html lang="nl"><title>Voorbeeld</title><body><main>{page}</main>'.encode())

        do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            pass

    with answered_by(Handler) as url:
        served.url = url
        yield served


def journey(page: str, *steps: str) -> Journey:
    return read_journey("\n".join([f'title = "{page}"', f'[[step]]\nopen = "{page}"', *(f"[[step]]\n{step}" for step in steps)]))


@dataclass
class Walks:
    """What came of all of it."""

    never: dict[tuple[str, Way], WaySeen]
    allowed: dict[str, WaySeen]
    sent_never: list[tuple[str, str]]
    by_get: int  # times that the page after a GET form was asked for
    sent: list[tuple[str, str]]  # where it is allowed
    sent_elsewhere: list[tuple[str, str]]
    typed: list[WaySeen]  # one page, filled in with two names of one length


ALLOWED = {
    "sent once": ("/verstuurt", ('fill = "Uw naam"\nwith = "Test de Vries"', 'stop = "Versturen"', 'expect = "Bedankt."')),
    "sent on to another host": ("/stuur-door-formulier", ('stop = "Versturen"', 'expect = "Bedankt."')),
    "to another host": ("/naar-elders", ('stop = "Versturen"', 'expect = "Bedankt."')),
    "DigiD by a form that sends itself": ("/naar-saml", CLICK),
    "a broker of eHerkenning": ("/naar-makelaar", CLICK),
}


@pytest.fixture(scope="module")
def walks(browser: BrowserFile) -> Walks:
    """Every page, first where nothing may be sent and then where it may, in one browser each."""
    with serving() as other, serving(other.url.replace("127.0.0.1", "localhost")) as site:
        return asyncio.run(_walk(site, other, browser))


async def _walk(site: Served, other: Served, browser: BrowserFile) -> Walks:
    origins = (site.url, site.other)
    guard = AddressGuard.for_origins(origins, offline=True)
    never: dict[tuple[str, Way], WaySeen] = {}
    allowed: dict[str, WaySeen] = {}
    async with driver() as playwright:
        scope = Scope((site.url,))
        async with JourneyWalker(playwright, browser, guard, (), "Vierluik test", scope, step_s=0.4) as walker:
            for name, way in WALKED:
                wanted = journey(f"/{list(SENDING).index(name)}", *SENDING[name][1]).to(site.url)
                never[name, way] = (await walker.walk(wanted, way, proven=True)).seen
            await asyncio.sleep(0.3)  # what is sent when one leaves comes a moment later
            sent, by_get = site.sent() + other.sent(), sum(path == "/klaar" for _, path in site.asked)
            site.asked.clear()
        async with JourneyWalker(
            playwright, browser, guard, (), "Vierluik test", scope, step_s=0.4, may_send=(site.url,)
        ) as walker:
            for name, (page, steps) in ALLOWED.items():
                allowed[name] = (await walker.walk(journey(page, *steps).to(site.url), Way.MOUSE, proven=True)).seen
            sent_there, sent_elsewhere = site.sent(), other.sent()
            typed = []
            for name in NAMES:
                steps = (f'fill = "Uw naam"\nwith = "{name}"', 'click = "Volgende"', 'expect = "Bedankt."')
                typed.append((await walker.walk(journey("/zegt-na", *steps).to(site.url), Way.MOUSE, proven=True)).seen)
    return Walks(never, allowed, sent, by_get, sent_there, sent_elsewhere, typed)


@pytest.mark.parametrize(("name", "way"), WALKED)
def test_page_that_sends_is_not_finished(walks: Walks, name: str, way: Way) -> None:
    seen = walks.never[name, way]
    reached = [step for step in seen.steps if step.outcome is not StepOutcome.NOT_REACHED]
    assert "klaar" not in reached[-1].url


def test_nothing_was_ever_sent(walks: Walks) -> None:
    assert walks.sent_never == []
    assert walks.by_get == 0


def test_where_it_is_allowed_it_arrives_once(walks: Walks) -> None:
    assert walks.allowed["sent once"].verdict is Verdict.COMPLETED
    assert walks.sent.count(("POST", "/klaar")) == 1


def test_another_host_gets_nothing_though_this_one_may_be_sent_to(walks: Walks) -> None:
    assert walks.sent_elsewhere == []
    for name in ("sent on to another host", "to another host"):
        assert walks.allowed[name].verdict in (Verdict.UNTESTED, Verdict.BORDER), name


def test_log_in_by_a_form_that_sends_itself_is_the_border(walks: Walks) -> None:
    for name in ("DigiD by a form that sends itself", "a broker of eHerkenning"):
        assert walks.allowed[name].verdict is Verdict.BORDER, name


def test_border_is_known_by_what_a_form_asks() -> None:
    assert is_border_form("RelayState=1&SAMLRequest=PHNhbWw%2B") and not is_border_form("naam=SAMLRequest")
    for host in ("was-preprod1.digid.nl", "machtigen.digid.nl", "eidas.minez.nl", "login.eherkenning.nl", "auth.digidentity.eu"):
        assert is_border(f"https://{host}/x"), host


def test_what_was_typed_stands_in_no_picture_and_no_text(walks: Walks) -> None:
    one, other = walks.typed
    assert [step.picture for step in one.steps[:2]] == [step.picture for step in other.steps[:2]]
    assert one.steps[1].picture != one.steps[0].picture  # that it is filled in can be seen
    assert one.steps[2].title == "Dag •••" and one.steps[2].errors
    assert not any(name in repr(walk) for name, walk in zip(NAMES, walks.typed, strict=True))
