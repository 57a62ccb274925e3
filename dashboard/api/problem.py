"""What the API says where something is not as it should be: a problem by RFC 9457, with a sentence in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from dashboard.crawled import shortened
from dashboard.languages import N_, preferred_language, translations
from dashboard.security import HEADERS

MEDIA_TYPE = "application/problem+json"
KINDS: dict[str, tuple[int, str]] = {  # the end of its type, with its status and its sentence
    "no-token": (401, N_("Stuur een token mee in de header Authorization: Bearer.")),
    "token-not-valid": (401, N_("Dit token geldt niet, of niet meer. Maak een nieuw bij Mijn account.")),
    "scope-missing": (403, N_("Dit token is hier niet voor gemaakt. Maak er een met het recht dat hier nodig is.")),
    "not-allowed": (403, N_("Het account van dit token mag dit niet op deze site.")),
    "own-decision": (403, N_("Dit is uw eigen besluit. Een tweede persoon bevestigt het.")),
    "not-there": (404, N_("Dit is er niet, of u mag het niet zien.")),
    "method": (405, N_("Dit kan hier niet. Zie de beschrijving van de API.")),
    "gone": (409, N_("Dit is intussen hersteld of veranderd. Vraag op wat er nu is.")),
    "changed": (412, N_("Iemand anders heeft dit intussen veranderd. Vraag op wat er nu is, en besluit dan opnieuw.")),
    "too-large": (413, N_("Dit is te veel in één keer. Stuur minder tegelijk.")),
    "not-json": (415, N_("Stuur JSON, met de header Content-Type: application/json.")),
    "not-valid": (422, N_("Wat u stuurde klopt niet. Bij errors staat wat er anders moet.")),
    "if-match": (428, N_("Stuur in de header If-Match de ETag mee van het besluit zoals u het zag.")),
    "too-often": (429, N_("Dit gaat te vaak achter elkaar. Wacht zo veel seconden als Retry-After zegt.")),
    "failed": (500, N_("Er ging iets mis in Vierluik. Het staat in het logboek van de server.")),
}
BY_STATUS = {
    403: "not-allowed",
    404: "not-there",
    405: "method",
    413: "too-large",
    415: "not-json",
    422: "not-valid",
    429: "too-often",
}
FIELDS: dict[str, str] = {
    "extra_forbidden": N_("Dit veld bestaat niet."),
    "missing": N_("Dit veld ontbreekt."),
    "json_invalid": N_("Dit is geen JSON."),
    "cursor": N_("Deze cursor hoort niet bij deze lijst. Begin opnieuw, zonder cursor."),
    "unknown": N_("Deze waarde bestaat niet. In de beschrijving van de API staan de waarden."),
    "thing": N_("Noem ten minste één ding: een pagina met een regel, of een oorzaak."),
    "reason": N_("Kies een reden."),
    "note": N_("Schrijf uw vraag op, in ten hoogste 1.000 tekens."),
    "until": N_("Kies een dag na vandaag, en binnen twee jaar."),
    "to": N_("Zeg aan wie."),
    "words": N_("Schrijf het antwoord op."),
}
ANY_FIELD = N_("Deze waarde past hier niet.")


class FieldError(BaseModel):
    """What is wrong with one part of what was sent."""

    where: str
    code: str
    sentence: str


class ProblemShape(BaseModel):
    """A problem, by RFC 9457."""

    type: str
    title: str
    status: int
    instance: str
    errors: list[FieldError] = []


class Problem(Exception):
    """Ends a request with a problem. `errors`: of each field that is wrong, where it stands and by which key it is said."""

    def __init__(self, kind: str, errors: Sequence[tuple[str, str]] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(kind)
        self.kind, self.errors, self.headers = kind, errors, dict(headers or {})


def problem_answer(request: Request, problem: Problem) -> Response:
    """The problem as it is sent."""
    language = preferred_language(request.headers.get("accept-language", ""))
    say = translations(language).gettext
    status, sentence = KINDS[problem.kind]
    told = ProblemShape(
        type=f"urn:vierluik:problem:{problem.kind}",
        title=say(sentence),
        status=status,
        instance=shortened(request.url.path, 500),
        errors=[
            FieldError(where=shortened(where, 200), code=code, sentence=say(FIELDS.get(code, ANY_FIELD)))
            for where, code in problem.errors
        ],
    )
    headers = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store", **problem.headers}
    return JSONResponse(told.model_dump(), status, headers, MEDIA_TYPE)


def told_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_answer(request, error)


def refused(request: Request, error: Exception) -> Response:
    """What the framework, or the guard that the screens have too, refused."""
    assert isinstance(error, HTTPException)
    kind = BY_STATUS.get(error.status_code, "failed" if error.status_code >= 500 else "not-valid")
    return problem_answer(request, Problem(kind, headers=error.headers))


def not_valid(request: Request, error: Exception) -> Response:
    """Fields that are not there, are not known, or hold what they cannot. A number in an address that is none is not there."""
    assert isinstance(error, RequestValidationError)
    wrong: list[dict[str, Any]] = list(error.errors())
    if any(one["loc"][0] == "path" for one in wrong):
        return problem_answer(request, Problem("not-there"))
    found = [(".".join(str(part) for part in one["loc"]), str(one["type"])) for one in wrong[:20]]
    return problem_answer(request, Problem("not-valid", found))


def broken(request: Request, _error: Exception) -> Response:
    """Something failed in the program; the trace goes to the log. No middleware sees this answer: hence its headers."""
    return problem_answer(request, Problem("failed", headers=HEADERS))
