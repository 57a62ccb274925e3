"""Links and documents are asked again without a run over the site; what is said of everything else stays as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sites.hostile import Answer, Served, links_to, page, serve, status
from sqlalchemy import select

from rules.observation import LinkClass
from rules.run import RunState
from rules.site import Pace, Scope
from scheduler.ask_documents import ask_documents
from scheduler.ask_links import ask_links
from scheduler.run_settings import RunSettings
from scheduler.run_site import SiteRun, process_name
from scheduler.stored_run import make_run, settings_of_site
from storage.database import Database
from storage.models import DocumentFinding, Finding, Link, LinkSource, Run, RunFigure, RunPage, Site
from storage.runs import DOCUMENTS, LINKS, RunMadeWith, last_whole_run, start_run
from storage.sites import add_site
from storage.stored_addresses import take_stored_pages
from vierluik.sample_site.pdf_writer import pdf_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("links-of-a-run")]

SETTINGS = RunSettings(engines=("vierluik",), pace=Pace(2, timeout_s=3.0), seconds_before_second_look=0.2, confirms=False)
WORDS = "Op maandag halen wij het papier op, en op dinsdag het plastic. " * 5
PICTURE = '<p><img src="/foto.png"></p>'


def file_of(*, tagged: bool) -> Answer:
    body = pdf_of({} if tagged else {"tagged": False, "content": [{"P": WORDS}]})
    return Answer(body, headers={"Content-Type": "application/pdf", "ETag": f'"{tagged}"'})


@dataclass
class Scene:
    database: Database
    site: Site
    served: Served
    answers: dict[str, Any]

    def ask(self, kind: str) -> int:
        _, settings = settings_of_site(self.database, self.site.id)
        assert settings.pace == SETTINGS.pace, "as polite as the last run"
        settings = replace(settings, seconds_before_second_look=0.2)
        work = {LINKS: ask_links, DOCUMENTS: ask_documents}[kind]
        return asyncio.run(make_run(self.database, self.site, settings, kind, work))

    def findings(self) -> dict[int, tuple[str, bool]]:
        """Rule, and whether it is open, by number."""
        with self.database.session() as session:
            return {one.id: (one.rule, one.closed_run_id is None) for one in session.scalars(select(Finding))}

    def link(self, path: str) -> tuple[str, list[str]]:
        """Its class today, and the pages that it stands on."""
        with self.database.session() as session:
            link = session.scalars(select(Link).where(Link.url == self.served.url + path, Link.closed_run_id.is_(None))).one()
            sources = session.scalars(select(LinkSource).where(LinkSource.link_id == link.id)).all()
            return link.link_class, [one.text for one in sources]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('stored') / 'vierluik.db'}")
    database.migrate()
    answers: dict[str, Any] = {
        "/": page(links_to("/straks", "/altijd-weg", "/boek.pdf", "/ook")),
        "/ook": page("<main><h1>Ook</h1>" + PICTURE + "</main>"),
        "/straks": page("<main><h1>Straks</h1><p>Hier staat nog iets.</p></main>", title="Straks"),
        "/boek.pdf": file_of(tagged=True),
    }
    with serve(answers) as served:
        with database.session() as session:
            site = add_site(session, "Proef", f"{served.url}/", Scope((served.url,)), datetime.now(UTC))
        assert asyncio.run(SiteRun(database, site, SETTINGS).run()).state is RunState.FINISHED
        yield Scene(database, site, served, answers)
    database.close()


def test_links_are_asked_again_and_nothing_else_changes(scene: Scene) -> None:
    before = scene.findings()
    assert any(rule == "link-dead" for rule, *_ in before.values()) and any(rule != "link-dead" for rule, *_ in before.values())
    scene.answers["/"] = page(links_to("/straks") + PICTURE)  # it is not opened: nothing of this is seen
    scene.answers["/straks"] = status(404)
    number = scene.ask(LINKS)
    after = scene.findings()
    assert {key: after[key] for key in before} == before
    (new,) = after.keys() - before.keys()
    assert after[new] == ("link-dead", True)
    with scene.database.session() as session:
        assert session.get_one(Finding, new).cluster_id, "it stands among the causes"
    assert scene.link("/straks") == (LinkClass.DEAD, ["Naar /straks"])
    assert scene.link("/altijd-weg") == (LinkClass.DEAD, ["Naar /altijd-weg"])
    scene.answers["/straks"] = page(title="Straks")
    scene.ask(LINKS)
    mended = scene.findings()
    assert [key for key, (_, is_open) in mended.items() if after[key][1] and not is_open] == [new]
    assert scene.link("/straks") == (LinkClass.OK, [])
    with scene.database.session() as session:
        assert not session.scalars(select(RunPage)).all()
        assert not session.scalars(select(RunFigure).where(RunFigure.run_id >= number)).all(), "no point of a trend"
        whole = last_whole_run(session, scene.site.id)
        assert whole is not None and whole.id < number


def test_documents_are_asked_again_and_judged_where_they_have_changed(scene: Scene) -> None:
    before = scene.findings()
    scene.ask(DOCUMENTS)
    with scene.database.session() as session:
        assert not session.scalars(select(DocumentFinding)).all(), "304: it keeps its result"
    scene.answers["/boek.pdf"] = file_of(tagged=False)
    number = scene.ask(DOCUMENTS)
    with scene.database.session() as session:
        found = session.scalars(select(DocumentFinding)).all()
        assert found and {one.first_run_id for one in found} == {number}
        assert session.get_one(Run, number).coverage["documents"] == 1
    assert scene.findings() == before
    scene.answers["/boek.pdf"] = status(503)
    scene.ask(DOCUMENTS)
    with scene.database.session() as session:
        assert all(one.closed_run_id is None for one in session.scalars(select(DocumentFinding))), "no answer mends nothing"


def test_one_that_was_killed_leaves_nothing_behind(scene: Scene) -> None:
    with scene.database.session() as session:
        made_with = RunMadeWith("en301549-3.2.1", "0" * 64)
        gone = f"{process_name().rpartition(':')[0]}:4194303"
        dead = start_run(session, scene.site.id, made_with, gone, "", datetime.now(UTC), kind=LINKS)
        assert take_stored_pages(session, scene.site.id, dead.id) == 3
        number = dead.id
    scene.ask(DOCUMENTS)
    with scene.database.session() as session:
        ended = session.get_one(Run, number)
        assert (ended.state, ended.reason) == (RunState.FAILED, "process-gone")
        assert not session.scalars(select(RunPage)).all()
