"""A site of a few pages that load from everywhere: a frame, a picture by style sheet, a font, data by script, what is lazy."""

from __future__ import annotations

import io
import zlib
from http.server import BaseHTTPRequestHandler

import pikepdf

SECRET = "sessie-geheim"


def png(red: int) -> bytes:
    """One dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\2\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes([0, red, 0, 0]))) + chunk(b"IEND", b"")


def pdf() -> bytes:
    """One empty page, without tags, language or title."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out)
    return out.getvalue()


def page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title} - Gemeente Archiefstad</title>'
        f'<link rel="stylesheet" href="/stijl.css">{head}</head><body><header><a href="/">Archiefstad</a></header>'
        f"<main><h1>{title}</h1>{body}</main></body></html>"
    )


HOME = page(
    "Welkom",
    '<img src="/foto.png" width="40" height="40"><p class="flets">Nauwelijks te lezen</p>'
    '<iframe title="Kaart" src="/kaart"></iframe><div id="nieuws"></div><div style="height:3000px"></div>'
    '<img src="/laat.png" loading="lazy" width="50" height="50"><p id="dag"></p><p id="kans"></p>'
    '<script>document.write(`<iframe title="Elders" src="http://localhost:${location.port}/elders"></iframe>`);'
    " fetch('/nieuws?t=' + Date.now()).then((answer) => answer.json()).then(({ kop }) => {"
    " nieuws.innerHTML = `<h4>${kop}</h4><button></button>`; });"
    " fetch('/stuk'); fetch('/weg.json').catch(() => 0);"
    " dag.innerHTML = new Date().getFullYear() === 1999 ? '<img src=/foto.png>' : 'Vandaag';"
    " kans.innerHTML = Math.random() < 0.5 ? '<input>' : '<select></select>';</script>",
    '<link rel="icon" href="data:,">',
)
STYLE = (
    '@font-face { font-family: Stad; src: url(/stad.woff2) } body { font-family: Stad, sans-serif; background: url("/vlak.png") }'
    " .flets { color: #ccc; background: #fff }"
)
ANSWERS: dict[str, tuple[str, bytes]] = {
    "/start": ("text/html", HOME.encode()),
    "/contact": ("text/html", page("Contact", '<label>Naam <input></label><a href="/start"></a>').encode()),
    "/kaart": ("text/html", b'<!doctype html><html lang="nl"><title>Kaart</title><p>Kaart<img src="/foto.png">'),
    "/elders": ("text/html", b'<!doctype html><html lang="nl"><title>Elders</title><p>Elders<img src="/foto.png">'),
    "/folder.pdf": ("application/pdf", pdf()),
    "/stijl.css": ("text/css", STYLE.encode()),
    "/foto.png": ("image/png", png(200)),
    "/laat.png": ("image/png", png(100)),
    "/vlak.png": ("image/png", png(50)),
    "/stad.woff2": ("font/woff2", b"geen letter"),
    "/nieuws": ("application/json", b'{"kop": "Nieuws"}'),
}


class ArchivedSite(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        kind, body = ANSWERS.get(path, ("text/plain", b"weg"))
        status = 302 if path == "/" else 500 if path in ("/stuk", "/kapot") else 200 if path in ANSWERS else 404
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/start")
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", f"sessie={SECRET}; Path=/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""
