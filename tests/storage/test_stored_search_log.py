"""Searches are kept the same way by both databases: exactly once, by day, and shown from five visits on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from stored_story import Story

from rules.search_log import QueryDay, QueryTotal, SearchEvent, Source, Tally
from storage.models import SearchEventRow, SearchPeriod, SearchQuery, SearchTotal, Site
from storage.questions.searches import days_of_logs
from storage.search_log import ImportWriter, known_import, source_of
from storage.search_report import Share, by_month, report, total_searches
from storage.search_retention import purge

NOW = datetime(2026, 1, 20, tzinfo=UTC)
AT = int(datetime(2026, 1, 5, 9, tzinfo=UTC).timestamp() * 1000)
JANUARY = (date(2026, 1, 1), date(2026, 1, 31))


def events(count: int) -> list[SearchEvent]:
    return [SearchEvent(AT + 1000 * (number // 2), "afval", number, hits=number % 2) for number in range(count)]


def write(story: Story, rows: list[SearchEvent] | list[QueryTotal], digest: str, kind: Source = Source.UBI) -> int:
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        writer = ImportWriter(session, site, source_of(session, site, kind), NOW)
        for row in rows:
            writer.add(row)
        for day in writer.new_days():
            found = list(writer.events_of_day(day))
            known = QueryDay(found[0].query, len(found), len({one.session for one in found}), len(found))
            known.zero_results = sum(one.hits == 0 for one in found)
            writer.write_day(day, [known])
        writer.write_totals(kind)
        assert known_import(session, writer.source, digest) is None
        return writer.finish(Tally(), digest, kind).added


def test_events_are_added_once_and_their_day_anew(story: Story) -> None:
    assert [write(story, events(count), str(count)) for count in (4, 4 + 3, 5)] == [4, 3, 0]
    with story.database.session() as session:
        found = report(session, session.get_one(Site, story.site_id), *JANUARY)
        assert session.scalar(select(func.count()).select_from(SearchEventRow)) == 7
    [line] = found.queries
    assert (line.text, line.searches, line.zero_results, line.clicked) == ("afval", 7, Share(4, 7), None)


def test_totals_of_a_period_take_the_place_of_the_same(story: Story) -> None:
    for searches in (8, 9):
        write(
            story,
            [QueryTotal(*JANUARY, "paspoort", searches, 6), QueryTotal(*JANUARY, "zelden", 2, 2)],
            str(searches),
            Source.GA4,
        )
    with story.database.session() as session:
        found = report(session, session.get_one(Site, story.site_id), *JANUARY)
    assert [(line.text, line.searches) for line in found.queries] == [("paspoort", 9)]
    assert found.rare and found.rare.searches == 2


def test_each_period_adds_up_to_its_totals(story: Story) -> None:
    write(story, events(6), "a")
    write(story, [SearchEvent(AT + 86_400_000, "afval", 1, hits=0)], "b")
    write(story, events(9), "c")
    for searches in (8, 9):
        write(story, [QueryTotal(*JANUARY, query, searches) for query in ("a", "b")], str(searches), Source.GA4)
    monday = date(2026, 1, 5)
    write(story, [QueryTotal(monday, monday, "c", 5, clicked=2)], "d", Source.TABLE)
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        periods = session.scalars(select(SearchPeriod).order_by(SearchPeriod.source_id, SearchPeriod.first_day)).all()
        assert [(one.searches, one.known_results, one.zero_results) for one in periods] == [
            (9, 9, 5), (1, 1, 1), (18, 0, None), (5, 0, None)
        ]  # fmt: skip
        assert [(one.clicked, one.clicked_of) for one in periods] == [(None, 0)] * 3 + [(2, 5)]
        assert days_of_logs(session, site.id) == JANUARY
        found = report(session, site, *JANUARY).total
        assert (
            replace(found, queries=0) == total_searches(session, site, *JANUARY) == by_month(session, site, *JANUARY)[JANUARY[0]]
        )


def test_what_is_too_old_goes(story: Story) -> None:
    write(story, events(6), "a")
    with story.database.session() as session:
        proof = purge(session, NOW + timedelta(days=100))
        assert proof and (proof.events, proof.totals) == (6, 0)
        proof = purge(session, NOW + timedelta(days=900))
        assert proof and (proof.totals, proof.queries) == (1, 1)
        assert [session.scalar(select(func.count()).select_from(one)) for one in (SearchTotal, SearchPeriod, SearchQuery)] == [
            0,
            0,
            0,
        ]
