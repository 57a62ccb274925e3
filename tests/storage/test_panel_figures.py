"""Two runs are compared over the pages that both judged, by the rules that both judged by."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from stored_story import Story, failure, page_tested

from storage.models import RunFigure
from storage.panel import BEFORE, CAME, NOW, SAME_PAGES, WENT


def figures(story: Story, run: int) -> dict[str, float]:
    with story.database.session() as session:
        rows = session.execute(select(RunFigure.name, RunFigure.value).where(RunFigure.run_id == run)).all()
        return {name: value for name, value in rows if name.startswith("panel_")}


def test_the_first_run_is_compared_with_nothing(story: Story) -> None:
    run, _ = story.run(page_tested("/", failure()))
    assert figures(story, run) == {}


def test_pages_of_one_run_only_do_not_count(story: Story) -> None:
    story.run(page_tested("/", failure()), page_tested("/a", failure()), page_tested("/gone", failure()))
    run, _ = story.run(page_tested("/", failure()), page_tested("/a"), page_tested("/new", failure()), page_tested("/b"))
    assert figures(story, run) == {SAME_PAGES: 2, BEFORE: 2, NOW: 1, CAME: 2, WENT: 1}


def test_a_rule_that_judges_otherwise_now_does_not_count(story: Story) -> None:
    other = replace(failure("link-name", "link"), rule_version=2)
    story.run(page_tested("/", failure("link-name", "link")), page_tested("/a", failure()))
    run, _ = story.run(page_tested("/", other), page_tested("/a", failure()), page_tested("/b", other))
    assert figures(story, run) == {SAME_PAGES: 2, BEFORE: 1, NOW: 1, CAME: 1, WENT: 0}
