"""What the API and its webhooks ask of the database, on both kinds: marks, findings in order, tokens, and events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stored_story import Story, failure, page_tested

from rules.api_token import TokenScope
from rules.decision import DecisionKind, Wanted
from storage.accounts import add_account, set_disabled
from storage.changes import Of, mark_of
from storage.decisions import Thing, decide
from storage.events import events_since, told_now
from storage.models import Site
from storage.questions.findings import FindingFilter, findings_after
from storage.questions.links import links_after
from storage.questions.pages import PageFilter, pages_after
from storage.questions.runs import latest_run, runs_before
from storage.tokens import add_token, holder_of


def test_what_is_decided_changes_its_own_marks_and_lists(story: Story) -> None:
    story.run(page_tested("/a", failure(), failure(name="logo")), page_tested("/b", failure("link-name")))
    now = datetime.now(UTC)
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        before = {of: mark_of(session, site, [of], now) for of in Of}
        told = told_now(session, site, now)
        run = latest_run(session, site.id)
        assert run and [one.id for one in runs_before(session, site.id, 5, 0)] == [run.id]
        pages = pages_after(session, site.id, run.id, PageFilter(with_failures=True), [], 5, 0)
        assert [one.failed for one in pages] == [2, 1] and links_after(session, site.id, run.id, ["dead"], 5, 0, 5) == []
        found = findings_after(session, site.id, run.id, FindingFilter(), now, 5, 0)
        assert len(found) == 3 and found[1:] == findings_after(session, site.id, run.id, FindingFilter(), now, 5, found[0][0].id)
        made = decide(
            session, site, [Thing(pages[0].page_id, "image-alternative")], Wanted(DecisionKind.ACCEPTED, "exempt"), "Anne", 1, now
        )
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        assert {of for of in Of if mark_of(session, site, [of], now) != before[of]} == {Of.DECISIONS}
        decided = [
            len(findings_after(session, site.id, run.id, FindingFilter(decided=is_so), now, 5, 0)) for is_so in (True, False)
        ]
        assert decided == [2, 1]
        later = now + timedelta(seconds=30)
        events, told_on = events_since(session, site, {**told, "until": (now - timedelta(seconds=1)).isoformat()}, later)
        assert [(one.kind, one.facts["findings"]) for one in events if "decision" in one.facts] == [("decision-made", 2)]
        assert events_since(session, site, told_on, later + timedelta(minutes=1)) == ([], told_on)
        assert events[-1].facts["decision"] == made[0].batch


def test_a_token_is_worth_what_its_account_is(story: Story) -> None:
    now = datetime.now(UTC)
    with story.database.session() as session:
        account = add_account(session, "a@example.nl", "A", "de kat krabt de krullen van de trap", now)
        _, token = add_token(session, account.id, "x", [TokenScope.RUN, TokenScope.READ], 1, now)
        held = holder_of(session, token, now)
        assert held and held.token.scopes == ["read", "run"] and held.roles == () and held.token.seen_at == now
        account.disabled_at = now
        assert holder_of(session, token, now) is None and holder_of(session, token + "x", now) is None
        set_disabled(session, account, disabled=False, now=now)
        assert holder_of(session, token, now) and holder_of(session, token, now + timedelta(days=1)) is None
