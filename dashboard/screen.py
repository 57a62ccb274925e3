"""One answer in the making: which language, which moment, and the way to the templates and the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.orm import Session

from dashboard.honest_line import lines_of_site
from dashboard.languages import LANGUAGES, is_language
from dashboard.pagination import Pagination
from dashboard.who import Who, who_asks
from rules.account import Permission
from rules.norm import Language
from rules.policy import know
from storage.database import Database
from storage.models import Site
from storage.policies import policies_of
from storage.questions.sites import site_by_id

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
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
        """Fill a template in the language of this answer."""
        environment = self.request.app.state.environments[self.language]
        shared = {
            "path": self.path,
            "other_languages": [(other, self._same_screen(other)) for other in LANGUAGES if other != self.language],
            "here": self.here,
            "picture": self.picture,
            "now": self.now,
            "site": None,
            "honest_of_site": [],
            "asker": self.who,
            "shortcuts_on": self._cookie(SHORTCUTS_COOKIE) != "off",
            "may": lambda permission: self.who.may(Permission(permission), values["site"].id if values.get("site") else None),
        }
        if values.get("site") is not None and "honest_lines" not in values:
            with self.database.session() as session:
                shared["honest_of_site"] = lines_of_site(session, values["site"], self.language)
        return HTMLResponse(environment.get_template(template).render(shared | values), status)

    @property
    def who(self) -> Who:
        """Who asks."""
        return who_asks(self.request)

    def _cookie(self, name: str) -> str:
        return self.request.cookies.get(self.request.app.state.door.cookie(name), "")

    def may_see(self, session: Session, site_id: int) -> bool:
        """Whether a site is one of those that whoever asks may see."""
        return self.who.may(Permission.SEE, site_id)

    def path(self, name: str, **values: Any) -> str:
        """The address of a screen by its name, in the language of this answer."""
        return str(self.request.app.url_path_for(name, language=self.language, **values))

    def picture(self, digest: str) -> str:
        """The address of a picture."""
        return str(self.request.app.url_path_for("picture", digest=digest))

    def here(self, **changes: Any) -> str:
        """The address of this screen with some of its questions changed; an empty value takes one away."""
        questions = {key: value for key, value in self.request.query_params.items() if key not in changes}
        questions |= {key: str(value) for key, value in changes.items() if value}
        return self.request.url.path + (f"?{urlencode(questions)}" if questions else "")

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
        """The part of a list that is asked for. A part behind the end is not there."""
        pagination = Pagination(number, total, size)
        if number > pagination.last:
            raise HTTPException(404)
        return pagination

    def _same_screen(self, other: Language) -> str:
        query = self.request.url.query
        rest = self.request.url.path.removeprefix(f"/{self.language}")
        known = rest != self.request.url.path and self.request.method == "GET"
        return f"/{other}{rest}" + (f"?{query}" if query else "") if known else f"/{other}/"


def screen_of(request: Request, language: str) -> Screen:
    """The screen for an address whose first part is a language. Any other first part is no address of ours."""
    if not is_language(language):
        raise HTTPException(404)
    return make_screen(request, "en" if language == "en" else "nl")


def make_screen(request: Request, language: Language) -> Screen:
    return Screen(request, language, request.app.state.database, request.app.state.now())


AnyScreen = Annotated[Screen, Depends(screen_of)]
