"""Brings in a search log that was sent or that appeared in a folder: `python -m scheduler.take_search_log DATABASE REQUEST`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from checks.search_log.address import read_address
from checks.search_log.period import read_period
from checks.search_log.read import ReadOptions
from checks.search_log.table import read_mapping
from rules.search_log import IMPORT, ColumnsAsked, SearchLogError, Source
from scheduler.import_search_log import import_search_log
from storage.database import Database, DatabaseError
from storage.models import Request
from storage.requests import asking_requests, finish_request

KEPT_FOR = timedelta(hours=1)
NOBODY_ANSWERED = "nobody said within an hour what its columns hold; send it again"


def take_search_log(database: Database, request_id: int, now: datetime) -> dict[str, Any]:
    """Bring the file of a request in; gives what came of it. Raises SearchLogError, DatabaseError, OSError."""
    with database.session() as session:
        request = session.get_one(Request, request_id)
        site_id, arguments = request.site_id, request.arguments
    with _opened(Path(arguments["file"]), goes=bool(arguments.get("uploaded"))) as stream:
        options = ReadOptions(
            source=Source(arguments["source"]) if arguments.get("source") else None,
            addresses=(read_address(arguments["address"]),) if arguments.get("address") else (),
            period=read_period(arguments["period"]) if arguments.get("period") else None,
            mapping=read_mapping(arguments["mapping"]) if arguments.get("mapping") else {},
            confirmed=bool(arguments.get("confirmed")),
            case_numbers=tuple(arguments.get("case_numbers", ())),
        )
        try:
            brought = import_search_log(database, str(site_id), stream, options, now, name=arguments.get("name", ""))
        except ColumnsAsked as question:
            kept = str(_put_aside(stream)) if arguments.get("uploaded") else arguments["file"]
            return {"asks": {"fields": question.fields, "sample": question.sample, "file": kept}}
    return {
        "source": brought.source,
        "searches": brought.searches,
        "clicks": brought.clicks,
        "added": brought.added,
        "bad_lines": brought.tally.bad_lines,
        "masked": sum(brought.tally.masked.values()),
        "again": brought.again,
    }


def _put_aside(stream: BinaryIO) -> Path:
    """Keep what was sent for as long as a question about it waits, in a file that only this user may read."""
    number, name = tempfile.mkstemp(prefix="vierluik-", suffix=".upload")
    with os.fdopen(number, "wb") as aside:
        stream.seek(0)
        shutil.copyfileobj(stream, aside, 1_000_000)
    return Path(name)


def forget_questions(database: Database, now: datetime) -> None:
    """Remove what was sent and waits for an answer too long: nothing unmasked stays where nobody looks after it."""
    with database.session() as session:
        for request in asking_requests(session, IMPORT, before=now - KEPT_FOR):
            if request.arguments.get("uploaded"):
                Path(request.result["asks"]["file"]).unlink(missing_ok=True)
            finish_request(session, request.id, "failed", {"error": NOBODY_ANSWERED}, now)


def _opened(file: Path, *, goes: bool) -> BinaryIO:
    """The file, open. One that was sent leaves its folder at once: nothing unmasked stays, whatever becomes of the import."""
    stream = file.open("rb")
    if goes:
        file.unlink()
    return stream


def main() -> None:
    """Answer one request; what goes wrong is its answer."""
    database, request_id = Database(sys.argv[1]), int(sys.argv[2])
    try:
        answer = take_search_log(database, request_id, datetime.now(UTC))
        state = "asks" if "asks" in answer else "done"
    except (SearchLogError, DatabaseError) as error:
        state, answer = "failed", {"error": str(error)}
    except OSError as error:
        state, answer = "failed", {"error": f"the file cannot be read: {error.strerror or type(error).__name__}"}
    except Exception as error:  # whoever asked must get an answer, and none of the file's words
        state, answer = "failed", {"error": type(error).__name__}
    with database.session() as session:
        finish_request(session, request_id, state, answer, datetime.now(UTC))


if __name__ == "__main__":
    main()
