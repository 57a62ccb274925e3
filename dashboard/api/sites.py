"""Of the API: who calls, the sites, their runs and pages, and having them looked at again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy.orm import Session

from dashboard.api.call import AnyCall, AnyPart, Call, one_of
from dashboard.api.shapes import Asked, CheckAsked, CoverageShape, Me, PageShape, Part, RoleOn, RunShape, SiteShape
from dashboard.causes import rules_without_criteria
from dashboard.screen import Id
from dashboard.screens.site import coverage_of
from rules.api_token import TokenScope
from rules.page_type import PageType
from rules.task import PageStatus
from storage.changes import Of, mark_of
from storage.models import Request, Site
from storage.questions.pages import PageFilter, PageRow, page_by_id, pages_after
from storage.questions.requests import request_by_id
from storage.questions.runs import RunPoint, latest_run, runs_before, runs_by_id, with_figures
from storage.questions.sites import all_sites
from storage.requests import AlreadyAsked, ask

router = APIRouter()

MOST_SITES = 10_000
Owner = Annotated[str, Query(max_length=200, description="Whose they are.")]


@router.get("/me", name="api_me", tags=["sites"])
def me(call: AnyCall) -> Me:
    """Who calls, and what the token is for."""
    caller = call.caller
    return Me(
        name=caller.who.name,
        roles=[RoleOn(role=role, site=site) for role, site in caller.who.roles],
        token=caller.token.name,
        scopes=[TokenScope(scope) for scope in caller.token.scopes],
        expires_at=caller.token.expires_at,
    )


@router.get("/sites", name="api_sites", tags=["sites"])
def sites(call: AnyCall, asked: AnyPart) -> Part[SiteShape]:
    """The sites that the account may see."""
    with call.database.session() as session:
        seen = sorted((one for one in all_sites(session, MOST_SITES) if call.may_see(one.id)), key=lambda one: one.id)
        call.fresh(" ".join(mark_of(session, one, (Of.RUNS,), call.now) for one in seen))
        return call.of_all(seen, asked, lambda one: one.id, lambda one: _site(session, one))


@router.get("/sites/{site_id}", name="api_site", tags=["sites"])
def site(call: AnyCall, site_id: Id) -> SiteShape:
    """One site with its newest finished run."""
    with call.database.session() as session:
        shown, _ = call.judged(session, site_id)
        return _site(session, shown)


def _site(session: Session, shown: Site) -> SiteShape:
    run = latest_run(session, shown.id)
    return SiteShape(
        id=shown.id,
        name=shown.name,
        start_url=shown.start_url,
        time_zone=shown.time_zone,
        latest_run=_run(with_figures(session, [run])[0]) if run else None,
    )


@router.get("/sites/{site_id}/runs", name="api_runs", tags=["runs"])
def runs(call: AnyCall, site_id: Id, asked: AnyPart) -> Part[RunShape]:
    """The runs over a site, and the looks at single pages; the newest first."""
    with call.database.session() as session:
        call.judged(session, site_id)
        found = with_figures(session, runs_before(session, site_id, asked.limit + 1, asked.number))
        return call.part(found, asked, lambda one: one.run.id, _run)


@router.get("/sites/{site_id}/runs/{run_id}", name="api_run", tags=["runs"])
def run(call: AnyCall, site_id: Id, run_id: Id) -> RunShape:
    """One run: how far it came, and what it was made with."""
    with call.database.session() as session:
        call.judged(session, site_id)
        found = runs_by_id(session, {run_id}).get(run_id)
        if found is None or found.site_id != site_id:
            raise HTTPException(404)
        return _run(with_figures(session, [found])[0])


def _run(point: RunPoint) -> RunShape:
    one = point.run
    return RunShape.model_validate(
        {
            **{
                name: getattr(one, name)
                for name in ("id", "kind", "state", "reason", "requested_by", "started_at", "finished_at")
            },
            **{name: getattr(one, name) for name in ("norm", "browser", "rule_set")},
            "engines": {str(name): str(version) for name, version in one.engines.items()},
            "coverage": CoverageShape(**coverage_of(one)),
            "figures": point.figures,
        }
    )


@router.post("/sites/{site_id}/runs", name="api_ask_run", tags=["runs"], status_code=202)
def ask_run(call: AnyCall, site_id: Id) -> Asked:
    """Ask for a run over the site. Where one was asked for already and waits, that one is given."""
    with call.database.session() as session:
        call.site(session, site_id)
        return _ask(call, session, site_id, "run", {})


@router.post("/sites/{site_id}/checks", name="api_ask_check", tags=["runs"], status_code=202)
def ask_check(call: AnyCall, site_id: Id, wanted: CheckAsked) -> Asked:
    """Have one page looked at again. Where that was asked for already and waits, that request is given."""
    with call.database.session() as session:
        call.site(session, site_id)
        page = page_by_id(session, wanted.page)
        if page is None or page.site_id != site_id:
            raise HTTPException(404)
        return _ask(call, session, site_id, "check_page", {"url": page.identity})


def _ask(call: Call, session: Session, site_id: int, kind: str, arguments: dict[str, Any]) -> Asked:
    try:
        request = ask(session, site_id, kind, arguments, call.who.name, call.now)
    except AlreadyAsked as waits:
        request = waits.request
    told = _asked(call, request)
    call.response.headers["Location"] = told.address
    return told


@router.get("/sites/{site_id}/requests/{number}", name="api_request", tags=["runs"])
def asked_for(call: AnyCall, site_id: Id, number: Id) -> Asked:
    """How far something is that was asked for."""
    with call.database.session() as session:
        call.site(session, site_id)
        request = request_by_id(session, number)
        if request is None or request.site_id != site_id or request.kind not in ("run", "check_page"):
            raise HTTPException(404)
        return _asked(call, request)


def _asked(call: Call, request: Request) -> Asked:
    found = request.result.get("run")
    return Asked.model_validate(
        {
            **{name: getattr(request, name) for name in ("id", "kind", "state", "requested_at", "finished_at")},
            "run": found if isinstance(found, int) else None,
            "address": call.path("api_request", site_id=request.site_id, number=request.id),
        }
    )


@router.get("/sites/{site_id}/pages", name="api_pages", tags=["pages"])
def pages(
    call: AnyCall,
    site_id: Id,
    asked: AnyPart,
    status: Annotated[str, Query(max_length=20, description="tested, carried over, untested or skipped.")] = "",
    failures: Annotated[bool, Query(description="Only those with a confirmed or new failure.")] = False,
    kind: Annotated[str, Query(alias="type", max_length=20, description="A kind of page, such as form.")] = "",
    owner: Owner = "",
    q: Annotated[str, Query(max_length=200, description="Words in the title or the address.")] = "",
) -> Part[PageShape]:
    """The pages that are known, with how many failures each has."""
    one_of(status, list(PageStatus), "status")
    one_of(kind, list(PageType), "type")
    filter_ = PageFilter(status, failures, q.strip(), kind, owner.strip())
    with call.database.session() as session:
        _, newest = call.judged(session, site_id, Of.OWNERS)
        uncounted = rules_without_criteria()
        found = pages_after(session, site_id, newest.id, filter_, uncounted, asked.limit + 1, asked.number) if newest else []
        return call.part(found, asked, lambda one: one.page_id, _page)


@router.get("/sites/{site_id}/pages/{page_id}", name="api_page", tags=["pages"])
def page(call: AnyCall, site_id: Id, page_id: Id) -> PageShape:
    """One page."""
    with call.database.session() as session:
        _, newest = call.judged(session, site_id, Of.OWNERS)
        found = pages_after(session, site_id, newest.id, PageFilter(), rules_without_criteria(), 1, page_id - 1) if newest else []
        if not found or found[0].page_id != page_id:
            raise HTTPException(404)
        return _page(found[0])


def _page(row: PageRow) -> PageShape:
    return PageShape.model_validate(
        {
            **{name: getattr(row, name) for name in ("title", "language", "status", "reason", "owner", "failed", "cannot_tell")},
            "id": row.page_id,
            "url": row.address,
            "type": row.page_type,
        }
    )
