"""The sample search log is one of a small town: the same each time, with seasons, growth, errors and what must be masked."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import date, datetime
from itertools import islice
from typing import Any

import pytest

from vierluik.sample_site.search_log import PERSONAL_QUERIES, Truth, records, write_log
from vierluik.sample_site.site import SampleSite

UNTIL = date(2026, 11, 22)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, list[dict[str, Any]]]:
    file = tmp_path_factory.mktemp("log") / "log.ndjson.gz"
    truth = write_log(file, UNTIL)
    return truth, [json.loads(line) for line in gzip.open(file, "rt", encoding="utf-8")]


def test_what_it_counts_is_what_it_wrote(log: tuple[Truth, list[dict[str, Any]]]) -> None:
    truth, lines = log
    asked = [record for record in lines if "user_query" in record]
    assert truth.searches == Counter(record["user_query"] for record in asked)
    assert truth.zero_results == sum(not record["query_response_hit_ids"] for record in asked)
    assert truth.clicks == len(lines) - len(asked)
    assert truth.visits == len({record["client_id"] for record in lines})
    assert truth.misspelt > 500
    assert sum(truth.searches[query] for query in PERSONAL_QUERIES) == truth.personal > 50


def test_two_years_with_seasons_and_growth(log: tuple[Truth, list[dict[str, Any]]]) -> None:
    _, lines = log
    days: dict[str, list[date]] = {"kerstboom": [], "woz": [], "laadpaal": []}
    for record in lines:
        if record.get("user_query") in days:
            days[record["user_query"]].append(datetime.fromisoformat(record["timestamp"]).date())
    moments = [record["timestamp"][:10] for record in lines]
    assert (min(moments), max(moments)) == ("2024-11-22", "2026-11-21")
    assert {day.month for day in days["kerstboom"]} <= {11, 12, 1, 2}
    woz = Counter(day.month for day in days["woz"])
    assert woz[2] > 3 * woz[8]
    grown = Counter(day >= date(2025, 11, 22) for day in days["laadpaal"])
    assert grown[True] > 1.3 * grown[False]


def test_results_are_those_of_the_site(log: tuple[Truth, list[dict[str, Any]]]) -> None:
    first = next(record for record in log[1] if record.get("user_query") == "paspoort")
    page = SampleSite("1").respond("GET", "/zoeken", {"q": "paspoort"}, {}).body.decode()
    places = [page.index(f'href="{path}"', page.index("<main")) for path in first["query_response_hit_ids"]]
    assert places == sorted(places)


def test_the_same_log_again() -> None:
    one, other = (list(islice(records(UNTIL, Truth()), 500)) for _ in range(2))
    assert one == other
