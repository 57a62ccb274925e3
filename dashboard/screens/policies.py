"""Rules of a site's own: what is there, a form to write or change one and try it on a page, a switch, and a way to remove one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session

from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from rules.page_type import PageType
from rules.policy import (
    LONGEST_ID,
    LONGEST_TEXT,
    LONGEST_WORDS,
    Policy,
    PolicyError,
    PolicyKind,
    id_of,
    read_policy,
    read_stored_policies,
)
from storage.models import Request, Site
from storage.policies import ids_of_site, keep_policy, policies_for_all, policies_of_site, remove_policy, switch_policy
from storage.questions.requests import request_by_id, waiting_requests
from storage.requests import AlreadyAsked, ask
from storage.sites import scope_of

router = APIRouter()

TRY = "try_policy"  # the kind of request that the scheduler answers
Typed = Annotated[str, Form(max_length=LONGEST_TEXT)]


@dataclass(frozen=True)
class Written:
    """What stands in the form, and what is wrong with it."""

    title: str = ""
    kind: str = PolicyKind.TEXT.value
    wanted: str = ""
    must_occur: bool = False
    pages: str = ""
    page_type: str = ""
    why: str = ""
    what_to_do: str = ""
    url: str = ""  # of the page to try it on
    id: str = ""  # of the policy that is changed or was tried; empty: a new one
    wrong: dict[str, str] = field(default_factory=dict)  # key of the field, and the sentence of the program

    def as_line(self, policy_id: str, *, on: bool) -> dict[str, Any]:
        """As `read_policy` reads it."""
        return {
            "id": policy_id,
            "on": on,
            "title": self.title,
            self.kind: self.wanted,
            "must_occur": self.must_occur,
            "pages": self.pages,
            "page_types": [self.page_type] if self.page_type else [],
            "why": self.why,
            "what_to_do": self.what_to_do,
        }


def written(
    title: Annotated[str, Form(max_length=LONGEST_WORDS)] = "",
    kind: Annotated[PolicyKind, Form()] = PolicyKind.TEXT,
    wanted: Typed = "",
    must: Annotated[str, Form(max_length=10)] = "",
    pages: Typed = "",
    page_type: Annotated[PageType | None, Form()] = None,
    why: Typed = "",
    what_to_do: Typed = "",
    url: Typed = "",
    policy_id: Annotated[str, Form(max_length=LONGEST_ID)] = "",
) -> Written:
    is_of_type = page_type.value if page_type else ""
    return Written(title, kind.value, wanted, must == "occur", pages.strip(), is_of_type, why, what_to_do, url.strip(), policy_id)


@router.get("/{language}/sites/{site_id}/own-rules", name="policies", response_class=HTMLResponse)
def policies(
    screen: AnyScreen,
    site_id: Id,
    tried: Annotated[int | None, Query(ge=1)] = None,
    change: Annotated[str, Query(max_length=LONGEST_ID)] = "",
    remove: Annotated[str, Query(max_length=LONGEST_ID)] = "",
) -> HTMLResponse:
    """The policies and the form: empty, or with what was tried or is to be changed. `remove`: ask whether one may go."""
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        request = request_by_id(session, tried) if tried else None
        if tried and (request is None or request.site_id != site_id or request.kind != TRY):
            raise HTTPException(404)
        form = Written(url=site.start_url)
        if request:
            form = _of_request(request)
        elif change:
            form = _of_policy(_own(site, change), site.start_url)
        return _show(screen, session, site, form, request, goes=_own(site, remove) if remove else None)


@router.post("/{language}/sites/{site_id}/own-rules", name="write_policy")
def write_policy(
    screen: AnyScreen,
    site_id: Id,
    form: Annotated[Written, Depends(written)],
    what: Annotated[str, Form(max_length=10)] = "keep",
) -> Response:
    """Keep the policy of the form, or ask the scheduler to try it on a page. What is wrong is said beside the form."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        policy = _read(form, site)
        if isinstance(policy, PolicyError):
            return _show(screen, session, site, replace(form, wrong={policy.key: str(policy)}), status=422)
        if what != "try":
            keep_policy(site, policy)
            return screen.back_to("policies", site_id=site_id)
        if not scope_of(site).covers(form.url):
            return _show(screen, session, site, replace(form, wrong={"url": ""}), status=422)
        arguments = {"policy": policy.as_stored(), "url": form.url}
        try:
            number = ask(session, site_id, TRY, arguments, screen.who.name, screen.now).id
        except AlreadyAsked:
            number = next(one.id for one in waiting_requests(session, site_id) if one.arguments == arguments)
        return RedirectResponse(f"{screen.path('policies', site_id=site_id)}?tried={number}#try", status_code=303)


@router.post("/{language}/sites/{site_id}/own-rules/{policy_id}/remove", name="remove_policy")
def remove(screen: AnyScreen, site_id: Id, policy_id: str) -> RedirectResponse:
    """Take a policy away for good; what it found is over at the next run."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session, suppress(PolicyError):  # who asks a second time has what was asked
        remove_policy(screen.site(session, site_id), policy_id)
    return screen.back_to("policies", site_id=site_id)


@router.post("/{language}/sites/{site_id}/own-rules/{policy_id}/switch", name="switch_policy")
def switch(screen: AnyScreen, site_id: Id, policy_id: str, on: Annotated[bool, Form()]) -> RedirectResponse:
    """Switch a policy on or off; what it found is over at the next run."""
    if not is_own_post(screen.request):
        raise HTTPException(403)
    with screen.database.session() as session:
        try:
            switch_policy(screen.site(session, site_id), policy_id, on=on)
        except PolicyError as error:
            raise HTTPException(404) from error
    return screen.back_to("policies", site_id=site_id)


def _own(site: Site, policy_id: str) -> Policy:
    """A policy of this site. Anything else is not there."""
    policy = next((policy for policy in policies_of_site(site) if policy.id == policy_id), None)
    if policy is None:
        raise HTTPException(404)
    return policy


def _read(form: Written, site: Site) -> Policy | PolicyError:
    """The policy of a form, with the id that it has. A new one gets an id, that of its twin where it is written twice."""
    own = policies_of_site(site)
    on = all(policy.on for policy in own if policy.id == form.id)
    try:
        policy = read_policy(form.as_line(form.id or id_of(form.title, ids_of_site(site)), on=on))
    except PolicyError as error:
        return error
    twins = (one for one in own if not form.id and replace(policy, id=one.id, on=one.on) == one)
    return next(twins, policy)


def _of_request(request: Request) -> Written:
    url = str(request.arguments["url"])
    return next((_of_policy(policy, url) for policy in read_stored_policies([request.arguments["policy"]])), Written(url=url))


def _of_policy(policy: Policy, url: str) -> Written:
    return Written(
        title=policy.title,
        kind=policy.kind.value,
        wanted=policy.wanted,
        must_occur=policy.must_occur,
        pages=policy.pages,
        page_type=policy.page_types[0].value if policy.page_types else "",
        why=policy.why,
        what_to_do=policy.what_to_do,
        url=url,
        id=policy.id,
    )


def _show(
    screen: Screen,
    session: Session,
    site: Site,
    form: Written,
    tried: Request | None = None,
    status: int = 200,
    goes: Policy | None = None,
) -> HTMLResponse:
    return screen.show(
        "policies.html.j2",
        status,
        site=site,
        own=policies_of_site(site),
        of_all_sites=policies_for_all(session, site),
        form=form,
        kinds=list(PolicyKind),
        types=list(PageType),
        tried=tried,
        goes=goes,
        is_kept=form.id in ids_of_site(site),
    )
