"""Every question of every screen finds its rows by an index: a large site costs no more than its share."""

from __future__ import annotations

import re
from typing import Any

from dashboard_seed import NOW
from sqlalchemy import event
from starlette.testclient import TestClient
from test_dashboard_screens import SCREENS

from dashboard.app import create_app
from storage.database import Database

# Those that grow with the pages and the searches; a table of sites or rules may be read whole.
GROWING = {
    *("assessment", "assessment_revision", "evaluation_evidence", "evaluation_frozen", "evaluation_page"),
    *("blob", "document", "document_finding", "document_state", "feedback", "finding", "link", "link_source"),
    *(
        "page",
        "page_picture",
        "page_state",
        "page_text",
        "run_page",
        "search_event",
        "search_period",
        "search_query",
        "search_total",
    ),
}


def test_no_screen_reads_a_growing_table_whole(stored: Database, ids: dict[str, int]) -> None:
    asked: dict[str, tuple[Any, str]] = {}
    screen = ""

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.startswith("SELECT") and not many:
            asked.setdefault(statement, (parameters, screen))

    event.listen(stored.engine, "before_cursor_execute", note)
    try:
        with TestClient(create_app(stored, now=lambda: NOW)) as client:
            for screen in SCREENS:
                client.get(f"/nl{screen.format(**ids)}")
    finally:
        event.remove(stored.engine, "before_cursor_execute", note)
    assert len(asked) > 50
    connection = stored.engine.raw_connection()
    whole = [
        f"{of_screen}: {step[3]} in {statement[:200]}"
        for statement, (parameters, of_screen) in asked.items()
        for step in connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        if step[3].startswith("SCAN ") and " INDEX " not in step[3] and table_behind(step[3].split()[1], statement) in GROWING
    ]
    connection.close()
    assert not whole


def table_behind(name: str, statement: str) -> str:
    """The table of a name in a query, which may be an alias."""
    alias = re.search(rf"(?:FROM|JOIN) (\w+) AS {re.escape(name)}\b", statement)
    return alias[1] if alias else name
