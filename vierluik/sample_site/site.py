"""The sample site as a pure function: a request goes in, a response comes out, and nothing is kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from vierluik.sample_site.content import Page, load_pages, load_table
from vierluik.sample_site.faults import load_faults
from vierluik.sample_site.journey_faults import broken
from vierluik.sample_site.markup import to_html, to_words
from vierluik.sample_site.report_form import STEPS, Redirect, follow, known_answers
from vierluik.sample_site.search import SearchText, search

Edition = Literal["1", "2", "clean"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)

STYLE_SHEET = "/static/stijl.css"
MOST_RESULTS = 20
WOO = {"/sitemapindex-diwoo-infocat002.xml": "woo_index.xml", "/woo/besluiten.xml": "woo_sitemap.xml"}

_HERE = Path(__file__).parent
PRODUCT_NAMES = _HERE / "upl.csv"  # some names of the national list, in the form of its official export
_STATIC_FOLDERS = {"/static/": _HERE / "static", "/documenten/": _HERE / "documents"}
_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".pdf": "application/pdf",
}
_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


@dataclass(frozen=True)
class Response:
    """An answer, ready to be sent."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class SampleSite:
    """One edition of the website of Gemeente Voorbeeldstad."""

    def __init__(
        self, edition: Edition, origin: str = "http://voorbeeldstad.example", journey_faults: tuple[str, ...] = ()
    ) -> None:
        """Choose the edition; `origin` stands before the paths in robots.txt and sitemap.xml.

        `journey_faults`: what breaks journeys in it, of `journey_faults.toml`; none of them is part of an edition.

        Raises ValueError for an unknown edition.
        """
        if edition not in EDITIONS:
            raise ValueError(f"edition is '{edition}'. Choose one of: {', '.join(EDITIONS)}.")
        self.edition: Edition = edition
        self.origin = origin
        self.journey_faults = journey_faults

    def paths(self) -> tuple[str, ...]:
        """The paths of all HTML pages that answer 200 to a GET, sorted."""
        return tuple(load_pages())

    def respond(self, method: str, path: str, query: Mapping[str, str], form: Mapping[str, str]) -> Response:
        """Answer one request; `path` is decoded, `query` and `form` hold one value a name."""
        if method not in ("GET", "HEAD", "POST"):
            return Response(405, {"Allow": "GET, HEAD, POST"})
        if path in (step.path for step in STEPS):
            return self._form(path, known_answers({**query, **form}))
        if method == "POST":
            return Response(405, {"Allow": "GET, HEAD"})
        if path.startswith(tuple(_STATIC_FOLDERS)):
            return self._file(path)
        if path == "/robots.txt":
            return _response(".txt", self._text("robots.txt", "/"))
        if path == "/sitemap.xml":
            listed = [page for page in load_pages().values() if page.found_through in ("links", "sitemap", "form")]
            return _response(".xml", self._text("sitemap.xml", "/", listed=listed))
        if path in WOO:
            return _response(".xml", self._text(WOO[path], "/"))
        if path == "/api/afvalkalender.json":
            return _response(".json", self._collection_days())
        page = load_pages().get(path)
        if page is None:
            return self._moved_or_missing(path)
        if path == "/zoeken":
            return self._page(page, **_search_context(query.get("q", "").strip()))
        return self._page(page)

    def _fault(self, path: str) -> Callable[[str], bool]:
        """The switch that templates ask: is this fault present, in this edition, on this page?"""
        known = {fault.id: fault for fault in load_faults()}

        def fault(fault_id: str) -> bool:
            planted = known[fault_id]
            return self.edition != "clean" and int(self.edition) in planted.editions and planted.applies_to(path)

        return fault

    def _text(self, template: str, path: str, **context: Any) -> str:
        page_template = _environment().get_template(template)
        return page_template.render(fault=self._fault(path), origin=self.origin, pages=load_pages(), **context)

    def _page(self, page: Page, status: int = 200, **context: Any) -> Response:
        body = to_html(_compiled(page.body).render(fault=self._fault(page.path)), _document_note)
        frame = load_table("site.toml")
        html = self._text(page.template, page.path, page=page, body=body, site=frame, **context)
        answer = _response(".html", broken(html, page.path, self.journey_faults), status)
        return replace(answer, headers={**answer.headers, **self._guards(page.path)})

    def _guards(self, path: str) -> Mapping[str, str]:
        """What browsers are asked to guard visitors by."""
        guards = {"Content-Security-Policy": "frame-ancestors 'self'", "Referrer-Policy": "strict-origin-when-cross-origin"}
        if self._fault(path)("home-without-referrer-policy"):
            del guards["Referrer-Policy"]
        return guards

    def _form(self, path: str, answers: Mapping[str, str]) -> Response:
        outcome = follow(path, answers)
        if isinstance(outcome, Redirect):
            query = "?" + urlencode(outcome.answers) if outcome.answers else ""
            return Response(303, {"Location": outcome.path + query})
        return self._page(load_pages()[path], steps=STEPS, answers=answers, **vars(outcome))

    def _file(self, path: str) -> Response:
        if path == STYLE_SHEET:
            return _response(".css", self._text("stijl.css", path))
        file = _static_files().get(path)
        if file is None:
            return self._missing(path)
        return Response(200, {"Content-Type": _CONTENT_TYPES[file.suffix]}, file.read_bytes())

    def _collection_days(self) -> str:
        table = dict(load_table("afvalkalender.toml"))
        fault = self._fault("/afvalkalender")
        if fault("waste-pictogram-without-alternative"):
            kinds = table["soorten"].items()
            table["soorten"] = {name: {**kind, "alternatief": None} for name, kind in kinds}
        return json.dumps(table, ensure_ascii=False, default=str)

    def _moved_or_missing(self, path: str) -> Response:
        if path.endswith("/") and path.rstrip("/") in load_pages():
            return Response(308, {"Location": path.rstrip("/")})
        return self._missing(path)

    def _missing(self, path: str) -> Response:
        lost = Page(path, "Deze pagina bestaat niet", "", "not_found.html", date(2026, 1, 1), "nothing", "", "", {}, "")
        return self._page(lost, status=404)


@cache
def _static_files() -> Mapping[str, Path]:
    """Every file that is given as it is, by its path on the site; nothing else on the disk can be asked for."""
    return {
        prefix + file.relative_to(folder).as_posix(): file
        for prefix, folder in _STATIC_FOLDERS.items()
        for file in folder.rglob("*")
        if file.is_file()
    }


def _response(suffix: str, text: str, status: int = 200) -> Response:
    return Response(status, {"Content-Type": _CONTENT_TYPES[suffix]}, text.encode())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(default_for_string=False),  # the strings are our own content files
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["dutch_date"] = _dutch_date
    environment.globals["document_note"] = _document_note
    return environment


@cache
def _compiled(body: str) -> Template:
    return _environment().from_string(body)


def _dutch_date(day: date, weekday: bool = False) -> str:
    text = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{_DAYS[day.weekday()]} {text}" if weekday else text


def _document_note(address: str) -> str:
    """The words behind a link to a PDF; a document that does not exist has no size."""
    file = _HERE / "documents" / Path(address).name
    return f"(pdf, {round(file.stat().st_size / 1000)} kB)" if file.is_file() else "(pdf)"


@cache
def search_texts() -> tuple[SearchText, ...]:
    """What the search knows, taken from the fault-free pages that are linked or in the sitemap."""
    texts = []
    for page in load_pages().values():
        if page.found_through in ("links", "sitemap") and page.path not in ("/", "/zoeken", "/sitemap"):
            body = to_words(to_html(_compiled(page.body).render(fault=lambda _: False), _document_note))
            texts.append(SearchText(page.path, page.title, page.summary, page.keywords, body))
    return tuple(texts)


def _search_context(query: str) -> Mapping[str, Any]:
    hits = search(query, search_texts()) if query else []
    return {"query": query, "results": [load_pages()[hit.path] for hit in hits[:MOST_RESULTS]], "total": len(hits)}
