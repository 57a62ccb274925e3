"""What each screen costs with a year of data on 10,000 pages, against a static template with as many rows.

    python -m benchmarks screens [--pages N]        or        python -m benchmarks.screens [--pages N] [--database URL]

The screens are those of the route table, asked in this process as the server would be, by somebody who has logged in. The
static template is a table with as many rows of five cells as the answer has rows and list items, in the same layout, sent by
the same middleware. Bytes are those that go over the line to a browser that knows nothing yet: the page, style sheets, font
and mark, compressed as the server compresses them; without pictures.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import math
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware

from benchmarks.stored_year import NOW, StoredYear, store_year
from dashboard.app import create_app
from dashboard.assets import Assets
from dashboard.guard import COOKIE
from dashboard.screen import flat_routes, make_screen
from dashboard.security import SecurityHeaders
from dashboard.templating import environments
from dashboard.who import LOCAL
from storage.database import Database
from storage.models import Site

TIMES = 20  # the cost of a screen, of that of a static template
MOST_BYTES = 150_000
ROUNDS, ROUNDS_OF_SLOW, SLOW_S = 4, 2, 0.3
LINE = re.compile(rb"<(?:tr|li)[\s>]")
STATIC = """{% extends "base.html.j2" %}
{% block title %}{{ _("Pagina’s") }}{% endblock %}
{% block main %}<h1>{{ _("Pagina’s") }}</h1><table class="utrecht-table">
{% for row in rows %}
<tr><td>{{ row[0] }}</td><td>{{ row[1] }}</td><td>{{ row[2] }}</td><td>{{ row[3] }}</td><td>{{ row[4] }}</td></tr>
{% endfor %}
</table>{% endblock %}"""
# Screens that show no data of a site, answers of another server, and files of content that does not change.
NO_SCREENS = {"start", "healthy", "ready", "metrics", "static", "picture", "log_in", "second_factor", "invitation", "unsubscribe"}
NO_SCREENS |= {
    "barrier_file",
    "tried_journey",
    "run_progress",
    "check_progress",
    "all_settings_group",  # what these show does not grow, and the benchmark has no settings file
    "settings_group",
    "organisation_log_in",
    "organisation_answer",
    "evidence",
    "check_answer",
    "report_of_address",
}
# Beside the address of a route as it is: what people ask of it.
OWN_KINDS = {"evaluation_export", "workshop_file"}  # files that are no tables
QUESTIONS = {
    "pages": ["?failures=1", "?q=paspoort", "?page=2", "?status=carried%20over"],
    "desk": ["?for=*", "?for=Team%203"],
    "causes": ["?who=editor"],
    "search": ["?q=paspoort"],
    "searches": ["?page=2"],
    "links": ["?class=moved"],
    "simulator": ["?cause=1&cause=2&cause=41"],
    "public": [""],
}


@dataclass(frozen=True)
class Cost:
    """What one screen costs."""

    name: str
    address: str
    status: int
    rows: int
    cpu_s: float
    static_s: float
    transferred: int  # bytes, with style sheets, font and mark

    @property
    def times(self) -> float:
        return self.cpu_s / self.static_s

    @property
    def holds(self) -> bool:
        return self.status == 200 and self.times <= TIMES and self.transferred < MOST_BYTES

    @property
    def line(self) -> str:
        cost = f"{self.times:7.1f} x {1000 * self.cpu_s:8.1f} ms {self.transferred:9,} bytes {self.rows:6} rows"
        return f"{cost}  {self.status} {self.address}"


@dataclass(frozen=True)
class Answer:
    """An answer as it goes over the line."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get(b"content-encoding") == b"gzip" else self.body


async def ask(app: FastAPI, address: str, token: str = "") -> Answer:
    """One GET, without a client of HTTP in between, which would cost as much as a small screen."""
    path, _, query = address.partition("?")
    headers = [(b"host", b"127.0.0.1"), (b"accept-encoding", b"gzip")]
    headers += [(b"cookie", f"{COOKIE}={token}".encode())] if token else []
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": headers, "state": {},
        "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head = next(one for one in sent if one["type"] == "http.response.start")
    body = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
    return Answer(head["status"], dict(head["headers"]), body)


def addresses(app: FastAPI, year: StoredYear) -> Iterator[tuple[str, str]]:
    """Name and address of every screen and file that shows what is stored, from the table of routes."""
    values = {
        "language": "nl", "site_id": year.site, "page_id": year.page, "rule_id": year.rule, "kpi": "pages-without-failure",
        "task_id": year.ids["task"], "journey_id": year.ids["journey"], "evaluation_id": year.ids["evaluation"],
        "criterion": year.ids["criterion"], "group": "limits",
    }  # fmt: skip
    numbers = {"query": year.ids["query"], "cell": year.ids["evaluation_page"]}
    for route in flat_routes(app.routes):
        if "GET" not in route.methods or route.name in NO_SCREENS:
            continue
        of_route = values | {"number": numbers.get(route.name, 1)}
        kinds = ("csv", "xlsx") if "{kind}" in route.path and route.name not in OWN_KINDS else ("html",)
        for kind in kinds:
            path = re.sub(r"\{([^}]+)\}", lambda found, of=of_route | {"kind": kind}: str(of[found[1]]), route.path)  # type: ignore[misc]
            if route.name == "achieved":
                path += f"?since={year.runs[-60]}" if len(year.runs) > 60 else f"?since={year.runs[0]}"
            yield route.name, path
            for question in QUESTIONS.get(route.name, ()):
                yield route.name, path + question


def static_app(site: Site) -> FastAPI:
    """What a screen is compared with: the same layout around rows that are known beforehand."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.assets = Assets()
    app.state.environments = environments(app.state.assets)
    app.state.database = None
    app.state.now = lambda: NOW
    template = app.state.environments["nl"].from_string(STATIC)

    def rows(request: Request, count: int) -> HTMLResponse:
        request.state.who = LOCAL
        screen = make_screen(request, "nl")
        known = [(number, "Paspoort aanvragen", "/burgerzaken/paspoort", number * 7, "getoetst") for number in range(count)]
        return HTMLResponse(template.render(screen.shared(site=site, rows=known)))

    app.add_api_route("/nl/static/{count}", rows)
    real = create_app(Database("sqlite://"), now=lambda: NOW)
    app.router.routes += real.router.routes  # for the addresses in the menu
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(SecurityHeaders)
    return app


def assets_bytes(app: FastAPI) -> int:
    """What a browser fetches beside a page, once: style sheets, the font of Dutch and the mark, as they are sent."""
    files = app.state.assets.files
    wanted = ("vendor/nl-design-system.css", "vierluik.css", "vendor/noto-sans-latin.woff2", "mark.svg")
    return sum(len(files[name].compressed or files[name].content) for name in wanted)


async def cpu_of(app: FastAPI, address: str, token: str = "") -> tuple[float, Answer]:
    """The least CPU time of a few, of all threads of this process; and the answer."""
    answer = await ask(app, address, token)  # warms the caches of templates and statements
    least, rounds = math.inf, 0
    while rounds < (ROUNDS_OF_SLOW if least > SLOW_S and rounds else ROUNDS):
        begun = time.process_time()
        await ask(app, address, token)
        least, rounds = min(least, time.process_time() - begun), rounds + 1
    return least, answer


async def costs(database: Database, year: StoredYear, only: str = "") -> list[Cost]:
    """Every screen, the dearest first."""
    app = create_app(database, now=lambda: NOW)
    with database.session() as session:
        site = session.get_one(Site, year.site)
        session.expunge(site)
    static, beside = static_app(site), assets_bytes(app)
    found = []
    for name, address in addresses(app, year):
        if only and only not in name:
            continue
        cpu_s, answer = await cpu_of(app, address, year.token)
        is_page = answer.headers.get(b"content-type", b"").startswith(b"text/html")
        rows = len(LINE.findall(answer.content)) if is_page else answer.content.count(b"\n")
        static_s, _ = await cpu_of(static, f"/nl/static/{rows}")
        found.append(Cost(name, address, answer.status, rows, cpu_s, static_s, len(answer.body) + (beside if is_page else 0)))
        print(found[-1].line, file=sys.stderr)
    return sorted(found, key=lambda one: -one.times)


def measure_screens(database: Database, pages: int, only: str = "") -> list[Cost]:
    """Fill an empty database and measure every screen of it."""
    year = store_year(database, pages)
    return asyncio.run(costs(database, year, only))


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pages", type=int, default=10_000)
    options.add_argument("--database", default="", help="an empty one; by default a file that goes afterwards")
    options.add_argument("--only", default="", help="screens whose name has this in it")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(chosen.database or f"sqlite:///{Path(folder) / 'year.db'}")
        database.migrate()
        for one in measure_screens(database, chosen.pages, chosen.only):
            print(f"{'yes' if one.holds else 'NO ':3} {one.line}")
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
