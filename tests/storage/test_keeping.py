"""Content is stored once, requests are taken once, and a site that goes takes everything with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from stored_story import MADE_WITH, ORIGIN, Story, failure, page_tested, rows

from rules.observation import LinkClass
from rules.run import RunState
from rules.site import Scope
from storage.blobs import get_texts, put_json, put_texts
from storage.models import Blob, Run, Site
from storage.requests import AlreadyAsked, ask, finish_request, take_requests
from storage.runs import RunError, latest_interrupted, mark_interrupted, start_run
from storage.sites import SiteError, add_site, find_site, get_site, remove_site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_equal_content_is_stored_once(story: Story) -> None:
    with story.database.session() as session:
        first = put_texts(session, "snippet", ["<p>", "x" * 5_000, "<p>"])
        second = put_texts(session, "snippet", ["x" * 5_000])
        assert second["x" * 5_000] == first["x" * 5_000]
        assert session.scalar(select(func.count()).select_from(Blob)) == 2
        assert get_texts(session, first.values()) == {digest: text for text, digest in first.items()}


def test_content_keeps_every_character(story: Story) -> None:
    odd = ["", "\x00", "\ud800 half", "Île d’Yeu 🏛", "a" * 1_000_000]
    with story.database.session() as session:
        hashes = put_texts(session, "snippet", odd)
    with story.database.session() as session:
        assert sorted(get_texts(session, hashes.values()).values()) == sorted(odd)


def test_equal_json_is_stored_once_whatever_the_order_of_its_keys(story: Story) -> None:
    with story.database.session() as session:
        assert put_json(session, "outcomes", {"a": 1, "b": 2}) == put_json(session, "outcomes", {"b": 2, "a": 1})


def test_the_snippet_of_a_template_is_stored_once_for_all_pages(story: Story) -> None:
    story.run(*(page_tested(f"/{number}", failure()) for number in range(10)))
    with story.database.session() as session:
        assert session.scalar(select(func.count()).where(Blob.kind == "snippet")) == 1


def test_a_request_is_taken_once(story: Story) -> None:
    with story.database.session() as session:
        number = ask(session, story.site_id, "run", {}, "beheerder", NOW).id
        with pytest.raises(AlreadyAsked):
            ask(session, story.site_id, "run", {}, "beheerder", NOW)
    with story.database.session() as session:
        assert [request.id for request in take_requests(session, "run", NOW)] == [number]
    with story.database.session() as session:
        assert take_requests(session, "run", NOW) == []
        finish_request(session, number, "done", {"exit_code": 0}, NOW)
        ask(session, story.site_id, "run", {}, "beheerder", NOW)


def test_two_schedulers_at_the_same_moment_do_not_take_the_same_request(story: Story) -> None:
    if story.database.is_sqlite:
        pytest.skip("SQLite knows one writer at a time; one machine has one scheduler.")
    with story.database.session() as session:
        ask(session, story.site_id, "run", {}, "", NOW)
    with story.database.session() as one, story.database.session() as other:
        assert len(take_requests(one, "run", NOW)) == 1
        assert take_requests(other, "run", NOW) == []


def test_removing_a_site_removes_all_that_was_stored_of_it(story: Story) -> None:
    links = {f"{ORIGIN}/x": LinkClass.DEAD}
    story.run(page_tested("/", failure()), page_tested("/a", failure(name="a")), links=links)
    story.run(page_tested("/"), links={})
    with story.database.session() as session:
        ask(session, story.site_id, "run", {}, "", NOW)
        remove_site(session, get_site(session, "Voorbeeld"))
    of_the_installation = {"installation_settings": 1, "schedule": 2, "scheduler_lease": 1}  # no site has them
    assert {name: count for name, count in rows(story.database).items() if count} == of_the_installation


def test_removing_a_site_leaves_other_sites_whole(story: Story) -> None:
    story.run(page_tested("/", failure()))
    before = rows(story.database)
    with story.database.session() as session:
        other = Story(story.database, add_site(session, "Ander", f"{ORIGIN}/ander", Scope((ORIGIN,)), NOW).id)
    other.run(page_tested("/", failure()), page_tested("/b", failure(name="b")))
    with story.database.session() as session:
        remove_site(session, session.get_one(Site, other.site_id))
    assert rows(story.database) == before
    with story.database.session() as session:
        [finding] = story.open_findings()
        assert get_texts(session, [finding.snippet_blob])


def test_a_site_is_found_by_name_number_and_start_address(story: Story) -> None:
    with story.database.session() as session:
        for name in ("Voorbeeld", str(story.site_id), f"{ORIGIN}/"):
            assert get_site(session, name).id == story.site_id
        assert find_site(session, "Nergens") is None
        with pytest.raises(SiteError, match="vierluik site list"):
            get_site(session, "Nergens")
        with pytest.raises(SiteError, match="Choose another name"):
            add_site(session, "Voorbeeld", f"{ORIGIN}/", Scope((ORIGIN,)), NOW)


def test_a_second_run_over_one_site_is_refused_until_the_first_falls_silent(story: Story) -> None:
    with story.database.session() as session:
        first = start_run(session, story.site_id, MADE_WITH, "elders:1", "", NOW).id
    with story.database.session() as session, pytest.raises(RunError, match="still going on"):
        start_run(session, story.site_id, MADE_WITH, "here:2", "", NOW + timedelta(minutes=1))
    with story.database.session() as session:
        assert [run.id for run in mark_interrupted(session, NOW + timedelta(minutes=3))] == [first]
        found = latest_interrupted(session, story.site_id)
        assert found is not None
        assert (found.id, found.reason) == (first, "process-gone")
    with story.database.session() as session:
        start_run(session, story.site_id, MADE_WITH, "here:2", "", NOW + timedelta(minutes=3))
        assert latest_interrupted(session, story.site_id) is None


def test_times_come_back_in_utc(story: Story) -> None:
    with story.database.session() as session:
        run = start_run(session, story.site_id, MADE_WITH, "here:1", "", NOW)
        session.flush()
    with story.database.session() as session:
        again = session.get_one(Run, run.id)
        assert again.started_at == NOW
        assert again.started_at.utcoffset() == timedelta(0)
        assert again.state == RunState.RUNNING
