"""The API as an application of its own within the dashboard: no cookie opens it, no browser of another site may read it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dashboard.api import decisions, findings, inventory, measures, sites
from dashboard.api.call import NotModified
from dashboard.api.entrance import BoundedBody, let_in
from dashboard.api.problem import MEDIA_TYPE, Problem, ProblemShape, broken, not_valid, refused, told_problem
from dashboard.permissions import SCOPES
from rules.api_token import TokenScope

PREFIX = "/api/v1"
ABOUT = """What Vierluik knows of the websites of a municipality, and deciding about it, for programs. Every call asks for a
token (`Authorization: Bearer …`), made at "Mijn account" or with `vierluik token add`; it gives no more than its account and its
scopes. Within version 1 things are only added: take no notice of what you do not know."""
OPENAPI = "/openapi.json"
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem, by RFC 9457.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}},
    },
    304: {"description": "What you have (`If-None-Match`) is still true."},
}
bearer = HTTPBearer(auto_error=False, scheme_name="token", description="A token of an account.")


def create_api(dashboard: FastAPI) -> FastAPI:
    """The API over the database of a dashboard."""
    api = FastAPI(
        title="Vierluik",
        version="1",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        separate_input_output_schemas=False,
        dependencies=[Depends(let_in), Depends(bearer)],
    )
    api.state = dashboard.state
    for part in (sites, findings, decisions, measures, inventory):
        api.include_router(part.router)
    for kind, answer in (
        (Problem, told_problem),
        (NotModified, not_modified),
        (HTTPException, refused),
        (RequestValidationError, not_valid),
        (Exception, broken),
    ):
        api.add_exception_handler(kind, answer)
    described = _described(api)
    api.add_route(OPENAPI, lambda _request: JSONResponse(described), methods=["GET"])
    api.add_middleware(BoundedBody)
    return api


def not_modified(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": error.etag, "Vary": "Authorization, Accept-Language"})


def _described(api: FastAPI) -> dict[str, Any]:
    """The description in OpenAPI, with what each call asks of a token, and how problems look."""
    told = deepcopy(api.openapi())
    told["servers"] = [{"url": PREFIX}]
    schemas = told["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {}) | {"ProblemShape": problem}
    for (path, method), name in _names(api).items():
        operation = told["paths"][path][method]
        operation["responses"].pop("422", None)
        operation["responses"]["default"] = PROBLEMS["default"]
        if method == "get":
            operation["responses"]["304"] = PROBLEMS[304]
        operation["operationId"] = name.removeprefix("api_")
        operation["security"] = [{"token": []}]
        operation["description"] = f"{operation.get('description', '')}\n\nScope: `{SCOPES.get(name, TokenScope.READ)}`.".strip()
    return told


def _names(api: FastAPI) -> dict[tuple[str, str], str]:
    return {(route.path, method.lower()): route.name for route in routes_of(api) for method in route.methods or ()}


def routes_of(found: Any) -> list[APIRoute]:
    """Every route of the API."""
    routes: list[APIRoute] = []
    for route in found.routes:
        if isinstance(route, APIRoute):
            routes.append(route)
        elif (inner := getattr(route, "original_router", None)) is not None:
            routes += routes_of(inner)
    return routes
