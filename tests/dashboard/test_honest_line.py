"""Every screen of a site says what was looked at, by whom, what nobody looked at, with what and when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dashboard_seed import NOW
from fastapi import FastAPI
from lxml import html
from starlette.testclient import TestClient
from test_dashboard_people import flat

from dashboard.honest_line import lines_of_site
from rules.evaluation import Assessment
from rules.outcome import Outcome
from storage.database import Database
from storage.evaluations import load_evaluation, save_assessment, stored_evaluation
from storage.models import Site

OF_SITE = re.compile(r"\{(?:site_id|page_id|evaluation_id)\}")
NO_RESULTS = {"audit_trail", "accounts"}  # who changed what: nothing that was found on the site


def screens(app: FastAPI, ids: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every screen about a site, with the values of things that are stored."""
    values = {"language": "nl", "site_id": ids["site"], "page_id": ids["page"], "rule_id": "text-contrast", "number": 1}
    values |= {"evaluation_id": ids["evaluation"], "criterion": "1.1.1", "task_id": 1}
    for route in flat(app.routes):
        if "GET" in route.methods and OF_SITE.search(route.path):
            yield route.name, re.sub(r"\{([^}]+)\}", lambda found: str(values.get(found[1], 1)), route.path)


def test_every_screen_of_a_site_has_the_line(dashboard_app: FastAPI, ids: dict[str, int]) -> None:
    client, seen, without = TestClient(dashboard_app), set(), []
    for name, address in screens(dashboard_app, ids):
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html") and "_export" not in name:
            seen.add(name)
            said = [" ".join(one.text_content().split()) for one in html.fromstring(answer.content).find_class("vl-honest")]
            if name not in NO_RESULTS and not any("criteria" in one and "Chromium" in one for one in said):
                without.append(name)
    assert not without
    assert {"statement", "desk", "pages", "page", "causes", "criteria", "evaluation", "barriers", "links", "panels"} - seen <= {
        "criteria"
    }
    assert len(seen) > 35


def test_the_line_counts_what_people_judged_and_follows_what_they_change(
    filled: tuple[Database, dict[str, int]], ids: dict[str, int]
) -> None:
    with filled[0].session() as session:
        before = lines_of_site(session, session.get_one(Site, ids["site"]), "nl")
        row = stored_evaluation(session, ids["evaluation"])
        assert row is not None
        told = load_evaluation(session, row)
        judged = {"4.1.1", *(one.criterion for one in told.assessments)}
        open_one = next(number for number in told.norm.criteria if number not in judged)
        said = Assessment(open_one, 0, told.evaluators[0], Outcome.PASSED)
        save_assessment(session, row.id, said, NOW.replace(year=2027))
        after = lines_of_site(session, session.get_one(Site, ids["site"]), "nl")
        session.rollback()
    found = [re.search(r"Mensen beoordeelden er (\d+)", " ".join(lines)) for lines in (before, after)]
    assert found[0] and found[1] and int(found[1][1]) == int(found[0][1]) + 1
    with filled[0].session() as session:
        new = lines_of_site(session, session.get_one(Site, ids["new_site"]), "en")
    assert new[0] == "This site was not checked yet: nothing is known of any page."
