"""A run looks at failures twice, pictures them, and touches a page of each template."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sites.loopback import answered_by
from sqlalchemy import select

from rules.rule import touching_rules
from rules.run import RunState
from rules.site import Scope
from rules.spoken import Mended, Spoken, heard_after, heard_now
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun
from storage.blobs import get_picture
from storage.database import Database
from storage.models import Cluster, Finding, Page, Run
from storage.page_pictures import KeptPicture, kept_picture
from storage.report import report_of_run
from storage.sites import add_site

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("second-look")]

PAGES = {"/": "Start", "/a": "Een", "/b": "Twee", "/c": "Drie"}
BODY = """<!doctype html><html lang="nl"><head><title>{title} - Gemeente Voorbeeldstad</title></head><body>
<header><a href="/">Voorbeeldstad</a> <a href="/a">Een</a> <a href="/b">Twee</a> <a href="/c">Drie</a></header>
<main><h1>{title}</h1><p>Hier leest u meer over {title}.</p>{flips}</main>
<footer><img src="/logo.svg" width="200" height="60"></footer></body></html>"""
# What stands there only for a visitor who lets things move: a second look, at rest, does not meet it.
FLIPS = """<div id="d"></div><script>if (!matchMedia("(prefers-reduced-motion: reduce)").matches)
document.getElementById("d").innerHTML = '<button></button>';</script>"""
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60"><rect width="200" height="60" fill="#0a5"/></svg>'


class SiteHandler(BaseHTTPRequestHandler):
    """Four pages with one faulty footer; on one of them stands a button that comes and goes."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        title = PAGES.get(self.path)
        kind = "image/svg+xml" if self.path == "/logo.svg" else "text/html; charset=utf-8"
        flips = FLIPS if self.path == "/b" else ""
        body = LOGO if self.path == "/logo.svg" else BODY.format(title=title, flips=flips).encode() if title else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@dataclass
class Seen:
    """What a run over the site left."""

    report: dict[str, Any]
    clusters: list[Cluster]
    pictures: list[bytes | None]
    whole: list[KeptPicture]
    fingerprints: set[str]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder: Path = tmp_path_factory.mktemp("second-look")
    database = Database(f"sqlite:///{folder / 'vierluik.db'}")
    database.migrate()
    with answered_by(SiteHandler) as origin:
        with database.session() as session:
            site = add_site(session, "site", f"{origin}/", Scope((origin,)), datetime.now(UTC))
        settings = RunSettings(workers=2, seconds_before_second_look=0.2)
        outcome = asyncio.run(SiteRun(database, site, settings).run())
    assert outcome.state is RunState.FINISHED
    with database.session() as session:
        clusters = list(session.scalars(select(Cluster).where(Cluster.rule != "")))
        pictures = [get_picture(session, cluster.picture_blob or "") for cluster in clusters]
        whole = [kept for page in session.scalars(select(Page.id)) if (kept := kept_picture(session, page))]
        known = set(session.scalars(select(Finding.fingerprint)))
        assert all((get_picture(session, one.digest) or b"").startswith(b"\xff\xd8") for one in whole)
        yield Seen(report_of_run(session, session.get_one(Run, outcome.run_id), {}), clusters, pictures, whole, known)
    database.close()


def of_rule(seen: Seen, rule: str) -> list[dict[str, Any]]:
    return [finding for page in seen.report["pages"] for finding in page["findings"] if finding["rule"] == rule]


def test_a_fault_of_the_footer_is_one_confirmed_cause(seen: Seen) -> None:
    (cause,) = [cluster for cluster in seen.report["clusters"] if cluster["rule"] == "image-alternative"]
    assert (cause["kind"], cause["region"], cause["pages"]) == ("template", "footer", len(PAGES))
    assert cause["confirmation"] == "confirmed"
    assert {finding["confirmation"] for finding in of_rule(seen, "image-alternative")} == {"confirmed"}


def test_what_comes_and_goes_is_unstable_and_accuses_nobody(seen: Seen) -> None:
    (finding,) = of_rule(seen, "button-name")
    assert (finding["outcome"], finding["confirmation"]) == ("cantTell", "unstable")


def test_a_cause_has_a_picture(seen: Seen) -> None:
    pictured = {cluster.rule for cluster, picture in zip(seen.clusters, seen.pictures, strict=True) if picture}
    assert "image-alternative" in pictured
    assert all(picture.startswith(b"\xff\xd8") for picture in seen.pictures if picture)


def test_a_page_with_findings_is_pictured_whole_with_the_box_of_each(seen: Seen) -> None:
    assert seen.whole
    boxes = {name: box for kept in seen.whole for name, box in kept.boxes.items()}
    assert boxes.keys() <= seen.fingerprints
    assert (200, 60) in [box[2:] for box in boxes.values()]  # the logo without a description
    assert all(kept.width >= 1280 and 0 < kept.height <= kept.page_height for kept in seen.whole)


def test_a_cause_has_what_a_screen_reader_says(seen: Seen) -> None:
    (cause,) = [cluster for cluster in seen.clusters if cluster.rule == "image-alternative"]
    spoken = Spoken.stored(cause.details["spoken"])
    assert heard_now(spoken, "nl") == "afbeelding, en verder niets"
    assert heard_after(spoken, Mended.DESCRIPTION, "en") == "image, and then your description of what is to be seen"


def test_a_page_of_each_template_was_touched(seen: Seen) -> None:
    touched = [page["url"] for page in seen.report["pages"] if touching_rules() & set(page["outcomes"])]
    assert 1 <= len(touched) < len(PAGES)
