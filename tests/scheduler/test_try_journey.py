"""What stands in the editor is walked in the background: it tells where it breaks, keeps a picture, and sends nothing."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sites.journeys import journeyed

from rules.journey import TRY, StepOutcome
from scheduler import try_journey
from scheduler.run_settings import RunSettings
from storage.blobs import get_picture
from storage.database import Database
from storage.journeys import journeys_of_site
from storage.models import Request, Site
from storage.requests import ask

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TEXT = 'title = "Proef"\n[[step]]\nopen = "/post"\n[[step]]\nfill = "Naam"\nwith = "Test"\n[[step]]\nclick = "Volgende"\n'
TEXT += '[[step]]\nexpect = "Bedankt."\n'


@pytest.mark.slow
@pytest.mark.xdist_group("journeys")
def test_try_tells_where_it_breaks_with_a_picture(tmp_path: Path, browser: object, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"sqlite:///{tmp_path / 'vierluik.db'}"
    database = Database(address)
    database.migrate()
    monkeypatch.setattr(try_journey, "settings_as_before", lambda session, site: RunSettings(offline=True))
    with journeyed() as served:
        with database.session() as session:
            site = Site(name="Proef", start_url=f"{served.url}/", origins=[served.url], settings={}, created_at=NOW)
            session.add(site)
            session.flush()
            arguments = [{"text": TEXT, "ways": ["mouse"]}, {"text": "title", "ways": ["mouse"]}]
            numbers = [ask(session, site.id, TRY, one, "test", NOW).id for one in arguments]
            number = site.id
        for one in numbers:
            monkeypatch.setattr(sys, "argv", ["try_journey", address, str(one)])
            try_journey.main()
        assert {method for method, _ in served.asked} == {"GET"}
    with database.session() as session:
        done, wrong = (session.get_one(Request, one) for one in numbers)
        (way,) = done.result["ways"]
        assert done.state == "done" and [step["outcome"] for step in way["steps"]] == [
            StepOutcome.PASSED,
            StepOutcome.PASSED,
            StepOutcome.UNTESTED,
            StepOutcome.NOT_REACHED,
        ]
        assert way["steps"][2]["reason"] == "journey-sends"
        assert (get_picture(session, way["picture"]) or b"").startswith(b"\xff\xd8")
        assert wrong.state == "failed" and "not valid TOML" in wrong.result["error"]
        assert journeys_of_site(session, number) == []
    database.close()
