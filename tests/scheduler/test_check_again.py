"""A page that is looked at again is judged by what the last run over its site was made with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from rules.page_type import PageType, PageTypePattern
from rules.policy import read_policy
from rules.site import Scope
from scheduler.check_again import check_again, settings_as_before
from scheduler.run_settings import RunSettings
from storage import runs
from storage.database import Database
from storage.models import Finding, Page, Site
from storage.policies import keep_policy, remove_policy
from storage.requests import ask
from storage.sites import add_site
from vierluik.sample_site import serve

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OF_ALL = read_policy({"id": "alle", "title": "Van alle sites", "text": "klaar na", "page_types": ["news"]})
OF_SITE = replace(OF_ALL, id="eigen")
TYPES = (PageTypePattern(PageType.NEWS, "/producten/"),)  # as vierluik.toml says; another type is detected


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'vierluik.db'}")
    database.migrate()
    return database


def run_with(database: Database, site_id: int, settings: RunSettings) -> None:
    """A run over the site that was made with these settings."""
    with database.session() as session:
        settings = settings.of_site(session.get_one(Site, site_id).settings)
        made_with = runs.RunMadeWith(settings.norm_id, "0" * 64, settings=settings.as_stored())
        run = runs.start_run(session, site_id, made_with, "host:1", "", NOW)
        runs.finish_run(session, run, complete=False, documents=0, now=NOW)


def test_the_settings_are_those_of_the_last_run_with_those_of_the_site_now(database: Database) -> None:
    with database.session() as session:
        number = add_site(session, "Proef", "https://www.example.nl/", Scope(("https://www.example.nl",)), NOW).id
        site = session.get_one(Site, number)
        assert settings_as_before(session, site) == RunSettings()
        keep_policy(site, OF_SITE)
    made = RunSettings(
        norm_id="en301549-4.1.1",
        engines=("vierluik",),
        contact="beheer@example.nl",
        offline=True,
        page_types=TYPES,
        policies=(OF_ALL,),
    )
    run_with(database, number, made)
    with database.session() as session:
        site = session.get_one(Site, number)
        again = settings_as_before(session, site)
        assert replace(again, policies=()) == replace(made, policies=(), policies_of_site=("eigen",))
        assert again.policies == (OF_SITE, OF_ALL)
        assert "+beheer@example.nl" in again.user_agent
        remove_policy(site, "eigen")
        assert settings_as_before(session, site).policies == (OF_ALL,)
    database.close()


def test_a_walk_without_engines_leaves_the_usual_ones() -> None:
    assert RunSettings().like("no-norm", {"engines": ["none"]}) == RunSettings()


@pytest.mark.slow
def test_a_second_look_keeps_the_type_of_a_page_and_what_was_found_for_it(database: Database) -> None:
    with serve("1") as server:
        with database.session() as session:
            number = add_site(session, "Proef", f"{server.url}/", Scope((server.url,)), NOW).id
        run_with(database, number, RunSettings(engines=("vierluik",), page_types=TYPES, policies=(OF_ALL,)))
        for _ in range(2):
            with database.session() as session:
                address = {"url": f"{server.url}/producten/rijbewijs"}
                request = ask(session, number, "check_page", address, "dashboard", NOW)
                request.state, asked = "done", request.id
            result, _ = check_again(database, asked)
            assert result.engines == frozenset({"vierluik"})
            with database.session() as session:
                still_open = select(Finding.rule).where(Finding.closed_run_id.is_(None), Finding.rule == "own:alle")
                assert session.scalars(still_open).all() == ["own:alle"]
                assert session.scalars(select(Page.page_type)).all() == ["news"]
    database.close()
