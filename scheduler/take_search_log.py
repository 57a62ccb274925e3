"""Brings in a search log that was sent or that appeared in a folder: `python -m scheduler.take_search_log DATABASE REQUEST`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from checks.search_log.period import read_period
from checks.search_log.read import ReadOptions
from checks.search_log.table import read_mapping
from rules.search_log import SearchLogError, Source
from scheduler.import_search_log import import_search_log
from storage.database import Database, DatabaseError
from storage.models import Request
from storage.requests import finish_request


def take_search_log(database: Database, request_id: int, now: datetime) -> dict[str, Any]:
    """Bring the file of a request in; gives what came of it. Raises SearchLogError, DatabaseError, OSError."""
    with database.session() as session:
        request = session.get_one(Request, request_id)
        site_id, arguments = request.site_id, request.arguments
    with _opened(Path(arguments["file"]), goes=bool(arguments.get("uploaded"))) as stream:
        options = ReadOptions(
            source=Source(arguments["source"]) if arguments.get("source") else None,
            period=read_period(arguments["period"]) if arguments.get("period") else None,
            mapping=read_mapping(arguments["mapping"]) if arguments.get("mapping") else {},
            confirmed=bool(arguments.get("confirmed")),
            case_numbers=tuple(arguments.get("case_numbers", ())),
        )
        brought = import_search_log(database, str(site_id), stream, options, now, name=arguments.get("name", ""))
    return {
        "source": brought.source,
        "searches": brought.searches,
        "clicks": brought.clicks,
        "added": brought.added,
        "bad_lines": brought.tally.bad_lines,
        "masked": sum(brought.tally.masked.values()),
        "again": brought.again,
    }


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
        state, answer = "done", take_search_log(database, request_id, datetime.now(UTC))
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
