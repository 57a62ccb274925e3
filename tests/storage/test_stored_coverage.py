"""What a site has of the products of the list: looked at from storage, counted from the log, decided by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from stored_story import Story, page_tested

from rules.findability import RightPage, SearchTask, TaskDetails, TaskFigures, TaskState, TaskVerdict
from rules.product_coverage import CoverageState, MatchedBy, OnlineForm, ProductCoverage, ProductSearches
from rules.run import RunState
from rules.upl import Product
from storage.findability import end_test, keep_result, keep_tasks, start_test, tasks_of_site
from storage.models import Page, Site
from storage.product_coverage import keep_coverage, keep_searches, products_of_site, say_not_offered, say_offered
from storage.products import keep_products

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TERMS = "http://standaarden.overheid.nl/owms/terms/"
LIST = [
    Product(f"{TERMS}{name}", name, for_municipality=True, for_citizen=True, is_request=name != "huwelijk")
    for name in ("huwelijk", "paspoort", "rijbewijs", "stadspas", "visvergunning")
]


def states(story: Story) -> dict[str, set[str]]:
    with story.database.session() as session:
        site = session.get_one(Site, story.site_id)
        return {row.product.name: {str(state) for state in row.states} for row in products_of_site(session, site)}


def look(story: Story, *seen: ProductCoverage, searches: dict[str, ProductSearches] | None = None) -> None:
    with story.database.session() as session:
        keep_products(session, LIST, NOW)
        lines = {one.uri: one for one in (*(ProductCoverage(product.uri) for product in LIST), *seen)}
        keep_coverage(session, story.site_id, lines.values(), NOW)
        keep_searches(session, story.site_id, searches)


def page_number(story: Story, path: str) -> int:
    with story.database.session() as session:
        return session.scalars(select(Page.id).where(Page.identity.endswith(path))).one()


def test_each_product_stands_in_the_list_it_belongs_to(story: Story) -> None:
    story.run(*(page_tested(path) for path in ("/paspoort", "/rijbewijs", "/trouwen")))
    look(
        story,
        ProductCoverage(f"{TERMS}paspoort", page_number(story, "/paspoort"), MatchedBy.HEADING, 1, OnlineForm.FORM),
        ProductCoverage(f"{TERMS}rijbewijs", page_number(story, "/rijbewijs"), MatchedBy.TITLE, 1),
        ProductCoverage(f"{TERMS}huwelijk", page_number(story, "/trouwen"), MatchedBy.TITLE, 1),
        searches={f"{TERMS}stadspas": ProductSearches(31, ("stadspas",))},
    )
    assert states(story) == {
        "huwelijk": {"covered"},  # nothing to request: no form is missed
        "paspoort": {"covered"},
        "rijbewijs": {"covered", "no-form"},
        "stadspas": {"searched"},
        "visvergunning": {"absent"},
    }
    with story.database.session() as session:
        say_not_offered(session, story.site_id, f"{TERMS}visvergunning", "J. de Boer", "is van het waterschap", NOW)
    assert states(story)["visvergunning"] == {CoverageState.NOT_OFFERED}
    look(story, searches=None)  # a decision outlives the next look, and without a log no search is known
    assert states(story) == {
        **{name: {"absent"} for name in ("huwelijk", "paspoort", "rijbewijs", "stadspas")},
        "visvergunning": {"not-offered"},
    }
    with story.database.session() as session:
        say_offered(session, story.site_id, f"{TERMS}visvergunning")
    assert states(story)["visvergunning"] == {"absent"}


def test_a_page_that_is_gone_covers_nothing(story: Story) -> None:
    story.run(page_tested("/paspoort"))
    look(story, ProductCoverage(f"{TERMS}paspoort", page_number(story, "/paspoort"), MatchedBy.HEADING, 1))
    assert states(story)["paspoort"] == {"covered", "no-form"}
    story.run(page_tested("/anders"))
    assert states(story)["paspoort"] == {"absent"}


def test_what_the_search_of_the_site_says_stands_beside_the_product(story: Story) -> None:
    story.run(page_tested("/rijbewijs"))
    look(story, ProductCoverage(f"{TERMS}rijbewijs", page_number(story, "/rijbewijs"), MatchedBy.HEADING, 1))
    right = (RightPage("https://www.example.nl/rijbewijs"),)
    tasks = [SearchTask("Reispas", ("pas",), right[:0], "Paspoort"), SearchTask("Rijden", ("rijbewijs",), right)]
    figures = TaskFigures(1, 1.0, 1.0, 1.0, 1.0, 0.0, 0, None)
    with story.database.session() as session:
        keep_tasks(session, story.site_id, tasks, TaskState.CONFIRMED, "file", NOW)
        test = start_test(session, story.site_id, "", NOW)
        for task in tasks_of_site(session, story.site_id):
            keep_result(session, test, task.id, TaskVerdict.FOUND, figures, TaskDetails())
        end_test(session, test, RunState.FINISHED, "", {}, NOW + timedelta(minutes=1))
    with story.database.session() as session:
        rows = products_of_site(session, session.get_one(Site, story.site_id))
        assert {row.product.name for row in rows if row.found} == {"paspoort", "rijbewijs"}


def test_the_scheduler_looks_at_what_is_stored(story: Story) -> None:
    from scheduler.cover_products import cover_products

    element = {"selector": "html", "path": "html", "html": "<html>"}
    municipal = {"type": "product", "declared": [], "linked": [], "audience": [], "statement": None, "online": "form"}
    facts = {
        "language": "nl", "title": "Paspoort | Voorbeeld", "titleElement": None, "root": element, "heading": "Paspoort aanvragen",
        "canonical": "", "content": [], "form": True, "blocks": [], "searches": [], "controls": [], "municipal": municipal,
    }  # fmt: skip
    story.run(replace(page_tested("/p"), sample=facts), page_tested("/leeg"))
    cover_products(story.database, story.site_id, NOW)
    assert states(story) == {}  # nobody has brought the list in
    with story.database.session() as session:
        keep_products(session, LIST, NOW)
    cover_products(story.database, story.site_id, NOW)
    assert states(story)["paspoort"] == {"covered"}
    assert states(story)["stadspas"] == {"absent"}
