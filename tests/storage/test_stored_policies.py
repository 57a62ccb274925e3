"""What a policy found is shown with its words, and is over once the policy is switched off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from stored_story import Story, page_tested

from rules.finding import Finding as JudgedFinding
from rules.finding import Target
from rules.outcome import Impact, Outcome
from rules.policy import PolicyError, read_policy
from storage.models import Finding, Run, Site
from storage.policies import (
    close_policies_no_longer_used,
    keep_policy,
    policies_for_all,
    policies_of,
    policies_of_site,
    remove_policy,
    switch_policy,
)
from storage.report import report_of_run

POLICY = read_policy({"id": "klik", "title": "Geen 'klik hier'", "text": "klik hier"})
TARGET = Target((), "p", "<p>Klik hier</p>", "html > body > p")
ARGUMENTS = {"wanted": "klik hier", "found": "Klik hier"}
FOUND = JudgedFinding("own:klik", 1, Outcome.CANNOT_TELL, Impact.MODERATE, ("vierluik",), TARGET, "cantTell", ARGUMENTS)


def test_a_finding_of_a_policy_is_reported_in_its_own_words(story: Story) -> None:
    with story.database.session() as session:
        keep_policy(session.get_one(Site, story.site_id), POLICY)
    run, _ = story.run(page_tested("/", FOUND))
    with story.database.session() as session:
        report = report_of_run(session, session.get_one(Run, run), {"name": "Vierluik", "version": "0"})
    [finding] = report["pages"][0]["findings"]
    assert (finding["rule"], finding["outcome"], finding["criteria"]) == ("own:klik", "cantTell", [])
    assert finding["message"]["nl"].endswith("Klik hier")


def test_what_nobody_wants_any_more_is_closed_and_what_is_wanted_stays(story: Story) -> None:
    run, _ = story.run(page_tested("/", FOUND, replace(FOUND, rule="own:blijft")))
    with story.database.session() as session:
        close_policies_no_longer_used(session, story.site_id, run, {"own:blijft"})
        still_open = session.scalars(select(Finding.rule).where(Finding.closed_run_id.is_(None))).all()
    assert still_open == ["own:blijft"]


def test_policies_of_the_settings_are_known_from_the_last_run(story: Story) -> None:
    run, _ = story.run(page_tested("/"))
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        session.get_one(Run, run).settings = {"policies": [POLICY.as_stored(), replace(POLICY, id="ander").as_stored()]}
        keep_policy(site, replace(POLICY, title="Van de site zelf"))
        switch_policy(site, "klik", on=False)
        session.flush()
        known = policies_of(session, site)
        for_all = policies_for_all(session, site)
    assert [one.id for one in for_all] == ["ander"]
    assert [(one.id, one.title, one.on) for one in known] == [("klik", "Van de site zelf", False), ("ander", POLICY.title, True)]


REFUSED = {"id": "later", "title": "Later", "formula": "x"}  # as a later version would refuse it


def test_a_stored_policy_that_is_refused_is_left_out_and_kept_and_the_others_hold(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    run, _ = story.run(page_tested("/"))
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        site.settings = {"policies": [REFUSED, POLICY.as_stored()]}
        session.get_one(Run, run).settings = {"policies": [{**REFUSED, "id": "oud"}, replace(POLICY, id="ander").as_stored()]}
        session.flush()
        assert [one.id for one in policies_of_site(site)] == ["klik"]
        assert [one.id for one in policies_of(session, site)] == ["klik", "ander"]
        assert report_of_run(session, session.get_one(Run, run), {"name": "Vierluik", "version": "0"})
        switch_policy(site, "klik", on=False)
        keep_policy(site, replace(POLICY, id="nieuw"))
        assert [line["id"] for line in site.settings["policies"]] == ["later", "klik", "nieuw"]
        assert site.settings["policies"][0] == REFUSED
    assert "formula" in caplog.text


def test_a_changed_policy_keeps_its_place_and_a_removed_one_is_used_no_more(story: Story) -> None:
    run, _ = story.run(page_tested("/", FOUND))
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        for name in ("klik", "ander"):
            keep_policy(site, replace(POLICY, id=name))
        session.get_one(Run, run).settings = {"policies": site.settings["policies"], "policies_of_site": ["klik", "ander"]}
        keep_policy(site, replace(POLICY, title="Anders"))
        assert [(one.id, one.title) for one in policies_of_site(site)] == [("klik", "Anders"), ("ander", POLICY.title)]
        remove_policy(site, "klik")
        session.flush()
        assert [one.id for one in policies_of_site(site)] == ["ander"]
        assert policies_for_all(session, site) == ()
        assert {one.id for one in policies_of(session, site)} == {"ander", "klik"}  # what it found is still shown
        with pytest.raises(PolicyError):
            remove_policy(site, "klik")
