"""What programs can ask for: the paths of the API by scope, as it has them."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from dashboard.api.application import OPENAPI, PREFIX, routes_of
from dashboard.guard import SAFE
from dashboard.languages import N_, translations
from dashboard.permissions import SCOPES
from dashboard.screen import AnyScreen
from rules.api_token import TokenScope

router = APIRouter()


@dataclass(frozen=True)
class ApiPath:
    """One thing that a program can ask."""

    method: str
    path: str
    words: str


WORDS = {  # by the name of the route
    "api_me": N_("wie er vraagt, en waarvoor het token is"),
    "api_rules": N_("de regels, met hun succescriteria"),
    "api_sites": N_("de sites die het account mag zien"),
    "api_site": N_("een site, met de laatste controle"),
    "api_runs": N_("de controles, de nieuwste eerst"),
    "api_run": N_("een controle: hoever, en waarmee"),
    "api_ask_run": N_("laat de site controleren"),
    "api_ask_check": N_("laat een pagina opnieuw bekijken"),
    "api_request": N_("hoever iets is dat u vroeg"),
    "api_pages": N_("de pagina’s, met hoeveel fouten"),
    "api_page": N_("een pagina"),
    "api_causes": N_("wat één herstel oplost"),
    "api_findings": N_("elke fout, per element"),
    "api_decisions": N_("wat mensen besloten"),
    "api_decide": N_("besluit over een ding of over veel tegelijk"),
    "api_decision": N_("een besluit"),
    "api_change_decision": N_("bevestig, beantwoord of trek in"),
    "api_kpis": N_("de vier panelen, met doel en vorig jaar"),
    "api_kpi": N_("een KPI"),
    "api_kpi_points": N_("een KPI, dag voor dag"),
    "api_searches": N_("waar inwoners naar zochten, per maand"),
    "api_links": N_("links die nergens heen leiden"),
    "api_documents": N_("documenten, met wat er mis is"),
    "api_journeys": N_("klantreizen, met hoe het ging"),
    "api_walks": N_("hoe een klantreis elke keer ging"),
    "api_evaluations": N_("onderzoeken door mensen, met de stand"),
    "api_evaluation": N_("een onderzoek, met de stand"),
}


@router.get("/{language}/api", name="api")
def api(screen: AnyScreen) -> Response:
    found: dict[TokenScope, list[ApiPath]] = {scope: [] for scope in TokenScope}
    for route in routes_of(screen.request.app.state.api):
        for method in sorted(route.methods or ()):
            words = translations(screen.language).gettext(WORDS[route.name])
            found[SCOPES.get(route.name, TokenScope.READ)].append(ApiPath(method, PREFIX + route.path, words))
    for paths in found.values():
        paths.sort(key=lambda one: (one.path, one.method not in SAFE))
    door = screen.request.app.state.door
    base = door.public_url.rstrip("/") or str(screen.request.base_url).rstrip("/")
    return screen.show("api.html.j2", paths=found, base=base, description=PREFIX + OPENAPI)
