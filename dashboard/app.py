"""The dashboard as a web application: what is stored, shown; a button writes a request for the scheduler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from dashboard.api.application import PREFIX, create_api
from dashboard.assets import Assets
from dashboard.guard import Door, KnowsWho, MustLogIn, guard, own_path
from dashboard.languages import LANGUAGES, preferred_language
from dashboard.operations import Watch, healthy, metrics, ready
from dashboard.screen import make_screen
from dashboard.screens import (
    about,
    accounts,
    api,
    availability,
    barriers,
    buttons,
    criteria,
    decisions,
    desk,
    documents,
    evaluation_desk,
    evaluations,
    feed,
    feedback,
    gaps,
    google,
    journey_figures,
    journeys,
    links,
    live,
    manager,
    messages,
    owners,
    pages,
    panels,
    people,
    planning,
    policies,
    portfolio,
    products,
    public,
    rules,
    runs,
    search,
    search_logs,
    searches,
    season,
    settings_files,
    shortcuts,
    simulator,
    site,
    sites,
    statement,
    supplier_tickets,
    tasks,
    tokens,
    workshop,
)
from dashboard.screens import settings as settings_screens
from dashboard.security import HEADERS, LOOPBACK, SecurityHeaders
from dashboard.streams import Streams
from dashboard.table_as_seen import TableAsked, as_file
from dashboard.templating import environments
from dashboard.uploads import Uploads
from rules.norm import Language
from rules.setting import NO_SETTINGS, SettingsTable
from storage.blobs import get_picture
from storage.database import Database


def clock() -> datetime:
    return datetime.now(UTC)


def create_app(
    database: Database,
    *,
    now: Callable[[], datetime] = clock,
    uploads: Uploads = Uploads(),  # noqa: B008
    watch: Watch = Watch(),  # noqa: B008
    trackers: Sequence[str] = (),
    settings: SettingsTable = NO_SETTINGS,
    theme: bytes = b"",
    door: Door | None = None,
) -> FastAPI:
    """The application over one database. Raises AssetsMissing where the set-up has not fetched the style sheets."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, dependencies=[Depends(guard)])
    app.state.door = door = door or Door()
    app.state.database = database.remembering()
    app.state.now = now
    app.state.uploads = uploads
    app.state.watch = watch
    app.state.settings = settings
    app.state.streams = Streams()
    app.state.trackers = tuple(trackers)  # the names of those that tickets can be filed in
    app.state.assets = Assets(theme)
    app.state.environments = environments(app.state.assets)
    app.add_api_route("/", start, methods=["GET", "HEAD"], include_in_schema=False)
    for address, answer in (("/healthz", healthy), ("/readyz", ready), ("/metrics", metrics)):
        app.add_api_route(address, answer, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/static/{version}/{name:path}", static, methods=["GET", "HEAD"])
    app.add_api_route("/pictures/{digest}.jpg", picture, methods=["GET", "HEAD"], name="picture")
    of_sites = (sites, site, pages, documents, links, tasks, searches, gaps, season, google, search_logs, products, feedback)
    of_people = (
        desk,
        barriers,
        decisions,
        owners,
        people,
        tokens,
        accounts,
        panels,
        evaluations,
        evaluation_desk,
        statement,
        journeys,
        workshop,
        policies,
    )
    of_all = (
        settings_files,
        settings_screens,
        portfolio,
        manager,
        simulator,
        journey_figures,
        supplier_tickets,
        public,
        search,
        shortcuts,
        rules,
        criteria,
        api,
        about,
    )
    for screens in (*of_sites, *of_people, planning, live, runs, availability, messages, feed, buttons, *of_all):
        app.include_router(screens.router)
    app.state.api = create_api(app)
    app.mount(PREFIX, app.state.api)
    app.add_exception_handler(MustLogIn, to_log_in)
    app.add_exception_handler(TableAsked, table_as_seen)
    app.add_exception_handler(AnyHTTPException, refused)
    app.add_exception_handler(RequestValidationError, not_an_address)
    app.add_exception_handler(Exception, broken)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, *([door.host] if door.host else [])], www_redirect=False)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(KnowsWho)
    return app


def start(request: Request) -> RedirectResponse:
    return RedirectResponse(f"/{language_of(request)}/", headers={"Vary": "Accept-Language"})


def static(request: Request, version: str, name: str) -> Response:
    answer: Response | None = request.app.state.assets.answer(request, version, name)
    if answer is None:
        raise HTTPException(404)
    return answer


def picture(request: Request, digest: str) -> Response:
    """A picture of an element, by the hash of its content: what it shows never changes."""
    with request.app.state.database.session() as session:
        content = get_picture(session, digest)
    if content is None:
        raise HTTPException(404)
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=31536000, immutable"})


def language_of(request: Request) -> Language:
    """The language of an address; where it has none, the one the browser prefers."""
    first = request.url.path.split("/")[1]
    if first in LANGUAGES:
        return "en" if first == "en" else "nl"
    return preferred_language(request.headers.get("accept-language", ""))


def refused(request: Request, error: Exception) -> Response:
    """A page of our own for what is not there (404), not allowed (403, 405), or whatever else was refused."""
    status = error.status_code if isinstance(error, AnyHTTPException) else 500
    headers = error.headers if isinstance(error, AnyHTTPException) else None
    answer = make_screen(request, language_of(request)).show("error.html.j2", status=status, code=status)
    answer.headers.update(headers or {})
    return answer


def table_as_seen(request: Request, error: Exception) -> Response:
    """A table of a screen as a file."""
    made = as_file(error, language_of(request)) if isinstance(error, TableAsked) else None
    return made or make_screen(request, language_of(request)).show("error.html.j2", status=404, code=404)


def to_log_in(request: Request, error: Exception) -> Response:
    """Nobody knows who asks: they log in first, and come back to where they wanted to be."""
    wanted = own_path(error.address) if isinstance(error, MustLogIn) else ""
    address = make_screen(request, language_of(request)).path("log_in")
    return RedirectResponse(f"{address}?{urlencode({'back': wanted})}" if wanted else address, 303)


def not_an_address(request: Request, error: Exception) -> Response:
    """An id that is no number or a filter that does not exist: there is no such screen."""
    return make_screen(request, language_of(request)).show("error.html.j2", status=404, code=404)


def broken(request: Request, error: Exception) -> Response:
    """Something failed in the program; the trace goes to the log. No middleware sees this answer: hence its headers."""
    answer = make_screen(request, language_of(request)).show("error.html.j2", status=500, code=500)
    answer.headers.update(HEADERS | {"Cache-Control": "no-store"})
    return answer
