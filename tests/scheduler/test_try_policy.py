"""A policy is tried on one page of its site, and nothing but the answer is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.site import Scope
from scheduler.check_again import OutsideSite
from scheduler.try_policy import try_policy
from storage.database import Database
from storage.models import Page, Run, Site
from storage.requests import ask
from storage.sites import add_site
from vierluik.sample_site import serve


@pytest.mark.slow
def test_a_policy_is_tried_on_a_page_of_its_site_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    now = datetime.now(UTC)
    with serve("1") as server:
        with database.session() as session:
            site = add_site(session, "Proef", f"{server.url}/", Scope((server.url,)), now).id

        def tried(url: str, **line: Any) -> dict[str, Any]:
            with database.session() as session:
                arguments = {"policy": {"id": "proef", "title": "Proef", **line}, "url": url}
                number = ask(session, site, "try_policy", arguments, "dashboard", now).id
            return try_policy(database, number)

        answer = tried(f"{server.url}/producten/rijbewijs", pattern="klaar na")
        assert answer == {"outcome": "cantTell", "places": 1, "found": ["Klaar na"]}
        assert tried(f"{server.url}/", selector="h1", must_occur=True)["outcome"] == "passed"
        with pytest.raises(OutsideSite):
            tried("https://elders.example/", text="x")
        with database.session() as session:  # what the site says of its own addresses counts here too
            session.get_one(Site, site).settings = {"page_types": [{"type": "news", "pattern": "/producten/"}]}
        page = f"{server.url}/producten/rijbewijs"
        assert tried(page, pattern="klaar na", page_types=["product"])["outcome"] == "inapplicable"
        assert tried(page, pattern="klaar na", page_types=["news"])["outcome"] == "cantTell"
    with database.session() as session:
        assert session.query(Run).count() == session.query(Page).count() == 0
    database.close()
