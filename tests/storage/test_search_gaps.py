"""Queries that find nothing: which they are, why, and what changed since somebody mended it; and what the season brings."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session
from stored_story import ORIGIN, Story, page_tested

from checks.findability.went_on import pages_in_the_end
from checks.search_log.journeys import totals_of_day
from rules.content_gap import Gap
from rules.search_log import KNOWS, Fact, QueryTotal, Row, SearchEvent, Source, Tally, text_number
from rules.task import PageText
from scheduler.find_gaps import find_gaps
from storage.models import SearchGap, Site
from storage.questions.searches import afterwards, often, season_ahead
from storage.search_clusters import Member, keep_clusters
from storage.search_gaps import ENOUGH, gaps_of_site, mark_done
from storage.search_log import ImportWriter, source_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
VISITS = itertools.count(1)


def visit(at: datetime, *steps: tuple[str, int | str]) -> list[SearchEvent]:
    """A visit: queries with their number of results, or with the page that was clicked."""
    number = next(VISITS)
    at_ms = int(at.timestamp() * 1000) + number
    return [
        SearchEvent(at_ms + 10_000 * place, query, number, hits=what)
        if isinstance(what, int)
        else SearchEvent(at_ms + 10_000 * place, query, number, page=what)
        for place, (query, what) in enumerate(steps)
    ]


def bring_in(session: Session, rows: list[SearchEvent] | list[QueryTotal], kind: Source = Source.UBI) -> None:
    site = session.get_one(Site, 1)
    writer = ImportWriter(session, site, source_of(session, site, kind), NOW)
    for row in rows:
        added: Row = row
        writer.add(added)
    for day in writer.new_days():
        writer.write_day(day, totals_of_day(writer.events_of_day(day), KNOWS[kind], writer.text_of))
    writer.write_totals(kind)
    writer.finish(Tally(), f"{next(VISITS):064}", kind)


def read_pages(story: Story) -> None:
    texts = {
        "/laadpaal": "Laadpaal aanvragen in uw straat",
        "/afval": "Grof huishoudelijk afval wegbrengen",
        "/paspoort": "Paspoort",
    }
    story.run(*(replace(page_tested(path), title=text, text=PageText((text,), text)) for path, text in texts.items()))


def test_each_gap_has_its_reason_and_visits_tell_what_was_meant(story: Story) -> None:
    read_pages(story)
    week = NOW - timedelta(days=7)
    log = [
        *(one for _ in range(9) for one in visit(week, ("oplaadpunt", 0), ("laadpaal", 3), ("laadpaal", "/laadpaal"))),
        *(one for _ in range(8) for one in visit(week, ("pasport", 0))),
        *(one for _ in range(7) for one in visit(week, ("zonnepanelen", 0))),
        *(one for _ in range(4) for one in visit(week, ("zeldzaam", 0))),
        *(one for _ in range(6) for one in visit(week, ("bel [telefoon]", 0))),
        *(one for _ in range(50) for one in visit(week, ("paspoort", 9), ("paspoort", "/paspoort"))),
        *(one for _ in range(6) for one in visit(week, ("paspoort", 0))),  # 6 of 56: the search works
        *(one for _ in range(9) for one in visit(NOW - timedelta(days=120), ("lang geleden", 0))),
    ]
    with story.database.session() as session:
        bring_in(session, log)
    assert find_gaps(story.database, 1, NOW) == 3
    with story.database.session() as session:
        lines = gaps_of_site(session, session.get_one(Site, 1))
        told = [(line.text, line.gap.gap, line.gap.page, line.gap.missed, line.visits_per_month) for line in lines]
    assert told == [
        ("oplaadpunt", Gap.OTHER_WORDS, f"{ORIGIN}/laadpaal", 9, 3),
        ("pasport", Gap.MISSPELT, f"{ORIGIN}/paspoort", 8, 3),
        ("zonnepanelen", Gap.MISSING, "", 7, 2),
    ]


def test_where_no_source_knows_results_clicks_tell(story: Story) -> None:
    assert Fact.RESULTS not in KNOWS[Source.COMBINED]
    with story.database.session() as session:
        day = NOW - timedelta(days=2)
        unknown = [one._replace(hits=None) for _ in range(9) for one in visit(day, ("ratten", 0))]
        clicked = [one._replace(hits=None) for _ in range(9) for one in visit(day, ("afval", 3), ("afval", "/afval"))]
        bring_in(session, unknown + clicked, Source.COMBINED)
    assert find_gaps(story.database, 1, NOW) == 1
    with story.database.session() as session:
        (line,) = gaps_of_site(session, session.get_one(Site, 1))
        assert (line.text, line.gap.measured, line.gap.gap) == ("ratten", "clicks", "")  # no page was read: nothing is claimed


def test_what_was_mended_stays_with_before_and_since(story: Story) -> None:
    read_pages(story)
    with story.database.session() as session:
        bring_in(session, [one for _ in range(ENOUGH) for one in visit(NOW - timedelta(days=3), ("oplaadpunt", 0))])
    find_gaps(story.database, 1, NOW)
    number = text_number("oplaadpunt")
    with story.database.session() as session:
        assert mark_done(session, 1, number, NOW)
        assert not mark_done(session, 1, number + 1, NOW)
        (line,) = gaps_of_site(session, session.get_one(Site, 1))
        assert not line.is_measured
    later = NOW + timedelta(days=5)
    with story.database.session() as session:
        found = (("oplaadpunt", 2), ("oplaadpunt", "/laadpaal"))
        bring_in(session, [one for _ in range(ENOUGH) for one in visit(later, *found)])
    for _ in range(2):
        find_gaps(story.database, 1, later + timedelta(days=90))
    with story.database.session() as session:
        (line,) = gaps_of_site(session, session.get_one(Site, 1))
        assert (line.gap.done_at, line.is_measured) == (NOW, True)
        assert line.before is not None and line.since is not None
        assert line.before.zero_results is not None and line.before.zero_results.value == 1
        assert line.since.zero_results is not None and line.since.zero_results.value == 0
        assert line.since.clicked is not None and line.since.clicked.count == ENOUGH
        assert session.query(SearchGap).count() == 1


def test_what_few_visits_did_after_a_query_is_not_told(story: Story) -> None:
    day = NOW - timedelta(days=1)
    with story.database.session() as session:
        log = [one for _ in range(5) for one in visit(day, ("afval", 3), ("afval", "/afval"), ("afval", "/afval"))]
        log += [one for _ in range(4) for one in visit(day, ("afval", 3), ("mijn buurman", 0))]
        log += [one for _ in range(9) for one in visit(day, ("afval", 3), ("afval", "/afval"), ("grofvuil", 3))]
        bring_in(session, log)
        after = afterwards(session, 1, text_number("afval"))
    assert (after.visits, after.pages) == (18, {"/afval": 14})
    assert often(after.pages) == [("/afval", 14)]
    assert after.queries == {text_number("mijn buurman"): 4}  # after a click it is another errand
    assert often(after.queries) == []


def test_season_of_last_year_is_seen_above_growth_and_noise(story: Story) -> None:
    today = date(2026, 11, 22)
    months = {
        "kerstboom": {12: 90},
        "kerstbomen": {12: 30},
        "paspoort": dict.fromkeys(range(1, 13), 100),
        "vuurwerk": {12: 8},  # too few
        "zwembad": {7: 90},
    }
    log = [
        QueryTotal(date(year, month, 1 + week * 7), date(year, month, 7 + week * 7), query, count // 4, count // 4)
        for query, by_month in months.items()
        for year in (2025, 2026)
        for month, count in by_month.items()
        for week in range(4)
    ]
    with story.database.session() as session:
        bring_in(session, log, Source.PIWIK_PRO)
        head = Member(text_number("kerstboom"), "")
        keep_clusters(session, 1, {text_number(text): head for text in ("kerstboom", "kerstbomen")})
        found = season_ahead(session, session.get_one(Site, 1), today)
        assert found is not None
        (one,) = found
        assert [line.text for line in one.queries] == ["kerstboom", "kerstbomen"]
        assert one.searches == 22 * 4 + 7 * 4
        assert one.times > 5
        assert season_ahead(session, session.get_one(Site, 1), date(2025, 12, 1)) is None  # less than a year of them


def test_a_query_that_was_clicked_itself_was_found() -> None:
    asked_otherwise = [(1, None), (2, None), (2, "/a"), (3, None), (3, "/b")]
    assert pages_in_the_end(asked_otherwise) == {(1, "/a")}
    assert pages_in_the_end([(1, None), (1, "/a"), (1, None)]) == set()
    assert pages_in_the_end([(1, None), (2, None)]) == set()
