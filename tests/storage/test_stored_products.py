"""The list of product names is brought in whole, and exactly once however often it is brought in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stored_story import Story

from rules.upl import Product
from storage.products import keep_products, products_kept, products_since

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PASSPORT = Product("http://standaarden.overheid.nl/owms/terms/paspoort", "paspoort", "D1", for_municipality=True)
OTHER = replace(PASSPORT, uri=f"{PASSPORT.uri}_tweede", name="paspoort tweede", by_digid=True)


def test_a_newer_list_takes_the_place_of_the_one_before(story: Story) -> None:
    for products, hours, is_new in (([PASSPORT], 0, True), ([OTHER, PASSPORT], 1, True), ([PASSPORT, OTHER], 2, False)):
        with story.database.session() as session:
            assert keep_products(session, products, NOW + timedelta(hours=hours)) is is_new
    with story.database.session() as session:
        assert products_kept(session) == [PASSPORT, OTHER]
        assert products_since(session) == NOW + timedelta(hours=1)


def test_without_a_list_there_are_no_products(story: Story) -> None:
    with story.database.session() as session:
        assert (products_kept(session), products_since(session)) == ([], None)
