"""Queries that ask for one thing stand together, and what asks for something else does not."""

from __future__ import annotations

import pytest

from checks.findability.clusters import AskedQuery, clusters_of
from rules.stemming import stem

LOG = {
    "paspoort": 900,
    "paspoort aanvragen": 100,
    "kosten paspoort": 30,
    "papsoort": 20,
    "paspoorten": 15,
    "paspoort kwijt": 60,
    "kerstboom": 80,
    "kerstboom inleveren": 40,
    "kerstbomen ophalen": 10,
    "grofvuil": 300,
    "grof vuil": 50,
    "grofuvil": 6,
    "parkeervergunning": 100,
    "laadpaal": 70,
    "laadpas": 20,
    "wmo": 40,
    "woz": 90,
    "trouwen": 50,
    "huwelijk": 20,
    "ophalen": 5,
}
PRODUCTS = {"trouwen": "huwelijk", "huwelijk": "huwelijk"}


def test_clusters_by_spelling_form_compound_and_product() -> None:
    asked = [AskedQuery(number, text, searches) for number, (text, searches) in enumerate(LOG.items())]
    found = clusters_of(asked, {stem("laadpas")}, lambda text: PRODUCTS.get(text, ""))
    assert {tuple(query.text for query in cluster.queries) for cluster in found} == {
        ("paspoort", "paspoort aanvragen", "kosten paspoort", "papsoort", "paspoorten"),
        ("paspoort kwijt",),
        ("kerstboom", "kerstboom inleveren", "kerstbomen ophalen"),
        ("grofvuil", "grof vuil", "grofuvil"),
        ("parkeervergunning",),
        ("laadpaal",),
        ("laadpas",),  # the site says it: it is no typing error
        ("wmo",),
        ("woz",),  # too short to be one of "wmo"
        ("trouwen", "huwelijk"),
        ("ophalen",),
    }
    assert {cluster.product for cluster in found} == {"", "huwelijk"}


@pytest.mark.parametrize("text", ["", "?!", "'; DROP TABLE x; --", "=1+1", "a" * 500, "\u202egrofvuil"])
def test_any_text_is_in_one_cluster(text: str) -> None:
    asked = [AskedQuery(1, "grofvuil", 10), AskedQuery(2, text, 1)]
    numbers = [query.number for cluster in clusters_of(asked, (), lambda _: "") for query in cluster.queries]
    assert sorted(numbers) == [1, 2]


def test_the_same_queries_give_the_same_clusters_in_any_order() -> None:
    asked = [AskedQuery(number, text, searches) for number, (text, searches) in enumerate(LOG.items())]
    assert clusters_of(asked, (), lambda _: "") == clusters_of(asked[::-1], (), lambda _: "")
