"""Search logs are sent from here; the scheduler brings them in, masked. What came of it stands on the same screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from dashboard.crawled import shortened
from dashboard.refusals import refused
from dashboard.screen import AnyScreen, Id, Screen
from dashboard.security import is_own_post
from dashboard.uploads import Uploads, put_aside
from dashboard.words import COLUMN
from rules.search_log import IMPORT, Source
from storage.models import Request as Asked
from storage.questions.requests import last_requests
from storage.requests import ask, ask_again, finish_request

router = APIRouter()

LONGEST_FIELD = 1_000
MOST_COLUMNS = 500
LONGEST_PERIOD = 30
PERIOD = re.compile(r"\d{4}-\d\d(?:-\d\d(?:\.\.\d{4}-\d\d-\d\d)?)?")
NOT_WANTED = "somebody decided not to bring it in"
FIELDS = ("source", "name", "period", "address")
SHOWN = 20  # files


@router.get("/{language}/sites/{site_id}/search-logs", name="search_logs", response_class=HTMLResponse)
def search_logs(screen: AnyScreen, site_id: Id) -> HTMLResponse:
    return _show(screen, site_id)


@router.post("/{language}/sites/{site_id}/search-logs", name="send_search_log")
async def send_search_log(screen: AnyScreen, site_id: Id, request: Request) -> Response:
    """Put a file aside for the scheduler. One that is too large is refused before it is read."""
    if not is_own_post(request):
        raise HTTPException(403)
    uploads: Uploads = request.app.state.uploads
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411)
    if int(length) > uploads.max_bytes + LONGEST_FIELD * len(FIELDS):
        return await run_in_threadpool(_show, screen, site_id, "too-large", 413)
    async with request.form(max_files=1, max_fields=len(FIELDS), max_part_size=LONGEST_FIELD) as form:
        file = form.get("file")
        said = {name: value for name in FIELDS if isinstance(value := form.get(name), str) and value.strip()}
        if not isinstance(file, UploadFile) or not file.size or said.get("source", "ubi") not in list(Source):
            return await run_in_threadpool(_show, screen, site_id, "no-file", 422)
        return await run_in_threadpool(_ask, screen, site_id, file, said, uploads)


@router.post("/{language}/sites/{site_id}/search-logs/{request_id}", name="answer_columns")
async def answer_columns(screen: AnyScreen, site_id: Id, request_id: Id, request: Request) -> Response:
    """A person said what the columns of a file hold, or that it is not to be read."""
    if not is_own_post(request):
        raise HTTPException(403)
    async with request.form(max_files=0, max_fields=MOST_COLUMNS + 1, max_part_size=LONGEST_FIELD) as form:
        said = {name: str(value) for name, value in form.items()}
    return await run_in_threadpool(_answer, screen, site_id, request_id, said)


def _answer(screen: Screen, site_id: int, request_id: int, said: dict[str, str]) -> Response:
    with screen.database.session() as session:
        screen.site(session, site_id)
        asked = session.get(Asked, request_id)
        if asked is None or asked.site_id != site_id or asked.kind != IMPORT or asked.state != "asks":
            raise HTTPException(404)
        question = asked.result["asks"]
        if said.get("right") != "1":
            if asked.arguments.get("uploaded"):
                Path(question["file"]).unlink(missing_ok=True)
            finish_request(session, asked.id, "failed", {"error": NOT_WANTED}, screen.now)
            return screen.back_to("search_logs", site_id=site_id)
        chosen = [(said.get(f"column-{number}", ""), number) for number in range(1, len(question["fields"]) + 1)]
        fields = [field for field, _ in chosen if field]
        period = said.get("period", "").strip()[:LONGEST_PERIOD]
        if not ("query" in fields and len(fields) == len(set(fields)) and set(fields) <= COLUMN.keys()):
            wrong = "columns"
        elif not PERIOD.fullmatch(period) and (period or not set(fields) & {"day", "time"}):
            wrong = "period"
        else:
            mapping = ",".join(f"{field}=#{number}" for field, number in chosen if field)
            answered = {"file": question["file"], "mapping": mapping, "confirmed": True, "period": period}
            ask_again(asked, {**asked.arguments, **answered})
            return screen.back_to("search_logs", site_id=site_id)
    return _show(screen, site_id, wrong, 422, {"request": request_id, **said})


def _ask(screen: Screen, site_id: int, file: UploadFile, said: dict[str, str], uploads: Uploads) -> Response:
    with screen.database.session() as session:
        screen.site(session, site_id)
        aside = put_aside(file.file)
        arguments = {**said, "file": str(aside), "uploaded": True, "title": shortened(file.filename or "", 100)}
        try:
            ask(session, site_id, IMPORT, {**arguments, "case_numbers": list(uploads.case_numbers)}, screen.who.name, screen.now)
            session.flush()
        except Exception:
            aside.unlink()
            raise
    return screen.back_to("search_logs", site_id=site_id)


def _show(
    screen: Screen, site_id: int, wrong: str = "", status: int = 200, said: Mapping[str, str | int] | None = None
) -> HTMLResponse:
    with screen.database.session() as session:
        site = screen.site(session, site_id)
        files: list[Any] = [(request, _title(request.arguments)) for request in last_requests(session, site_id, IMPORT, SHOWN)]
        return screen.show(
            "search_logs.html.j2",
            status,
            site=site,
            files=files,
            wrong=wrong,
            said=said or {},  # what somebody chose for one file, where that was not right
            kinds=list(Source),
            columns=list(COLUMN),
            refused=lambda sentence: refused(str(sentence), screen.language),
            megabytes=screen.request.app.state.uploads.max_bytes // 1_000_000,
        )


def _title(arguments: dict[str, Any]) -> str:
    """The name of a file, without its folder."""
    return str(arguments.get("title") or Path(str(arguments.get("file", ""))).name)
