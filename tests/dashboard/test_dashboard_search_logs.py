"""A search log is sent from the dashboard: put aside for the scheduler, never larger than allowed, never from another site."""

from __future__ import annotations

import ast
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboard_seed import HOSTILE, NOW
from lxml import html
from starlette.testclient import TestClient

import dashboard
from dashboard.app import create_app
from dashboard.refusals import DUTCH, refused
from dashboard.uploads import Uploads
from rules.search_log import IMPORT
from rules.site import Scope
from storage.database import Database
from storage.models import Request
from storage.requests import ask, finish_request
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


def asked_about_columns(database: Database, site: int, folder: Path) -> int:
    kept = folder / "vierluik-x.upload"
    kept.write_bytes(b"Wat;Aantal\nafval;3\n")
    question = {"fields": ["", "searches"], "sample": [["Wat", "Aantal"], [HOSTILE, "3"]], "file": str(kept)}
    with database.session() as session:
        request = ask(session, site, IMPORT, {"file": "weg", "uploaded": True, "title": "vragen.csv"}, "dashboard", NOW)
        finish_request(session, request.id, "asks", {"asks": question}, NOW)
        return request.id


def test_columns_are_chosen_on_a_sample_without_sending_the_file_again(
    sender: TestClient, database: Database, site: int, folder: Path
) -> None:
    number = asked_about_columns(database, site, folder)
    address = f"/nl/sites/{site}/search-logs"
    shown = html.fromstring(sender.get(address).text)
    assert shown.xpath(f"//select[@id='column-{number}-2']/option[@selected]/@value") == ["searches"]
    for form in ({}, {"column-1": "query", "column-2": "query"}, {"column-1": "onzin"}, {"column-1": "query"}):
        assert sender.post(f"{address}/{number}", data={"right": "1", **form}).status_code == 422
    again = html.fromstring(sender.post(f"{address}/{number}", data={"right": "1", "column-1": "query"}).text)
    assert again.xpath(f"//select[@id='column-{number}-1']/option[@selected]/@value") == ["query"]  # what was chosen stays
    said = {"right": "1", "column-1": "query", "column-2": "searches", "period": "2026-01"}
    assert sender.post(f"{address}/{number}", data=said).status_code == 303
    with database.session() as session:
        request = session.get_one(Request, number)
        assert (request.state, request.arguments["mapping"]) == ("waiting", "query=#1,searches=#2")
        assert request.arguments["file"] == str(folder / "vierluik-x.upload") and request.arguments["confirmed"]
    assert sender.post(f"{address}/{number}", data=said).status_code == 404


def test_who_does_not_want_it_has_it_removed(sender: TestClient, database: Database, site: int, folder: Path) -> None:
    number = asked_about_columns(database, site, folder)
    assert sender.post(f"/nl/sites/{site}/search-logs/{number}", data={"right": "0"}).status_code == 303
    assert list(folder.iterdir()) == []
    assert "Iemand koos ervoor het niet in te lezen." in sender.get(f"/nl/sites/{site}/search-logs").text


def refusals_in_code() -> Iterator[str]:
    """Every sentence with which a search log is refused, {} for what differs."""
    root = Path(dashboard.__file__).parent.parent
    files = [*(root / "checks/search_log").glob("*.py"), root / "scheduler/import_search_log.py", root / "storage/search_log.py"]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SearchLogError" and node.args:
                said = node.args[0]
                if isinstance(said, ast.Constant):
                    yield str(said.value)
                elif isinstance(said, ast.JoinedStr):
                    yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in said.values)


def test_every_refusal_has_its_dutch() -> None:
    sentences = set(refusals_in_code())
    assert len(sentences) > 25
    assert not sentences - DUTCH.keys()
    assert all(english.count("{}") >= dutch.count("{}") for english, dutch in DUTCH.items())
    for sentence in DUTCH:
        assert refused(sentence.replace("{}", "x"), "nl") != sentence.replace("{}", "x")
