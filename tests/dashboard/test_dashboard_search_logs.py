"""A search log is sent from the dashboard: put aside for the scheduler, never larger than allowed, never from another site."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import pytest
from dashboard_seed import HOSTILE, NOW
from lxml import html
from starlette.testclient import TestClient

from dashboard.app import create_app
from dashboard.uploads import Uploads
from rules.search_log import IMPORT
from rules.site import Scope
from storage.database import Database
from storage.models import Request
from storage.requests import finish_request
from storage.sites import add_site

LIMIT = 20_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "aside"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def sender(database: Database, folder: Path) -> TestClient:
    app = create_app(database, now=lambda: NOW, uploads=Uploads(LIMIT, ("DOS-[0-9]+",)))
    return TestClient(app, follow_redirects=False, headers={"sec-fetch-site": "same-origin"})


@pytest.fixture
def site(database: Database) -> int:
    with database.session() as session:
        return add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW).id


def test_file_waits_for_the_scheduler(sender: TestClient, database: Database, site: int, folder: Path) -> None:
    address = f"/nl/sites/{site}/search-logs"
    answer = sender.post(address, files={"file": (HOSTILE, b"paspoort")}, data={"source": "matomo", "period": "2026-01"})
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    (aside,) = folder.iterdir()
    assert aside.read_bytes() == b"paspoort"
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    with database.session() as session:
        (request,) = session.query(Request)
        assert (request.kind, request.arguments["file"], request.arguments["uploaded"]) == (IMPORT, str(aside), True)
        assert (request.arguments["source"], request.arguments["period"]) == ("matomo", "2026-01")
        assert request.arguments["case_numbers"] == ["DOS-[0-9]+"]
        finish_request(session, request.id, "failed", {"error": HOSTILE}, NOW)
    shown = sender.get(address).text
    assert "<script>" not in shown and "\u202e" not in shown
    assert "Niet ingelezen; er is niets van bewaard." in shown


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_is_too_large_or_empty_is_refused_and_said(
    sender: TestClient, database: Database, site: int, folder: Path, language: str
) -> None:
    address = f"/{language}/sites/{site}/search-logs"
    for content, status in ((b"x" * 3 * LIMIT, 413), (b"", 422)):
        answer = sender.post(address, files={"file": ("a.log", content)})
        assert answer.status_code == status
        assert html.fromstring(answer.text).get_element_by_id("file").get("aria-invalid") == "true"
    assert sender.post(address, files={"file": ("a.log", b"x")}, data={"source": "toverij"}).status_code == 422
    assert sender.post(address, content=iter([b"x"]), headers={"content-type": "multipart/form-data"}).status_code == 411
    assert list(folder.iterdir()) == []
    with database.session() as session:
        assert session.query(Request).count() == 0


def test_other_site_cannot_send_a_file(sender: TestClient, database: Database, site: int, folder: Path) -> None:
    address = f"/nl/sites/{site}/search-logs"
    assert sender.post(address, files={"file": ("a.log", b"x")}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert sender.post("/nl/sites/99/search-logs", files={"file": ("a.log", b"x")}).status_code == 404
    assert list(folder.iterdir()) == []
