"""A site behind a log-in, of either kind: every page is tested, nobody else gets the secret, and it is found nowhere."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from sites.locked import LOG_OUTS, PAGES, PASSWORD, USER, Locked, serve_locked
from sqlalchemy import select

from crawler.browser import BrowserFile, find_browser
from crawler.visit import driver
from rules.login import Login
from rules.site import Scope
from rules.task import CheckRequest, PageResult, PageStatus
from scheduler.page_batch import BrowserWanted, PageBatch, batch_of_job
from scheduler.watch_availability import watch
from scheduler.worker_browsers import WorkerBrowsers
from storage.availability import propose_addresses
from storage.availability_models import AvailabilityInterval
from storage.database import Database
from storage.models import Cluster, Run
from storage.report import report_of_run
from storage.sites import add_site
from vierluik.tool import tool_description

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("login")]

VARIABLE = "GEHEIM_VAN_ACCEPTATIE"
SETTINGS = """
seconds_before_second_look = 0.2
timeout_s = 3.0
load_timeout_s = 8.0
workers = 1
confirm = false
"""
STEPS = f"""
[[step]]
open = "/inloggen"
[[step]]
fill = "Gebruikersnaam"
with = "{USER}"
[[step]]
fill = "Wachtwoord"
with = "{{env:{VARIABLE}}}"
[[step]]
click = "Inloggen"
[[step]]
expect = "u bent binnen"
"""


class Place:
    """A folder in which the product is started, as its own processes; everything that it says is kept."""

    def __init__(self, folder: Path, site: Locked) -> None:
        self.folder = folder
        self.site = site
        self.said = ""
        self.command_lines: set[str] = set()
        (folder / "vierluik.toml").write_text(SETTINGS, encoding="utf-8")
        (folder / "stappen.toml").write_text(STEPS, encoding="utf-8")

    def __call__(self, *arguments: str, password: str | None = PASSWORD) -> int:
        environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
        if password is not None:
            environment[VARIABLE] = password
        process = subprocess.Popen(
            [sys.executable, "-m", "vierluik", *arguments],
            cwd=self.folder,
            env={**environment, "COLUMNS": "1000"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        watching = threading.Thread(target=self._watch, args=(process.pid,))
        watching.start()
        output, _ = process.communicate(timeout=240)
        watching.join()
        self.said += output
        self.last = " ".join(output.split())
        assert "Traceback" not in output, output
        return process.returncode

    def _watch(self, pid: int) -> None:
        """The command lines of all its processes, browsers included."""
        with contextlib.suppress(psutil.Error):
            own = psutil.Process(pid)
            while own.is_running() and own.status() != psutil.STATUS_ZOMBIE:
                for one in (own, *own.children(recursive=True)):
                    with contextlib.suppress(psutil.Error):
                        self.command_lines.add(" ".join(one.cmdline()))
                time.sleep(0.05)

    def log_in(self) -> int:
        self("site", "add", f"{self.site.url}/", "--name", "acceptatie")
        how = ("--basic", USER, "--password-env", VARIABLE) if self.site.kind == "basic" else ("--form", "stappen.toml")
        return self("site", "login", "acceptatie", *how)

    def report(self) -> dict[str, Any]:
        database = Database(f"sqlite:///{self.folder / 'vierluik.db'}")
        with database.session() as session:
            run = session.scalars(select(Run).order_by(Run.id.desc())).first()
            assert run is not None
            report = report_of_run(session, run, tool_description())
        database.close()
        return report

    def pages(self) -> dict[str, tuple[str, str]]:
        return {page["url"].removeprefix(self.site.url): (page["status"], page["reason"]) for page in self.report()["pages"]}


@pytest.fixture(params=["basic", "form"])
def place(request: pytest.FixtureRequest, tmp_path: Path, browser: BrowserFile) -> Iterator[Place]:
    with serve_locked(request.param) as site:
        yield Place(tmp_path, site)


@pytest.fixture
def form_place(tmp_path: Path, browser: BrowserFile) -> Iterator[Place]:
    with serve_locked("form") as site:
        yield Place(tmp_path, site)


def test_whole_run_behind_a_log_in_and_the_secret_is_redacted_everywhere(place: Place) -> None:
    site = place.site
    (place.folder / "vierluik.toml").write_text(SETTINGS.replace("confirm = false", ""), encoding="utf-8")
    assert place.log_in() == 0, place.last
    assert "only that place is kept" in place.last
    assert place("run", "acceptatie", "--json", "rapport.json") == 0, place.last
    for kind in ("json", "csv", "text", "earl"):
        assert place("export", kind, "--site", "acceptatie", "-o", f"uit.{kind}") == 0, place.last
    pages = place.pages()
    assert {path for path in PAGES if pages[path][0] == PageStatus.TESTED} == set(PAGES)
    if site.kind == "form":
        assert pages["/inloggen"] == (PageStatus.SKIPPED, "login-page")

    # Log-out links were neither followed nor asked, nor pressed.
    for path in LOG_OUTS:
        assert pages[path] == (PageStatus.SKIPPED, "logs-out")
    assert not {path for _, path, _ in site.asked} & {*LOG_OUTS, "/api/logout"}

    # The neighbour was asked for a link, a picture, a frame, and by a redirect; it got nothing that was not its own.
    assert {line.split()[0] for line in site.elsewhere} >= {"/link", "/x.png", "/frame", "/doorverwezen"}
    assert not [line for line in site.elsewhere if "Authorization" in line or "Cookie" in line]

    # Byte by byte: files of the database with its log, reports, exports, what was said, what ps shows.
    files = [file for file in place.folder.rglob("*") if file.is_file()]
    assert {"vierluik.db", "rapport.json", "uit.csv"} <= {file.name for file in files}
    places = {file.name: file.read_bytes() for file in files} | {
        "said": place.said.encode(),
        "ps": "\n".join(place.command_lines).encode(),
    }
    assert any("crawler.walk" in line for line in place.command_lines)
    assert any("vierluik-worker" in line for line in place.command_lines)
    assert len(site.secrets) >= (5 if site.kind == "form" else 4)
    assert [(name, secret) for name, data in places.items() for secret in site.secrets if secret in data] == []

    # What only shows once logged in may be somebody's: no picture was taken.
    database = Database(f"sqlite:///{place.folder / 'vierluik.db'}")
    with database.session() as session:
        assert set(session.scalars(select(Cluster.picture_blob))) <= {None}
    database.close()


def test_secret_that_is_not_there_is_said_and_nothing_is_tested(place: Place) -> None:
    assert place.log_in() == 0, place.last
    asked = len(place.site.asked)
    assert place("run", "acceptatie", password=None) == 3
    assert VARIABLE in place.last
    assert "het wachtwoord staat niet waar de instelling het zoekt" in place.last
    assert place.pages() == {"/": (PageStatus.UNTESTED, "login-secret-missing")}
    assert len(place.site.asked) == asked
    assert place("site", "login", "acceptatie", password=None) == 2
    assert f"export {VARIABLE}=" in place.last


def test_wrong_password_never_tests_the_log_in_page(place: Place) -> None:
    assert place.log_in() == 0, place.last
    assert place("run", "acceptatie", password="Verkeerd!geheim-12") == 3
    reason = "login-refused" if place.site.kind == "basic" else "login-failed"
    assert place.pages() == {"/": (PageStatus.UNTESTED, reason)}
    assert "Verkeerd!geheim-12" not in place.said


def test_wrong_password_is_not_kept(place: Place) -> None:
    place("site", "add", f"{place.site.url}/", "--name", "acceptatie")
    how = ("--basic", USER, "--password-env", VARIABLE) if place.site.kind == "basic" else ("--form", "stappen.toml")
    assert place("site", "login", "acceptatie", *how, password="Verkeerd!geheim-12") == 2
    assert "Nothing was changed" in place.last
    assert "Verkeerd!geheim-12" not in place.said
    place("site", "login", "acceptatie")
    assert "has no log-in" in place.last


def test_session_that_ends_is_renewed_once_and_every_page_is_tested(form_place: Place) -> None:
    assert form_place.log_in() == 0, form_place.last
    form_place.site.ends_after = 3
    given = len(form_place.site.given)
    assert form_place("run", "acceptatie") == 0, form_place.last
    pages = form_place.pages()
    assert {pages[path][0] for path in PAGES} == {PageStatus.TESTED}
    assert len(form_place.site.given) == given + 2


def test_session_that_cannot_be_renewed_leaves_the_rest_untested(form_place: Place) -> None:
    assert form_place.log_in() == 0, form_place.last
    form_place.site.ends_after = 2
    form_place.site.log_ins_left = 1
    form_place("run", "acceptatie")
    pages = form_place.pages()
    left = {path for path in PAGES if pages.get(path, ("", ""))[1] == "login-lost"}
    assert left
    assert all(pages[path][0] == PageStatus.UNTESTED for path in left)
    assert PageStatus.TESTED not in {status for path, (status, _) in pages.items() if path.startswith("/inloggen")}


BROKEN = [
    (STEPS.replace('fill = "Wachtwoord"', 'fill = "Toegangscode"'), 'Step 3, fill "Toegangscode": there is no such field.'),
    (STEPS.replace('fill = "Wachtwoord"', 'fill = "Toegangscode"'), '"Gebruikersnaam", "Wachtwoord"'),
    (STEPS.replace('click = "Inloggen"', 'click = "Verder"'), 'Step 4, click "Verder": there is no such button or link.'),
    (STEPS.replace("u bent binnen", "Welkom terug"), 'Step 5, expect "Welkom terug": it did not come.'),
    (STEPS.replace(f"{{env:{VARIABLE}}}", "zomaar"), "a password does not stand in this file"),
    (STEPS.replace(f"{{env:{VARIABLE}}}", "{file:nergens}"), "The file nergens, which holds the secret"),
    (STEPS.replace('"/inloggen"', '"/robots.txt"'), "the page answers 404"),
    (STEPS.replace('"/inloggen"', '"http://localhost:PORT/inloggen"'), "the page answers 401"),
    (STEPS.replace("expect =", "verwacht ="), "A step is one of open, fill, click, expect"),
    (STEPS.rpartition("[[step]]")[0], "what is only there once logged in"),
    ("[[step", "is not valid TOML"),
]


def test_recorded_log_in_says_where_it_breaks(form_place: Place) -> None:
    form_place("site", "add", f"{form_place.site.url}/", "--name", "acceptatie")
    for steps, sentence in BROKEN:
        text = steps.replace("PORT", form_place.site.url.rpartition(":")[2])
        (form_place.folder / "stappen.toml").write_text(text, encoding="utf-8")
        assert form_place("site", "login", "acceptatie", "--form", "stappen.toml") == 2, steps
        assert sentence in form_place.last
        assert form_place.last.endswith("Nothing was changed.")
    assert PASSWORD not in form_place.said
    assert not form_place.site.given[:-1]  # only what expects something else did log in


def test_secret_is_not_typed_in_on_another_host(form_place: Place) -> None:
    """A site that leads to another host, by a redirect or by who broke into it, does not get the secret typed in there."""
    form_place.site.log_in_elsewhere = True
    form_place("site", "add", f"{form_place.site.url}/", "--name", "acceptatie")
    assert form_place("site", "login", "acceptatie", "--form", "stappen.toml") == 2
    assert "A secret is only typed in there when the file says so" in form_place.last
    steps = f'also = ["{form_place.site.neighbour}"]\n{STEPS}'
    (form_place.folder / "stappen.toml").write_text(steps, encoding="utf-8")
    form_place("site", "login", "acceptatie", "--form", "stappen.toml")
    assert "A secret is only typed in there" not in form_place.last


def test_worker_reads_the_secret_itself(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes through the queue says where the secret is; a worker that does not have it tests nothing."""
    site = place.site
    recipe = str(place.folder / "stappen.toml") if site.kind == "form" else ""
    login = Login(USER if not recipe else "", "" if recipe else f"env:{VARIABLE}", recipe)
    wanted = BrowserWanted(1, (site.url,), offline=False, contact="", load_timeout_s=8.0, login=login)
    url = f"{site.url}/aanvragen"
    job = PageBatch(1, "hier:1", (url,), CheckRequest((url,), engines=("vierluik",)), wanted, 0.0).as_job()
    assert PASSWORD not in json.dumps(job, ensure_ascii=False)

    async def test() -> PageResult:
        async with driver() as playwright:
            browsers = WorkerBrowsers(playwright, find_browser(), "browser", 1)
            try:
                async with browsers.open(batch_of_job(job)) as check:
                    return await anext(check(batch_of_job(job).request))
            finally:
                await browsers.close()

    monkeypatch.delenv(VARIABLE, raising=False)
    refused = asyncio.run(test())
    assert (refused.status, refused.reason) == (PageStatus.UNTESTED, "login-secret-missing")
    monkeypatch.setenv(VARIABLE, PASSWORD)
    tested = asyncio.run(test())
    assert (tested.status, tested.title) == (PageStatus.TESTED, "/aanvragen – Gemeente")


def test_password_in_a_file_and_back_to_none(tmp_path: Path, browser: BrowserFile) -> None:
    with serve_locked("basic") as site:
        place = Place(tmp_path, site)
        secret = tmp_path / "geheim"
        place("site", "add", f"{site.url}/", "--name", "acceptatie")
        how = ("site", "login", "acceptatie", "--basic", USER, "--password-file", "geheim")
        assert place(*how, password=None) == 2
        assert "cannot be read" in place.last
        secret.write_text(PASSWORD + "\n", encoding="utf-8")
        assert place(*how, password=None) == 0, place.last
        assert place("site", "login", "acceptatie", "--none", password=None) == 0
        assert place("run", "acceptatie", password=None) == 3
        assert place.pages() == {"/": (PageStatus.SKIPPED, "start-needs-login")}


def test_availability_is_asked_with_the_password_and_never_logs_in_every_few_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, PASSWORD)
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    steps = tmp_path / "stappen.toml"
    steps.write_text(STEPS, encoding="utf-8")
    logins = {"basic": Login(USER, f"env:{VARIABLE}"), "form": Login(recipe=str(steps))}
    for kind, expected in (("basic", ("up", "")), ("form", ("unknown", "needs-login"))):
        database = Database(f"sqlite:///{tmp_path / kind}.db")
        database.migrate()
        with serve_locked(kind) as site:
            with database.session() as session:
                watched = add_site(session, kind, f"{site.url}/", Scope((site.url,)), now)
                watched.settings = {"login": logins[kind].as_stored()}
                propose_addresses(session, watched, now)
            asyncio.run(watch(database, lambda: now, pause_s=0.05, has_route=lambda: True))
            with database.session() as session:
                states = {(one.state, one.reason) for one in session.scalars(select(AvailabilityInterval))}
            assert states == {expected}
            assert not site.given
        database.close()
