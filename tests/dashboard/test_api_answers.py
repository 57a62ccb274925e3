"""The description of the API is valid, and every answer fits it; lists are read on; what is known is not sent again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from api_calls import House, house_of, own
from dashboard_seed import NOW, copy_of
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from sqlalchemy import event, select, update

from dashboard.api.application import PREFIX, routes_of
from dashboard.api.problem import KINDS
from dashboard.causes import rules_without_criteria
from dashboard.languages import translations
from dashboard.screens.api import WORDS
from rules.account import Role
from rules.api_token import TokenScope
from rules.decision import DecisionKind, Wanted
from storage.database import Database
from storage.decisions import Thing, decide
from storage.models import Decision, Finding, Page, Run, Site
from storage.questions.pages import PageFilter, pages_of_site


@pytest.fixture(scope="module")
def house(filled: tuple[Database, dict[str, int]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    database = copy_of(filled[0], tmp_path_factory.mktemp("api"))
    yield house_of(database, filled[1])
    database.close()


@pytest.fixture(scope="module")
def described(house: House) -> dict[str, Any]:
    told: dict[str, Any] = house.caller().get("openapi.json").json()
    return told


def fits(described: dict[str, Any], method: str, path: str, status: int, answer: Any) -> list[str]:
    """What of an answer is not as the description says."""
    responses = described["paths"][path][method.lower()]["responses"]
    content = responses.get(str(status), responses["default"])["content"]
    schema = next(iter(content.values()))["schema"] | {"components": described["components"]}
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(answer)]


def test_the_description_is_openapi_and_says_what_each_call_asks(described: dict[str, Any]) -> None:
    validate(described)
    assert described["openapi"].startswith("3.1") and described["servers"] == [{"url": PREFIX}]
    operations = [one for path in described["paths"].values() for one in path.values()]
    assert len(operations) > 25
    for one in operations:
        assert one["security"] == [{"token": []}] and "Scope: `" in one["description"] and "default" in one["responses"]
    assert len({one["operationId"] for one in operations}) == len(operations)


def test_every_answer_fits_the_description(house: House, described: dict[str, Any]) -> None:
    client = house.as_role(Role.ADMINISTRATOR)
    site = house.ids["site"]
    with house.database.session() as session:
        batch = session.scalars(select(Decision.batch).where(Decision.site_id == site)).first()
    values = {"site_id": site, "page_id": house.ids["page"], "kpi": "pages-without-failure", "batch": batch}
    values |= {"run_id": 1, "journey_id": 1, "number": house.ids["evaluation"]}
    asked = client.post(f"sites/{site}/checks", json={"page": house.ids["page"]})
    assert asked.status_code == 202 and not fits(described, "post", "/sites/{site_id}/checks", 202, asked.json())
    found, full = 0, 0
    for path, methods in described["paths"].items():
        if "get" not in methods:
            continue
        one = values | ({"number": asked.json()["id"]} if "/requests/" in path else {})
        answer = client.get(path.format(**one).lstrip("/"))
        assert answer.status_code == 200, (path, answer.text)
        assert not fits(described, "get", path, 200, answer.json()), path
        found += 1
        full += bool(answer.json().get("items", [True]))
    assert found > 20 and full == found  # a list without anything in it would prove nothing
    for status, path in ((404, "/sites/{site_id}"), (422, "/sites")):
        wrong = client.get(path.format(site_id=999_999).lstrip("/") + ("?x=1" if status == 422 else ""))
        assert wrong.status_code == status and not fits(described, "get", path, status, wrong.json())


def test_a_description_that_is_not_true_is_seen(described: dict[str, Any]) -> None:
    assert fits(described, "get", "/me", 200, {"name": 1})
    assert fits(described, "get", "/sites", 422, {"title": "x"})


def test_every_path_stands_on_the_screen_and_every_problem_in_both_languages(house: House) -> None:
    assert {route.name for route in routes_of(house.app.state.api)} == set(WORDS)
    english = translations("en")
    assert all(english.gettext(sentence) != sentence for _, sentence in KINDS.values())
    for language, words in (("nl", "Dit is er niet"), ("en", "This is not there")):
        answer = house.as_role(Role.EDITOR, **{"Accept-Language": f"{language}, *;q=0.1"}).get("sites/999999")
        assert words in answer.json()["title"] and answer.headers["content-language"] == language


def whole(client: Any, address: str, limit: int) -> list[dict[str, Any]]:
    """A list read on to its end, by the links."""
    found: list[dict[str, Any]] = []
    asked = f"{address}{'&' if '?' in address else '?'}limit={limit}"
    for _ in range(1_000):
        answer = client.get(asked)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        link = answer.headers.get("link", "")
        assert bool(link) == bool(answer.json()["next"]) and len(answer.json()["items"]) <= limit
        if not link:
            return found
        asked = own(link.partition(">")[0].removeprefix("<"))
    raise AssertionError("the list has no end")


@pytest.mark.parametrize(
    "address",
    [
        *("runs", "pages", "pages?failures=true&status=tested", "findings?outcome=failed", "causes", "decisions", "links"),
        *("documents", "kpis/pages-without-failure/points", "evaluations", "journeys", "journeys/1/walks"),
        "searches?month=2026-10",
    ],
)
def test_a_list_is_read_on_to_its_end(house: House, address: str) -> None:
    client, of_site = house.as_role(Role.ADVISER), f"sites/{house.ids['site']}/{address}"
    at_once = whole(client, of_site, 500)
    assert at_once
    assert whole(client, of_site, 3) == at_once


def test_what_comes_meanwhile_moves_nothing(house: House) -> None:
    """Between two parts a finding goes and a decision comes: no other is told twice or left out."""
    client, site = house.as_role(Role.ADVISER), house.ids["site"]
    before = [one["id"] for one in whole(client, f"sites/{site}/decisions", 100)]
    first = client.get(f"sites/{site}/decisions?limit=1").json()
    with house.database.session() as session:
        of_site = session.get_one(Site, site)
        page, rule = session.execute(
            select(Finding.page_id, Finding.rule).where(Finding.site_id == site, Finding.closed_run_id.is_(None))
        ).first()  # type: ignore[misc]
        decide(session, of_site, [Thing(page, rule)], Wanted(DecisionKind.ACCEPTED, "exempt"), "Anne", 1, NOW)
    rest = whole(client, f"sites/{site}/decisions?cursor={first['next']}", 2)
    assert [first["items"][0]["id"], *(one["id"] for one in rest)] == before


def test_lists_and_screens_say_the_same(house: House) -> None:
    """The numbers are those of the questions behind the screens."""
    client, site = house.as_role(Role.MANAGER), house.ids["site"]
    with house.database.session() as session:
        run = session.scalars(select(Run.id).where(Run.site_id == site, Run.state == "finished").order_by(Run.id.desc())).first()
        assert run
        shown = pages_of_site(session, site, run, PageFilter(with_failures=True), rules_without_criteria(), 1_000, 0)
    told = whole(client, f"sites/{site}/pages?failures=true", 500)
    assert {(one["id"], one["failed"], one["cannot_tell"]) for one in told} == {
        (row.page_id, row.failed, row.cannot_tell) for row in shown.rows
    }
    everything = whole(client, f"sites/{site}/findings", 500)
    for question, holds in (
        ("rule=text-contrast", lambda one: one["rule"] == "text-contrast"),
        ("criterion=1.1.1", lambda one: "1.1.1" in one["criteria"]),
        ("outcome=cantTell", lambda one: one["outcome"] == "cantTell"),
        ("panel=welkom", lambda one: one["panel"] == "welkom"),
        ("decided=true", lambda one: one["decided"]),
        ("decided=false", lambda one: not one["decided"]),
        (f"page={house.ids['page']}", lambda one: one["page"] == house.ids["page"]),
        ("owner=nobody", lambda one: False),
        ("panel=in-contact", lambda one: False),
    ):
        assert whole(client, f"sites/{site}/findings?{question}", 500) == [one for one in everything if holds(one)], question
    rare = client.get(f"sites/{site}/searches?month=2026-09").json()
    assert "zeldzaam" not in str(rare) and rare["rare"]["searches"] == 1  # too few people asked it


def test_what_is_known_is_not_sent_again_and_costs_no_list(house: House) -> None:
    client, site = house.as_role(Role.ADVISER), house.ids["site"]
    addresses = [
        *(f"sites/{site}/{name}" for name in ("pages", "findings", "causes", "decisions", "links", "documents", "kpis", "runs")),
        *(f"sites/{site}/{name}" for name in ("searches", "journeys", "evaluations")),
        "rules",
        "sites",
    ]
    tables: set[str] = set()

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        tables.add(statement)

    for address in addresses:
        first = client.get(address)
        assert first.headers["etag"].startswith('W/"') and "Accept-Language" in first.headers["vary"], address
        event.listen(house.database.engine, "before_cursor_execute", note)
        again = client.get(address, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
        event.remove(house.database.engine, "before_cursor_execute", note)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"]), address
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
        english = client.get(address, headers={"If-None-Match": first.headers["etag"], "Accept-Language": "en"})
        assert english.status_code == 200, address
    assert not [one for one in tables if "FROM finding" in one or "JOIN finding" in one or "FROM page_state" in one]


def test_a_change_is_seen_at_once(house: House) -> None:
    """A decision, an annotation, a run: what they change has another ETag, and what they do not change has the same."""
    client, site = house.as_role(Role.ADVISER), house.ids["site"]

    def marks() -> dict[str, str]:
        return {
            name: client.get(f"sites/{site}/{name}").headers["etag"] for name in ("pages", "findings", "decisions", "journeys")
        }

    before = marks()
    with house.database.session() as session:
        of_site = session.get_one(Site, site)
        found = session.scalars(select(Finding).where(Finding.site_id == site, Finding.closed_run_id.is_(None)).limit(50)).all()[
            -1
        ]
        decide(session, of_site, [Thing(found.page_id, found.rule)], Wanted(DecisionKind.ACCEPTED, "exempt"), "Bea", 1, NOW)
    decided = marks()
    assert {name for name in before if before[name] != decided[name]} == {"findings", "decisions"}
    with house.database.session() as session:
        newest = session.scalars(select(Run.id).where(Run.site_id == site).order_by(Run.id.desc())).first()
        session.execute(update(Run).where(Run.id == newest).values(heartbeat_at=NOW))
    run_on = marks()
    assert {name for name in before if run_on[name] != decided[name]} == {"pages", "findings"}


def test_a_run_and_a_check_are_asked_for_once(house: House) -> None:
    client = house.caller(house.token(Role.EDITOR, TokenScope.RUN, TokenScope.READ))
    site = house.ids["site"]
    answers = [client.post(f"sites/{site}/runs") for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202] and answers[0].json() == answers[1].json()
    assert client.get(own(answers[0].headers["location"])).json()["state"] == "waiting"


def test_a_decision_by_the_api_is_the_same_as_at_the_desk(house: House) -> None:
    client, site = house.as_role(Role.MANAGER), house.ids["site"]
    with house.database.session() as session:
        page = session.scalars(
            select(Page.id)
            .join(Finding)
            .where(Finding.site_id == site, Finding.rule == "frame-title", Finding.closed_run_id.is_(None))
        ).first()
    thing = [{"page": page, "rule": "frame-title"}]
    for sent, field in (
        ({"kind": "later", "reason": "planned", "things": thing}, "body.until"),
        ({"kind": "given", "things": thing}, "body.to"),
        ({"kind": "question", "to": "Bart", "things": thing}, "body.note"),
        ({"kind": "accepted", "reason": "because", "things": thing}, "body.reason"),
        ({"kind": "accepted", "reason": "exempt", "things": [{"page": page}]}, "body.things.0"),
        ({"kind": "with-supplier", "reason": "ticket", "things": thing}, "body.kind"),
    ):
        answer = client.post(f"sites/{site}/decisions", json=sent)
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, field), answer.text
    made = client.post(f"sites/{site}/decisions", json={"kind": "question", "to": "Bart", "note": "Klopt dit?", "things": thing})
    assert made.status_code == 201 and (made.json()["findings"], made.json()["to"]) == (12, "Bart")
    address = own(made.headers["location"])
    answered = client.post(address, json={"act": "answer", "words": "Ja."}, headers={"If-Match": made.headers["etag"]})
    assert (answered.json()["answer"], answered.json()["answered_by"]) == ("Ja.", "Mens manager")
    assert client.get(address).headers["etag"] == answered.headers["etag"] != made.headers["etag"]


def test_what_has_no_run_yet_is_empty_and_not_wrong(house: House) -> None:
    client, new = house.as_role(Role.ADMINISTRATOR), house.ids["new_site"]
    for name in ("pages", "findings", "causes", "decisions", "links", "documents", "journeys", "evaluations", "runs"):
        assert client.get(f"sites/{new}/{name}").json() == {"items": [], "next": None}, name
    assert client.get(f"sites/{new}").json()["latest_run"] is None
    assert client.get(f"sites/{new}/searches").status_code == 404
    assert all(one["value"] is None for one in client.get(f"sites/{new}/kpis").json()["items"])
