"""Every question of every screen finds its rows by an index: a large site costs no more than its share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from api_calls import house_of
from dashboard_seed import NOW, copy_of
from sqlalchemy import event
from starlette.testclient import TestClient
from test_dashboard_screens import SCREENS

from dashboard.app import create_app
from rules.account import Role
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
    with TestClient(create_app(stored, now=lambda: NOW)) as client:
        assert not read_whole(stored, client, [f"/nl{screen.format(**ids)}" for screen in SCREENS], 50)


def test_no_call_of_the_api_reads_a_growing_table_whole(
    filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = copy_of(filled[0], tmp_path_factory.mktemp("whole"))
    house = house_of(database, filled[1])
    client = house.as_role(Role.ADMINISTRATOR)
    addresses = [address for method, _, address in house.addresses(filled[1]["site"], filled[1]["page"]) if method == "GET"]
    questions = ("rule=text-contrast", "criterion=1.1.1", "decided=true", "decided=false", "owner=x", "page=3", "cursor=Mw==")
    addresses += [f"sites/{filled[1]['site']}/findings?{question}" for question in questions]
    assert not read_whole(database, client, addresses, 30)
    database.close()


def read_whole(database: Database, client: TestClient, addresses: Iterable[str], fewest: int) -> list[str]:
    """The questions of some answers that read a growing table whole, each with its address."""
    asked: dict[str, tuple[Any, str]] = {}
    shown = ""

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.startswith("SELECT") and not many:
            asked.setdefault(statement, (parameters, shown))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        for shown in addresses:
            client.get(shown)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    assert len(asked) > fewest
    connection = database.engine.raw_connection()
    whole = [
        f"{of_screen}: {step[3]} in {statement[:200]}"
        for statement, (parameters, of_screen) in asked.items()
        for step in connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        if step[3].startswith("SCAN ") and " INDEX " not in step[3] and table_behind(step[3].split()[1], statement) in GROWING
    ]
    connection.close()
    return whole


def table_behind(name: str, statement: str) -> str:
    """The table of a name in a query, which may be an alias."""
    alias = re.search(rf"(?:FROM|JOIN) (\w+) AS {re.escape(name)}\b", statement)
    return alias[1] if alias else name
