"""One answer in the making: which language, which moment, and the way to the templates and the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.routing import Mount, NoMatchFound

from dashboard import formatting
from dashboard.honest_line import lines_of_site
from dashboard.languages import LANGUAGES, N_, is_language, translations
from dashboard.pagination import Pagination
from dashboard.table_as_seen import MOST_ROWS, TableAsked, asked
from dashboard.table_file import TableKind
from dashboard.who import EVERYWHERE, Who, who_asks
from rules.account import Permission
from rules.norm import Language
from rules.policy import know
from storage.database import Database
from storage.models import Site
from storage.policies import policies_of
from storage.questions.sites import site_by_id

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
CUT = N_("Alleen de eerste %(count)s regels. Alles staat in: vierluik export csv.")
SHORTCUTS_COOKIE = "vierluik-shortcuts"  # off, in a browser where they are turned off
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


@dataclass(frozen=True)
class Screen:
    """What every screen needs."""

    request: Request
    language: Language
    database: Database
    now: datetime

    def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A template, filled, as the answer. Raises TableAsked where one of its tables is asked for as a file."""
        filled = self.fill(template, **values)
        if self.table_kind and status == 200:
            raise TableAsked(self.request.query_params["table"], self.table_kind, filled, getattr(self.request.state, "cut", ""))
        return HTMLResponse(filled, status)

    @property
    def table_kind(self) -> TableKind | None:
        """Which kind of file a table is asked for as; None: the screen itself is."""
        asks = self.request.query_params
        return asked(asks.get("table", ""), asks.get("file", "")) if self.request.method == "GET" else None

    def fill(self, template: str, **values: Any) -> str:
        """Fill a template in the language of this answer."""
        environment = self.request.app.state.environments[self.language]
        filled: str = environment.get_template(template).render(self.shared(**values))
        return filled

    def shared(self, **values: Any) -> dict[str, Any]:
        """What every template may name, with the values of one."""
        site = values.get("site")
        return {
            "path": self.path,
            "other_languages": [(other, self._same_screen(other)) for other in LANGUAGES if other != self.language],
            "here": self.here,
            "table_file": self._table_file,
            "picture": self.picture,
            "now": self.now,
            "site": None,
            "honest_of_site": self._honest(site) if site and "honest_lines" not in values else [],
            "asker": self.who,
            "shortcuts_on": self._cookie(SHORTCUTS_COOKIE) != "off",
            "may": lambda permission: self.who.may(Permission(permission), site.id if site else None),
            "may_everywhere": lambda permission: self.who.may(Permission(permission), EVERYWHERE),
            **values,
        }

    def _honest(self, site: Site) -> list[str]:
        with self.database.session() as session:
            return lines_of_site(session, site, self.language)

    @property
    def who(self) -> Who:
        """Who asks."""
        return who_asks(self.request)

    def _table_file(self, name: str) -> Markup:
        """The links to a table as a file; the table is the one before them."""
        links = self.request.app.state.environments[self.language].get_template("table_file.html.j2")
        return Markup(links.render(table=name, here=self.here))  # noqa: S704 - filled with its own escaping

    def _cookie(self, name: str) -> str:
        return self.request.cookies.get(self.request.app.state.door.cookie(name), "")

    def may_see(self, session: Session, site_id: int) -> bool:
        """Whether a site is one of those that whoever asks may see."""
        return self.who.may(Permission.SEE, site_id)

    def path(self, name: str, **values: Any) -> str:
        """The address of a screen by its name, in the language of this answer."""
        return path_of(self.request.app, name, language=self.language, **values)

    def picture(self, digest: str) -> str:
        """The address of a picture."""
        return path_of(self.request.app, "picture", digest=digest)

    def here(self, **changes: Any) -> str:
        """The address of this screen with some of its questions changed; an empty value takes one away."""
        questions = {key: value for key, value in self.request.query_params.items() if key not in changes}
        questions |= {key: str(value) for key, value in changes.items() if value}
        return self.request.url.path + (f"?{urlencode(questions)}" if questions else "")

    def part(self, number: int, size: int) -> tuple[int, int]:
        """How many rows of a list are asked for, and how many stand before them; of a file, all that there may be."""
        return (MOST_ROWS, 0) if self.table_kind else (size, (number - 1) * size)

    def back_to(self, name: str, **values: Any) -> RedirectResponse:
        """After a post: show a screen again, so that reloading asks nothing twice."""
        return RedirectResponse(self.path(name, **values), status_code=303)

    def site(self, session: Session, site_id: int) -> Site:
        site = site_by_id(session, site_id)
        if site is None or not self.may_see(session, site_id):
            raise HTTPException(404)
        know(policies_of(session, site))
        return site

    def pagination(self, number: int, total: int, size: int = 100) -> Pagination:
        """The part of a list that is asked for. A part behind the end is not there. A file holds all parts."""
        if self.table_kind:
            if total > MOST_ROWS:
                self.request.state.cut = translations(self.language).gettext(CUT) % {
                    "count": formatting.number(MOST_ROWS, self.language)
                }
            return Pagination(1, min(total, MOST_ROWS), MOST_ROWS)
        pagination = Pagination(number, total, size)
        if number > pagination.last:
            raise HTTPException(404)
        return pagination

    def _same_screen(self, other: Language) -> str:
        query = self.request.url.query
        rest = self.request.url.path.removeprefix(f"/{self.language}")
        known = rest != self.request.url.path and self.request.method == "GET"
        return f"/{other}{rest}" + (f"?{query}" if query else "") if known else f"/{other}/"


def path_of(app: FastAPI, name: str, **values: Any) -> str:
    """The address of a route by its name: found once, where Starlette would try every route for each link of a screen.

    Raises NoMatchFound where there is no such route.
    """
    if not hasattr(app.state, "routes_by_name"):
        found: dict[str, list[APIRoute]] = {}
        for route in flat_routes(app.routes):
            found.setdefault(route.name, []).append(route)
        app.state.routes_by_name = found
    known: list[APIRoute] = app.state.routes_by_name.get(name, [])
    for route in known:
        with suppress(NoMatchFound):
            return str(route.url_path_for(name, **values))
    raise NoMatchFound(name, values)


def flat_routes(found: Iterable[Any]) -> Iterator[APIRoute]:
    """Every route of an application, those of the routers in it too; not those of an application that is mounted in it."""
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif not isinstance(route, Mount):
            inner = getattr(route, "original_router", None) or route
            yield from flat_routes(getattr(inner, "routes", ()))


def screen_of(request: Request, language: str) -> Screen:
    """The screen for an address whose first part is a language. Any other first part is no address of ours."""
    if not is_language(language):
        raise HTTPException(404)
    return make_screen(request, "en" if language == "en" else "nl")


def make_screen(request: Request, language: Language) -> Screen:
    return Screen(request, language, request.app.state.database, request.app.state.now())


AnyScreen = Annotated[Screen, Depends(screen_of)]
