"""Pages on which a journey meets what journeys meet: walls, widgets, windows, forms that send, borders, faults of every kind."""

# ruff: noqa: E501 - a page on one line reads best

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from sites.loopback import answered_by

NO_ALTERNATIVE = '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" width="40" height="40">'
END = f"<main><h1>Klaar</h1><p>Bedankt.</p>{NO_ALTERNATIVE}</main>"
NEXT = '<a id="verder" href="/klaar">Verder</a>'
OVER = "position:fixed;left:0;top:0;width:100%;height:100%;background:#fff"

PAGES: dict[str, str] = {
    "/klaar": END,
    "/": f"<main><h1>Begin</h1>{NEXT}</main>",
    "/twee": '<main><h1>Twee</h1><section aria-label="Afval"><a href="/klaar">Verder</a></section>'
    '<section aria-label="Parkeren"><a href="/">Verder</a></section></main>',
    "/twee-gelijk": '<header><a href="/klaar">Verder</a></header><main><h1>Twee</h1><a href="/klaar">Verder</a></main>',
    "/hernoemd": '<main><h1>Hernoemd</h1><a href="/klaar">Verdergaan</a></main>',
    "/cookies": f'<main><h1>Cookies</h1>{NEXT}</main><div id="cookiemuur" style="{OVER}"><p>Mogen wij cookies plaatsen?</p>'
    '<button onclick="this.parentNode.remove()">Alleen noodzakelijk</button></div>',
    "/chat": '<main><h1>Chat</h1><div style="height:2000px"></div><button style="position:fixed;right:0;bottom:0;width:90px;height:40px" '
    'onclick="location=\'/klaar\'">Verder</button></main><div style="position:fixed;right:0;bottom:0;width:200px;height:90px;background:#ddd" '
    'title="Stel uw vraag">Stel uw vraag</div>',
    "/chat-gaat-weg": f'<main><h1>Chat</h1>{NEXT}</main><div id="chat" style="{OVER}" title="Hallo!">Hallo!</div>'
    "<script>setTimeout(() => document.getElementById('chat').remove(), 900)</script>",
    "/vensters": "<main><h1>Vensters</h1><a target=_blank rel=noopener href=/klaar>Verder</a></main>"
    "<script>window.open('/klaar'); alert('Let op'); addEventListener('beforeunload', (event) => event.preventDefault())</script>",
    "/traag": f'<main><h1>Traag</h1>{NEXT}</main><img src="/nooit.png"><script src="/nooit.js" async></script>',
    "/tikt": f'<main><h1>Tikt</h1><p id="klok">0</p>{NEXT}</main>'
    "<script>setInterval(() => document.getElementById('klok').textContent = Math.random(), 10)</script>",
    "/post": '<main><h1>Formulier</h1><form method="post" action="/klaar"><label>Naam <input name="n"></label>'
    "<button>Volgende</button></form></main>",
    "/verstuurt": '<main><h1>Formulier</h1><form action="/klaar"><button>Aanvraag versturen</button></form></main>',
    "/fetch": "<main><h1>Formulier</h1><button onclick=\"fetch('/klaar', { method: 'POST', body: 'x' })\">Volgende</button></main>",
    "/digid": '<main><h1>Verhuizen</h1><a href="https://digid.nl/inloggen?x=1">Doorgaan met DigiD</a></main>',
    "/digid-hier": '<main><h1>Verhuizen</h1><a href="/sso/digid">Doorgaan</a></main>',
    "/sso/digid": "<title>Inloggen met DigiD</title><main><h1>Inloggen met DigiD</h1><form><input name=u></form></main>",
    "/elders": '<main><h1>Elders</h1><a href="http://elders.example/">Doorgaan</a></main>',
    "/weg": '<main><h1>Weg</h1><a href="/bestaat-niet">Verder</a><a href="/stuk">Storing</a></main>',
    "/toetsen": '<main><h1>Toetsen</h1><div tabindex="0" role="button" onclick="location=\'/klaar\'">Verder</div></main>',
    "/uit": "<main><h1>Uit</h1><button disabled>Verder</button></main>",
    "/dubbel-onder": '<main><h1>Lijst</h1><div role="tablist" aria-label="Delen"><button role="tab" tabindex="0" id=a>Een</button>'
    '<button role="tab" tabindex="-1" id=b onclick="location=\'/klaar\'">Verder</button></div></main>'
    "<script>a.onkeydown = (event) => { if (event.key === 'ArrowRight') b.focus(); }</script>",
    "/venster-met-uitweg": f'<main><h1>Venster</h1><p>Tekst</p>{NEXT}</main><div role="dialog" aria-label="Nieuws" id="v">'
    "<button id=een>Lees</button><button id=twee>Sluit</button></div><script>addEventListener('keydown', (event) => {"
    " if (event.key === 'Escape') { v.remove(); document.querySelector('h1').tabIndex = -1; document.querySelector('h1').focus(); }"
    " if (event.key === 'Tab' && document.contains(v)) { event.preventDefault();"
    " (document.activeElement === een ? twee : een).focus(); } }); een.focus()</script>",
    "/kwijt": "<main><h1>Kwijt</h1><button onclick=\"this.outerHTML = '<p role=status>Opgeslagen in uw lijst</p>'\">Verder</button></main>",
    "/menu": "<style>nav ul { display: block } @media (max-width: 500px) { nav ul { display: none } nav ul.open { display: block } }"
    " .knop { display: none } @media (max-width: 500px) { .knop { display: inline } }</style>"
    '<nav aria-label="Hoofdmenu"><button class=knop aria-expanded=false onclick="lijst.className = \'open\'; this.ariaExpanded = true">Menu</button>'
    f"<ul id=lijst><li>{NEXT}</li></ul></nav><main><h1>Menu</h1></main>",
    "/breed": '<main><h1>Breed</h1><div style="width:900px;text-align:right"><a href="/klaar">Verder</a></div></main>',
    "/kleur": '<main><h1>Kleur</h1><a href="/klaar" aria-label="Verder" style="display:block;width:40px;height:40px;background:'
    "url(&quot;data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>&quot;) #07c;forced-color-adjust:auto\"></a></main>",
    "/waarschuwt": '<main><h1>Formulier</h1><form action="/klaar"><label>Naam <input id=n name=n></label><button>Versturen</button></form>'
    "<p role=status id=s></p></main><script>setTimeout(() => s.textContent = 'Uw sessie verloopt over 2 minuten', 13 * 60000);"
    " setTimeout(() => n.value = '', 15 * 60000)</script>",
    "/verloopt": '<main><h1>Formulier</h1><form action="/klaar"><label>Naam <input id=n name=n></label><button>Versturen</button></form></main>'
    "<script>setTimeout(() => n.value = '', 9 * 60000)</script>",
    "/vraagt": '<main><h1>Een</h1><form action="/vraagt-weer"><label>Uw naam <input name=n></label><button>Volgende</button></form></main>',
    "/vraagt-weer": '<main><h1>Twee</h1><form action="/klaar"><label>Uw naam <input name=n></label><button>Volgende</button></form></main>',
    "/onthoudt": '<main><h1>Een</h1><form action="/weet-nog"><label>Uw naam <input name=n></label><button>Volgende</button></form></main>',
    "/weet-nog": '<main><h1>Twee</h1><form action="/klaar"><label>Uw naam <input name=n value="Test"></label><button>Volgende</button></form></main>',
    "/wisselt": f"<main><h1>Wisselt</h1>{NEXT}</main>",
}


class Journeyed:
    """What was asked of the site."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, str]] = []

    def times(self, path: str) -> int:
        return sum(one == path for _, one in self.asked)


@contextmanager
def journeyed(pages: Mapping[str, str] = PAGES) -> Iterator[Journeyed]:
    """The site, on this machine."""
    site = Journeyed()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.asked.append((self.command, path))
            if path.startswith("/nooit"):
                time.sleep(3)
            status = 500 if path == "/stuk" else 200 if path in pages else 404
            main = pages.get(path, "<main><h1>Er is iets mis</h1></main>")
            if path == "/wisselt" and site.times(path) == 1:  # the first of two looks finds it different
                main = main.replace("Verder", "Iets heel anders")
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f'<!doctype html><html lang="nl"><title>Voorbeeld</title><body>{main}'.encode())

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            pass

    with answered_by(Handler) as url:
        site.url = url
        yield site
