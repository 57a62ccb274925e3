"""Every screen in the states that nobody plans for: nothing is there yet, no run has ended well, or the address is of nothing."""

from __future__ import annotations

import re

import pytest
from dashboard_seed import NOW
from lxml import html
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.screen import flat_routes
from storage.database import Database

# Without words; what goes on while a run does is asked in test_live_progress.
WITHOUT_WORDS = {"start", "healthy", "ready", "metrics", "static", "picture", "run_progress", "check_progress"}


def answers(client: TestClient, database: Database, values: dict[str, object]) -> None:
    """Ask every route for what may not be there: each answers with a sentence, and none fails."""
    every = {
        "language": "nl", "site_id": 1, "page_id": 99, "rule_id": "text-contrast", "kpi": "pages-without-failure", "number": 1,
        "task_id": 1, "journey_id": 1, "evaluation_id": 1, "criterion": "1.1.1", "kind": "csv", "token": "t" * 40,
        "digest": "0" * 32, "group": "scope", "version": "x", "name:path": "x.css",
    }  # fmt: skip
    every |= values
    asked = 0
    for route in flat_routes(client.app.routes):  # type: ignore[attr-defined]
        if "GET" not in route.methods or route.name in WITHOUT_WORDS:
            continue
        address = re.sub(r"\{([^}]+)\}", lambda found: str(every[found[1]]), route.path)
        answer = client.get(address + ("?since=1&wait=0" if route.name in ("achieved", "check_answer") else ""))
        assert answer.status_code in (200, 303, 404), address
        if answer.headers.get("content-type", "").startswith("text/html"):
            (main,) = html.fromstring(answer.text).xpath("//main")
            assert main.xpath(".//h1") and len(main.text_content().split()) > 3, address
        asked += 1
    assert asked > 60


def test_a_fresh_database(empty: TestClient, database: Database) -> None:
    answers(empty, database, {})


@pytest.mark.parametrize("site", ["new_site", "failed_site", "stopped_site", "running_site"])
def test_a_site_without_a_run_that_ended_well(client: TestClient, stored: Database, ids: dict[str, int], site: str) -> None:
    answers(client, stored, {"site_id": ids[site]})


def test_a_number_that_is_nobodys(stored: Database) -> None:
    client = TestClient(create_app(stored, now=lambda: NOW), follow_redirects=False)
    answers(client, stored, dict.fromkeys(("site_id", "page_id", "task_id", "journey_id", "evaluation_id", "number"), 2**31 - 1))
