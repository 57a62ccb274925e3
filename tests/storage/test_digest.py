"""A digest tells what changed since the last one: only what is confirmed, nothing twice, in the screens' own numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from stored_story import ORIGIN, Story, failure, page_tested

from rules.confirm import Confirmation
from rules.findability import RightPage, SearchTask, TaskState, TaskVerdict
from rules.finding import Finding
from rules.message import (
    FOR_PEOPLE,
    Channel,
    Digest,
    MessageKind,
    SubscriberError,
    as_stored,
    content_of,
    read_address,
    read_section,
)
from rules.observation import LinkClass
from rules.run import RunState
from storage.findability import end_test, keep_tasks, start_test, tasks_of_site
from storage.messages import (
    Wish,
    add_subscriber,
    due_messages,
    find_subscriber,
    note_later,
    note_sent,
    pause_after,
    remove_subscriber,
    take_message,
    write_message,
)
from storage.models import FindabilityResult, Site
from storage.questions.digest import Told, digest_of, newest
from storage.questions.links import broken, class_counts
from storage.questions.rules import appeared, fixed
from storage.questions.runs import run_history

NOW = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
CONFIRMED = Confirmation.CONFIRMED


def sure(name: str = "foto", rule: str = "image-alternative") -> Finding:
    return replace(failure(rule, name), confirmation=CONFIRMED)


def told(story: Story, since: Told, *sections: str) -> tuple[Digest | None, Told]:
    with story.database.session() as session:
        return digest_of(session, session.get_one(Site, story.site_id), since, sections)


def test_what_got_better_and_what_is_new_in_the_numbers_of_the_screens(story: Story) -> None:
    first, _ = story.run(page_tested("/a", sure("weg"), sure("blijft")), page_tested("/b", sure("weg")))
    links = {"https://elders.example/dood": LinkClass.DEAD, "https://elders.example/goed": LinkClass.OK}
    second, _ = story.run(page_tested("/a", sure("blijft"), sure("nieuw")), page_tested("/b"), links=links)
    digest, _ = told(story, Told(first))
    assert digest is not None
    with story.database.session() as session:
        on_screen = fixed(session, story.site_id, second)
        assert [(one.rule, one.findings, one.pages) for one in digest.fixed] == [
            (one.rule, one.findings, one.pages) for one in on_screen
        ]
        assert sum(one.findings for one in digest.new) == sum(one.findings for one in appeared(session, story.site_id, second))
        point = run_history(session, story.site_id)[-1]
        open_now = digest.still_open
        assert open_now.pages == point.figure("pages_tested") == 2
        assert open_now.pages_with_failure == point.figure("pages_with_failure") == 1
        assert open_now.failures == point.figure("failed_findings") == 2
        assert open_now.broken_links == broken(class_counts(session, story.site_id, second)) == 1
    assert digest.new[0].url == f"{ORIGIN}/a" and digest.new_in_all == 1


def test_it_can_be_stored_and_read_again(story: Story) -> None:
    story.run(page_tested("/a", sure()))
    digest, _ = told(story, Told())
    assert digest is not None and content_of(MessageKind.DIGEST, as_stored(MessageKind.DIGEST, digest)) == digest


def test_nothing_changed_is_nothing_told(story: Story) -> None:
    first, _ = story.run(page_tested("/a", sure()))
    story.run(page_tested("/a", sure()))
    digest, upto = told(story, Told(first))
    assert digest is None and upto.run_id == first + 1


def test_what_is_told_once_is_not_told_again(story: Story) -> None:
    story.run(page_tested("/a", sure()))
    digest, upto = told(story, Told())
    assert digest is not None
    assert told(story, upto) == (None, upto)
    story.run(page_tested("/a", sure()))
    assert told(story, upto)[0] is None


def test_what_came_and_went_between_two_digests_is_neither(story: Story) -> None:
    first, _ = story.run(page_tested("/a", sure("vast")))
    story.run(page_tested("/a", sure("vast"), sure("even")))
    story.run(page_tested("/a", sure("vast")))
    assert told(story, Told(first))[0] is None


def test_what_went_and_came_back_between_two_digests_is_neither(story: Story) -> None:
    first, _ = story.run(page_tested("/a", sure()))
    story.run(page_tested("/a"))
    story.run(page_tested("/a", sure()))
    assert told(story, Told(first))[0] is None


def test_an_unconfirmed_failure_waits_and_is_told_once_it_is_met_again(story: Story) -> None:
    first, _ = story.run(page_tested("/a"))
    story.run(page_tested("/a", failure()))
    digest, upto = told(story, Told(first))
    assert digest is None and len(upto.withheld) == 1
    story.run(page_tested("/a", failure()))
    digest, after = told(story, upto)
    assert digest is not None and [cause.rule for cause in digest.new] == ["image-alternative"] and not after.withheld
    story.run(page_tested("/a", failure()))
    assert told(story, after)[0] is None


def test_a_person_with_a_section_is_told_of_that_section_only(story: Story) -> None:
    first, _ = story.run(page_tested("/parkeren/a", sure("weg")), page_tested("/Parkeren/b"), page_tested("/wonen/"))
    story.run(page_tested("/parkeren/a"), page_tested("/Parkeren/b", sure("x")), page_tested("/wonen/", sure("y", "link-name")))
    digest, _ = told(story, Told(first), "/parkeren/")
    assert digest is not None and not digest.new and digest.fixed[0].findings == 1
    assert (digest.still_open.pages, digest.still_open.pages_with_failure, digest.still_open.broken_links) == (1, 0, None)
    digest, _ = told(story, Told(first), "/wonen/", "/Parkeren/")
    assert digest is not None and {cause.url for cause in digest.new} == {f"{ORIGIN}/wonen/", f"{ORIGIN}/Parkeren/b"}


def test_tasks_that_are_found_again_and_tasks_that_are_lost(story: Story) -> None:
    story.run(page_tested("/a"))
    with story.database.session() as session:
        right = (RightPage(f"{ORIGIN}/a"),)
        tasks = [SearchTask("Paspoort", ("pas",), right), SearchTask("Afval", ("afval",), right)]
        keep_tasks(session, story.site_id, tasks, TaskState.CONFIRMED, "file", NOW)
    tell_test(story, {"Paspoort": None, "Afval": 1})
    with story.database.session() as session:
        before = newest(session, story.site_id)
    tell_test(story, {"Paspoort": None, "Afval": 2})
    tell_test(story, {"Paspoort": 1, "Afval": None})
    digest, upto = told(story, before)
    assert digest is not None and (digest.tasks_found, digest.tasks_lost) == (["Paspoort"], ["Afval"])
    assert (digest.still_open.tasks, digest.still_open.tasks_not_found) == (2, 1)
    assert told(story, upto)[0] is None


def tell_test(story: Story, ranks: dict[str, int | None]) -> None:
    with story.database.session() as session:
        run = start_test(session, story.site_id, "", NOW)
        for task in tasks_of_site(session, story.site_id):
            rank = ranks[task.title]
            verdict = TaskVerdict.FOUND if rank else TaskVerdict.WRONG_WORDS
            session.add(FindabilityResult(run_id=run, task_id=task.id, verdict=verdict, rank=rank, figures={}, details={}))
        end_test(session, run, RunState.FINISHED, "", {}, NOW)


# --- subscribers and the outbox ----------------------------------------------------------------------------------------


def person(story: Story, address: str = "an@example.nl", *sections: str) -> int:
    with story.database.session() as session:
        wish = Wish(story.site_id, FOR_PEOPLE, sections)
        return add_subscriber(session, "An", Channel.MAIL, address, "nl", [wish], NOW).id


def test_somebody_who_is_known_is_changed_and_keeps_what_was_told(story: Story) -> None:
    story.run(page_tested("/a", sure()))
    assert person(story) == person(story, "an@EXAMPLE.nl", "/wonen/")


@pytest.mark.parametrize(
    "text", ["", "an", "an@", "@example.nl", "an@example", "an@ex ample.nl", "an@example.nl\nBcc: x@y.nl", "a<b>@example.nl",
             "an@-example.nl", "an@" + "a" * 300 + ".nl", "an@example..nl"],
)  # fmt: skip
def test_what_is_no_address_is_a_sentence(text: str) -> None:
    with pytest.raises(SubscriberError, match="Write for example"):
        read_address(text)


def test_a_domain_with_other_letters_is_written_in_ascii() -> None:
    assert read_address(" an.de-vries+web@Bücher.nl ") == "an.de-vries+web@xn--bcher-kva.nl"


@pytest.mark.parametrize("text", ["parkeren", "/a b", "/a\nb", ""])
def test_what_is_no_section_is_a_sentence(text: str) -> None:
    with pytest.raises(SubscriberError, match="for example"):
        read_section(text)


def test_a_message_is_written_once_and_taken_by_one(story: Story) -> None:
    story.run(page_tested("/a", sure()))
    digest, _ = told(story, Told())
    number = person(story)
    assert digest is not None
    with story.database.session() as session:
        assert write_message(session, "k", number, MessageKind.DIGEST, digest, NOW)
        assert not write_message(session, "k", number, MessageKind.DIGEST, digest, NOW)
        (message,) = due_messages(session, NOW)
        assert take_message(session, message, NOW) is not None
        assert take_message(session, message, NOW) is None
        note_later(session, message, "mail-server-gone", "", NOW)
        assert due_messages(session, NOW) == [] and due_messages(session, NOW + pause_after(1)) == [message]
        note_sent(session, message, NOW)
        assert due_messages(session, NOW.replace(year=2030)) == []


def test_pauses_grow_and_end_at_six_hours() -> None:
    assert [pause_after(tries).total_seconds() / 60 for tries in (1, 2, 3, 10, 1_000)] == [1, 2, 4, 360, 360]


def test_who_leaves_gets_nothing_that_waited(story: Story) -> None:
    story.run(page_tested("/a", sure()))
    digest, _ = told(story, Told())
    number = person(story)
    assert digest is not None
    with story.database.session() as session:
        write_message(session, "k", number, MessageKind.DIGEST, digest, NOW)
        remove_subscriber(session, find_subscriber(session, "an@example.nl"), story.site_id)
        assert due_messages(session, NOW) == []
        with pytest.raises(SubscriberError, match="subscriber list"):
            find_subscriber(session, "an@example.nl")
