"""Small municipal websites whose searches are built differently, and some that mean harm."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from sites.loopback import answered_by

PAGES = {
    "/afval/grofvuil": ("Grof huishoudelijk afval laten ophalen", "Maak een afspraak om groot afval te laten ophalen."),
    "/afval/kalender": ("Afvalkalender", "Op welke dag wij uw afval ophalen, per straat en per soort."),
    "/afval/container": ("Container voor afval aanvragen", "Een nieuwe container voor uw afval, of een andere maat."),
    "/afval/pas": ("Afvalpas kwijt", "Vraag een nieuwe pas aan waarmee u afval wegbrengt."),
    "/burgerzaken/paspoort": ("Paspoort aanvragen", "Zo vraagt u een paspoort aan. Neem uw oude paspoort mee."),
    "/burgerzaken/paspoort-kwijt": ("Paspoort kwijt", "Meld dat u uw paspoort kwijt bent of dat het gestolen is."),
    "/burgerzaken/spoed": ("Spoedpaspoort", "Hebt u met spoed een paspoort nodig? Dat kan binnen twee dagen."),
    "/burgerzaken/verhuizen": ("Verhuizing doorgeven", "Geef uw verhuizing door, vanaf vier weken van tevoren."),
    "/contact": ("Contact en openingstijden", "Wanneer het gemeentehuis open is en hoe u ons bereikt."),
}
MENU = "".join(f'<li><a href="{path}">{title}</a></li>' for path, (title, _) in list(PAGES.items())[:5])
Answer = tuple[int, str, str]  # status, type, body


def hits(query: str) -> list[tuple[str, str, str]]:
    """The pages that have the words, those with them in their title first."""
    words = query.lower().split()
    found = [(path, *text) for path, text in PAGES.items() if words and all(word in " ".join(text).lower() for word in words)]
    return sorted(found, key=lambda hit: words[0] not in hit[1].lower())


def html(main: str, header: str = "", title: str = "Voorbeeldstad") -> Answer:
    return (
        200,
        "text/html; charset=utf-8",
        f"""<!doctype html><html lang="nl"><head><title>{title}</title></head><body>
<header><a href="/">Home</a>{header}<nav aria-label="Hoofdmenu"><ul>{MENU}</ul></nav></header>
<main>{main}</main>
<footer><h2>Snel naar</h2><ul><li><a href="/contact">Contact</a></li><li><a href="/privacy">Privacy</a></li>
<li><a href="/toegankelijkheid">Toegankelijkheid</a></li></ul></footer></body></html>""",
    )


def any_page(path: str, header: str = "") -> Answer:
    title, text = PAGES.get(path, ("Gemeente Voorbeeldstad", "Welkom op onze website."))
    return html(f"<h1>{title}</h1><p>{text}</p><p>Zie ook <a href='/contact'>contact</a>.</p>", header, title)


# --- an ordinary form, with other lists around its results -------------------------------------------------------------

FORM = """<form role="search" action="/zoeken"><label for="w">Zoeken op deze website</label>
<input id="w" name="q" type="search"><button>Zoek</button></form>
<form action="/nieuwsbrief" method="post"><label>E-mail
<input name="email" type="email"></label><button>Aanmelden</button></form>"""


def ordinary(path: str, query: dict[str, str]) -> Answer:
    if path != "/zoeken":
        return any_page(path, FORM)
    found = hits(query.get("q", ""))
    rows = "".join(
        f'<li class="hit hit-{number}1234"><h3><a href="{path}">{title}</a></h3><p>{text}'
        f' <a href="{path}#lees">Lees meer</a></p></li>'
        for number, (path, title, text) in enumerate(found)
    )
    said = f"<p>{len(found)} resultaten</p><ol class='hits'>{rows}</ol>" if found else "<p>Helaas, geen resultaten gevonden.</p>"
    popular = "<h2>Populair</h2><ul class='tegels'>" + MENU + '<li><a href="/nieuws">Nieuws</a></li></ul>'
    return html(f"<h1>Zoekresultaten voor {escape(query.get('q', ''))}</h1>{said}{popular}", FORM)


# --- a search that a script draws, on an address that stays the same ---------------------------------------------------

DRAWN = """<h1>Zoeken</h1><div class="zoekveld"><label for="vraag">Wat zoekt u?</label><input id="vraag" type="text"></div>
<p role="status" id="status"></p><div id="uitkomst"></div><script>
document.getElementById("vraag").addEventListener("keydown", async (event) => {
  if (event.key !== "Enter") return;
  const list = document.getElementById("uitkomst"), status = document.getElementById("status");
  list.setAttribute("aria-busy", "true"); status.textContent = "Bezig met zoeken…"; list.replaceChildren();
  const found = await (await fetch("/api/zoek?term=" + encodeURIComponent(event.target.value))).json();
  list.removeAttribute("aria-busy");
  status.textContent = found.length ? found.length + " treffers" : "We hebben niets gevonden.";
  for (const [path, title, text] of found) {
    const card = document.createElement("div"); card.className = "kaart css-1x7b9q2";
    card.innerHTML = `<a href="${path}"><h2>${title}</h2><p>${text}</p></a>`; list.append(card);
  }
});</script>"""


def drawn(path: str, query: dict[str, str]) -> Answer:
    if path == "/api/zoek":
        time.sleep(0.4)
        return 200, "application/json", json.dumps(hits(query.get("term", "")))
    return html(DRAWN) if path == "/zoek" else any_page(path, '<a href="/zoek">Zoeken</a>')


# --- results in a table, with facets and further pages, all of it inside one form --------------------------------------

OLD = """<form action="/search.aspx" id="aspnet"><input type="text" name="ctl00$trefwoord" title="Trefwoord">
<input type="submit" value="Zoek">"""


def table(path: str, query: dict[str, str]) -> Answer:
    if path != "/search.aspx":
        return any_page(path, OLD + "</form>")
    asked = query.get("ctl00$trefwoord", "")
    again = f"/search.aspx?ctl00%24trefwoord={escape(asked)}"
    facets = "".join(
        f'<li><a href="{again}&soort={kind}">{kind} ({number})</a></li>'
        for number, kind in enumerate(("Nieuws", "Product", "Besluit"), 1)
    )
    rows = "".join(
        f'<tr><td>{number}</td><td><a href="{path}">{title}</a><br><small>Home &gt; <a href="/afval">Afval</a></small></td>'
        "<td>12-03-2026</td></tr>"
        for number, (path, title, _) in enumerate(hits(asked), 1)
    )
    pages = "".join(f'<a href="{again}&pagina={number}">{number}</a> ' for number in range(1, 6))
    said = f"<p>Resultaten 1 - {len(hits(asked))} van {len(hits(asked))}</p>"
    found = f"{said}<table><tbody>{rows}</tbody></table><div class='pagination'>{pages}</div>"
    nothing = "<p>Er zijn geen pagina's gevonden.</p>"
    shown = found if hits(asked) else nothing
    main = f"<h1>Zoeken</h1><div class='layout-with-filters'><ul class='facetten'>{facets}</ul>{shown}</div>"
    status, kind, body = html(main)
    return status, kind, body.replace("<body>", f"<body>{OLD}").replace("</body>", "</form></body>")


# --- a search behind a button in the header, whose field is not there before -------------------------------------------

BEHIND = """<button type="button" class="zoekknop" aria-expanded="false" aria-label="Zoeken openen">
<svg width="20" height="20"></svg></button>
<div id="laag"></div><script>document.querySelector(".zoekknop").addEventListener("click", () => { setTimeout(() => {
  document.getElementById("laag").innerHTML = `<dialog open><form action="/resultaten">
  <label>Zoekterm <input name="tx_solr[q]"></label>
  <button type="submit">Zoeken</button></form></dialog>`; }, 200); });</script>"""


def overlay(path: str, query: dict[str, str]) -> Answer:
    if path != "/resultaten":
        return any_page(path, BEHIND)
    asked = query.get("tx_solr[q]", "")
    cards = "".join(
        f"<article><header><h2><a href='{path}'>{title}</a></h2></header><p>{text}</p></article>"
        for path, title, text in hits(asked)
    )
    return html(
        f"<h1>Resultaten</h1><p>{len(hits(asked))} resultaten voor {escape(asked)}</p><section class='lijst'>{cards}</section>",
        BEHIND,
    )


# --- a search that is a web component, and says nothing where it finds nothing -----------------------------------------

COMPONENT = """<site-search></site-search><script>
customElements.define("site-search", class extends HTMLElement { connectedCallback() {
  const root = this.attachShadow({ mode: "open" });
  root.innerHTML = `<form action="/vind" role="search"><input name="keys" aria-label="Zoeken">
  <button>Ga</button></form>`; } });</script>"""


def component(path: str, query: dict[str, str]) -> Answer:
    if path != "/vind":
        return any_page(path, COMPONENT)
    rows = "".join(f"<dt><a href='{path}'>{title}</a></dt><dd>{text}</dd>" for path, title, text in hits(query.get("keys", "")))
    return html(f"<h1>Vinden</h1><dl id='vondst'>{rows}</dl>", COMPONENT)


# --- a search that counts clicks: its results lead there by way of another address -------------------------------------


def counted(path: str, query: dict[str, str]) -> Answer:
    if path == "/klik":
        return 302, query.get("naar", "/"), ""
    status, kind, body = ordinary(path, query)
    return status, kind, body.replace('<h3><a href="', '<h3><a href="/klik?naar=')


# --- searches that mean harm, or do not work ---------------------------------------------------------------------------


def listing(rows: str) -> Answer:
    return html(f"<h1>Zoeken</h1><ol class='hits'>{rows}</ol>", FORM)


def good_rows() -> str:
    return "".join(f"<li><h3><a href='{path}'>{title}</a></h3></li>" for path, (title, _) in PAGES.items())


def harmful(path: str, query: dict[str, str]) -> Answer:
    asked = query.get("q", "")
    if path != "/zoeken":
        return any_page(path, FORM)
    if asked == "script":
        return listing(
            "<li><h3><a href='javascript:alert(1)'>Klik</a></h3></li><li><h3><a href='data:text/html,x'>Nee</a></h3></li>"
            + good_rows()
        )
    if asked == "megabyte":
        return listing(f"<li><h3><a href='/contact'>{'A' * 1_000_000}</a></h3></li>" + good_rows())
    if asked == "endless":
        return listing("".join(f"<li><h3><a href='/p/{number}'>Pagina {number}</a></h3></li>" for number in range(20_000)))
    if asked == "error":
        return 500, "text/html", "<h1>Fout</h1>"
    if asked == "slow":
        time.sleep(8)
    if asked == "loop":
        return html("<h1>Zoeken</h1><script>for (;;) {}</script>", FORM)
    if asked == "elsewhere":
        return 302, "http://127.0.0.2:9/zoeken", ""
    return listing(good_rows()) if hits(asked) else html("<p>Geen resultaten</p>", FORM)


def posting(path: str, query: dict[str, str]) -> Answer:
    form = FORM.replace('action="/zoeken"', 'action="/zoeken" method="post"')
    return any_page(path, form) if path != "/zoeken" or not query else ordinary(path, query)


# --- a search that shows popular pages where it knows nothing, and says neither that nor how many it found ----------------


def helpful(path: str, query: dict[str, str]) -> Answer:
    if path != "/zoeken":
        return any_page(path, FORM)
    found = hits(query.get("q", ""))
    rows = found or [(one, *PAGES[one]) for one in ("/contact", "/afval/kalender", "/burgerzaken/paspoort")]
    said = "Dit past bij uw vraag:" if found else "Daar weten wij het antwoord niet op. Anderen keken naar:"
    items = "".join(f"<li class='tip'><h2><a href='{path}'>{title}</a></h2><p>{text}</p></li>" for path, title, text in rows)
    return html(f"<h1>Zoeken</h1><p>{said}</p><ul class='lijst'>{items}</ul>", FORM)


# --- a search in a dialog, with suggestions that catch the Enter key, and two results on a page -------------------------

DIALOG = """<button aria-haspopup="dialog" aria-controls="zd" onclick="document.getElementById('zd').showModal()">
<span>Zoeken</span></button><dialog id="zd"><form role="search" action="/zoeken/resultaat"><label for="z1">Wat zoekt u?</label>
<input id="z1" name="trefwoord" role="combobox" aria-controls="lb" aria-expanded="false"><ul id="lb" role="listbox" hidden></ul>
<button><img alt="Zoek" src="data:,"></button><button type="button">Sluiten</button></form></dialog><script>(() => {
const field = document.getElementById("z1"), list = document.getElementById("lb");
field.addEventListener("input", async () => {
  const found = await (await fetch("/api/tips?q=" + encodeURIComponent(field.value))).json();
  list.hidden = false;
  list.innerHTML = found.map(([path, title]) => `<li role="option"><a href="${path}">${title}</a></li>`).join(""); });
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && list.children.length) {
    event.preventDefault(); list.hidden = true; field.form.requestSubmit(); } }); })();</script>"""


def dialog(path: str, query: dict[str, str]) -> Answer:
    if path == "/api/tips":
        return 200, "application/json", json.dumps(hits(query.get("q", "")))
    if path != "/zoeken/resultaat":
        return any_page(path, DIALOG)
    asked = query.get("trefwoord", "")
    found = hits(asked)
    rows = "".join(
        f"<div class='hit'><p>Pagina</p><a href='{path}'>{title}</a><p>{text}</p>"
        "<p><a href='/'>Home</a> / <a href='/afval'>Afval</a></p></div>"
        for path, title, text in found[:5]
    )
    next_pages = f"<nav aria-label='Meer'><ul><li><a href='/zoeken/resultaat?trefwoord={escape(asked)}&p=2'>2</a></li></ul></nav>"
    nothing = "<p>Sorry, hierover hebben wij geen informatie.</p><h2>Misschien zoekt u</h2><p><a href='/contact'>Contact</a></p>"
    return html(f"<h1>Zoeken</h1>{rows}{next_pages}" if found else f"<h1>Zoeken</h1>{nothing}", DIALOG)


# --- a field without a form, a button without a type, and a script that sends the query by POST -------------------------

SENT = """<h1>Zoeken</h1><div><input type="text" placeholder="Zoek op trefwoord" id="s"><button class="go">Zoek</button></div>
<table><tbody></tbody></table><script>document.querySelector(".go").addEventListener("click", async () => {
const sent = { method: "POST", body: "term=" + encodeURIComponent(document.getElementById("s").value) };
const found = await (await fetch("/api/vind", sent)).json();
document.querySelector("tbody").innerHTML =
  found.map(([path, title]) => `<tr><td><a href="${path}">${title}</a></td></tr>`).join("");
});</script>"""


def sending(path: str, query: dict[str, str]) -> Answer:
    if path == "/api/vind":
        return 200, "application/json", json.dumps(hits(query.get("term", "")))
    return html(SENT) if path == "/zoek" else any_page(path, '<a href="/zoek">Zoeken</a>')


DESIGNS: dict[str, Callable[[str, dict[str, str]], Answer]] = {
    "ordinary": ordinary,
    "drawn": drawn,
    "table": table,
    "overlay": overlay,
    "component": component,
    "counted": counted,
    "harmful": harmful,
    "posting": posting,
    "helpful": helpful,
    "dialog": dialog,
    "sending": sending,
}


@dataclass
class SearchedSite:
    """A site for the time of a test, and what was asked of it."""

    url: str
    asked: list[tuple[str, str]] = field(default_factory=list)  # method and target


@contextmanager
def searched(design: str) -> Iterator[SearchedSite]:
    site = SearchedSite("")
    answer = DESIGNS[design]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.command, self.path))
            parts = urlsplit(self.path)
            self.send(answer(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}))

        def do_POST(self) -> None:
            site.asked.append((self.command, self.path))
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            self.send(answer(self.path, {name: values[0] for name, values in parse_qs(sent).items()}))

        def send(self, answered: Answer) -> None:
            status, kind, body = answered
            self.send_response(status)
            self.send_header("Location" if status == 302 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            with suppress(ConnectionError):  # a browser that waited long enough is gone
                self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
            pass

    with answered_by(Handler) as url:
        site.url = url
        yield site
